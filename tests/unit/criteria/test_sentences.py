import ast
import re
from pathlib import Path

import pytest

import examrunner.criteria
import examrunner.scoring
from examrunner.criteria.sentences import CATALOGUE
from examrunner.criteria.wording import gaps_of, say
from examrunner.model.judgement import Sentence
from examrunner.model.text import Text

KEY = re.compile(r"[a-z_]+\.[a-z_]+(\.[a-z_]+)?")
PACKAGES = [Path(p.__file__).parent for p in (examrunner.criteria, examrunner.scoring)]


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages_fill_the_same_gaps(key):
    text = CATALOGUE[key]
    assert gaps_of(text.zh) == gaps_of(text.en)


def keys_in_code():
    for package in PACKAGES:
        for path in package.rglob("*.py"):
            if "sentences" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and KEY.fullmatch(text):
                    yield text


def test_every_key_in_the_code_that_looks_like_one_is_worded():
    families = {key.partition(".")[0] for key in CATALOGUE}
    other = {"window.py", "exam.start", "exam.end", "f.read"}
    named = {k for k in keys_in_code() if k.partition(".")[0] in families} - other
    assert named
    assert named <= set(CATALOGUE)


def test_everything_that_may_be_missing_has_words_with_the_same_gaps():
    raised = {
        (node.args[0].value, frozenset(each.arg for each in node.keywords))
        for package in PACKAGES
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"MissingError", "NoValueError", "kind"}
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(raised) > 20
    for what, gaps in raised:
        assert gaps_of(CATALOGUE[f"missing.{what}"].en) == gaps


def test_what_is_missing_is_named_in_the_language_of_its_reason():
    what = Sentence(key="missing.hold_time", values={"name": "A.B"})
    reason = Sentence(key="missing", values={"what": what})
    assert say(reason, "zh").startswith("记录中没有信号 A.B 的保持时间；")
    assert say(reason, "en").startswith("The recording holds no hold time of A.B;")


def test_reasons_state_where_they_looked():
    silent = {"reason", "rule", "none"}
    for key, text in CATALOGUE.items():
        if key.endswith(".reason") and not key.startswith("answer"):
            assert gaps_of(text.en) & {"span", "moment"}, (key, silent)


def test_sentences_nest_and_speak_both_languages():
    inner = Sentence(key="predicate.is", values={"signal": "A.B", "value": "ON"})
    words = Sentence(key="predicate.not", values={"part": inner})
    assert say(words, "en") == "not (A.B is ON)"
    assert say(words, "zh") == "并非（A.B 为 ON）"


def test_texts_in_a_sentence_speak_its_language():
    values = {"text": Text(zh="报告", en="report"), "span": "1 s"}
    pending = Sentence(key="judgement.pending", values=values)
    assert "报告" in say(pending, "zh")
    assert "report" in say(pending, "en")


def test_an_empty_unit_leaves_no_gap():
    values = {"full": 3.0, "zero": 5.0, "unit": ""}
    assert say(Sentence(key="scale.band", values=values), "en") == (
        "3 earns everything, 5 nothing"
    )
