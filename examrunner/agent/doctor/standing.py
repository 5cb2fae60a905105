"""Who the station is for the service: key, enrolment, clock, exam pack."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.doctor.sentences import quoted, say
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
    name, number = enrolment.station, enrolment.generation
    yield ok("enrolment", say("enrolment.as", station=name, number=number))
    address = enrolment.service
    if facts.offset_s is None:
        away = say("service.away", address=address)
        yield warn("service", away, say("service.cable"))
        yield warn("clock", say("clock.unknown"), say("clock.compare"))
        return
    if facts.refusal:
        yield fail("service", quoted(facts.refusal), say("service.enrol_again"))
    else:
        yield ok("service", say("service.answers", address=address))
    yield clock_judged(facts.offset_s)


def clock_judged(offset_s: float) -> Finding:
    """What the offset of this PC's clock means; the service says whole seconds."""
    off_s = abs(offset_s)
    away = say("clock.ahead" if offset_s > 0 else "clock.behind", off_s=off_s)
    if off_s > FAIL_OFF_S:
        return fail("clock", away, say("clock.set"))
    if off_s > WARN_OFF_S:
        return warn("clock", away, say("clock.set"))
    return ok("clock", say("clock.agrees"))


def key_judged(data: Path) -> Iterator[Finding]:
    """Whether the key is there and usable.

    Raises:
        RecordingError: If it is damaged or not private.
    """
    path = data / KEY_FILE
    if not path.exists():
        yield fail("key", say("key.none"), say("key.enrol"))
        return
    public = load_private_key(path).public_key().public_bytes_raw().hex()
    yield ok("key", say("key.words", words=key_words(public)))


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
        yield warn("exam pack", say("pack.none"), say("pack.fetch"))
        return
    until = _shown(pack.not_after)
    if now >= pack.not_after:
        over = say("pack.over", until=until)
        yield fail("exam pack", over, say("pack.fetch_today"))
    elif newest and newest != str(pack.id):
        newer = say("pack.newer", until=until)
        yield warn("exam pack", newer, say("pack.fetch_again"))
    else:
        begins = _shown(pack.not_before)
        good = {"planned": planned, "begins": begins, "until": until}
        yield ok("exam pack", say("pack.good", title=pack.title, **good))


def planned_of(pack: ExamPack | None, data: Path) -> int:
    """How many attempts of a pack are still to come."""
    return 0 if pack is None else len(list(left_of(pack, data / "attempts")))


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
