"""Every service that the rigs' servers offer, in the order of checks of ISO 14229-1."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.control_unit import ControlUnit, Routine
from examrunner.simulation.fault_records import FaultRecord
from examrunner.simulation.uds_session import (
    DEFAULT,
    EXTENDED,
    PROGRAMMING,
    Refused,
)

MOST_DIDS: Final = 4
DTC_FORMAT: Final = 0x01
EVERY_RECORD: Final = 0xFF
NOT_STARTED: Final = b"\x00"
RUNNING: Final = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A positive response that takes long: "response pending" until then."""

    lasting_ns: int
    finish: Callable[[], bytes]


Service = Callable[[ControlUnit, bytes], bytes | Later]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a service may be used.

    Attributes:
        run: What it does; gives the positive response.
        subs: Sub-functions; None for a service without.
        shortest: Bytes that the request has at least.
        longest: Bytes that it has at most; None for no limit.
        extended: Whether the default session refuses it.
        unlocked: Whether it needs security access.
    """

    run: Service
    subs: frozenset[int] | None = None
    shortest: int = 2
    longest: int | None = 2
    extended: bool = False
    unlocked: bool = False


def answer(unit: ControlUnit, request: bytes) -> bytes | Later:
    """The positive response to a request; empty if it is to be suppressed.

    Raises:
        Refused: With the negative response code.
    """
    rule = RULES.get(request[0])
    if rule is None:
        raise Refused(0x11)
    if rule.extended and unit.session.kind == DEFAULT:
        raise Refused(0x7F)
    longest = len(request) if rule.longest is None else rule.longest
    if not rule.shortest <= len(request) <= longest:
        raise Refused(0x13)
    if rule.unlocked and not unit.session.unlocked:
        raise Refused(0x33)
    if rule.subs is None:
        return rule.run(unit, request)
    sub, suppressed = request[1] & 0x7F, request[1] & 0x80
    if sub not in rule.subs:
        raise Refused(0x12)
    reply = rule.run(unit, bytes([request[0], sub]) + request[2:])
    return b"" if suppressed else reply


def _enter_session(unit: ControlUnit, request: bytes) -> bytes:
    unit.session.enter(request[1])
    if request[1] == DEFAULT:
        unit.behaviour.mute(False)
        unit.memory.frozen = False
    p2_ms = round(unit.timing.p2_s * 1000)
    p2_star_10ms = round(unit.timing.p2_star_s * 100)
    times = p2_ms.to_bytes(2, "big") + p2_star_10ms.to_bytes(2, "big")
    return b"\x50" + request[1:2] + times


def _reset(unit: ControlUnit, request: bytes) -> bytes:
    if unit.behaviour.busy():
        raise Refused(0x22)
    unit.after(10_000_000, unit.behaviour.reset)
    return b"\x51" + request[1:2]


def _clear(unit: ControlUnit, request: bytes) -> bytes:
    if not unit.memory.clear(int.from_bytes(request[1:4], "big")):
        raise Refused(0x31)
    return b"\x54"


def _read_codes(unit: ControlUnit, request: bytes) -> bytes:
    sub = request[1]
    memory = unit.memory
    wanted = {0x01: 3, 0x02: 3, 0x04: 6, 0x06: 6, 0x0A: 2}[sub]
    if len(request) != wanted:
        raise Refused(0x13)
    head = bytes([0x59, sub])
    if sub == 0x01:
        count = len(memory.matching(request[2]))
        return head + bytes([memory.available, DTC_FORMAT]) + count.to_bytes(2, "big")
    if sub in {0x02, 0x0A}:
        listed = memory.status.items() if sub == 0x0A else memory.matching(request[2])
        rows = [
            number.to_bytes(3, "big") + bytes([status]) for number, status in listed
        ]
        return head + bytes([memory.available]) + b"".join(rows)
    number = int.from_bytes(request[2:5], "big")
    if number not in memory.status:
        raise Refused(0x31)
    records = _records(memory.records.get(number, FaultRecord()), sub, request[5])
    return head + request[2:5] + bytes([memory.status[number]]) + records


def _records(kept: FaultRecord, sub: int, wanted: int) -> bytes:
    """Freeze frame (04) or counters (06) of a code; empty if it was never set.

    Raises:
        Refused: If there is no record of that number.
    """
    found = {1: kept.freeze_frame}
    if sub == 0x06:
        found = {1: bytes([kept.occurrences]), 2: bytes([kept.cycles])}
    if wanted != EVERY_RECORD and wanted not in found:
        raise Refused(0x31)
    return b"".join(
        bytes([name]) + content
        for name, content in found.items()
        if content and kept.occurrences and wanted in {name, EVERY_RECORD}
    )


def _read_data(unit: ControlUnit, request: bytes) -> bytes:
    if len(request) % 2 == 0 or len(request) > 1 + 2 * MOST_DIDS:
        raise Refused(0x13)
    parts = [request[at : at + 2] for at in range(1, len(request), 2)]
    numbers = [int.from_bytes(part, "big") for part in parts]
    if any(number not in unit.formats for number in numbers):
        raise Refused(0x31)
    found = (
        part + unit.value(number) for part, number in zip(parts, numbers, strict=True)
    )
    return b"\x62" + b"".join(found)


def _security(unit: ControlUnit, request: bytes) -> bytes:
    if request[1] == 0x01:
        if len(request) != 2:
            raise Refused(0x13)
        return b"\x67\x01" + unit.session.give_seed()
    if len(request) != 6:
        raise Refused(0x13)
    unit.session.take_key(request[2:])
    return b"\x67\x02"


def _communication(unit: ControlUnit, request: bytes) -> bytes:
    unit.behaviour.mute(request[1] in {0x01, 0x03})
    return b"\x68" + request[1:2]


def _write_data(unit: ControlUnit, request: bytes) -> bytes:
    did, content = int.from_bytes(request[1:3], "big"), request[3:]
    needed = unit.ecu.writable.get(did)
    if needed is None or (needed == "programming" and unit.session.kind != PROGRAMMING):
        raise Refused(0x31)
    size = unit.formats[did].size
    if size and len(content) != size:
        raise Refused(0x13)
    if not unit.behaviour.accepts(did, content):
        raise Refused(0x31)
    unit.stored[did] = content
    unit.behaviour.written(did, content)
    for watcher in unit.on_write:
        watcher(did, content)
    return b"\x6e" + request[1:3]


def _control(unit: ControlUnit, request: bytes) -> bytes:
    did = int.from_bytes(request[1:3], "big")
    if did not in unit.behaviour.controllable or request[3] > 0x03:
        raise Refused(0x31)
    if not unit.behaviour.safe():
        raise Refused(0x22)
    return b"\x6f" + request[1:4] + unit.value(did)


def _routine(unit: ControlUnit, request: bytes) -> bytes | Later:
    rid = int.from_bytes(request[2:4], "big")
    if rid not in unit.ecu.routines:
        raise Refused(0x31)
    known = unit.session.routines
    if request[1] == 0x03:
        started_ns, result = known.get(rid, (0, NOT_STARTED))
        running = started_ns > unit.session.now_ns()
        return b"\x71\x03" + request[2:4] + (RUNNING if running else result)
    if request[1] == 0x02:
        if rid not in known:
            raise Refused(0x24)
        known[rid] = (0, NOT_STARTED)
        return b"\x71\x02" + request[2:4]
    return _start_routine(unit, rid, request[2:4])


def _start_routine(unit: ControlUnit, rid: int, name: bytes) -> bytes | Later:
    if not unit.behaviour.safe():
        raise Refused(0x22)
    routine = unit.behaviour.routines.get(rid, Routine())
    known = unit.session.routines
    routine.begin()
    known[rid] = (unit.session.now_ns() + routine.lasting_ns, NOT_STARTED)

    def finish() -> bytes:
        known[rid] = (0, routine.run())
        return b"\x71\x01" + name

    if routine.lasting_ns <= 50_000_000:
        return finish()
    return Later(lasting_ns=routine.lasting_ns, finish=finish)


def _present(_unit: ControlUnit, _request: bytes) -> bytes:
    return b"\x7e\x00"


def _code_setting(unit: ControlUnit, request: bytes) -> bytes:
    unit.memory.frozen = request[1] == 0x02
    return b"\xc5" + request[1:2]


def _subs(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


RULES: Final[Mapping[int, Rule]] = {
    0x10: Rule(run=_enter_session, subs=_subs(DEFAULT, PROGRAMMING, EXTENDED)),
    0x11: Rule(run=_reset, subs=_subs(1, 3)),
    0x14: Rule(run=_clear, shortest=4, longest=4),
    0x19: Rule(run=_read_codes, subs=_subs(1, 2, 4, 6, 0x0A), longest=6),
    0x22: Rule(run=_read_data, shortest=3, longest=None),
    0x27: Rule(run=_security, subs=_subs(1, 2), longest=6, extended=True),
    0x28: Rule(
        run=_communication, subs=_subs(0, 1, 2, 3), shortest=3, longest=3, extended=True
    ),
    0x2E: Rule(run=_write_data, shortest=4, longest=None, extended=True, unlocked=True),
    0x2F: Rule(run=_control, shortest=4, longest=None, extended=True),
    0x31: Rule(run=_routine, subs=_subs(1, 2, 3), shortest=4, longest=None),
    0x3E: Rule(run=_present, subs=_subs(0)),
    0x85: Rule(run=_code_setting, subs=_subs(1, 2), longest=5, extended=True),
}
