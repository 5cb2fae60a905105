"""Attempts on a USB stick, each signed by its station.

examrunner-delivery/<station>/<attempt>/
    result.json, protocol.json, recording.tar   what would have been sent
    bundle.json                                 written last: their digests, signed
    receipt.json                                what came back from the service
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter

from examrunner.archive.durable import sync_folder, write_durably
from examrunner.delivery.outbox import Delivery
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.model.protocol import Entry, head_of
from examrunner.wire import (
    Bundle,
    ProvisionalResult,
    SignedBundle,
    bundle_text,
    result_body,
)

ROOT: Final = "examrunner-delivery"
ENTRIES: Final = TypeAdapter(tuple[Entry, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFolder:
    """Where one attempt lies on a stick.

    Attributes:
        path: ``examrunner-delivery/<station>/<attempt>``.
    """

    path: Path

    @property
    def signed(self) -> Path:
        """The signed digests; there once everything else is."""
        return self.path / "bundle.json"

    @property
    def result(self) -> Path:
        """The station's own score."""
        return self.path / "result.json"

    @property
    def protocol(self) -> Path:
        """What people did and said; absent without one."""
        return self.path / "protocol.json"

    @property
    def recording(self) -> Path:
        """The packed recording."""
        return self.path / "recording.tar"

    @property
    def receipt(self) -> Path:
        """What the service signed for."""
        return self.path / "receipt.json"

    def read(self) -> tuple[Bundle, SignedBundle]:
        """What it is about, after a look at every byte.

        Raises:
            DeliveryError: If the copy is torn, or not one of ours.
        """
        with stick_of(self.path):
            try:
                signed = SignedBundle.model_validate_json(self.signed.read_bytes())
                bundle = Bundle.model_validate(signed.bundle)
                is_whole = self._digests() == (
                    bundle.result,
                    bundle.protocol,
                    bundle.packed,
                )
            except (FileNotFoundError, ValueError):
                is_whole = False
        if not is_whole:
            raise DeliveryError(
                "this copy is not whole.",
                where=str(self.path),
                remedy="Export it again: examrunner station export. The station still "
                "has everything.",
            )
        return bundle, signed

    def is_whole(self) -> bool:
        """Whether there is nothing to do for it any more."""
        with suppress(DeliveryError):
            self.read()
            return True
        return False

    def _digests(self) -> tuple[str, str | None, str]:
        result = ProvisionalResult.model_validate_json(self.result.read_bytes())
        with self.recording.open("rb") as file:
            packed = hashlib.file_digest(file, "sha256").hexdigest()
        return digest_of(result_body(result)), protocol_head(self.protocol), packed


def folder_on(stick: Path, station: str, attempt_id: str) -> BundleFolder:
    """Where an attempt of a station lies."""
    return BundleFolder(path=stick / ROOT / station / attempt_id)


def folders_on(stick: Path) -> tuple[BundleFolder, ...]:
    """Every attempt on a stick, also torn ones.

    Raises:
        DeliveryError: If there is none, or the stick cannot be read.
    """
    with stick_of(stick):
        found = sorted((stick / ROOT).glob("*/*/"))
    if not found:
        raise DeliveryError(
            "there is nothing to deliver here.",
            where=str(stick),
            remedy=f"Name the folder that holds {ROOT}.",
        )
    return tuple(BundleFolder(path=path) for path in found)


def write_bundle(
    folder: BundleFolder, delivery: Delivery, station: str, key: Ed25519PrivateKey
) -> None:
    """Copies one attempt; what is there already and whole stays as it is.

    Raises:
        DeliveryError: If the stick is full or broken.
    """
    with stick_of(folder.path):
        bundle = _bundle_of(delivery, station)
        said = bundle.model_dump(mode="json")
        if folder.is_whole() and folder.read()[0] == bundle:
            return
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.signed.unlink(missing_ok=True)
        try:
            _copy(delivery.packed, folder.recording)
            write_durably(folder.result, delivery.result)
            if bundle.protocol is not None:
                write_durably(folder.protocol, delivery.protocol.read_bytes())
            signature = key.sign(bundle_text(said)).hex()
            signed = SignedBundle(bundle=said, signature=signature)
            write_durably(folder.signed, signed.model_dump_json().encode())
        except OSError:
            # Room for another attempt that may fit.
            shutil.rmtree(folder.path, ignore_errors=True)
            raise
        for parent in (folder.path.parent, folder.path.parent.parent):
            sync_folder(parent)


def protocol_head(path: Path) -> str | None:
    """Digest of a protocol file's last entry; None without one.

    Raises:
        ValueError: If it cannot be read.
    """
    try:
        return head_of(ENTRIES.validate_json(path.read_bytes())) or None
    except FileNotFoundError:
        return None


@contextmanager
def stick_of(path: Path) -> Iterator[None]:
    """Turns what a stick refuses into an error that says what to do.

    Raises:
        DeliveryError: If it is full, read only, gone or broken.
    """
    try:
        yield
    except OSError as error:
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise DeliveryError(
            "the stick is full."
            if is_full
            else f"the stick refused: {error.strerror or type(error).__name__}.",
            where=str(error.filename or path),
            remedy="Take another stick for the rest; what is on this one is good."
            if is_full
            else "Look at the stick, or take another one. Nothing is lost.",
        ) from error


def _bundle_of(delivery: Delivery, station: str) -> Bundle:
    result = ProvisionalResult.model_validate_json(delivery.result)
    return Bundle.model_validate(
        {
            "station": station,
            "attempt_id": delivery.attempt_id,
            "token": delivery.token,
            "result": digest_of(result_body(result)),
            "protocol": protocol_head(delivery.protocol),
            "packed": delivery.sha256,
            "packed_bytes": result.packed_bytes,
        }
    )


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".part")
    with source.open("rb") as read, partial.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    partial.replace(target)
    sync_folder(target.parent)
