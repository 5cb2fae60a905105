"""python-can without asammdf, which it would import for nothing.

Where asammdf is installed, ``import can`` takes 1.7 s and 200 MB because python-can's
MF4 reader pulls it in. Only the child process that reads MF4 files wants that.
"""

import importlib
import sys
from types import ModuleType
from typing import Any


def import_can() -> Any:
    """The module ``can``, imported without asammdf."""
    blocked: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    # None in sys.modules makes an import fail at once; typeshed does not know that.
    if "can" in blocked or "asammdf" in blocked:
        return importlib.import_module("can")
    blocked["asammdf"] = None
    try:
        return importlib.import_module("can")
    finally:
        del blocked["asammdf"]
