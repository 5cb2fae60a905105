"""What a station shows of an attempt while it runs."""

from examrunner.agent.states import Phase, Progress
from examrunner.agent.task import Task
from examrunner.wire import Lease, ScoreMessage, StationState


def live_state(
    lease: Lease, task: Task, progress: Progress, now_ns: int, waiting: int
) -> StationState:
    """An attempt as the service shows it live.

    Args:
        lease: What is recorded.
        task: Has the time limit.
        progress: How far it is.
        now_ns: Recording time.
        waiting: Deliveries in the outbox.
    """
    return StationState(
        phase=progress.phase,
        attempt_id=lease.attempt_id,
        candidate=lease.candidate,
        task=lease.task,
        exam_s=progress.exam_ns(now_ns) / 1e9,
        limit_s=task.limit_s + progress.credited_ns / 1e9,
        paused=progress.pauses[-1].cause if progress.phase is Phase.PAUSED else "",
        waiting=waiting,
    )


def score_line(lease: Lease, score: ScoreMessage) -> str:
    """A provisional score in a line."""
    points = score.points
    return (
        f"{lease.task} of {lease.candidate}: {points.low} to {points.high} "
        f"of {points.max}, {score.verdict}, provisionally."
    )
