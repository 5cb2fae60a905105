"""What a station keeps: attempts, the outbox, the lock of its rig."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from examrunner.agent.attempt_files import unfinished
from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.doctor.sentences import say
from examrunner.agent.edition import check, this_edition
from examrunner.agent.local_status import OUTBOX_FILE, deliveries_of
from examrunner.agent.place import LOCK_FILE
from examrunner.agent.rig_lock import RigLock
from examrunner.delivery.outbox import Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """What a station still holds.

    Attributes:
        damage: What a full check of the outbox finds; empty if nothing.
        delivered: Attempts that the service holds.
        waiting: Attempts that it does not hold yet.
        aside: Attempts that it refuses.
        interrupted: Attempts that will go on when the station starts.
    """

    damage: str = ""
    delivered: int = 0
    waiting: int = 0
    aside: int = 0
    interrupted: int = 0


def measured(data: Path) -> JournalFacts:
    """Reads every page of the outbox and every attempt's state.

    Raises:
        DeliveryError: If the outbox cannot be opened.
    """
    path = data / OUTBOX_FILE
    damage = ""
    if path.exists():
        with closing(Outbox(path)) as outbox:
            damage = outbox.damage()
    deliveries = () if damage else deliveries_of(data)
    given = {one.attempt_id for one in deliveries}
    delivered = sum(one.is_done for one in deliveries)
    aside = sum(one.is_aside for one in deliveries)
    left = [
        one for one in unfinished(data / "attempts") if one.folder.name not in given
    ]
    return JournalFacts(
        damage=damage,
        delivered=delivered,
        waiting=len(deliveries) - delivered - aside,
        aside=aside,
        interrupted=len(left),
    )


def judged(facts: JournalFacts) -> Iterator[Finding]:
    """What the facts of a journal mean."""
    held = {"delivered": facts.delivered, "waiting": facts.waiting}
    if facts.damage:
        said = say("journal.damaged", damage=facts.damage)
        yield fail("journal", said, say("journal.move"))
    elif facts.aside:
        said = say("journal.refused", **held, aside=facts.aside)
        yield warn("journal", said, say("journal.read_status"))
    else:
        yield ok("journal", say("journal.sound", **held))
    if facts.interrupted:
        said = say("attempts.interrupted", interrupted=facts.interrupted)
        yield warn("attempts", said, say("attempts.start"))


def edition_judged(data: Path) -> Iterator[Finding]:
    """Whether this version may work here.

    Raises:
        RecordingError: If another version has work to finish.
    """
    ours = this_edition()
    check(data, ours)
    yield ok("version", say("version.this", software=ours.software))


def lock_judged(data: Path) -> Iterator[Finding]:
    """Whether the rig is kept from candidates."""
    locking = RigLock(data / LOCK_FILE).now
    if locking is not None:
        said = say("lock.locked", at=locking.at, reason=locking.reason)
        yield fail("rig lock", said, say("lock.release"))
