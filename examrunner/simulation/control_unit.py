"""A control unit as its diagnostic services see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from examrunner.model.did_format import DidFormat, parse_did_format
from examrunner.model.station import Ecu, Timing
from examrunner.simulation.electrics import Node
from examrunner.simulation.kernel import NS_PER_MS, Kernel
from examrunner.simulation.randomness import Streams
from examrunner.simulation.trouble_codes import FaultMemory
from examrunner.simulation.uds_session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """What a routine of a server does.

    Attributes:
        lasting_ns: How long it takes.
        run: Gives its status byte and result once it is over.
        begin: Called when it starts.
    """

    lasting_ns: int = 30 * NS_PER_MS
    run: Callable[[], bytes] = lambda: b"\x02"
    begin: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Behaviour:
    """What a control unit does behind its diagnostic server.

    Attributes:
        read: Live content of data identifiers.
        written: Called after a data identifier was written.
        accepts: Whether content may be written to a data identifier.
        routines: By identifier; others end well at once.
        controllable: Data identifiers that accept input/output control.
        busy: Whether its actuator is enabled: no reset then.
        safe: Whether actuator tests are allowed.
        reset: Called when the control unit restarts.
        mute: Called with whether normal messages are switched off.
        obd: Answers legislated requests; None if it does not.
        frozen: Data identifiers that are kept when a trouble code is set.
        prompted: Trouble codes whose test runs only when the unit calls for it.
    """

    read: Mapping[int, Callable[[], bytes]] = field(default_factory=dict)
    written: Callable[[int, bytes], None] = lambda _did, _content: None
    accepts: Callable[[int, bytes], bool] = lambda _did, _content: True
    routines: Mapping[int, Routine] = field(default_factory=dict)
    controllable: frozenset[int] = frozenset()
    busy: Callable[[], bool] = lambda: False
    safe: Callable[[], bool] = lambda: True
    reset: Callable[[], None] = lambda: None
    mute: Callable[[bool], None] = lambda _muted: None
    obd: Callable[[bytes], bytes | None] | None = None
    frozen: tuple[int, ...] = ()
    prompted: frozenset[int] = frozenset()


class ControlUnit:
    """Identity, data, session and fault memory of one control unit.

    Args:
        ecu: As the rig describes it.
        timing: As the rig describes it.
        node: Its power.
        kernel: The rig's clock.
        streams: Of the rig.
        behaviour: What happens behind its diagnostic server.

    Attributes:
        on_write: Called after a data identifier was written.
    """

    def __init__(
        self,
        ecu: Ecu,
        *,
        timing: Timing,
        node: Node,
        kernel: Kernel,
        streams: Streams,
        behaviour: Behaviour,
    ) -> None:
        self.ecu = ecu
        self.timing = timing
        self.node = node
        self.behaviour = behaviour
        self._kernel = kernel
        self.session = Session(streams.of("seed", ecu.name), lambda: kernel.now_ns)
        self.memory = FaultMemory(
            ecu.dtcs, kernel, self.awake, behaviour.prompted, self._freeze_frame
        )
        self.on_write: list[Callable[[int, bytes], None]] = []
        self.formats: dict[int, DidFormat] = {
            did: parse_did_format(line) for did, (_, line) in ecu.dids.items()
        }
        self.stored = _factory_content(ecu, self.formats, streams)

    def awake(self) -> bool:
        """Whether it is powered and has started."""
        return self.node.awake.latest

    def value(self, did: int) -> bytes:
        """What a data identifier holds now."""
        live = self.behaviour.read.get(did)
        return live() if live else self.stored[did]

    def _freeze_frame(self) -> bytes:
        """Its frozen data identifiers with what they hold now (ISO 14229-1)."""
        dids = self.behaviour.frozen
        rows = (did.to_bytes(2, "big") + self.value(did) for did in dids)
        return bytes([len(dids)]) + b"".join(rows) if dids else b""

    def after(self, delay_ns: int, happening: Callable[[], None]) -> None:
        """Let something happen later, if it is still awake then."""
        self._kernel.after(delay_ns, lambda: happening() if self.awake() else None)


def _factory_content(
    ecu: Ecu, formats: Mapping[int, DidFormat], streams: Streams
) -> dict[int, bytes]:
    """What the data identifiers hold before anybody wrote them."""
    unit = streams.of("identification", ecu.name)
    texts = {
        0xF190: f"LEXR{streams.seed % 10**13:013d}",
        0xF187: f"XR-{ecu.name:<4.4}-{ecu.request_id:04X}-A1",
        0xF18C: f"SN{ecu.name:<4.4}{_digits(unit):06d}",
        0xF195: "V01.02.7",
    }
    content = {}
    for did, form in formats.items():
        if form.type == "ascii":
            text = texts.get(did, "").replace(" ", "0")
            content[did] = text.encode().ljust(form.count, b"0")[: form.count]
        else:
            content[did] = bytes(form.size)
    return content


def _digits(unit: np.random.Generator) -> int:
    return int(unit.integers(100_000, 999_999))
