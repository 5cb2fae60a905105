"""Whether a proof of submission is genuine."""

from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examrunner.service.context import Service
from examrunner.service.refusals import UnusableError
from examrunner.wire import ProofMessage, proof_text

MARK: Final = "EXR1"


def proven(service: Service, text: str) -> ProofMessage:
    """What a proof is worth: who signed it, and whether the work is here.

    Raises:
        UnknownError: If there is no such attempt.
        UnusableError: If the text is no proof of submission.
    """
    try:
        mark, named, candidate, answers, at, signed = text.split()
        attempt, signature = UUID(named), bytes.fromhex(signed)
    except ValueError:
        raise _no_proof() from None
    if mark != MARK:
        raise _no_proof()
    said = proof_text(named, candidate, answers, at)
    genuine = any(
        _is_signed(bytes.fromhex(key), signature, said)
        for key in service.store.deliveries.keys_of(attempt)
    )
    return ProofMessage(
        genuine=genuine,
        received=service.store.deliveries.packed_of(attempt) is not None,
        attempt_id=attempt,
        candidate=candidate,
        at=at,
    )


def _is_signed(key: bytes, signature: bytes, said: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, said)
    except InvalidSignature:
        return False
    return True


def _no_proof() -> UnusableError:
    return UnusableError(
        "this is no proof of submission.",
        where="text",
        remedy="Send the whole text of the QR code, beginning with EXR1.",
    )
