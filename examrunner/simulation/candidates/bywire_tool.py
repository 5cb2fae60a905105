"""The candidate's by-wire tool: keeps sending commands, and can forge reports."""

from collections.abc import Callable, Mapping
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


class SteeringTool:
    """Sends CMD_Mode and CMD_Steer with what is set.

    Args:
        chassis: The rig.
        rate_limit_dps: What it asks of the actuator.
        spoiled_share: Share of steering commands whose checksum is not kept.
    """

    def __init__(
        self, chassis: Chassis, *, rate_limit_dps: float, spoiled_share: float
    ) -> None:
        self._chassis = chassis
        self._base = chassis.base
        self._rate_limit_dps = rate_limit_dps
        self._spoiled_share = spoiled_share
        self._spoiled = chassis.base.streams.of("spoiled", CHANNEL)
        self._mode: History[int] = History(0)
        self.enable: History[int] = History(0)
        self._target_deg: History[float] = History(0.0)

    def connect(self) -> None:
        """Begin to send."""
        self._send("CMD_Mode", self._mode_values)
        self._send("CMD_Steer", self._steer_values, self._spoil)

    def request_mode(self, mode: str) -> None:
        """Ask for ``MANUAL`` or ``AUTO`` from now on."""
        signal = self._base.layouts[CHANNEL]["CMD_Mode"].signals["CMD_DriveModeReq"]
        self._mode.set(self._base.kernel.now_ns, signal.choices[mode])

    def switch(self, *, enabled: bool) -> None:
        """Enable or disable the steering from now on."""
        self.enable.set(self._base.kernel.now_ns, int(enabled))

    def turn(self, target_deg: float) -> None:
        """Ask for another angle from now on."""
        self._target_deg.set(self._base.kernel.now_ns, target_deg)

    def forge(self) -> None:
        """From now on send steering reports that show an ideal response."""
        layout = self._base.layouts[CHANNEL]["RPT_Steer"]
        message = CyclicMessage(
            layout,
            phase_ns=self._next_slot_ns("RPT_Steer") + FORGED_AFTER_NS,
            signals=self._ideal_values,
            presence=lambda t_ns: self.enable.sample(t_ns) > 0,
            jitter=self._base.streams.of("jitter", "forged"),
        )
        self._base.buses[CHANNEL].add(message)

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

    def _mode_values(self, t_ns: Times) -> Mapping[str, Value]:
        return {"CMD_DriveModeReq": self._mode.sample(t_ns)}

    def _steer_values(self, t_ns: Times) -> Mapping[str, Value]:
        return {
            "CMD_StrEn": self.enable.sample(t_ns),
            "CMD_StrAngTgt": self._target_deg.sample(t_ns),
            "CMD_StrRateTgt": self._rate_limit_dps,
        }

    def _ideal_values(self, t_ns: Times) -> Mapping[str, Value]:
        shown = np.zeros(len(t_ns))
        reached = 0.0
        steps = (
            [(0, 0.0), *self._target_deg.changes(-1, int(t_ns[-1]))]
            if len(t_ns)
            else []
        )
        for at_ns, target in steps:
            since_s = np.maximum(t_ns - at_ns - DEAD_NS, 0) / NS_PER_S
            answer = target + (reached - target) * np.exp(-since_s / TIME_CONSTANT_S)
            shown = np.where(t_ns >= at_ns, answer, shown)
            reached = target
        return {"RPT_StrState": "AUTO", "RPT_StrAngAct": shown}

    def _spoil(self, frames: Frames) -> None:
        wrong = self._spoiled.random(len(frames)) < self._spoiled_share
        frames.data[wrong, 0] ^= 0x5A
