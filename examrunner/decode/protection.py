"""Checksum and counter verdicts of messages under end-to-end protection."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.payloads import Payloads
from examrunner.decode.plans import MessagePlan
from examrunner.model.e2e import COUNTER_MODULUS, crc_column
from examrunner.model.timeline import Loss, Quality, Verdict8

LARGEST_SKIP = 3
"""Counter steps up to this one are lost frames; larger ones are a wrong counter."""


def crc_verdicts(payloads: Payloads, plan: MessagePlan) -> NDArray[np.uint8] | None:
    """uint8 (n,) of ``Verdict8``; None if the message carries no checksum."""
    if plan.data_id is None:
        return None
    wide = payloads.at_least(plan.length)
    expected = crc_column(plan.data_id, wide.data[:, : plan.length])
    good = (expected == wide.data[:, 0]) & (payloads.length >= plan.length)
    return np.where(good, Verdict8.GOOD, Verdict8.BAD).astype(np.uint8)


def counter_verdicts(
    payloads: Payloads, plan: MessagePlan, losses: Sequence[Loss] = ()
) -> NDArray[np.uint8] | None:
    """uint8 (n,) of ``Verdict8``, the first ``UNKNOWN``; None without a counter.

    Between two frames with a recorder loss in between, the step that the nominal
    cycle leads one to expect is good and any other is unknown.
    """
    if plan.data_id is None:
        return None
    counter = (payloads.data[:, 1] & 0x0F).astype(np.int64)
    step = np.diff(counter) % COUNTER_MODULUS
    verdicts = _after_steps(step, len(payloads))
    if losses and len(payloads) > 1:
        _forgive_losses(verdicts, step, payloads.t_ns, plan.cycle_s, losses)
    return _with_invalid(verdicts, (counter == COUNTER_MODULUS) | (payloads.length < 2))


def verdicts_of_counts(counter: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Verdicts about counters (n,) of frames of which the recorder lost none."""
    step = np.diff(counter) % COUNTER_MODULUS
    return _with_invalid(_after_steps(step, len(counter)), counter == COUNTER_MODULUS)


def _after_steps(step: NDArray[np.int64], count: int) -> NDArray[np.uint8]:
    verdicts = np.full(count, Verdict8.UNKNOWN, np.uint8)
    verdicts[1:] = _of_steps(step)
    return verdicts


def _with_invalid(
    verdicts: NDArray[np.uint8], invalid: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    verdicts[1:][invalid[:-1]] = Verdict8.UNKNOWN
    verdicts[invalid] = Verdict8.BAD
    return verdicts


def _of_steps(step: NDArray[np.int64]) -> NDArray[np.uint8]:
    verdict_of_step = np.full(COUNTER_MODULUS, Verdict8.BAD, np.uint8)
    verdict_of_step[0] = Verdict8.REPEATED
    verdict_of_step[1] = Verdict8.GOOD
    verdict_of_step[2 : LARGEST_SKIP + 1] = Verdict8.SKIPPED
    return verdict_of_step[step]


def _forgive_losses(
    verdicts: NDArray[np.uint8],
    step: NDArray[np.int64],
    t_ns: NDArray[np.int64],
    cycle_s: float | None,
    losses: Sequence[Loss],
) -> None:
    torn = np.zeros(len(step), bool)
    for loss in losses:
        torn |= (t_ns[:-1] < loss.to_ns) & (t_ns[1:] > loss.from_ns)
    if not torn.any():
        return
    verdicts[1:][torn] = Verdict8.UNKNOWN
    if cycle_s is not None:
        cycles = np.rint(np.diff(t_ns) / (cycle_s * 1e9)).astype(np.int64)
        verdicts[1:][torn & (step == cycles % COUNTER_MODULUS)] = Verdict8.GOOD


def protection_quality(
    size: int, crc: NDArray[np.uint8] | None, counter: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """``Quality`` bits (n,) that hold for every signal of the message."""
    quality = np.zeros(size, np.uint8)
    if crc is not None:
        quality[crc == Verdict8.BAD] |= np.uint8(Quality.BAD_CRC)
    if counter is not None:
        bad = (counter != Verdict8.GOOD) & (counter != Verdict8.UNKNOWN)
        quality[bad] |= np.uint8(Quality.BAD_COUNTER)
    return quality
