"""What the doctor says and what it asks for, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from examrunner.agent.doctor.sentences import machine, rig
from examrunner.model.text import Text

CATALOGUE: Final[Mapping[str, Text]] = {**rig.SENTENCES, **machine.SENTENCES}


def say(key: str, **fields: object) -> Text:
    """The sentence ``key`` with its fields filled in, in both languages."""
    sentence = CATALOGUE[key]
    return Text(zh=sentence.zh.format(**fields), en=sentence.en.format(**fields))


def quoted(words: str) -> Text:
    """Words of another part of the program, as they are."""
    return Text(zh=words, en=words)
