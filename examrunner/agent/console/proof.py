"""Proof of submission: what a candidate takes home, and the service can verify."""

import base64
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import segno

from examrunner.model.digests import canonical_json, digest_of
from examrunner.wire import proof_text

MARK: Final = "EXR1"
SHORT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A signed line about one submission.

    Attributes:
        text: ``EXR1``, attempt, candidate, digest of the answers, time, signature.
    """

    text: str

    @property
    def code(self) -> str:
        """Short form, to be compared by people: it is made of the whole line."""
        digest = hashlib.sha256(self.text.encode()).digest()
        letters = base64.b32encode(digest).decode()[:SHORT]
        return f"{letters[:4]}-{letters[4:]}"

    def picture(self) -> str:
        """The line as a QR code, SVG."""
        drawn = io.BytesIO()
        code = segno.make(self.text, error="l", micro=False)
        code.save(drawn, kind="svg", scale=3, border=4, xmldecl=False, svgns=True)
        return drawn.getvalue().decode()


def proof_of(
    attempt: str,
    candidate: str,
    answers: Mapping[str, object],
    *,
    at: str,
    sign: Callable[[bytes], bytes],
) -> Proof:
    """The proof of a form as it was handed in."""
    digest = digest_of(canonical_json(dict(answers)))
    signature = sign(proof_text(attempt, candidate, digest, at)).hex()
    return Proof(text=" ".join((MARK, attempt, candidate, digest, at, signature)))
