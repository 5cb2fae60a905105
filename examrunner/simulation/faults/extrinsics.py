"""Places of sensors that their control unit does not know any more."""

from typing import Protocol

from examrunner.simulation.faults.fault import Fault


class Placed(Protocol):
    """A sensor whose control unit stores where it sits."""

    @property
    def forgotten(self) -> bool:
        """Whether nothing is stored."""

    def forget(self) -> None:
        """Lose what is stored."""

    def remember(self) -> None:
        """Store what is true of this rig."""


def erased(ecu: str, sensor: Placed) -> Fault:
    """Nothing is stored; taken away again unless somebody calibrated meanwhile."""

    def apply(active: bool) -> None:
        if active:
            sensor.forget()
        elif sensor.forgotten:
            sensor.remember()

    return Fault(
        component=f"{ecu}.calibration",
        apply=apply,
        present=lambda: sensor.forgotten,
    )
