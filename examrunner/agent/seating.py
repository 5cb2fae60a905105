"""An attempt brought to the station's screens."""

from collections.abc import Mapping

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.invigilation import Invigilation, Settle
from examrunner.agent.console.seat import Seat
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.judging import Judge
from examrunner.agent.place import Place
from examrunner.agent.protocol import Protocol
from examrunner.agent.task import Task
from examrunner.content.rubrics import read_rubric
from examrunner.wire import Lease


def seat_of(
    place: Place,
    hall: Hall,
    files: AttemptFiles,
    lease: Lease,
    task: Task,
    answers: Mapping[str, object],
) -> Seat:
    """The seat of an attempt; what was written down before a restart is still there.

    Args:
        place: What the station is made of.
        hall: What its screens share.
        files: The attempt on the disk.
        lease: Who does what.
        task: Judges it.
        answers: The form as it was saved before an interruption.

    Raises:
        RecordingError: If somebody has changed the protocol.
    """
    rubric = read_rubric(files.rubric)
    sitting = Sitting(
        rubric,
        place.station.rig,
        sheets={str(language): text for language, text in lease.sheets.items()},
        candidate=lease.candidate,
        mode=lease.mode,
        answers=answers,
    )
    invigilation = Invigilation(
        sitting.desk,
        Protocol(files.protocol, place.wall_time),
        rubric,
        settle=_settle(task),
        planned=lease.candidate,
    )
    return Seat(
        attempt_id=str(lease.attempt_id),
        task=lease.task,
        sitting=sitting,
        invigilation=invigilation,
        names=hall.names,
        sign=place.key.sign,
        wall_time=place.wall_time,
    )


def _settle(task: Task) -> Settle:
    judge = task.judge
    return judge.settled if isinstance(judge, Judge) else lambda decisions: None
