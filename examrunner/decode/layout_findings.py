"""What is wrong with the signals of messages that a parser has accepted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from examrunner.decode.cantools_layout import (
    gates_of,
    has_finite_arithmetic,
    has_readable_width,
    placed,
)
from examrunner.decode.dbc_text import DbcText, Head
from examrunner.decode.overlaps import misplaced
from examrunner.decode.plans import Finding, FindingKind

Fault = tuple[FindingKind, tuple[str, ...]]
"""Kind, and the one or two signals that it concerns."""

LEFT_OUT = frozenset(
    set(FindingKind) - {FindingKind.OVERLAP, FindingKind.DUPLICATE_NAME}
)


def layout_findings(
    messages: Iterable[Any], source: DbcText | None, name: str
) -> Iterator[Finding]:
    """Overlaps, signals that stick out, and those that no column can hold.

    Args:
        messages: cantools' messages.
        source: The text, for lines; None for formats other than DBC.
        name: File name, for ``where``.
    """
    heads = {} if source is None else {head.number: head for head in source.heads()}
    for message in messages:
        number = message.frame_id | (message.is_extended_frame << 31)
        for kind, names in _faults_of(message):
            yield Finding(
                kind=kind,
                text=_sentence(kind, names, message),
                where=_where(name, source, heads.get(number), names[-1]),
                message=message.name,
                dropped=kind in LEFT_OUT,
            )


def _faults_of(message: Any) -> Iterator[Fault]:
    names = Counter(signal.name for signal in message.signals)
    for name, count in names.items():
        if count > 1:
            yield FindingKind.DUPLICATE_NAME, (name,)
    unfit: set[str] = set()
    for kind, concerned in misplaced(placed(message), message.length):
        yield kind, concerned
        if kind is FindingKind.DOES_NOT_FIT:
            unfit.update(concerned)
    for signal in message.signals:
        if signal.name in unfit:
            continue
        if not has_readable_width(signal):
            yield FindingKind.TOO_WIDE, (signal.name,)
        elif not has_finite_arithmetic(signal):
            yield FindingKind.UNUSABLE, (signal.name,)
        elif gates_of(message, signal) is None:
            yield FindingKind.UNKNOWN_REFERENCE, (signal.name,)


def _sentence(kind: FindingKind, names: tuple[str, ...], message: Any) -> str:
    if kind is FindingKind.OVERLAP:
        return f"signals {names[0]} and {names[1]} of {message.name} share bits"
    signal = f"signal {names[0]} of {message.name}"
    return {
        FindingKind.DUPLICATE_NAME: f"{signal} is there more than once",
        FindingKind.DOES_NOT_FIT: f"{signal} does not fit into {message.length} bytes",
        FindingKind.TOO_WIDE: f"{signal} is neither an integer of 1 to 64 bits nor a "
        "float of 16, 32 or 64 bits",
        FindingKind.UNKNOWN_REFERENCE: f"the multiplexer of {signal} does not exist or "
        "multiplexes itself",
        FindingKind.UNUSABLE: f"{signal} has a factor or offset that is no number",
    }[kind]


def _where(name: str, source: DbcText | None, head: Head | None, signal: str) -> str:
    if source is None or head is None:
        return name
    return f"{name}:{source.line_of_signal(head, signal)}"
