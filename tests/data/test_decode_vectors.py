"""Decoding, beside vectors that others recorded."""

import gzip
import json
import math

import numpy as np
import pytest

from examrunner.decode.containers import contained
from examrunner.decode.databases import load_database
from examrunner.decode.payloads import Payloads
from examrunner.decode.signals import MessageColumns
from examrunner.model.timeline import Quality

DECODING_VECTORS = 43
"""The 59 others describe encoding, which this project leaves to cantools."""


def one_payload(data):
    padded = np.zeros((1, max(8, len(data))), np.uint8)
    padded[0, : len(data)] = np.frombuffer(data, np.uint8)
    return Payloads(
        t_ns=np.zeros(1, np.int64), length=np.array([len(data)]), data=padded
    )


def decoded(plan, payloads):
    """Every signal that is there: value, or text and raw value."""
    columns = MessageColumns(plan, payloads)
    found = {}
    for signal in plan.signals:
        series = columns.series(signal, signal.name)
        if len(series) and not series.quality[0] & Quality.SHORT:
            found[signal.name] = (
                float(series.values[0]),
                series.choices.get(int(series.raw[0])),
            )
    return found


def comparable(result, *, with_texts):
    """The recorded result in the same shape."""
    found = {}
    for name, value in result.items():
        if isinstance(value, dict):
            found[name] = (None, value["name"])
        else:
            found[name] = (float(value), None)
    return found if with_texts else {name: (v, None) for name, (v, _) in found.items()}


def assert_same(ours, result, *, with_texts=True):
    expected = comparable(result, with_texts=with_texts)
    assert ours.keys() == expected.keys()
    for name, (value, text) in expected.items():
        if text is not None:
            assert ours[name][1] == text, name
        else:
            assert ours[name][0] == value, name
            assert ours[name][1] is None or not with_texts, name


def test_the_recorded_decoding_of_cantools(shared_data):
    folder = shared_data / "vectors/cantools"
    with gzip.open(folder / "cantools.jsonl.gz", "rt") as lines:
        vectors = [json.loads(line) for line in lines]
    vectors = [vector for vector in vectors if vector["op"] == "decode"]
    for vector in vectors:
        check(folder / "files" / vector["file"], vector)
    assert len(vectors) == DECODING_VECTORS


def check(path, vector):
    database = load_database(path.read_bytes(), path.name)
    plan = next(
        plan
        for plan in database.messages
        if (plan.name, plan.can_id) == (vector["message"], vector["frame_id"])
    )
    payloads = one_payload(bytes.fromhex(vector["input"]["hex"]))
    options = vector["options"]
    ours = decoded(plan, payloads)
    if options.get("decode_containers"):
        check_container(plan, payloads, vector["result"])
    elif "raises" in vector:
        check_refusal(plan, payloads, vector, ours)
    else:
        assert_same(
            ours, vector["result"], with_texts=options.get("decode_choices", True)
        )


def check_container(plan, payloads, result):
    """What cantools finds in the container, except messages that nobody describes."""
    expected = {
        message.split("'")[1]: signals
        for message, signals in result
        if isinstance(message, str)
    }
    for inner in plan.contained:
        found = contained(payloads, inner.can_id, inner.length)
        assert len(found) == (inner.name in expected)
        if len(found):
            assert_same(decoded(inner, found), expected[inner.name])
    unknown = [header for header, _ in result if not isinstance(header, str)]
    known = {inner.can_id for inner in plan.contained}
    assert not known & set(unknown)


def check_refusal(plan, payloads, vector, ours):
    """cantools refuses a frame; we keep what it has and say what it lacks."""
    if "is a container" in vector["error_text"]:
        assert ours == {}
        assert plan.contained
        return
    assert vector["error_text"] == "Wrong data size: 7 instead of 8 bytes"
    # A peer is stricter than a listener can be: every signal that was received
    # completely is read, and no bit of this message lies in its eighth byte.
    assert len(ours) == 12
    assert int(payloads.length[0]) < plan.length


def test_random_payloads_of_fourteen_cars_decode_as_two_decoders_agree(shared_data):
    folder = shared_data / "can/dbc-corpus-opendbc"
    lines = (folder / "decode_vectors.jsonl").read_text().splitlines()
    plans = {}
    for line in lines:
        vector = json.loads(line)
        assert vector["canmatrix_agrees"]
        name = vector["file"]
        if name not in plans:
            database = load_database((folder / name).read_bytes(), name, strict=False)
            plans[name] = {(p.can_id, p.extended): p for p in database.messages}
        plan = plans[name][vector["frame_id"], vector["extended"]]
        ours = decoded(plan, one_payload(bytes.fromhex(vector["data"])))
        assert_same(ours, vector["decoded"], with_texts=False)
    assert len(lines) > 300
    assert len(plans) == 13


@pytest.mark.parametrize("strict", [True, False])
def test_databases_load_as_the_corpus_expects(shared_data, strict):
    folder = shared_data / "can/dbc-corpus-opendbc"
    expected = json.loads((folder / "expected.json").read_text())["files"]
    for name, told in expected.items():
        if told["cantools_strict" if strict else "cantools_lenient"] != "ok":
            continue
        database = load_database((folder / name).read_bytes(), name, strict=strict)
        left_out = sum(finding.dropped for finding in database.report.findings)
        assert len(database.messages) == told["messages"], name
        signals = sum(len(plan.signals) for plan in database.messages)
        assert signals + left_out == told["signals"], name


def test_values_are_finite_wherever_a_vector_gives_one(shared_data):
    path = shared_data / "vectors/cantools/files/kcd/the_homer.kcd"
    database = load_database(path.read_bytes(), path.name)
    humidity = next(plan for plan in database.messages if plan.name == "Humidity")

    value, _ = decoded(humidity, one_payload(bytes.fromhex("0000C07F")))["Windshield"]

    assert math.isnan(value)
