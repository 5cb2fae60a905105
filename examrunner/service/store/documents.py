"""Files that an exam pins, by their SHA-256."""

from sqlmodel import Session

from examrunner.model.digests import digest_of
from examrunner.service.tables import DocumentRow


def keep(session: Session, content: bytes, media_type: str) -> str:
    """Keep a file and return its digest; a known one is kept once."""
    digest = digest_of(content)
    if session.get(DocumentRow, digest) is None:
        session.add(DocumentRow(digest=digest, media_type=media_type, content=content))
        session.flush()
    return digest


def content_of(session: Session, digest: str) -> bytes:
    """The file; empty for an empty digest."""
    return session.get_one(DocumentRow, digest).content if digest else b""
