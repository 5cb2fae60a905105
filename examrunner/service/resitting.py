"""What a station voided is sat again: same candidate and task, another variant.

A rig's failure is never a candidate's zero, and whoever has seen a variant does not
get it twice.
"""

from uuid import UUID

from examrunner.content.rigs import read_rig
from examrunner.model.errors import ContentError
from examrunner.service.context import Service
from examrunner.service.exam_planning import planned_seat
from examrunner.service.pinned import rubric_of
from examrunner.service.planning import PlannedTask, Turn, draw
from examrunner.service.store.exams import Seat
from examrunner.service.store.resits import Voided


def plan_resit(service: Service, attempt: UUID, *, by: str) -> None:
    """Plans an attempt again whose result says that it is void; else nothing happens.

    A delivery never fails for want of a variant: then the log says why, and an
    examiner plans the attempt.
    """
    voided = service.store.resits.voided(attempt)
    if voided is None:
        return
    try:
        seat = _seat(service, attempt, voided)
    except ContentError as error:
        service.store.resits.give_up(attempt, error.problem, by=by)
        return
    service.store.resits.plan(attempt, seat, by=by)


def _seat(service: Service, attempt: UUID, voided: Voided) -> Seat:
    rubric = rubric_of(voided.rubric)
    place = service.store.exams.places()[voided.station]
    pools = {one.id: one.pool for one in rubric.variants.values()}
    left = [
        name
        for name, pool in pools.items()
        if pool == pools.get(voided.variant) and name not in voided.had
    ]
    task = PlannedTask(id=voided.task, stations=[voided.station], variants=left)
    turn = Turn(
        candidate=voided.candidate,
        task=voided.task,
        station=voided.station,
        variant=draw(task, seed=voided.seed, lot=str(attempt)),
    )
    rig = read_rig(place.rig, service.content)
    return planned_seat(turn, rubric, rig, place.references)
