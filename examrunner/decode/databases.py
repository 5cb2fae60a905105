"""Load the database of a network from its bytes, strictly or keeping what it can.

A pure function of bytes: hostile files are loaded in a limited child process, and the
plans that come back are plain values.
"""

import re
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final

from examrunner.decode.dbc_findings import mend
from examrunner.decode.dbc_text import DbcText
from examrunner.decode.encodings import text_of
from examrunner.decode.from_cantools import (
    UnreadableError,
    attribute_defaults,
    message_plan,
    parse,
)
from examrunner.decode.layout_findings import layout_findings
from examrunner.decode.plans import Database, Finding, FindingKind, Report
from examrunner.model.digests import digest_of
from examrunner.model.errors import ContentError

FORMATS: Final = ("dbc", "kcd", "arxml", "sym")
LARGEST_BYTES: Final = 64 * 1024 * 1024
MOST_REPAIRS: Final = 100
CACHED_DATABASES: Final = 64

LINE: Final = re.compile(r"at line (\d+)")
MESSAGE: Final = re.compile(r"in message (\w+)\.")


def load_database(content: bytes, name: str, *, strict: bool = True) -> Database:
    """The database in ``content``, compiled; cached by content.

    Args:
        content: The file.
        name: File name: its ending decides the format, messages quote it.
        strict: Refuse a file with any fault but a repeated name. Otherwise what is
            sound is kept, and the report says what was left out and why.

    Raises:
        ContentError: If the file cannot be used.
    """
    if len(content) > LARGEST_BYTES:
        raise ContentError(
            f"the database has {len(content)} bytes; {LARGEST_BYTES} are supported.",
            where=name,
            remedy="Split the database by network.",
        )
    return _load(content, name, strict)


@lru_cache(maxsize=CACHED_DATABASES)
def _load(content: bytes, name: str, strict: bool) -> Database:
    text, encoding = text_of(content)
    kind = _format_of(name)
    source = DbcText(text) if kind == "dbc" else None
    findings = [] if source is None else mend(source, name)
    if strict:
        _refuse(findings, name)
    parsed = _parse(text, kind, source, findings, name, strict)
    findings += layout_findings(parsed.messages, source, name)
    if strict:
        _refuse(findings, name)
    defaults = attribute_defaults(parsed)
    return Database(
        name=name,
        digest=digest_of(content),
        messages=tuple(message_plan(each, defaults) for each in parsed.messages),
        report=Report(encoding=encoding, findings=tuple(findings), defaults=defaults),
    )


def _format_of(name: str) -> str:
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise ContentError(
            f"no database format is called {ending or 'nothing'!r}.",
            where=name,
            remedy=f"Use one of: {', '.join(FORMATS)}.",
        )
    return ending


def _refuse(findings: list[Finding], name: str) -> None:
    """Names can be told apart by a number; any other fault is fatal."""
    faults = [each for each in findings if each.kind is not FindingKind.DUPLICATE_NAME]
    if not faults:
        return
    first, *others = faults
    more = f" (and {len(others)} more in {name})" if others else ""
    raise ContentError(
        f"{first.text}.{more}",
        where=first.where,
        remedy="Correct the database, or load it leniently and read its report.",
    )


def _parse(
    text: str,
    kind: str,
    source: DbcText | None,
    findings: list[Finding],
    name: str,
    strict: bool,
) -> Any:
    """The parsed file; leniently, what the parser stumbles over is taken out."""
    for _ in range(MOST_REPAIRS):
        try:
            return parse(text if source is None else source.text, kind)
        except UnreadableError as error:
            cause = str(error)
        repair = None if source is None else _repair(source, cause, name)
        if repair is None or strict:
            break
        findings.append(repair)
    raise ContentError(
        "the file cannot be read as a database."
        if repair is None
        else f"{repair.text}.",
        where=name if repair is None else repair.where,
        remedy=f"Open it in a {kind.upper()} editor, correct it and save it again.",
    )


def _repair(source: DbcText, cause: str, name: str) -> Finding | None:
    """Takes out what the parser complains about; None if that cannot be found."""
    if found := LINE.search(cause):
        line = int(found[1])
        said = source.blank_line(line)
        if not said:
            return None
        return Finding(
            kind=FindingKind.SYNTAX,
            text=f"this line is no DBC statement: {said[:60]!r}",
            where=f"{name}:{line}",
            dropped=True,
        )
    if found := MESSAGE.search(cause):
        for head in source.heads():
            if head.name == found[1]:
                source.drop([head])
                return Finding(
                    kind=FindingKind.UNUSABLE,
                    text=f"message {head.name} contradicts itself",
                    where=f"{name}:{head.line}",
                    message=head.name,
                    dropped=True,
                )
    return None
