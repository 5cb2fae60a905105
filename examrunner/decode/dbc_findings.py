"""What is wrong with the statements of a DBC file, beyond what a parser notices."""

from collections.abc import Callable, Iterator
from typing import Final

from examrunner.decode.dbc_text import DbcText, Head
from examrunner.decode.plans import Finding, FindingKind

LONGEST_MESSAGE: Final = 1785
"""Bytes: the longest payload of any transport that a DBC describes (J1939 TP)."""
MOST_MULTIPLEXER_VALUES: Final = 65_536
STANDARD_BITS: Final = 11
EXTENDED_BITS: Final = 29


def mend(source: DbcText, name: str) -> list[Finding]:
    """Takes out what must not reach the parser; what that was.

    Args:
        source: The file; offending statements are blanked in it.
        name: File name, for ``where``.
    """
    return [
        *_mend_messages(source, name),
        *_mend_references(source, name),
    ]


def _mend_messages(source: DbcText, name: str) -> list[Finding]:
    by_number: dict[int, Head] = {}
    by_name: dict[str, Head] = {}
    dropped: list[Head] = []
    findings: list[Finding] = []
    for head in source.heads():
        problem = _problem_of(head) or _twin_problem(head, by_number.get(head.number))
        if problem is not None:
            dropped.append(head)
        else:
            by_number[head.number] = head
            problem = _namesake_problem(head, by_name.setdefault(head.name, head))
        if problem is not None:
            kind, text = problem
            findings.append(
                Finding(
                    kind=kind,
                    text=text,
                    where=f"{name}:{head.line}",
                    message=head.name,
                    dropped=kind is not FindingKind.DUPLICATE_NAME,
                )
            )
    source.drop(dropped)
    return findings


Problem = tuple[FindingKind, str]


def _twin_problem(head: Head, twin: Head | None) -> Problem | None:
    if twin is None:
        return None
    return (
        FindingKind.DUPLICATE_IDENTIFIER,
        f"{head.name} has the identifier 0x{head.can_id:X} of {twin.name} in "
        f"line {twin.line}",
    )


def _namesake_problem(head: Head, namesake: Head) -> Problem | None:
    if namesake is head:
        return None
    return (
        FindingKind.DUPLICATE_NAME,
        f"line {namesake.line} has a message called {head.name} already",
    )


def _problem_of(head: Head) -> Problem | None:
    bits = EXTENDED_BITS if head.extended else STANDARD_BITS
    if head.can_id.bit_length() > bits:
        return (
            FindingKind.BAD_IDENTIFIER,
            f"identifier 0x{head.can_id:X} of {head.name} has more than {bits} bits",
        )
    if head.length > LONGEST_MESSAGE:
        return (
            FindingKind.UNUSABLE,
            f"{head.name} claims {head.length} bytes; no CAN transport carries more "
            f"than {LONGEST_MESSAGE}",
        )
    return None


def _mend_references(source: DbcText, name: str) -> Iterator[Finding]:
    signals = {head.number: set(head.signals) for head in source.heads()}
    described = _describes(signals)
    for reference in list(source.references()):
        if reference.multiplexed > MOST_MULTIPLEXER_VALUES:
            kind, text = (
                FindingKind.UNUSABLE,
                f"{reference.signal} is there for {reference.multiplexed} multiplexer "
                f"values; more than {MOST_MULTIPLEXER_VALUES} are not supported",
            )
        elif reference.keyword in {"VAL_", "SIG_VALTYPE_"} and not described(
            reference.number, reference.signal
        ):
            kind, text = (
                FindingKind.UNKNOWN_REFERENCE,
                f"{reference.keyword} names signal {reference.signal} of message "
                f"{reference.number}, which does not exist",
            )
        else:
            continue
        source.blank(reference.start, reference.end)
        yield Finding(
            kind=kind, text=text, where=f"{name}:{reference.line}", dropped=True
        )


def _describes(signals: dict[int, set[str]]) -> Callable[[int, str], bool]:
    return lambda number, signal: signal in signals.get(number, ())
