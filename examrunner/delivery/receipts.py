"""What the service has signed for; nothing that no receipt covers is deleted."""

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examrunner.archive.durable import write_durably
from examrunner.delivery.outbox import Delivery
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.wire import (
    ProvisionalResult,
    Receipt,
    SignedReceipt,
    receipt_text,
    result_body,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """The receipts of a station's deliveries, each beside what it is about.

    Attributes:
        service_key: Ed25519 key whose signature counts, hexadecimal; empty: none does.
        make_room: Frees room on a full disk; whether it did.
    """

    service_key: str
    make_room: Callable[[], bool] = lambda: False

    def of(self, delivery: Delivery) -> Receipt | None:
        """The receipt that covers this delivery; None without one."""
        try:
            receipt = self.kept(delivery.receipt)
        except DeliveryError:
            return None
        return receipt if receipt is not None and covers(receipt, delivery) else None

    def kept(self, path: Path) -> Receipt | None:
        """A receipt that is kept, verified anew; None if there is none.

        Raises:
            DeliveryError: If the service's key did not sign it.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DeliveryError(
                f"the receipt cannot be read: {error.strerror}.",
                where=str(path),
                remedy="Check the disk; the service gives the receipt again.",
            ) from error
        return verified(content, self.service_key, where=str(path))

    def keep(self, delivery: Delivery, signed: SignedReceipt) -> None:
        """Verifies a receipt and keeps it, durably.

        Raises:
            DeliveryError: If it is not genuine, does not cover the delivery, or the
                disk refuses.
        """
        content = signed.model_dump_json().encode()
        receipt = verified(content, self.service_key, where=delivery.attempt_id)
        if not covers(receipt, delivery):
            raise DeliveryError(
                "the service does not hold everything yet.",
                where=delivery.attempt_id,
                remedy="The station repeats this by itself.",
            )
        try:
            self._write(delivery.receipt, content)
        except OSError as error:
            raise DeliveryError(
                f"the receipt cannot be kept: {error.strerror}.",
                where=str(delivery.receipt),
                remedy="Free the disk; the station repeats this by itself.",
            ) from error

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_durably(path, content)
        except OSError as error:
            if error.errno != errno.ENOSPC or not self.make_room():
                raise
            write_durably(path, content)


def verified(content: bytes, service_key: str, *, where: str) -> Receipt:
    """A receipt as the service signed it.

    Raises:
        DeliveryError: If it is altered, or another service signed it.
    """
    if not service_key:
        raise DeliveryError(
            "this station does not know the service's key.",
            where=where,
            remedy="Enrol it anew with `examrunner station enrol`.",
        )
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(service_key))
    try:
        signed = SignedReceipt.model_validate(json.loads(content))
        key.verify(bytes.fromhex(signed.signature), receipt_text(signed.receipt))
        return Receipt.model_validate(signed.receipt)
    except (ValueError, InvalidSignature):
        raise DeliveryError(
            "the receipt is not signed by the service of this station.",
            where=where,
            remedy="Nothing is deleted. Ask the administrator whether the service was "
            "set up anew; then enrol the station anew.",
        ) from None


def covers(receipt: Receipt, delivery: Delivery) -> bool:
    """Whether the service holds exactly this result and this recording."""
    try:
        result = ProvisionalResult.model_validate_json(delivery.result)
    except ValueError:
        return False
    return (
        str(receipt.attempt_id) == delivery.attempt_id
        and receipt.result == digest_of(result_body(result))
        and receipt.packed == delivery.sha256
    )
