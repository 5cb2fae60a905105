"""Which versions record, judge and deliver."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final

NAMES: Final = ("examrunner", "numpy", "opencv-python", "cantools", "python-can")


def software() -> Mapping[str, str]:
    """Name and version of everything that can change a recording or a mark."""
    return {name: _version(name) for name in NAMES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
