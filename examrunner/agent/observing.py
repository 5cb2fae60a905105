"""Whether a bus is healthy, and whether a fault that was set can be seen on it."""

from collections.abc import Mapping, Sequence
from typing import Final

from examrunner.capture.bus_watch import Heard

SILENCING: Final = (
    "bus.open",
    "bus.short",
    "bus.swap",
    "msg.drop",
    "node.bitrate",
    "node.ground_r",
    "node.power",
)
"""Operations that make messages miss; any other is believed by its read-back."""
CLEARLY: Final = 5.0
"""How many times its healthy gap a message must be missing."""
SHORTEST_GAP_S: Final = 0.2

Key = tuple[str, int, bool]


def silent_channels(channels: Sequence[str], heard: Sequence[Heard]) -> tuple[str, ...]:
    """Channels on which nothing at all was heard."""
    loud = {each.channel for each in heard}
    return tuple(channel for channel in channels if channel not in loud)


def inner_operation(command: Mapping[str, object]) -> str:
    """The operation of a command, also of one that comes and goes.

    >>> inner_operation({"op": "intermittent", "fault": {"op": "node.power"}})
    'node.power'
    """
    op, arguments = command_of(command)
    inside = arguments.get("fault")
    if op == "intermittent" and isinstance(inside, Mapping):
        return inner_operation(inside)
    return op


def command_of(command: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """Operation and arguments of a command, which stand under ``args`` or beside it."""
    beside = {key: value for key, value in command.items() if key not in {"op", "args"}}
    below = command.get("args")
    arguments = {**beside, **below} if isinstance(below, Mapping) else beside
    return str(command.get("op", "")), arguments


def must_be_seen(commands: Sequence[Mapping[str, object]]) -> bool:
    """Whether one of these faults makes messages miss."""
    return any(inner_operation(command) in SILENCING for command in commands)


def missing(healthy: Sequence[Heard], now: Sequence[Heard]) -> tuple[Heard, ...]:
    """Messages of the healthy bus that clearly miss now, as they were then."""
    found = {_key(each): each for each in now}
    return tuple(
        before for before in healthy if _is_missing(before, found.get(_key(before)))
    )


def _is_missing(before: Heard, after: Heard | None) -> bool:
    if after is None:
        return before.count > 1
    limit_s = max(CLEARLY * before.longest_gap_s, SHORTEST_GAP_S)
    return after.longest_gap_s > limit_s


def _key(heard: Heard) -> Key:
    return heard.channel, heard.can_id, heard.extended
