"""The gateway between the two networks, and the cluster that lives on it."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import ControlUnit
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.layouts import Value
from examrunner.simulation.road import Road
from examrunner.simulation.routing_table import (
    HEALTHY,
    NEVER_UPDATED,
    TICK_MS,
    Route,
    decoded,
    encoded,
)
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.tampering import Batch, Rows, Tamper

Times = NDArray[np.int64]
Column = NDArray[np.float64]
Values = Mapping[str, Value]

NODE, CLUSTER = "GW", "IC"
TABLE_DID: Final = 0x0A01
MOTOR, SPEED = HEALTHY[0].source_id, HEALTHY[1].source_id
TARGET: Final = HEALTHY[0].target_id
ROUTED: Final = "GW_PwtToBody"
SOURCES: Final = {MOTOR: ("VCU", "VCU_Pwt"), SPEED: ("ESC", "ESC_Sts")}
SOURCE_CYCLE_NS: Final = 10 * NS_PER_MS
WORK_NS: Final = 3 * NS_PER_MS
"""From a received frame to the value that the gateway sends."""
SHOW_NS: Final = 5 * NS_PER_MS
ROUTE_TIMEOUT_NS: Final = 100 * NS_PER_MS
"""How long the gateway keeps the last value of a message that is gone."""
NOT_AVAILABLE: Final = float("nan")
SWITCH_NOT_AVAILABLE: Final = 3.0
MISSING: Final = 0xC40187
OFF: Final = -1


class Gateway:
    """Routes by its table; a table that was written counts after a restart.

    Args:
        base: The rig.
        road: What its sources say.

    Attributes:
        table: The routes that it follows now.
    """

    def __init__(self, base: SimulatedRig, road: Road) -> None:
        self._base = base
        self._road = road
        self.table: tuple[Route, ...] = HEALTHY
        self._delay_ms = {source: History(0) for source in SOURCES}
        self._frozen_ns = {source: History(OFF) for source in SOURCES}
        self._target: History[int] = History(TARGET)
        self._phases = {
            source: base.phase_ns("HS1", name) for source, (_, name) in SOURCES.items()
        }

    def start(self) -> None:
        """Take part in the rig, once messages and control units are there."""
        self._unit.stored[TABLE_DID] = encoded(self.table)
        base = self._base
        base.electrics.nodes[NODE].watchers.append(self._restarted)
        address = Tamper(stage="sending", active=History(True), act=self._address)
        base.messages[ROUTED].tampers.append(address)

    def load(self, table: tuple[Route, ...]) -> None:
        """Store a table and follow it at once."""
        self._unit.stored[TABLE_DID] = encoded(table)
        self._follow(table)

    def routed(self, t_ns: Times) -> Values:
        """HS1 0x0C0 and 0x0D0 as MS1 0x2A0."""
        speed = self._value(SPEED, t_ns)
        rpm = self._value(MOTOR, t_ns)
        return {
            "GW_VehSpd": speed,
            "GW_Rpm": rpm,
            "GW_Ready": np.where(np.isnan(rpm), 0.0, 1.0),
            "GW_BrkSw": np.where(np.isnan(speed), SWITCH_NOT_AVAILABLE, 0.0),
        }

    def displayed_kmh(self, t_ns: Times) -> Column:
        """What the cluster shows: the routed speed, 0 without one."""
        shown = self._value(SPEED, t_ns - SHOW_NS)
        arrives = self._target.sample(t_ns) == TARGET
        arrives &= self._base.heard(CLUSTER, NODE, t_ns)
        return np.where(arrives & ~np.isnan(shown), shown, 0.0)

    def lights(self, _t_ns: Times) -> Values:
        """MS1 0x2B0 and 0x2B1 as HS1 0x3C0."""
        return {"GW_LowBeam": 1.0, "GW_DoorDrv": 1.0, "GW_Hvac": 2.0}

    def accepts(self, did: int, content: bytes) -> bool:
        """Whether content may be written."""
        return did != TABLE_DID or decoded(content) is not None

    @property
    def _unit(self) -> ControlUnit:
        return self._base.units[NODE]

    def _restarted(self) -> None:
        if self._unit.awake():
            self._follow(decoded(self._unit.stored[TABLE_DID]) or ())

    def _follow(self, table: tuple[Route, ...]) -> None:
        now_ns = self._base.kernel.now_ns
        self.table = table
        bound = {route.source_id: route for route in table if route.target == "MS1"}
        for source in SOURCES:
            route = bound.get(source)
            delay = OFF if route is None else TICK_MS * route.delay
            frozen = route is not None and route.delay == NEVER_UPDATED
            self._delay_ms[source].set(now_ns, 0 if frozen else delay)
            self._frozen_ns[source].set(now_ns, now_ns if frozen else OFF)
        targets = [bound[source].target_id for source in SOURCES if source in bound]
        self._target.set(now_ns, targets[0] if targets else OFF)
        missing = targets != [TARGET] * len(SOURCES)
        self._base.units[CLUSTER].memory.observe(MISSING, failing=missing)

    def _address(self, batch: Batch, rows: Rows) -> None:
        target = self._target.sample(batch.t_ns[rows])
        batch.lost[rows] |= target == OFF
        batch.ids[rows] = np.where(target == OFF, TARGET, target).astype(np.uint32)

    def _value(self, source: int, t_ns: Times) -> Column:
        """What the gateway knows of a source at times (n,); NaN without it."""
        node, _ = SOURCES[source]
        delay = self._delay_ms[source].sample(t_ns)
        frozen = self._frozen_ns[source].sample(t_ns)
        known = t_ns - WORK_NS - np.maximum(delay, 0.0).astype(np.int64) * NS_PER_MS
        known = np.where(frozen == OFF, known, np.minimum(known, frozen)).astype(
            np.int64
        )
        phase = self._phases[source]
        sent = phase + (known - phase) // SOURCE_CYCLE_NS * SOURCE_CYCLE_NS
        says = self._road.rpm if source == MOTOR else self._road.speed_kmh
        values = says(np.maximum(sent, 0))
        return np.where(
            (delay == OFF) | ~self._recently(node, t_ns), NOT_AVAILABLE, values
        )

    def _recently(self, name: str, t_ns: Times) -> NDArray[np.bool_]:
        before = np.maximum(t_ns - ROUTE_TIMEOUT_NS, 0)
        heard = self._base.heard
        return heard(NODE, name, t_ns) | heard(NODE, name, before)
