"""The candidate's by-wire tool: keeps sending commands, and can forge reports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.simulation.chassis import CHANNEL, Chassis
from examrunner.simulation.commands import CommandSender
from examrunner.simulation.cyclic import CyclicMessage, Signals, always
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value

Times = NDArray[np.int64]
Spoil = Callable[[Frames], None] | None

FORGED_AFTER_NS: Final = 1_500_000
"""A forged report follows the true one this closely, so that it is seen last."""
DEAD_NS: Final = 40_000_000
TIME_CONSTANT_S: Final = 0.12
"""Of the forged response: fast and without overshoot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """How one actuator is commanded, and what reports on it.

    Attributes:
        message: Its command.
        enable: Signal of the command that enables it.
        target: Signal of the command that says where to go.
        constant: Further signals of the command.
        report: Message that reports on it.
        feedback: Signal of the report that shows where it is.
        reported: Further signals of a report that looks well.
    """

    message: str
    enable: str
    target: str
    constant: Mapping[str, Value]
    report: str
    feedback: str
    reported: Mapping[str, Value]


STEERING: Final = Handle(
    message="CMD_Steer",
    enable="CMD_StrEn",
    target="CMD_StrAngTgt",
    constant={"CMD_StrRateTgt": 250.0},
    report="RPT_Steer",
    feedback="RPT_StrAngAct",
    reported={"RPT_StrState": "AUTO"},
)
BRAKE: Final = Handle(
    message="CMD_Brake",
    enable="CMD_BrkEn",
    target="CMD_BrkPressTgt",
    constant={"CMD_BrkMode": "PRESSURE"},
    report="RPT_Brake",
    feedback="RPT_BrkPressAct",
    reported={"RPT_BrkState": "AUTO"},
)
DRIVE: Final = Handle(
    message="CMD_Throttle",
    enable="CMD_ThrEn",
    target="CMD_ThrSpeedTgt",
    constant={"CMD_ThrMode": "SPEED"},
    report="RPT_VCU",
    feedback="RPT_VehSpd",
    reported={"RPT_VehMode": "AUTO"},
)


class BywireTool:
    """Sends CMD_Mode and the command of one actuator with what is set.

    Args:
        chassis: The rig.
        handle: The actuator.
        spoiled_share: Share of its commands whose checksum is not kept.
    """

    def __init__(
        self, chassis: Chassis, handle: Handle = STEERING, *, spoiled_share: float = 0.0
    ) -> None:
        self._chassis = chassis
        self._base = chassis.base
        self._handle = handle
        self._spoiled_share = spoiled_share
        self._spoiled = chassis.base.streams.of("spoiled", CHANNEL)
        self._mode: History[int] = History(0)
        self._gear: History[int] = History(1)
        self._parked: History[int] = History(1)
        self.enable: History[int] = History(0)
        self._target: History[float] = History(0.0)

    def connect(self) -> None:
        """Begin to send."""
        self._send("CMD_Mode", lambda t: {"CMD_DriveModeReq": self._mode.sample(t)})
        self._send(self._handle.message, self._values, self._spoil)

    def request_mode(self, mode: str) -> None:
        """Ask for ``MANUAL`` or ``AUTO`` from now on."""
        self._choose(self._mode, "CMD_Mode", "CMD_DriveModeReq", mode)

    def take_gear(self) -> None:
        """Begin to hold gear and park brake as well, as they are."""
        self._send(
            "CMD_Gear",
            lambda t: {"CMD_GearEn": "ON", "CMD_GearTgt": self._gear.sample(t)},
        )
        self._send(
            "CMD_Park",
            lambda t: {"CMD_ParkEn": "ON", "CMD_ParkTgt": self._parked.sample(t)},
        )

    def shift(self, gear: str, park: str) -> None:
        """Another gear, and ``APPLY`` or ``RELEASE`` for the park brake."""
        self._choose(self._gear, "CMD_Gear", "CMD_GearTgt", gear)
        self._choose(self._parked, "CMD_Park", "CMD_ParkTgt", park)

    def switch(self, *, enabled: bool) -> None:
        """Enable or disable the actuator from now on."""
        self.enable.set(self._base.kernel.now_ns, int(enabled))

    def go(self, target: float) -> None:
        """Ask for another angle, pressure or speed from now on."""
        self._target.set(self._base.kernel.now_ns, target)

    def forge(self) -> None:
        """From now on send reports that show an ideal response."""
        name = self._handle.report
        message = CyclicMessage(
            self._base.layouts[CHANNEL][name],
            phase_ns=self._next_slot_ns(name) + FORGED_AFTER_NS,
            signals=self._ideal_values,
            presence=lambda t_ns: self.enable.sample(t_ns) > 0,
            jitter=self._base.streams.of("jitter", "forged"),
        )
        self._base.buses[CHANNEL].add(message)

    def _choose(
        self, chosen: History[int], message: str, signal: str, text: str
    ) -> None:
        choices = self._base.layouts[CHANNEL][message].signals[signal].choices
        chosen.set(self._base.kernel.now_ns, choices[text])

    def _send(self, name: str, signals: Signals, spoil: Spoil = None) -> None:
        message = CyclicMessage(
            self._base.layouts[CHANNEL][name],
            phase_ns=self._next_slot_ns(name),
            signals=signals,
            presence=always,
            jitter=self._base.streams.of("jitter", "tool", name),
        )
        log = self._chassis.plant.commands[name]
        self._chassis.add_sender(CommandSender(message, log.hear, spoil))

    def _next_slot_ns(self, name: str) -> int:
        cycle_ns = self._base.layouts[CHANNEL][name].cycle_ns
        now_ns = self._base.kernel.now_ns
        return (
            now_ns - now_ns % cycle_ns + cycle_ns + self._base.phase_ns(CHANNEL, name)
        )

    def _values(self, t_ns: Times) -> Mapping[str, Value]:
        return {
            **self._handle.constant,
            self._handle.enable: self.enable.sample(t_ns),
            self._handle.target: self._target.sample(t_ns),
        }

    def _ideal_values(self, t_ns: Times) -> Mapping[str, Value]:
        shown = np.zeros(len(t_ns))
        reached = 0.0
        steps = (
            [(0, 0.0), *self._target.changes(-1, int(t_ns[-1]))] if len(t_ns) else []
        )
        for at_ns, target in steps:
            since_s = np.maximum(t_ns - at_ns - DEAD_NS, 0) / NS_PER_S
            answer = target + (reached - target) * np.exp(-since_s / TIME_CONSTANT_S)
            shown = np.where(t_ns >= at_ns, answer, shown)
            reached = target
        return {**self._handle.reported, self._handle.feedback: shown}

    def _spoil(self, frames: Frames) -> None:
        wrong = self._spoiled.random(len(frames)) < self._spoiled_share
        frames.data[wrong, 0] ^= 0x5A
