"""Exams."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.exam_planning import create_exam
from examrunner.service.messages import (
    ExamMessage,
    ExamRequest,
    PackRequest,
    PacksMessage,
)
from examrunner.service.packing import issue_packs
from examrunner.service.policy import Action
from examrunner.wire import Page

router = APIRouter(prefix="/exams", tags=["exams"])
ManagerDep = Annotated[Actor, Depends(permitted(Action.MANAGE_EXAMS))]


@router.post("", status_code=201)
def add_exam(
    message: ExamRequest, actor: ManagerDep, service: ServiceDep
) -> ExamMessage:
    """Plan candidates × tasks on stations; variants are drawn by lot from the seed."""
    return create_exam(service, message, by=actor.name)


@router.get("")
def list_exams(_actor: ManagerDep, service: ServiceDep) -> Page[ExamMessage]:
    """All exams, the latest first."""
    return Page(items=service.store.exams.listed())


@router.get("/{exam}")
def get_exam(exam: str, _actor: ManagerDep, service: ServiceDep) -> ExamMessage:
    """One exam and how far it is."""
    return service.store.exams.one(exam)


@router.post("/{exam}/packs", status_code=201)
def issue_exam_packs(
    exam: str, message: PackRequest, actor: ManagerDep, service: ServiceDep
) -> PacksMessage:
    """Signed packs with which the exam's stations need no service for the day."""
    return issue_packs(service, exam, message, by=actor.name)
