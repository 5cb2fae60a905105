"""Timelines for tests, written down as a person would say them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from examrunner.model.case import Case
from examrunner.model.frames import Frames
from examrunner.model.hearing import ExamClock, Hearing
from examrunner.model.judgement import Judgement
from examrunner.model.placement import Placement
from examrunner.model.timeline import (
    NS_PER_S,
    BodyPose,
    Exchange,
    ExchangeOutcome,
    Health,
    Loss,
    Messages,
    Reply,
    Series,
    Sighting,
    Timeline,
    Verdict8,
)
from examrunner.model.traces import Earlier


def ns(seconds: float) -> int:
    """Seconds as nanoseconds."""
    return round(seconds * NS_PER_S)


def a_series(
    name: str,
    samples: Iterable[tuple[float, float]],
    *,
    hold_s: float | None = 0.1,
    step: float = 0.0,
    unit: str = "",
    choices: Mapping[int, str] | None = None,
    quality: Sequence[int] = (),
) -> Series:
    """A signal from (seconds, value) pairs; raw values are the rounded ones."""
    pairs = list(samples)
    values = np.array([value for _, value in pairs], np.float64)
    bits = list(quality) or [0] * len(pairs)
    return Series(
        name=name,
        unit=unit,
        t_ns=np.array([ns(t_s) for t_s, _ in pairs], np.int64),
        values=values,
        raw=np.round(values / (step or 1.0)).astype(np.int64),
        quality=np.array(bits, np.uint8),
        hold_s=hold_s,
        step=step,
        choices=choices or {},
    )


def a_message(
    name: str,
    times_s: Iterable[float],
    *,
    channel: str = "CH1",
    cycle_s: float | None = 0.02,
    timeout_s: float | None = 0.1,
    counts: Sequence[int] | None = None,
    crc: Sequence[int] | None = None,
    counter: Sequence[int] | None = None,
) -> Messages:
    """A message from arrival times; the first frame has no counter verdict."""
    t_ns = np.array([ns(t_s) for t_s in times_s], np.int64)
    size = len(t_ns)
    good = np.full(size, Verdict8.GOOD, np.uint8)
    verdicts = good.copy()
    verdicts[:1] = Verdict8.UNKNOWN
    data = np.zeros((size, 8), np.uint8)
    data[:, 1] = np.arange(size) % 15 if counts is None else counts
    return Messages(
        name=name,
        channel=channel,
        can_id=0x102,
        extended=False,
        frames=Frames(
            t_ns=t_ns,
            ids=np.full(size, 0x102, np.uint32),
            flags=np.zeros(size, np.uint8),
            length=np.full(size, 8, np.uint8),
            data=data,
        ),
        crc=good if crc is None else np.array(crc, np.uint8),
        counter=verdicts if counter is None else np.array(counter, np.uint8),
        cycle_s=cycle_s,
        timeout_s=timeout_s,
    )


def an_exchange(
    t_s: float,
    ecu: str,
    request: str,
    answer: str | None = None,
    *,
    outcome: ExchangeOutcome | None = None,
    session: int = 1,
    unlocked: bool = False,
    phase: str = "exam",
) -> Exchange:
    """A request and its answer, both hexadecimal; the answer comes 20 ms later."""
    replies: tuple[Reply, ...] = ()
    found, nrc = ExchangeOutcome.NO_ANSWER, None
    if answer is not None:
        data = bytes.fromhex(answer)
        at = ns(t_s + 0.02)
        replies = (Reply(from_ns=at, to_ns=at, data=data),)
        refused = data[0] == 0x7F
        found = ExchangeOutcome.NEGATIVE if refused else ExchangeOutcome.POSITIVE
        nrc = data[2] if refused else None
    return Exchange(
        ecu=ecu,
        channel="CH1",
        from_ns=ns(t_s),
        to_ns=ns(t_s),
        request=bytes.fromhex(request),
        replies=replies,
        outcome=outcome or found,
        nrc=nrc,
        session=session,
        unlocked=unlocked,
        phase=phase,
    )


def a_body_pose(
    t_s: float,
    body: str,
    placement: Placement | None = None,
    *,
    sigma_mm: float = 0.3,
    sigma_deg: float = 0.01,
    tags: int = 4,
    camera: str = "targets",
) -> BodyPose:
    """A body as a camera far above the vehicle's origin sees it.

    The placement is in the vehicle's frame; that of a reference is left out.
    """
    standing = placement or Placement()
    down = np.array([[0.0, -1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    sigmas = np.array([np.radians(sigma_deg)] * 3 + [sigma_mm] * 3)
    return BodyPose(
        camera=camera,
        body=body,
        t_ns=ns(t_s),
        turn=down @ standing.turn,
        at_mm=down @ np.array(standing.at_mm) + np.array([0.0, 0.0, 9000.0]),
        covariance=np.diag(sigmas**2),
        tags=tags,
        error_px=0.05,
    )


def a_sighting(
    t_s: float,
    at_px: Mapping[int, tuple[float, float]],
    *,
    camera: str = "work_area",
) -> Sighting:
    """Markers of 20 px around these centres."""
    around = np.array([(-10, -10), (10, -10), (10, 10), (-10, 10)], np.float64)
    return Sighting(
        camera=camera,
        t_ns=ns(t_s),
        ids=np.array(list(at_px), np.int32),
        corners_px=np.array(
            [np.array(centre) + around for centre in at_px.values()]
        ).reshape(-1, 4, 2),
    )


def losses(*spans: tuple[str, float, float]) -> Health:
    """A recorder that lost (stream, from, to)."""
    return Health(
        losses=tuple(Loss(stream=s, from_ns=ns(a), to_ns=ns(b)) for s, a, b in spans)
    )


def a_hearing(
    timeline: Timeline,
    *,
    start_s: float = 0.0,
    stop_s: float | None = None,
    pauses: Sequence[tuple[float, float]] = (),
    case: Case | None = None,
    judged: Mapping[str, Judgement] | None = None,
    earlier: Sequence[Earlier] = (),
) -> Hearing:
    """A hearing about a timeline, the whole of it unless said otherwise."""
    return Hearing(
        timeline=timeline,
        clock=ExamClock(
            start_ns=ns(start_s),
            stop_ns=timeline.duration_ns if stop_s is None else ns(stop_s),
            pauses_ns=tuple((ns(a), ns(b)) for a, b in pauses),
        ),
        case=case or Case(),
        judged=judged or {},
        earlier=tuple(earlier),
    )
