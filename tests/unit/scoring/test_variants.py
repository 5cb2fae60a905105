from dataclasses import dataclass, field

import pytest

from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.scoring.variants import bound, keys_named

CASE = Case(truth={"node": "ESC", "codes": ["P1", ["P2"]], "limit": 3.5})


@dataclass(frozen=True)
class Asked:
    """Something that names secrets at every depth."""

    name: str = "$variant.node"
    names: tuple = ()
    by_name: object = field(default_factory=dict)
    inner: object = None
    count: float = 1


def test_a_whole_text_becomes_the_secret_itself_and_part_of_one_its_words():
    assert bound("$variant.limit", CASE) == 3.5
    assert bound("${variant.node}.${variant.limit}", CASE) == "ESC.3.5"
    assert bound("costs $3", CASE) == "costs $3"


def test_lists_of_a_secret_become_tuples_at_every_depth():
    assert bound("$variant.codes", CASE) == ("P1", ("P2",))


def test_secrets_are_filled_in_at_every_depth():
    asked = Asked(
        names=("$variant.node", 7),
        by_name={"k": "${variant.node}.x"},
        inner=Asked(name="${variant.limit}"),
    )
    assert bound(asked, CASE) == Asked(
        name="ESC",
        names=("ESC", 7),
        by_name={"k": "ESC.x"},
        inner=Asked(name="3.5"),
    )


def test_what_names_no_secret_stays_the_same_object():
    plain = Asked(name="x", names=("a",), by_name={"k": "v"}, inner=Asked(name="y"))
    assert bound(plain, CASE) is plain
    assert bound(Asked, CASE) is Asked
    assert bound(None, CASE) is None


def test_a_secret_that_the_case_lacks_is_missing_by_name():
    with pytest.raises(MissingError) as missing:
        bound("${variant.colour}", CASE)
    assert str(missing.value) == "variant value colour"


def test_every_secret_that_is_named_is_found():
    asked = Asked(
        names=("${variant.b} and ${variant.c}", 7),
        by_name={"k": "$variant.d"},
        inner=Asked(name="$variant.e"),
    )
    assert keys_named(asked) == {"node", "b", "c", "d", "e"}
    assert keys_named(()) == keys_named({}) == keys_named(Asked) == frozenset()
    assert keys_named("costs $3") == frozenset()
