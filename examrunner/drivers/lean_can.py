"""Imports python-can without the megabytes that it would pull in."""

import sys
from types import ModuleType
from typing import Final

HEAVY: Final = "asammdf"
"""python-can imports it where it is installed: 1.7 s and 200 MB that no link uses."""


def import_can() -> ModuleType:
    """The ``can`` module, imported as if ``asammdf`` were not installed."""
    if "can" in sys.modules:
        return sys.modules["can"]
    hidden = HEAVY not in sys.modules
    if hidden:
        sys.modules[HEAVY] = None  # type: ignore[assignment]  # None blocks an import
    try:
        import can
    finally:
        if hidden:
            del sys.modules[HEAVY]
    found: ModuleType = can
    return found
