"""People, course systems and their tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import PersonMessage, PersonRequest, TokenMessage
from examrunner.service.policy import Action
from examrunner.wire import Page

router = APIRouter(prefix="/people", tags=["people"])
ManagerDep = Annotated[Actor, Depends(permitted(Action.MANAGE_PEOPLE))]


@router.post("", status_code=201)
def add_person(
    message: PersonRequest, actor: ManagerDep, service: ServiceDep
) -> TokenMessage:
    """Add somebody, or give one who lost his token another; it is shown this once."""
    return service.store.people.create(message, by=actor.name)


@router.get("")
def list_people(_actor: ManagerDep, service: ServiceDep) -> Page[PersonMessage]:
    """Everybody, by name."""
    return Page(items=service.store.people.listed())


@router.delete("/{name}", status_code=204)
def withdraw_tokens(name: str, actor: ManagerDep, service: ServiceDep) -> None:
    """End every token of a person; what the person did stays."""
    service.store.people.withdraw(name, by=actor.name)
