"""The exam pack: everything of an exam day, fetched beforehand and verified."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.identity import Enrolment
from examrunner.archive.durable import disk_of, write_durably
from examrunner.model.errors import DeliveryError
from examrunner.wire import ExamPack, Lease, SignedPack, pack_text

PACK_FILE: Final = "exam-pack.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackShelf:
    """Where a station keeps its exam pack.

    Attributes:
        folder: The station's data.
        enrolment: Who the station is, and whose signature counts.
    """

    folder: Path
    enrolment: Enrolment

    def put(self, content: bytes, now: datetime) -> ExamPack:
        """Verifies a pack and keeps it in place of the one before.

        Raises:
            DeliveryError: If it is not genuine, not for this station, or over.
        """
        pack = verified(content, self.enrolment, where="exam pack")
        check_end(pack, now)
        path = self.folder / PACK_FILE
        with disk_of(path):
            write_durably(path, content)
            path.chmod(0o600)
        return pack

    def pack(self) -> ExamPack | None:
        """The pack that is kept, verified anew; None without one.

        Raises:
            DeliveryError: If it was altered, or is not for this station.
        """
        path = self.folder / PACK_FILE
        if not path.exists():
            return None
        with disk_of(path):
            content = path.read_bytes()
        return verified(content, self.enrolment, where=str(path))


def verified(content: bytes, enrolment: Enrolment, *, where: str) -> ExamPack:
    """A pack as the service signed it for this enrolment of this station.

    Raises:
        DeliveryError: If it is altered, or for another station or enrolment.
    """
    if not enrolment.service_key:
        raise DeliveryError(
            "this station does not know the service's key.",
            where=where,
            remedy="Enrol it anew with `examrunner station enrol`.",
        )
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(enrolment.service_key))
    try:
        signed = SignedPack.model_validate(json.loads(content))
        key.verify(bytes.fromhex(signed.signature), pack_text(signed.pack))
        pack = ExamPack.model_validate(signed.pack)
    except (ValueError, InvalidSignature):
        raise DeliveryError(
            "the exam pack is not as the service signed it.",
            where=where,
            remedy="Fetch it again; it was altered or cut off on its way.",
        ) from None
    ours = enrolment.station, enrolment.generation
    if (pack.station, pack.generation) != ours:
        raise DeliveryError(
            f"the exam pack is for {pack.station}, enrolment {pack.generation}; this "
            f"is {enrolment.station}, enrolment {enrolment.generation}.",
            where=where,
            remedy="Use the pack of this station; issue a new one after enrolling.",
        )
    return pack


def check_end(pack: ExamPack, now: datetime) -> None:
    """A pack of yesterday is of no use.

    Raises:
        DeliveryError: If it is over.
    """
    if now >= pack.not_after:
        raise DeliveryError(
            f"the exam pack was good until {pack.not_after.isoformat()}.",
            where=f"this PC's clock: {now.isoformat(timespec='seconds')}",
            remedy="Set the clock if it is wrong; else let a new pack be issued.",
        )


def check_time(pack: ExamPack, now: datetime) -> None:
    """Whether work may begin with a pack.

    Raises:
        DeliveryError: If it is over or not good yet.
    """
    check_end(pack, now)
    if now < pack.not_before:
        raise DeliveryError(
            f"the exam pack is good from {pack.not_before.isoformat()} on.",
            where=f"this PC's clock: {now.isoformat(timespec='seconds')}",
            remedy="Wait for the beginning of the exam; set the clock if it is wrong.",
        )


def left_of(pack: ExamPack, attempts: Path) -> Iterator[Lease]:
    """Leases of a pack that this station has not begun, in order."""
    for lease in pack.leases:
        if not AttemptFiles(folder=attempts / str(lease.attempt_id)).is_open:
            yield lease
