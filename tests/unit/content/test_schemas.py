"""Published JSON Schemas and the files that they describe."""

import json

import jsonschema
import pytest

from examrunner.content.documents import read_document
from examrunner.content.schemas import ADAPTERS, schema_of
from examrunner.content.search import SearchPath
from examrunner.model.errors import ContentError

PATH = SearchPath.of()
SHIPPED = [
    found for kind in ("rig", "ecus", "station", "scheme") for found in PATH.list(kind)
]


def validator(kind):
    schema = schema_of(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
def test_every_schema_is_one_and_refuses_an_unknown_key(kind):
    judge = validator(kind)
    json.dumps(schema_of(kind))
    wrong = {"zzz_unknown": 1}
    assert not judge.is_valid(
        [wrong] if kind in {"events", "decisions"} else wrong
    ) or (kind == "answers")


@pytest.mark.parametrize("found", SHIPPED, ids=lambda f: f"{f.kind}:{f.name}")
def test_shipped_content_is_valid_under_its_schema(found):
    validator(found.kind).validate(read_document(found.path).data)


@pytest.mark.parametrize(
    ("kind", "sample", "valid"),
    [
        ("answers", {"kp": 4, "report": "ok"}, True),
        ("answers", [{"t_s": 1.5, "field": "kp", "value": 4}], True),
        ("answers", [{"t_s": -1, "field": "kp", "value": 4}], False),
        ("answers", [{"field": "kp", "value": 4}], False),
        ("events", [{"t_s": 0, "op": "phase", "phase": "exam"}], True),
        ("events", [{"t_s": 0, "op": "faze"}], False),
        ("case", {"task": "C06", "variant": "a", "truth": {"node": "ESC"}}, True),
        ("case", {"task": "C06", "variant": "a", "answer": 1}, False),
    ],
)
def test_files_of_an_attempt_are_told_apart(kind, sample, valid):
    assert validator(kind).is_valid(sample) == valid


def test_a_wrong_kind_is_answered_with_the_nearest():
    with pytest.raises(ContentError) as caught:
        schema_of("statoin")
    assert "Did you mean 'station'?" in caught.value.remedy
