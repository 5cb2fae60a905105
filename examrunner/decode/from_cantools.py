"""From the objects of cantools to plans; nothing of cantools leaves this module."""

import logging
import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from examrunner.archive.lean_can import import_can
from examrunner.decode.cantools_attributes import Attributes, number_of
from examrunner.decode.cantools_layout import gates_of, is_readable, layout_of
from examrunner.decode.plans import Kind, Layout, MessagePlan, SignalPlan

PROTECTION_PROFILE: Final = "J1850_ID16_C4"
NULL_ADDRESS: Final = 0xFE
"""J1939 source address of nobody: databases put it where the sender may vary."""
EVENT_SEND_TYPES: Final = frozenset({"event", "ifactive", "spontaneous"})
"""Values of GenMsgSendType, in lower case, that rule out a cycle."""
FLOAT_CODES: Final = {16: "<e", 32: "<f", 64: "<d"}
MS_PER_S: Final = 1000


class UnreadableError(Exception):
    """The parser refused a file; the text is its own and not for people."""


def parse(text: str, database_format: str) -> Any:
    """A cantools database; layout is not checked here.

    Raises:
        UnreadableError: If cantools refuses the file.
    """
    import_can()  # lean, because cantools imports python-can itself
    from cantools.database import UnsupportedDatabaseFormatError, load_string

    quiet = logging.getLogger("cantools.database.can.database")
    quiet.disabled = True  # it logs duplicates; our report names them with their line
    try:
        return load_string(text, database_format=database_format, strict=False)
    except UnsupportedDatabaseFormatError as error:
        raise UnreadableError(str(error)) from error


def attribute_defaults(database: Any) -> dict[str, int | float | str]:
    """The value of each attribute where a message or signal sets none."""
    if database.dbc is None or not database.dbc.attribute_definitions:
        return {}
    definitions = database.dbc.attribute_definitions
    return {
        name: definition.default_value
        for name, definition in definitions.items()
        if definition.default_value is not None
    }


def message_plan(
    message: Any, defaults: Mapping[str, int | float | str]
) -> MessagePlan:
    """How cantools' message is read; signals wider than 64 bits are left out."""
    attributes = Attributes(message, defaults)
    extended = bool(message.is_extended_frame)
    can_id = message.frame_id if message.header_id is None else message.header_id
    return MessagePlan(
        name=message.name,
        can_id=can_id,
        extended=extended,
        by_group=extended
        and (message.protocol == "j1939" or message.frame_id & 0xFF == NULL_ADDRESS),
        length=message.length,
        fd=bool(message.is_fd),
        bus=message.bus_name or "",
        signals=tuple(
            _signal_plan(message, signal, name, defaults)
            for signal, name in _named_apart(message)
            if is_readable(signal, message)
        ),
        senders=tuple(message.senders or ()),
        cycle_s=_cycle_s(message, attributes),
        timeout_s=_positive_s(attributes.number("GenMsgTimeout")),
        data_id=_data_id(attributes),
        contained=tuple(
            message_plan(inner, defaults)
            for inner in message.contained_messages or ()
            if inner.header_id is not None
        ),
    )


def _named_apart(message: Any) -> Iterator[tuple[Any, str]]:
    """Signals with names: of several with one name, later ones get a number.

    DBC forbids it, but long names, which are attributes, do collide.
    """
    seen: Counter[str] = Counter()
    for signal in message.signals:
        seen[signal.name] += 1
        times = seen[signal.name]
        yield signal, signal.name if times == 1 else f"{signal.name} ({times})"


def _signal_plan(
    message: Any, signal: Any, name: str, defaults: Mapping[str, int | float | str]
) -> SignalPlan:
    layout = layout_of(signal)
    scale, offset = _arithmetic(signal)
    low, high = _range(signal, layout, scale, offset)
    return SignalPlan(
        name=name,
        unit=signal.unit or "",
        layout=layout,
        scale=scale,
        offset=offset,
        low=low,
        high=high,
        not_available=_not_available(Attributes(signal, defaults)),
        choices=_choices(signal, layout),
        gates=gates_of(message, signal) or (),
    )


def _arithmetic(signal: Any) -> tuple[int | float, int | float]:
    """Factor and offset; both integers if both are whole and the raw value is."""
    scale, offset = signal.scale, signal.offset
    if not signal.is_float and float(scale).is_integer() and float(offset).is_integer():
        return int(scale), int(offset)
    return scale, offset


def _range(
    signal: Any, layout: Layout, scale: int | float, offset: int | float
) -> tuple[int | float | None, int | float | None]:
    """Smallest and largest valid raw value, half a step in the sender's favour."""
    if layout.kind is Kind.FLOAT or scale == 0:
        return signal.minimum, signal.maximum
    ends = [
        None if limit is None else (limit - offset) / scale
        for limit in (signal.minimum, signal.maximum)
    ]
    if scale < 0:
        ends.reverse()
    low = None if ends[0] is None else _whole(math.ceil, ends[0] - 0.5)
    high = None if ends[1] is None else _whole(math.floor, ends[1] + 0.5)
    least, most = _limits(layout)
    return (
        None if low is None or low <= least else low,
        None if high is None or high >= most else high,
    )


def _whole(rounding: Any, value: float) -> int | float:
    return int(rounding(value)) if math.isfinite(value) else value


def _limits(layout: Layout) -> tuple[int, int]:
    if layout.kind is Kind.SIGNED:
        return -(1 << (layout.length - 1)), (1 << (layout.length - 1)) - 1
    return 0, (1 << layout.length) - 1


def _choices(signal: Any, layout: Layout) -> dict[int, str]:
    texts = {int(raw): str(text) for raw, text in (signal.choices or {}).items()}
    if layout.kind is not Kind.FLOAT:
        return texts
    return {_pattern(raw, layout.length): text for raw, text in texts.items()}


def _pattern(value: int, length: int) -> int:
    """Bits of a float as a signed 64-bit integer, which is how a series holds them."""
    packed = struct.pack(FLOAT_CODES[length], float(value))
    unsigned = int.from_bytes(packed, "little")
    return unsigned - (1 << 64) if unsigned >> 63 else unsigned


def _not_available(attributes: Attributes) -> int | None:
    value = attributes.number("SigSNA")
    return None if value is None or value < 0 else int(value)


def _data_id(attributes: Attributes) -> int | None:
    if attributes.text("E2E_Profile") != PROTECTION_PROFILE:
        return None
    value = attributes.number("E2E_DataID")
    return None if value is None else int(value)


def _cycle_s(message: Any, attributes: Attributes) -> float | None:
    send_type = attributes.text("GenMsgSendType")
    if send_type.lower() in EVENT_SEND_TYPES:
        return None
    cycle_ms = attributes.number("GenMsgCycleTime")
    return _positive_s(number_of(message.cycle_time) if cycle_ms is None else cycle_ms)


def _positive_s(value_ms: float | None) -> float | None:
    return value_ms / MS_PER_S if value_ms and value_ms > 0 else None
