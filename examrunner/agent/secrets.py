"""The case of an attempt: opened in memory, never on the disk."""

import base64
import binascii
from dataclasses import replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter

from examrunner.archive.sealing import SealError, unseal
from examrunner.model.case import Case
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.wire import Lease

CASE: Final = TypeAdapter(Case)


def case_of(lease: Lease, key: Ed25519PrivateKey) -> Case:
    """The case that a lease brings, sealed for this station.

    Raises:
        DeliveryError: If it is not for this station and this attempt, or was altered.
    """
    try:
        sealed = base64.b64decode(lease.case, validate=True)
        content = unseal(sealed, key, str(lease.attempt_id))
    except (SealError, binascii.Error):
        raise _unusable(lease) from None
    if digest_of(content) != lease.case_digest:
        raise _unusable(lease)
    return replace(CASE.validate_json(content), digest=lease.case_digest)


def _unusable(lease: Lease) -> DeliveryError:
    return DeliveryError(
        "the case of this attempt is not sealed for this station's key.",
        where=f"attempt {lease.attempt_id}",
        remedy="Enrol the station again with this key, then free the attempt.",
    )
