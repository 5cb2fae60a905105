"""Another PC delivers what a station has signed: it can do that and nothing else."""

import base64
import json
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examrunner.service.actors import Actor
from examrunner.service.messages import Role
from examrunner.service.refusals import NotAllowedError, NotSignedInError
from examrunner.service.store import Store
from examrunner.wire import Bundle, SignedBundle, bundle_text


def forwarder_of(store: Store, told: str, attempt: str) -> Actor:
    """Who forwards a bundle: the station, for this attempt and these bytes.

    Raises:
        NotSignedInError: If no key of the station that people compared signed it.
        NotAllowedError: If it is about another attempt.
    """
    try:
        signed = SignedBundle.model_validate(json.loads(base64.b64decode(told)))
        bundle = Bundle.model_validate(signed.bundle)
    except ValueError:
        raise _not_signed() from None
    signature, text = bytes.fromhex(signed.signature), bundle_text(signed.bundle)
    keys = store.stations.compared_keys(bundle.station)
    if not any(_is_signed(bytes.fromhex(key), signature, text) for key in keys):
        raise _not_signed()
    if str(bundle.attempt_id) != attempt:
        raise NotAllowedError(
            "the bundle is about another attempt.",
            where=f"attempt {attempt}",
            remedy="Deliver each attempt with its own bundle.",
        )
    return Actor(
        name=f"station/{bundle.station}",
        role=Role.STATION,
        station=bundle.station,
        bundle=bundle,
    )


def check_forwarded(actor: Actor, attempt: UUID, *, token: int, **digests: str) -> None:
    """Whether what is delivered is what the station signed; a station itself may all.

    Raises:
        NotAllowedError: If it is something else.
    """
    if actor.bundle is None:
        return
    said = actor.bundle.model_dump()
    if any(said[name] != value for name, value in [*digests.items(), ("token", token)]):
        raise NotAllowedError(
            "this is not what the station signed.",
            where=f"attempt {attempt}",
            remedy="Export it again at the station, and copy nothing by hand.",
        )


def _is_signed(key: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _not_signed() -> NotSignedInError:
    return NotSignedInError(
        "no key of this station signed the bundle.",
        where="Authorization header",
        remedy="Export again at the station whose words were compared.",
    )
