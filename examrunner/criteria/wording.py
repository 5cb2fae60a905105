"""Sentences of the catalogue as text."""

import string
from collections.abc import Mapping
from typing import Final, Literal

from examrunner.criteria.sentences import CATALOGUE
from examrunner.model.judgement import Sentence
from examrunner.model.text import Text

Language = Literal["zh", "en"]
LANGUAGES: Final = ("zh", "en")

JOINTS: Final = {
    "list": Text(zh="", en=" "),
    "predicate.all": Text(zh="，且 ", en=" and "),
    "predicate.any": Text(zh="；", en="; "),
    "predicate.then": Text(zh="，然后 ", en=", then "),
}
"""What stands between the parts of a sentence that lists others."""

FULL_STOPS: Final = ("。", ".")
MOMENTS: Final = frozenset({"from_s", "to_s", "at_s", "first_s"})
"""Gaps that hold recording time: a hundredth of a second is enough to find it."""


def say(sentence: Sentence, language: str) -> str:
    """A sentence in ``zh`` or ``en``.

    >>> say(Sentence(key="span", values={"from_s": 1.0, "to_s": 2.5}), "en")
    '1 to 2.5 s'
    """
    wording = CATALOGUE[sentence.key].in_language(language)
    joint = JOINTS.get(sentence.key, Text(zh="；", en="; ")).in_language(language)
    filled = {
        name: _moment(value) if name in MOMENTS else _text(value, language, joint)
        for name, value in sentence.values.items()
    }
    return _tidied(wording.format_map(filled))


def gaps_of(wording: str) -> frozenset[str]:
    """Names of the gaps in a wording."""
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(wording) if name is not None
    )


def _text(value: object, language: str, joint: str) -> str:
    if isinstance(value, Sentence):
        return say(value, language)
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, tuple | list):
        return _joined(
            [_text(part, language, joint) for part in value], language, joint
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def _moment(value: object) -> str:
    return f"{round(value, 2):.10g}" if isinstance(value, float) else str(value)


def _joined(parts: list[str], language: str, joint: str) -> str:
    """Whole sentences follow each other; what is none is set apart by a semicolon."""
    if joint.strip():
        return joint.join(parts)
    apart = Text(zh="；", en="; ").in_language(language)
    ends = [joint if part.endswith(FULL_STOPS) else apart for part in parts]
    ends[-1:] = [""]
    return "".join(part + end for part, end in zip(parts, ends, strict=True))


def _tidied(text: str) -> str:
    """No doubled or dangling spaces where a unit is empty."""
    while "  " in text:
        text = text.replace("  ", " ")
    for mark in (",", ".", ";", ")", "，", "。", "；", "）", "得"):
        text = text.replace(f" {mark}", mark)
    return text.strip()


def both(sentence: Sentence) -> Mapping[str, str]:
    """A sentence in every language, by language code."""
    return {language: say(sentence, language) for language in LANGUAGES}
