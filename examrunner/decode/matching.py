"""Which recorded identifiers are which messages of which database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from examrunner.decode.diagnostics.j1939 import pgn_of
from examrunner.decode.plans import Database, MessagePlan

Key = tuple[str, int, bool]
"""Channel, identifier, whether it is extended: how columns are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A database and where it holds.

    Attributes:
        database: The database.
        channel: The channel that it describes; None: whichever carries its messages.
    """

    database: Database
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A message with the identifiers that carried it on one channel.

    Attributes:
        channel: CAN channel; empty if the message was seen on none.
        plan: The message; None if no database describes the identifier.
        keys: Columns with its frames; empty if it was not received. J1939 messages
            have one for every sender.
    """

    channel: str
    plan: MessagePlan | None
    keys: tuple[Key, ...]


def matched(
    keys: Sequence[Key], channels: Sequence[str], assignments: Sequence[Assignment]
) -> list[Match]:
    """Every described message, received or not, and every undescribed identifier.

    Where two databases describe an identifier of a channel, the first one counts.
    """
    free = dict.fromkeys(keys)
    matches: list[Match] = []
    for assignment in assignments:
        wanted = channels if assignment.channel is None else (assignment.channel,)
        carried = [
            match
            for channel in wanted
            for match in _of_channel(assignment.database, channel, free)
        ]
        matches += carried
        matches += _not_received(assignment, carried)
    matches += [Match(channel=key[0], plan=None, keys=(key,)) for key in free]
    return matches


def _of_channel(
    database: Database, channel: str, free: dict[Key, None]
) -> Iterator[Match]:
    """Takes what the database describes out of ``free``."""
    finder = _Finder(database.messages)
    found: dict[int, list[Key]] = {}
    for key in [key for key in free if key[0] == channel]:
        position = finder.find(key[1], extended=key[2])
        if position is not None:
            found.setdefault(position, []).append(key)
            del free[key]
    for position, plan in enumerate(database.messages):
        if position in found:
            yield Match(channel=channel, plan=plan, keys=tuple(found[position]))


def _not_received(assignment: Assignment, carried: Sequence[Match]) -> Iterator[Match]:
    received = {id(match.plan) for match in carried}
    for plan in assignment.database.messages:
        if id(plan) not in received:
            yield Match(channel=assignment.channel or "", plan=plan, keys=())


class _Finder:
    """Positions of messages by identifier, and by group for J1939."""

    def __init__(self, plans: Sequence[MessagePlan]) -> None:
        self._exact: dict[tuple[int, bool], int] = {}
        self._groups: dict[int, int] = {}
        for position, plan in enumerate(plans):
            self._exact.setdefault((plan.can_id, plan.extended), position)
            if plan.by_group:
                self._groups.setdefault(pgn_of(plan.can_id), position)

    def find(self, can_id: int, *, extended: bool) -> int | None:
        exact = self._exact.get((can_id, extended))
        if exact is not None or not extended:
            return exact
        return self._groups.get(pgn_of(can_id))


def names_of(matches: Sequence[Match]) -> list[str]:
    """A name for each match that no other has.

    The message's own name; with the channel before it where an earlier channel has
    that name already, and with the identifier behind it if one channel has it twice.
    """
    owners: dict[str, str] = {}
    taken: set[str] = set()
    names = []
    for match in matches:
        plain = _plain_name(match)
        owner = owners.setdefault(plain, match.channel)
        chosen = plain if owner == match.channel else f"{match.channel}:{plain}"
        if chosen in taken and match.plan is not None:
            plan = match.plan
            chosen = f"{chosen}@{identifier_text(plan.can_id, plan.extended)}"
        taken.add(chosen)
        names.append(chosen)
    return names


def _plain_name(match: Match) -> str:
    if match.plan is not None:
        return match.plan.name
    _, can_id, extended = match.keys[0]
    return identifier_text(can_id, extended)


def identifier_text(can_id: int, extended: bool) -> str:
    """``0x123`` for 11 bits, ``0x00000123`` for 29.

    >>> identifier_text(0x7E8, False), identifier_text(0x7E8, True)
    ('0x7E8', '0x000007E8')
    """
    return f"0x{can_id:08X}" if extended else f"0x{can_id:03X}"
