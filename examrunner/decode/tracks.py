"""Signals and messages of a recording by name; decoded when they are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from examrunner.decode.containers import contained
from examrunner.decode.diagnostics.j1939 import LongMessage, pgn_of
from examrunner.decode.long_messages import payloads_of
from examrunner.decode.matching import Key, Match
from examrunner.decode.payloads import Payloads
from examrunner.decode.plans import MessagePlan, SignalPlan
from examrunner.decode.protection import (
    counter_verdicts,
    crc_verdicts,
    protection_quality,
)
from examrunner.decode.room import BLOCK_BYTES, Room
from examrunner.decode.signals import MessageColumns
from examrunner.model.frames import Frames
from examrunner.model.timeline import Loss, Messages, Series

LONGEST_CLASSIC_FRAME: Final = 8


class Source:
    """The frames of one message on one channel, read once and then kept.

    Args:
        name: Name that no other source has.
        match: The message and its columns.
        columns: Frames by channel, identifier and format.
        losses: What the recorder lost.
        transported: J1939 messages that are longer than a frame.
    """

    def __init__(
        self,
        name: str,
        match: Match,
        columns: Mapping[Key, Frames],
        losses: Sequence[Loss] = (),
        transported: Sequence[LongMessage] = (),
    ) -> None:
        self.name = name
        self.match = match
        self._columns = columns
        self._transported = transported
        self._losses = [loss for loss in losses if loss.stream == match.channel]

    @cached_property
    def frames(self) -> Frames:
        """All its frames in order of time."""
        parts = [self._columns[key] for key in self.match.keys]
        return in_order(parts[0] if len(parts) == 1 else Frames.concatenate(parts))

    @cached_property
    def messages(self) -> Messages:
        """Its frames with what the database says about them."""
        plan = self.match.plan
        if plan is None:
            _, can_id, extended = self.match.keys[0]
            return Messages(
                name=self.name,
                channel=self.match.channel,
                can_id=can_id,
                extended=extended,
                frames=self.frames,
            )
        payloads = Payloads.of(self.frames)
        return Messages(
            name=self.name,
            channel=self.match.channel,
            can_id=plan.can_id,
            extended=plan.extended,
            frames=self.frames,
            crc=crc_verdicts(payloads, plan),
            counter=counter_verdicts(payloads, plan, self._losses),
            cycle_s=plan.cycle_s,
            timeout_s=plan.timeout_s,
            senders=plan.senders,
            length=plan.length,
            fd=plan.fd,
            data_id=plan.data_id,
        )

    def columns(self, plan: MessagePlan, room: Room | None = None) -> MessageColumns:
        """The payloads of its message.

        Args:
            plan: The message, or one that its containers carry.
            room: Where the memory of samples comes from.
        """
        payloads = self._payloads(plan)
        quality = None
        if plan is self.match.plan and plan.data_id is not None:
            found = self.messages
            quality = protection_quality(len(payloads), found.crc, found.counter)
        return MessageColumns(plan, payloads, quality, room or Room())

    def _payloads(self, plan: MessagePlan) -> Payloads:
        if plan.by_group and plan.length > LONGEST_CLASSIC_FRAME:
            return self._long_payloads(plan)
        payloads = Payloads.of(self.frames)
        if plan is not self.match.plan:
            return contained(payloads, plan.can_id, plan.length)
        return payloads

    def _long_payloads(self, plan: MessagePlan) -> Payloads:
        pgn = pgn_of(plan.can_id)
        return payloads_of(self._transported, self.match.channel, pgn)


def in_order(frames: Frames) -> Frames:
    """The frames in order of time; equal times keep the order of arrival."""
    if bool((frames.t_ns[1:] >= frames.t_ns[:-1]).all()):
        return frames
    return frames.take(np.argsort(frames.t_ns, kind="stable"))


class MessageTrack(Mapping[str, Messages]):
    """Messages by name; also by ``channel:name`` where the bare name is enough."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = {source.name: source for source in sources}

    def __getitem__(self, name: str) -> Messages:
        source = self._sources.get(name)
        if source is None:
            channel, _, bare = name.partition(":")
            source = self._sources[bare]
            if source.match.channel != channel:
                raise KeyError(name)
        return source.messages

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One signal and where its payloads come from."""

    source: Source
    plan: MessagePlan
    signal: SignalPlan


class SignalTrack(Mapping[str, Series]):
    """Series by ``Message.Signal``, decoded when first asked for and then kept.

    ``channel:Message.Signal`` names a signal of one channel. Where several channels
    carry a message, the bare name means the first of them.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._entries: dict[str, _Entry] = {}
        for source in sources:
            for name, plan in _plans_of(source):
                for signal in plan.signals:
                    self._entries.setdefault(
                        f"{name}.{signal.name}", _Entry(source, plan, signal)
                    )
        self._room = Room(BLOCK_BYTES)
        self._columns: dict[tuple[str, str], MessageColumns] = {}
        self._series: dict[str, Series] = {}

    def __getitem__(self, name: str) -> Series:
        if name not in self._entries:
            return self._of_channel(name)
        series = self._series.get(name)
        if series is None:
            entry = self._entries[name]
            series = self._columns_of(entry).series(entry.signal, name)
            self._series[name] = series
        return series

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def units(self) -> Mapping[str, str]:
        """Unit of every signal by name, without decoding any."""
        return {name: entry.signal.unit for name, entry in self._entries.items()}

    def channels(self) -> dict[str, str]:
        """The channel of every name; empty if the signal was received on none."""
        return {
            name: entry.source.match.channel for name, entry in self._entries.items()
        }

    def _of_channel(self, name: str) -> Series:
        channel, _, bare = name.partition(":")
        if self._entries[bare].source.match.channel != channel:
            raise KeyError(name)
        return self[bare]

    def _columns_of(self, entry: _Entry) -> MessageColumns:
        key = (entry.source.name, entry.plan.name)
        columns = self._columns.get(key)
        if columns is None:
            columns = self._columns[key] = entry.source.columns(entry.plan, self._room)
        return columns


def _plans_of(source: Source) -> Iterator[tuple[str, MessagePlan]]:
    """Names of the message and of those that its frames may contain."""
    plan = source.match.plan
    if plan is None:
        return
    yield source.name, plan
    channel = f"{source.match.channel}:"
    prefix = channel if source.name.startswith(channel) else ""
    for inner in plan.contained:
        yield prefix + inner.name, inner
