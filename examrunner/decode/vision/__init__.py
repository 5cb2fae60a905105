"""Boards and markers in pictures, and the cameras that took them.

``board_view`` and ``sighting`` turn recorded pictures into what criteria read.
"""
