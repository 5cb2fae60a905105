"""Boards and markers in pictures, and the cameras that took them.

``board_view`` and ``sighting`` turn recorded pictures into what criteria read.
"""

from examrunner.decode.vision.markers import sighting
from examrunner.decode.vision.views import board_view

__all__ = ["board_view", "sighting"]
