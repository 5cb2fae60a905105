"""Parts that need no running service."""

import datetime
import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.model.digests import canonical_json
from examrunner.model.errors import ContentError
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)
from examrunner.model.text import Text
from examrunner.service.identifiers import new_enrolment_code, uuid7
from examrunner.service.judgement_json import from_json, to_json
from examrunner.service.planning import PlannedTask, plan_turns
from examrunner.service.plots import decimated
from examrunner.service.store import audit
from examrunner.service.store.database import Database

AT = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


@given(candidates=st.integers(1, 9), tasks=st.integers(1, 5), seed=st.integers(0))
def test_everybody_has_every_task_once_and_one_seat_a_round(candidates, tasks, seed):
    codes = [f"K{number}" for number in range(candidates)]
    planned = [
        PlannedTask(id=f"C{n:02}", stations=[f"s{n}"], variants=["a", "b"])
        for n in range(tasks)
    ]

    turns = plan_turns(codes, planned, seed=seed, lots={c: c for c in codes})

    assert Counter((t.candidate, t.task) for t in turns) == Counter(
        (code, task.id) for code in codes for task in planned
    )
    for station in {turn.station for turn in turns}:
        here = [turn.candidate for turn in turns if turn.station == station]
        assert len(here) == len(set(here)) == candidates


def test_variants_follow_the_student_and_not_the_others():
    task = PlannedTask(id="C01", stations=["s"], variants=list("abcdefgh"))
    few = {"K1": "0001", "K2": "0002"}
    more = {"X9": "0009", **few}

    drawn = {
        turn.candidate: turn.variant
        for turn in plan_turns(list(few), [task], seed=3, lots=few)
    }
    again = {
        turn.candidate: turn.variant
        for turn in plan_turns(list(more), [task], seed=3, lots=more)
    }

    assert drawn == {code: again[code] for code in few}


def test_a_task_without_variants_is_the_teachers_to_mend():
    task = PlannedTask(id="C01", stations=["s"], variants=[])

    with pytest.raises(ContentError, match="no variant"):
        plan_turns(["K1"], [task], seed=1, lots={"K1": "1"})


texts = st.text(max_size=8)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(), texts, st.floats(allow_nan=False)
)
sentences = st.recursive(
    st.builds(lambda key: Sentence(key=key, values={}), texts),
    lambda inner: st.builds(
        lambda key, values: Sentence(key=key, values=values),
        texts,
        st.dictionaries(
            texts,
            st.one_of(
                plain,
                inner,
                st.builds(lambda zh, en: Text(zh=zh, en=en), texts, texts),
                st.lists(st.one_of(plain, inner), max_size=3).map(tuple),
            ),
            max_size=3,
        ),
    ),
    max_leaves=6,
)
numbers = st.floats(allow_nan=False)
judgements = st.builds(
    Judgement,
    outcome=st.sampled_from(Outcome),
    reason=sentences,
    fraction=st.none() | st.floats(0, 1),
    measured=st.none() | st.builds(Measured, value=numbers, unit=texts),
    evidence=st.lists(
        st.builds(
            Evidence, stream=texts, from_s=st.floats(0, 1e6), to_s=st.floats(0, 1e6)
        ),
        max_size=3,
    ).map(tuple),
    critical=st.booleans(),
    details=st.dictionaries(texts, numbers, max_size=3),
)


@settings(deadline=None)
@given(judgement=judgements)
def test_a_judgement_survives_its_json(judgement):
    text = canonical_json(to_json(judgement))

    assert from_json(json.loads(text)) == judgement


def test_identifiers_sort_in_the_order_in_which_they_were_made():
    made = [uuid7(AT, number) for number in range(10_000)]

    assert sorted(made) == made
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}


def test_an_enrolment_code_has_128_bits_and_fits_on_paper():
    code = new_enrolment_code()

    assert len(code.replace("-", "")) == 26
    assert max(map(len, code.split("-"))) == 4


@given(
    size=st.integers(1, 500),
    points=st.integers(2, 50),
    data=st.data(),
)
def test_a_plot_never_hides_an_extreme(size, points, data):
    drawn = data.draw(
        st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=size, max_size=size)
    )
    values = np.array(drawn)

    t_s, low, high = decimated(np.arange(float(size)), values, points)

    assert len(t_s) == len(low) == len(high) <= max(points, 1)
    if not np.isnan(values).all():
        assert np.nanmin(low) == np.nanmin(values)
        assert np.nanmax(high) == np.nanmax(values)


def test_a_log_entry_that_was_changed_in_any_column_is_found(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'log.db'}")
    log = audit.Audit(database)
    for number in range(5):
        database.write(
            lambda session, number=number: audit.Deed(session, AT, "a").log(
                "b", "c", number_of=number
            )
        )
    assert log.broken_at() is None

    for column in ("at", "by", "action", "subject", "body", "hash"):
        old = database.read(
            lambda session, column=column: (
                session.connection()
                .exec_driver_sql(f'SELECT "{column}" FROM audit WHERE number = 3')
                .scalar()
            )
        )
        new = old.replace("2026", "2025") if column == "at" else f" {old}"
        change(database, column, new)
        assert log.broken_at() == 3, column
        change(database, column, old)
    change(database, "number", 9)
    assert log.broken_at() == 3
    database.close()


def change(database: Database, column: str, value: object) -> None:
    database.write(
        lambda session: (
            session.connection().exec_driver_sql(
                f'UPDATE audit SET "{column}" = ? WHERE number IN (3, 9)', (value,)
            )
            and None
        )
    )


def test_a_failing_write_leaves_nothing_and_does_not_disturb_its_neighbours(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    log = audit.Audit(database)

    def fails(session):
        audit.Deed(session, AT, "a").log("bad", "c")
        raise LookupError("no")

    with pytest.raises(LookupError):
        database.write(fails)
    database.write(lambda session: audit.Deed(session, AT, "a").log("good", "c"))

    assert [entry.action for entry in log.entries(after=0, limit=9)] == ["good"]
    database.close()
