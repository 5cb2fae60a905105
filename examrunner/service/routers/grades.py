"""Grades for course systems and for people."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from examrunner.grading.feed import FeedRow, grades_csv
from examrunner.model.text import Text
from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import GradeMessage, GradePage, Role
from examrunner.service.policy import Action
from examrunner.service.routers.paging import CursorParam, LimitParam, number_of

router = APIRouter(tags=["grades"])
ReaderDep = Annotated[Actor, Depends(permitted(Action.SEE_GRADES))]
SchemeParam = Annotated[str, Query(max_length=80)]
MOST_ROWS = 100_000


@router.get("/grades")
def pull_grades(
    actor: ReaderDep,
    service: ServiceDep,
    scheme: SchemeParam = "",
    cursor: CursorParam = "",
    limit: LimitParam = 100,
) -> GradePage:
    """Grades in the order in which they came about, from the cursor on.

    A grade that changed comes again with a greater number. Keep ``cursor`` and ask
    with it next time.
    """
    after = number_of(cursor)
    found = service.store.grades.listed(
        after=after, limit=limit + 1, courses=_courses(actor), scheme=scheme
    )
    items = found[:limit]
    position = str(items[-1].number if items else after)
    more = len(found) > limit
    return GradePage(items=items, next=position if more else None, cursor=position)


@router.get("/grades.csv", response_class=Response)
def download_grades(
    actor: ReaderDep,
    service: ServiceDep,
    scheme: SchemeParam = "",
    language: Literal["zh", "en"] = "zh",
) -> Response:
    """The latest grade of everybody as a table that Excel opens."""
    found = service.store.grades.listed(
        after=0,
        limit=MOST_ROWS,
        courses=_courses(actor),
        scheme=scheme,
        only_last=True,
    )
    rows = sorted((_row(one) for one in found), key=lambda row: row.student_number)
    return Response(
        grades_csv(rows, language),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="grades.csv"'},
    )


def _courses(actor: Actor) -> tuple[str, ...] | None:
    return actor.courses if actor.role is Role.COURSE_SYSTEM else None


def _row(grade: GradeMessage) -> FeedRow:
    title = grade.level_title
    return FeedRow(
        student_number=grade.student_number,
        name=grade.name,
        course=grade.course,
        course_grade=grade.course_grade,
        scheme=grade.scheme,
        points=grade.points,
        passed=grade.passed,
        level=Text(zh=title.zh, en=title.en) if title else None,
        reasons=tuple(Text(zh=one.zh, en=one.en) for one in grade.reasons),
    )
