"""Names and versions of what decides marks; part of every score."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

DECIDING: Final = ("examrunner", "cantools", "numpy", "opencv-python", "scipy")
"""Packages whose version may change a mark."""


def deciding_software() -> Mapping[str, str]:
    """Version by name, Python's own included."""
    versions = {name: version(name) for name in DECIDING}
    return {"python": platform.python_version(), **versions}
