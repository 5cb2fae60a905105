"""Which drivers exist. Text, so that listing drivers imports none."""

import difflib
import importlib
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any, Final

from examrunner.model.errors import RigError

BUILT_IN: Final[Mapping[str, str]] = {
    "camera": "examrunner.drivers.camera:Camera",
    "can_bus": "examrunner.drivers.can_channel:can_channel",
    "fault_box": "examrunner.drivers.fault_box:FaultBox",
    "person": "examrunner.drivers.person:Person",
    "picture_folder": "examrunner.drivers.picture_folder:PictureFolder",
    "picture_stream": "examrunner.drivers.picture_stream:PictureStream",
    "rig_clock": "examrunner.drivers.rig_clock:RigClock",
}
"""Driver name to ``module:Class``."""

GROUP: Final = "examrunner.drivers"
"""Entry point group by which a college adds drivers of its own."""


def available() -> Mapping[str, str]:
    """Every driver by name; a college's entry point wins over a built-in one."""
    added = {point.name: point.value for point in entry_points(group=GROUP)}
    return {**BUILT_IN, **added}


def driver(name: str) -> Callable[..., Any]:
    """The class of one driver; calling it with a link's options opens the link.

    Args:
        name: One of ``available``, or ``module:Class`` of a driver that is not
            packaged yet.

    Raises:
        RigError: If there is no such driver, or it cannot be imported.
    """
    known = available()
    if name not in known and ":" not in name:
        near = difflib.get_close_matches(name, known, n=1) or sorted(known)
        raise RigError(
            f"there is no driver called '{name}'.",
            where="station profile",
            remedy=f"Use one of: {', '.join(near)}.",
        )
    where = known.get(name, name)
    module, _, attribute = where.partition(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise RigError(
            f"the driver '{name}' cannot be loaded ({error}).",
            where=where,
            remedy="Install the package that brings this driver.",
        ) from error
    return found
