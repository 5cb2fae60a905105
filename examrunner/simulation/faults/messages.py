"""Faults of whole messages: missing, late, wrong checksum, wrong counter."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from examrunner.model import e2e
from examrunner.simulation.cyclic import CyclicMessage
from examrunner.simulation.faults.fault import (
    Arguments,
    BadArgument,
    Fault,
    choice_of,
    message_of,
    number_of,
    share_of,
)
from examrunner.simulation.faults.protection import Flaw, protection_fault
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.tampering import Batch, Rows, Tamper
from examrunner.simulation.training_rig import TrainingRig

SKIP_EVERY: Final = 5
"""A skipping counter leaves out one number with every so many frames."""
Act = Callable[[Batch, Rows], None]


def drop(rig: TrainingRig, args: Arguments) -> Fault:
    """``msg.drop``: a share of the frames is never sent."""
    message, share = message_of(rig.base, args), share_of(args)
    random = rig.base.streams.of("drop", message.layout.name)

    def act(batch: Batch, rows: Rows) -> None:
        batch.lost[rows] |= random.random(len(rows)) < share

    return _sending(rig, message, act)


def delay(rig: TrainingRig, args: Arguments) -> Fault:
    """``msg.delay``: frames come ``ms`` late, and up to ``jitter`` ms more."""
    message = message_of(rig.base, args)
    late_ms, jitter_ms = number_of(args, "ms"), number_of(args, "jitter", 0.0)
    random = rig.base.streams.of("delay", message.layout.name)

    def act(batch: Batch, rows: Rows) -> None:
        late = late_ms + jitter_ms * random.random(len(rows))
        batch.ready[rows] += np.rint(late * NS_PER_MS).astype(np.int64)

    return _sending(rig, message, act)


def checksum(rig: TrainingRig, args: Arguments) -> Fault:
    """``msg.crc``: wrong data id, checksum of the frame before, or a random one."""
    message = _protected(message_of(rig.base, args))
    mode = choice_of(args, "mode", ("wrong_id", "static", "random"))
    share = share_of(args)
    random = rig.base.streams.of("checksum", message.layout.name)
    acts: dict[str, Act] = {
        "wrong_id": _wrong_data_id,
        "static": _Static(random, share).act,
        "random": partial(_random_checksum, random, share),
    }
    return protection_fault(
        rig.base,
        message,
        Tamper(stage="payload", active=History(False), act=acts[mode]),
        Flaw(
            what="checksum",
            share=1.0 if mode == "wrong_id" else share,
            coding={"wrong_id": 1, "static": 2}.get(mode),
        ),
    )


def counter(rig: TrainingRig, args: Arguments) -> Fault:
    """``msg.counter``: it stands still, leaves numbers out or is random."""
    message = _protected(message_of(rig.base, args))
    mode = choice_of(args, "mode", ("freeze", "skip", "random"))
    random = rig.base.streams.of("counter", message.layout.name)
    acts: dict[str, Act] = {
        "freeze": _Frozen().act,
        "skip": _Skipping().act,
        "random": partial(_random_counter, random),
    }
    return protection_fault(
        rig.base,
        message,
        Tamper(stage="counter", active=History(False), act=acts[mode]),
        Flaw(
            what="alive counter",
            share=1.0 / SKIP_EVERY if mode == "skip" else 1.0,
            coding={"freeze": 3, "skip": 4}.get(mode),
        ),
    )


def _sending(rig: TrainingRig, message: CyclicMessage, act: Act) -> Fault:
    made = Tamper(stage="sending", active=History(False), act=act)
    message.tampers.append(made)
    return Fault(
        component=message.layout.name,
        apply=lambda on: made.active.set(rig.base.kernel.now_ns, on),
        present=lambda: made.active.latest,
    )


def _protected(message: CyclicMessage) -> CyclicMessage:
    if message.layout.data_id is None:
        raise BadArgument("message")
    return message


def _wrong_data_id(batch: Batch, rows: Rows) -> None:
    wrong = (batch.layout.data_id or 0) ^ 1
    batch.data[rows, 0] = e2e.crc_column(wrong, batch.data[rows])


def _random_checksum(
    random: np.random.Generator, share: float, batch: Batch, rows: Rows
) -> None:
    wrong = random.integers(1, 256, len(rows), dtype=np.uint8)
    hit = random.random(len(rows)) < share
    batch.data[rows[hit], 0] ^= wrong[hit]


def _random_counter(random: np.random.Generator, batch: Batch, rows: Rows) -> None:
    batch.counter[rows] = random.integers(0, e2e.COUNTER_MODULUS, len(rows))


class _Static:
    """Now and then a frame carries the checksum of the one before."""

    def __init__(self, random: np.random.Generator, share: float) -> None:
        self._random = random
        self._share = share
        self._before: int | None = None

    def act(self, batch: Batch, rows: Rows) -> None:
        right = batch.data[rows, 0].copy()
        before = np.roll(right, 1)
        before[0] = right[0] if self._before is None else self._before
        self._before = int(right[-1])
        hit = self._random.random(len(rows)) < self._share
        batch.data[rows[hit], 0] = before[hit]


class _Frozen:
    """The counter stays at the number of the first frame."""

    def __init__(self) -> None:
        self._number: int | None = None

    def act(self, batch: Batch, rows: Rows) -> None:
        if self._number is None:
            self._number = int(batch.counter[rows[0]])
        batch.counter[rows] = self._number


class _Skipping:
    """The counter leaves one number out again and again."""

    def __init__(self) -> None:
        self._frames = 0

    def act(self, batch: Batch, rows: Rows) -> None:
        frames = self._frames + np.arange(len(rows), dtype=np.int64)
        batch.counter[rows] += frames // SKIP_EVERY
        self._frames += len(rows)
