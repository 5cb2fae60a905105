"""Signals that claim the same bits, or bits that their message does not have."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from examrunner.decode.plans import FindingKind, Gate, Layout

Placed = tuple[str, Layout, tuple[Gate, ...]]
"""Name, layout and gates of one signal."""


def misplaced(
    signals: Sequence[Placed], length: int
) -> Iterator[tuple[FindingKind, tuple[str, ...]]]:
    """What is wrong with the layout of a message of ``length`` bytes.

    Yields:
        The kind, and the one or two signals that it concerns.
    """
    for name, layout, _ in signals:
        if layout.end_byte > length or layout.first_byte < 0:
            yield FindingKind.DOES_NOT_FIT, (name,)
    claims = [(_bits_of(layout), name, gates) for name, layout, gates in signals]
    if not _is_any_bit_shared([bits for bits, _, _ in claims]):
        return
    for (bits, one, gates), (others, other, other_gates) in combinations(claims, 2):
        if bits & others and not _exclude_each_other(gates, other_gates):
            yield FindingKind.OVERLAP, (one, other)


def _is_any_bit_shared(bits: Sequence[int]) -> bool:
    seen = 0
    for claimed in bits:
        if seen & claimed:
            return True
        seen |= claimed
    return False


def _exclude_each_other(gates: Sequence[Gate], others: Sequence[Gate]) -> bool:
    """Whether some multiplexer lets at most one of the two signals into a frame."""
    return any(
        gate.layout == other.layout and not gate.values & other.values
        for gate in gates
        for other in others
    )


def _bits_of(layout: Layout) -> int:
    """The bits that it claims; bit 0 of byte 0 is bit 0."""
    if layout.first_byte < 0:
        return 0
    if not layout.motorola:
        return ((1 << layout.length) - 1) << (8 * layout.first_byte + layout.skip)
    # As one number the bytes run the other way round, so turn them.
    turned = ((1 << layout.length) - 1) << layout.skip
    claimed = turned.to_bytes(layout.byte_count, "big")
    return int.from_bytes(claimed, "little") << (8 * layout.first_byte)
