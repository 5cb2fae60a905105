"""Who may do what: one table, one function, deny by default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from examrunner.service.actors import Actor
from examrunner.service.messages import Role


class Action(StrEnum):
    """Everything that a route asks permission for."""

    MANAGE_PEOPLE = "manage_people"
    MANAGE_STATIONS = "manage_stations"
    SEE_STATIONS = "see_stations"
    MANAGE_ROSTERS = "manage_rosters"
    SEE_CANDIDATES = "see_candidates"
    MANAGE_EXAMS = "manage_exams"
    SEE_ATTEMPTS = "see_attempts"
    SEE_EVIDENCE = "see_evidence"
    DECIDE = "decide"
    CONFIRM = "confirm"
    FREE_ATTEMPT = "free_attempt"
    SEE_GRADES = "see_grades"
    SEE_AUDIT = "see_audit"
    REPORT_STATE = "report_state"
    TAKE_LEASE = "take_lease"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What an action is about; an empty field: not about one in particular.

    Attributes:
        stations: Stations that ever held the attempt, or the one whose state it is.
        candidate: Whose attempt it is.
        courses: Which courses' grades.
    """

    stations: frozenset[str] = frozenset()
    candidate: str = ""
    courses: frozenset[str] = frozenset()


ANYTHING: Final = Thing()

Rule = Callable[[Actor, Thing], bool]


def _always(_actor: Actor, _thing: Thing) -> bool:
    return True


def _own_station(actor: Actor, thing: Thing) -> bool:
    return bool(actor.station) and actor.station in thing.stations


def _own_attempt(actor: Actor, thing: Thing) -> bool:
    return bool(actor.candidate) and thing.candidate == actor.candidate


def _own_course(actor: Actor, thing: Thing) -> bool:
    return bool(thing.courses) and thing.courses <= set(actor.courses)


_EXAMINER: Final[Mapping[Action, Rule]] = {
    Action.SEE_STATIONS: _always,
    Action.SEE_CANDIDATES: _always,
    Action.SEE_ATTEMPTS: _always,
    Action.SEE_EVIDENCE: _always,
    Action.DECIDE: _always,
    Action.CONFIRM: _always,
    Action.FREE_ATTEMPT: _always,
}

RULES: Final[Mapping[Role, Mapping[Action, Rule]]] = {
    # Keeps the service running and sees no result: whoever can hand out roles must
    # not be able to look at, or change, what a candidate earned.
    Role.ADMINISTRATOR: {
        Action.MANAGE_PEOPLE: _always,
        Action.MANAGE_STATIONS: _always,
        Action.SEE_STATIONS: _always,
        Action.MANAGE_ROSTERS: _always,
        Action.SEE_CANDIDATES: _always,
        Action.MANAGE_EXAMS: _always,
        Action.SEE_AUDIT: _always,
    },
    Role.CHIEF_EXAMINER: {
        **_EXAMINER,
        Action.MANAGE_ROSTERS: _always,
        Action.MANAGE_EXAMS: _always,
        Action.SEE_GRADES: _always,
        Action.SEE_AUDIT: _always,
    },
    Role.EXAMINER: _EXAMINER,
    Role.COURSE_SYSTEM: {Action.SEE_GRADES: _own_course},
    Role.STATION: {
        Action.REPORT_STATE: _own_station,
        Action.TAKE_LEASE: _own_station,
        Action.DELIVER: _own_station,
    },
    Role.CANDIDATE: {Action.SEE_ATTEMPTS: _own_attempt},
}


def can(actor: Actor, action: Action, thing: Thing = ANYTHING) -> bool:
    """Whether this actor may do this to this thing."""
    rule = RULES[actor.role].get(action)
    return rule is not None and rule(actor, thing)
