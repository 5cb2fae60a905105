"""What an agent and its capture process say to each other: one JSON line each way."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from pydantic import TypeAdapter

from examrunner.capture.session import Session
from examrunner.model.errors import (
    DeliveryError,
    ExamRunnerError,
    RecordingError,
    RigError,
)
from examrunner.model.recording import Ending
from examrunner.model.station import Ecu, Timing

ECU: Final = TypeAdapter(Ecu)
TIMING: Final = TypeAdapter(Timing)
ERRORS: Final = {
    kind.__name__: kind
    for kind in (RigError, RecordingError, DeliveryError, ExamRunnerError)
}

Arguments = Mapping[str, Any]


def _attach(session: Session, said: Arguments) -> None:
    data = base64.b64decode(said["data"])
    session.attach(said["name"], said["media_type"], data)


def _ask(session: Session, said: Arguments) -> str | None:
    ecu = ECU.validate_python(said["ecu"])
    timing = TIMING.validate_python(said["timing"])
    answer = session.ask(ecu, bytes.fromhex(said["request"]), timing)
    return None if answer is None else answer.hex()


def _next(session: Session, said: Arguments) -> dict[str, Any]:
    moment = session.next(said["until_ns"], said["timeout_s"])
    return {"t_ns": moment.t_ns, "action": moment.action}


def _take(session: Session, said: Arguments) -> dict[str, Any]:
    picture = session.take(said["camera"], said["purpose"])
    return {**asdict(picture), "data": base64.b64encode(picture.data).decode()}


CALLS: Final[Mapping[str, Callable[[Session, Arguments], object]]] = {
    "now_ns": lambda session, _: session.now_ns(),
    "attach": _attach,
    "event": lambda session, said: session.event(said["stream"], said["body"]),
    "advance": lambda session, said: session.advance(said["by_ns"]),
    "observe": lambda session, _: session.observe(),
    "observed": lambda session, _: [asdict(heard) for heard in session.observed()],
    "ask": _ask,
    "command": lambda session, said: asdict(session.command(said["op"], said["args"])),
    "begin": lambda session, _: session.begin(),
    "go_on": lambda session, said: session.go_on(said["operations"]),
    "next": _next,
    "done": lambda session, _: session.done(),
    "take": _take,
    "end": lambda session, said: session.end(said["reason"]),
    "health": lambda session, _: session.health(),
    "close": lambda session, said: session.close(
        Ending(said["ending"]), said["reason"]
    ),
}
"""Each call by name; answers are JSON values."""


def answer(session: Session, call: str, said: Arguments) -> dict[str, Any]:
    """Carries out one call; what somebody can act on becomes an answer as well."""
    try:
        return {"ok": CALLS[call](session, said)}
    except ExamRunnerError as error:
        return {"error": error_message(error)}


def error_message(error: ExamRunnerError) -> dict[str, str]:
    """An error as JSON."""
    return {
        "kind": type(error).__name__,
        "problem": error.problem,
        "where": error.where,
        "remedy": error.remedy,
    }


def error_of(message: Mapping[str, str]) -> ExamRunnerError:
    """An error as it was before it became JSON."""
    kind = ERRORS.get(message["kind"], ExamRunnerError)
    return kind(message["problem"], where=message["where"], remedy=message["remedy"])
