"""How the vehicle control unit tests the signals of the accelerator pedal."""

from typing import Final

from examrunner.model.did_format import parse_did_format
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.pedal import DID_SIGNALS, NODE, REFERENCE_V, Pedal
from examrunner.simulation.simulated_rig import SimulatedRig

UNIT: Final = "VCU"
REFERENCE_LOW: Final = 0x064216
SIGNAL_LOW: Final = 0x012221
SIGNAL_HIGH: Final = 0x012322
CORRELATION: Final = 0x213862
LOWEST_REFERENCE_V: Final = 4.5
LOWEST_SIGNAL_V: Final = 0.30
HIGHEST_SIGNAL_V: Final = 4.60
LARGEST_DIFFERENCE_V: Final = 0.30
"""Of sensor 1 and twice sensor 2."""
MILLIVOLT: Final = parse_did_format("u16 mV")


class PedalMonitor:
    """Tests reference, range and correlation, and keeps the trouble codes.

    A contradiction shows wherever the pedal stands. That both sensors agree is only
    proven while the pedal moves: at rest a sensor that stands still looks well.

    Args:
        pedal: The pedal.
        base: The rig.
    """

    def __init__(self, pedal: Pedal, base: SimulatedRig) -> None:
        self._pedal = pedal
        self._base = base
        self._memory = base.units[UNIT].memory
        base.falsified.append(self.look)
        base.electrics.nodes[NODE].watchers.append(self.look)
        self._memory.watchers.append(self._believe)
        self.look()

    def move(self, to: float, seconds: float) -> None:
        """Press or release the pedal evenly."""
        self._pedal.move(to, seconds)
        self.look()
        self._base.kernel.after(round(seconds * NS_PER_S), self.look)

    def look(self) -> None:
        """Every test changes its mind with what it sees."""
        heard = self._base.hears(UNIT, NODE)
        found = self._results() if heard else {}
        for number in (REFERENCE_LOW, SIGNAL_LOW, SIGNAL_HIGH, CORRELATION):
            self._memory.observe(number, failing=found.get(number))

    def _results(self) -> dict[int, bool | None]:
        seen = [self._pedal.sensed(position) for position in self._pedal.ends]
        low = any(
            each[f"PED_Vref{n}"] < LOWEST_REFERENCE_V for each in seen for n in (1, 2)
        )
        apart = any(
            abs(each["PED_App1"] - 2.0 * each["PED_App2"]) > LARGEST_DIFFERENCE_V
            for each in seen
        )
        agreeing = False if self._pedal.moving else None
        return {
            REFERENCE_LOW: low,
            SIGNAL_LOW: any(each["PED_App1"] < LOWEST_SIGNAL_V for each in seen),
            SIGNAL_HIGH: any(each["PED_App1"] > HIGHEST_SIGNAL_V for each in seen),
            CORRELATION: None if low else apart or agreeing,
        }

    def _believe(self) -> None:
        """Without two signals that agree the pedal counts as released."""
        failed = self._memory.status
        bad = any(failed[n] & 0x01 for n in (REFERENCE_LOW, SIGNAL_LOW, CORRELATION))
        self._pedal.believed.set(self._base.kernel.now_ns, not bad)

    def did(self, *numbers: int) -> bytes:
        """Live data: signals of ``DID_SIGNALS`` by place, in millivolts."""
        seen = self._pedal.sensed()
        volts = (seen[DID_SIGNALS[number]] for number in numbers)
        return b"".join(MILLIVOLT.encode([round(1000.0 * volt)]) for volt in volts)

    def percent_byte(self, signal: str) -> bytes:
        """A signal as share of the reference, as OBD says it (255 is all)."""
        share = self._pedal.sensed()[signal] / REFERENCE_V
        return bytes([min(255, max(0, round(255.0 * share)))])
