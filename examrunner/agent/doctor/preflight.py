"""Every check of a station, in the order in which a technician mends things."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from examrunner.agent.doctor import (
    buses,
    cameras,
    disks,
    fault_boxes,
    keeping,
    standing,
)
from examrunner.agent.doctor.findings import Finding, attempted, ok
from examrunner.agent.doctor.sentences import say
from examrunner.agent.identity import read_enrolment
from examrunner.agent.room import EXAM_BYTES, Room
from examrunner.capture.opening import opened_link
from examrunner.content.search import SearchPath
from examrunner.model.errors import DeliveryError
from examrunner.model.station import Camera, Channel, Link, Station

PERSON: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Examines a station that is not running.

    Attributes:
        station: Its profile; a simulated rig's addresses filled in.
        search: Its content.
        data: Its folder.
        now: The wall clock.
        service: Address of the service, if it has moved.
        exam_bytes: Room on the disk that one exam needs.
    """

    station: Station
    search: SearchPath
    data: Path
    now: Callable[[], datetime]
    service: str | None = None
    exam_bytes: int = EXAM_BYTES

    def findings(self) -> list[Finding]:
        """All checks; the fault box last, because its test restarts control units."""
        return [*self.of_machine(), *self.of_rig()]

    def of_rig(self) -> list[Finding]:
        """Everything that is plugged in."""
        found: list[Finding] = []
        for channel in self.station.rig.channels:
            link = self.station.can.get(channel.name)
            if link is not None:
                found += attempted(f"CAN {channel.name}", self._bus(channel, link))
        for camera in self.station.rig.cameras:
            link = self.station.cameras.get(camera.name)
            if link is not None:
                found += attempted(f"camera {camera.name}", self._camera(camera, link))
        if self.station.fault_box is not None:
            found += attempted(fault_boxes.WHAT, self._box(self.station.fault_box))
        return found

    def of_machine(self) -> list[Finding]:
        """Everything that is on this PC, and the service."""
        found = attempted("key", lambda: standing.key_judged(self.data))
        found += attempted("enrolment", self._standing)
        planned = self._planned()
        room = Room(data=self.data, exam_bytes=self.exam_bytes)
        found += attempted("disk", lambda: disks.judged(disks.measured(room, planned)))
        found += attempted(
            "journal", lambda: keeping.judged(keeping.measured(self.data))
        )
        found += attempted("version", lambda: keeping.edition_judged(self.data))
        found += attempted("rig lock", lambda: keeping.lock_judged(self.data))
        return found

    def _standing(self) -> Iterator[Finding]:
        enrolment = read_enrolment(self.data)
        facts = standing.asked(enrolment, self.now, self.service)
        yield from standing.service_judged(enrolment, facts)

        def judged() -> Iterator[Finding]:
            pack = standing.pack_of(self.data, enrolment)
            planned = standing.planned_of(pack, self.data)
            return standing.pack_judged(pack, self.now(), planned, facts.newest_pack)

        yield from attempted("exam pack", judged)

    def _planned(self) -> int:
        """Attempts of a usable pack; why another is not usable has a line already."""
        try:
            pack = standing.pack_of(self.data, read_enrolment(self.data))
        except DeliveryError:
            return 0
        return standing.planned_of(pack, self.data)

    def _bus(self, channel: Channel, link: Link) -> Callable[[], Iterator[Finding]]:
        def check() -> Iterator[Finding]:
            expected = buses.expected_on(channel, self.search)
            opened = opened_link(link)
            try:
                facts = buses.listen(opened, expected)
            finally:
                opened.close()
            yield from buses.judged(channel, expected, facts)

        return check

    def _camera(self, camera: Camera, link: Link) -> Callable[[], Iterator[Finding]]:
        def check() -> Iterator[Finding]:
            rate = link.options.get("rate_hz")
            rate_hz = float(rate) if isinstance(rate, int | float) else None
            opened = opened_link(link)
            try:
                facts = cameras.look(opened, camera, rate_hz)
            finally:
                opened.close()
            yield from cameras.judged(camera, rate_hz, facts)

        return check

    def _box(self, link: Link) -> Callable[[], Iterator[Finding]]:
        def check() -> Iterator[Finding]:
            if link.driver == PERSON:
                yield ok(fault_boxes.WHAT, say("box.person"))
                return
            opened = opened_link(link)
            try:
                facts = fault_boxes.exercise(opened)
            finally:
                opened.close()
            yield from fault_boxes.judged(facts)

        return check
