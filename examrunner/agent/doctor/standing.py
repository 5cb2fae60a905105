"""Who the station is for the service: key, enrolment, clock, exam pack."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.exam_pack import PackShelf, left_of
from examrunner.agent.identity import KEY_FILE, Enrolment
from examrunner.archive.keys import load_private_key
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.model.spoken import key_words
from examrunner.wire import ExamPack

WARN_OFF_S: Final = 5.0
FAIL_OFF_S: Final = 60.0
"""More than a clock that is set by hand is wrong by."""
TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What was measured at the service.

    Attributes:
        offset_s: This PC's clock less the service's; None if it was not reached.
        refusal: Why it does not take this station's token; empty if it does.
        newest_pack: Id of the newest exam pack; empty if there is none.
    """

    offset_s: float | None = None
    refusal: str = ""
    newest_pack: str = ""


def asked(
    enrolment: Enrolment,
    now: Callable[[], datetime],
    address: str | None = None,
) -> ServiceFacts:
    """Asks the service for its time and for the station's exam pack.

    Raises:
        DeliveryError: If its answers make no sense.
    """
    service = ServiceClient(
        address or enrolment.service, token=enrolment.token, timeout_s=TIMEOUT_S
    )
    with closing(service) as client:
        try:
            before = now()
            there = client.time()
            after = now()
        except DeliveryError:
            return ServiceFacts()
        offset_s = ((before + (after - before) / 2) - there).total_seconds()
        try:
            newest = client.pack(enrolment.station)
        except DeliveryError as error:
            return ServiceFacts(offset_s=offset_s, refusal=error.problem)
    found = "" if newest is None else str(newest.pack.get("id", ""))
    return ServiceFacts(offset_s=offset_s, newest_pack=found)


def service_judged(enrolment: Enrolment, facts: ServiceFacts) -> Iterator[Finding]:
    """What the service's answers mean."""
    number = enrolment.generation
    yield ok("enrolment", f"as {enrolment.station}, enrolment {number}.")
    if facts.offset_s is None:
        yield warn(
            "service",
            f"{enrolment.service} is not reached; an exam with a pack needs none.",
            "Plug the network cable in to deliver, or to take work without a pack.",
        )
        yield warn(
            "clock",
            "not measured: the service is not reached.",
            "Compare this PC's clock with another one.",
        )
        return
    if facts.refusal:
        yield fail(
            "service", facts.refusal, "Ask for a code and enrol this station again."
        )
    else:
        yield ok("service", f"{enrolment.service} answers and knows this station.")
    yield clock_judged(facts.offset_s)


def clock_judged(offset_s: float) -> Finding:
    """What the offset of this PC's clock means; the service says whole seconds."""
    away = (
        f"{abs(offset_s):.0f} s {'ahead of' if offset_s > 0 else 'behind'} the service"
    )
    remedy = "Set this PC's clock; switch its time synchronisation on."
    if abs(offset_s) > FAIL_OFF_S:
        return fail("clock", f"{away}.", remedy)
    if abs(offset_s) > WARN_OFF_S:
        return warn("clock", f"{away}.", remedy)
    return ok("clock", "agrees with the service.")


def key_judged(data: Path) -> Iterator[Finding]:
    """Whether the key is there and usable.

    Raises:
        RecordingError: If it is damaged or not private.
    """
    path = data / KEY_FILE
    if not path.exists():
        yield fail(
            "key",
            "there is none.",
            "Enrol this station; its key is made then and never leaves this PC.",
        )
        return
    public = load_private_key(path).public_key().public_bytes_raw().hex()
    yield ok("key", f"its words are {key_words(public)}.")


def pack_of(data: Path, enrolment: Enrolment) -> ExamPack | None:
    """The exam pack that is kept, verified.

    Raises:
        DeliveryError: If it was altered, or is for another station.
    """
    return PackShelf(folder=data, enrolment=enrolment).pack()


def pack_judged(
    pack: ExamPack | None, now: datetime, planned: int, newest: str = ""
) -> Iterator[Finding]:
    """What the exam pack means; ``newest`` is the id that the service has."""
    if pack is None:
        yield warn(
            "exam pack",
            "there is none; exams need the service all the time.",
            "Run `examrunner station pack` before the exam day.",
        )
        return
    until = f"good until {_shown(pack.not_after)}"
    if now >= pack.not_after:
        yield fail("exam pack", f"{until}: it is over.", "Fetch the pack of today.")
    elif newest and newest != str(pack.id):
        yield warn(
            "exam pack",
            f"{until}, but the service has a newer one.",
            "Run `examrunner station pack` again.",
        )
    else:
        begins = "" if now >= pack.not_before else f" from {_shown(pack.not_before)},"
        yield ok(
            "exam pack", f"{pack.title}: {planned} attempts to come,{begins} {until}."
        )


def planned_of(pack: ExamPack | None, data: Path) -> int:
    """How many attempts of a pack are still to come."""
    return 0 if pack is None else len(list(left_of(pack, data / "attempts")))


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
