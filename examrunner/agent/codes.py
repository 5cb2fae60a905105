"""Codes that people type: kept for a station, never shown again in clear."""

import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from examrunner.archive.durable import write_durably
from examrunner.wire import PackExaminer, examiner_code_digest

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody confuses on paper."""


class Examiners(Protocol):
    """Who may act as an examiner at this station."""

    def name_of(self, code: str, name: str) -> str | None:
        """The examiner's name; None if the code is nobody's.

        Args:
            code: As typed.
            name: As typed; what a list of names knows better is ignored.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCode:
    """One code for every examiner of this station, who say their own name.

    Attributes:
        code: The code.
    """

    code: str

    def name_of(self, code: str, name: str) -> str | None:
        is_right = hmac.compare_digest(
            tidied(code).encode(), tidied(self.code).encode()
        )
        return name.strip() if is_right and name.strip() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackCodes:
    """A code of their own for each examiner of an exam pack.

    Attributes:
        examiners: As the pack brings them.
    """

    examiners: Sequence[PackExaminer]

    def name_of(self, code: str, name: str) -> str | None:
        for examiner in self.examiners:
            given = examiner_code_digest(code, examiner.salt)
            if hmac.compare_digest(given, examiner.digest):
                return examiner.name
        return None


def tidied(code: str) -> str:
    """A code without what people add or leave out.

    >>> tidied(" k7q2-m9wd ")
    'K7Q2M9WD'
    """
    return "".join(one for one in code.upper() if one.isalnum())


def new_code(length: int = 8) -> str:
    """A code of groups of four.

    >>> len(new_code())
    9
    """
    text = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(text[start : start + 4] for start in range(0, length, 4))


def kept_code(path: Path, made: str) -> str:
    """The code in a file that only this user can read; ``made`` if there is none."""
    if not path.exists():
        write_durably(path, made.encode())
        os.chmod(path, 0o600)
    return path.read_text("utf-8")
