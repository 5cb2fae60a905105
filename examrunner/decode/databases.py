"""Load the database of a network from its bytes, strictly or keeping what it can.

A pure function of bytes: hostile files are loaded in a limited child process, and the
plans that come back are plain values.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final

from examrunner.decode.dbc_findings import mend
from examrunner.decode.dbc_text import DbcText, Head
from examrunner.decode.encodings import text_of
from examrunner.decode.from_cantools import (
    UnreadableError,
    attribute_defaults,
    has_readable_width,
    message_plan,
    parse,
    placed,
)
from examrunner.decode.overlaps import misplaced
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
    findings += _layout_findings(parsed, source, name)
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
    more = f" ({len(others)} more faults in {name})" if others else ""
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
        "the file cannot be read as a database." if repair is None else repair.text,
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
            text=f"this line is no DBC statement: {said[:60]}",
            where=f"{name}:{line}",
            dropped=True,
        )
    if found := MESSAGE.search(cause):
        for head in source.heads():
            if head.name == found[1]:
                source.drop(head)
                return Finding(
                    kind=FindingKind.UNUSABLE,
                    text=f"message {head.name} contradicts itself",
                    where=f"{name}:{head.line}",
                    message=head.name,
                    dropped=True,
                )
    return None


def _layout_findings(
    parsed: Any, source: DbcText | None, name: str
) -> Iterator[Finding]:
    heads = {} if source is None else {head.number: head for head in source.heads()}
    for message in parsed.messages:
        number = message.frame_id | (message.is_extended_frame << 31)
        for kind, names in _faults_of(message):
            yield Finding(
                kind=kind,
                text=_sentence(kind, names, message),
                where=_where(name, source, heads.get(number), names[-1]),
                message=message.name,
                dropped=kind in {FindingKind.DOES_NOT_FIT, FindingKind.TOO_WIDE},
            )


def _faults_of(message: Any) -> Iterator[tuple[FindingKind, tuple[str, ...]]]:
    names = Counter(signal.name for signal in message.signals)
    for name, count in names.items():
        if count > 1:
            yield FindingKind.DUPLICATE_NAME, (name,)
    unfit: set[str] = set()
    for kind, concerned in misplaced(placed(message), message.length):
        yield kind, concerned
        if kind is FindingKind.DOES_NOT_FIT:
            unfit.update(concerned)
    for signal in message.signals:
        if signal.name not in unfit and not has_readable_width(signal):
            yield FindingKind.TOO_WIDE, (signal.name,)


def _sentence(kind: FindingKind, names: tuple[str, ...], message: Any) -> str:
    if kind is FindingKind.OVERLAP:
        return f"signals {names[0]} and {names[1]} of {message.name} share bits"
    if kind is FindingKind.DUPLICATE_NAME:
        return (
            f"{message.name} has several signals called {names[0]}; the later ones "
            "are numbered"
        )
    if kind is FindingKind.DOES_NOT_FIT:
        return (
            f"signal {names[0]} does not fit into the {message.length} bytes of "
            f"{message.name}"
        )
    return (
        f"signal {names[0]} of {message.name} is neither an integer of 1 to 64 bits "
        "nor a float of 16, 32 or 64 bits"
    )


def _where(name: str, source: DbcText | None, head: Head | None, signal: str) -> str:
    if source is None or head is None:
        return name
    return f"{name}:{source.line_of_signal(head, signal)}"
