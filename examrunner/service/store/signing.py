"""The key with which the service signs; it lies in the database and its backups."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from examrunner.service.tables import MetaRow

NAME: Final = "signing_key"


def signing_key(session: Session) -> Ed25519PrivateKey:
    """The key; made when it is first asked for, in the transaction of the caller."""
    row = session.get(MetaRow, NAME)
    if row is None:
        made = Ed25519PrivateKey.generate()
        row = MetaRow(key=NAME, value=made.private_bytes_raw().hex())
        session.add(row)
        session.flush()
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row.value))
