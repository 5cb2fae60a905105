"""Real recordings, decoded with the databases that came with them."""

import csv
import gzip
import json
from collections import defaultdict

import numpy as np

from examrunner.decode.databases import load_database
from examrunner.decode.diagnostics import reassemble
from examrunner.decode.matching import Assignment
from examrunner.decode.payloads import Payloads
from examrunner.decode.signals import MessageColumns
from examrunner.decode.timeline import sources_of
from examrunner.decode.tracks import MessageTrack, SignalTrack
from examrunner.model.frames import EXTENDED, Frames


def columns_of(path):
    rows = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            can_id, extended = int(row["id"], 16), row["ext"] == "1"
            t_ns = round(float(row["t_s"]) * 1e9)
            data = bytes.fromhex(row["data"])
            rows[f"CH{row['channel']}", can_id, extended].append(
                (t_ns, can_id, EXTENDED * extended, data)
            )
    return {key: Frames.of(listed) for key, listed in rows.items()}


def sources(folder, *databases):
    columns = columns_of(folder / "frames.csv.gz")
    channels = sorted({channel for channel, _, _ in columns})
    assignments = [
        Assignment(database=load_database((folder / name).read_bytes(), name))
        for name in databases
    ]
    return sources_of(columns, channels, assignments)


def summary(series):
    values = series.values
    return {
        "n": len(values),
        "first": float(values[0]),
        "last": float(values[-1]),
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": round(float(values.mean()), 6),
    }


def test_truck_signals_match_by_parameter_group_whoever_sent_them(shared_data):
    folder = shared_data / "can/j1939-truck"
    name = "CSS-Electronics-SAE-J1939-DEMO.dbc"
    told = json.loads((folder / "expected.json").read_text())["decoded"][name]
    signals = SignalTrack(sources(folder, name))

    ours = {
        message: {
            signal: summary(signals[f"{message}.{signal}"]) for signal in expected
        }
        for message, expected in told["signals"].items()
    }

    assert ours == told["signals"]
    assert len(signals["EEC1.EngineSpeed"]) == told["messages"]["EEC1"] == 577


def test_a_signal_of_a_long_truck_message_is_read_from_its_transport(shared_data):
    folder = shared_data / "can/j1939-truck"
    told = json.loads((folder / "expected.json").read_text())["j1939_tp"]["decoded"]

    series = SignalTrack(sources(folder, "tp_j1939.dbc"))["EC1.EngineSpeedAtPoint5"]

    assert summary(series) == told["EngineSpeedAtPoint5"]


def test_identifiers_that_no_database_describes_keep_their_number(shared_data):
    folder = shared_data / "can/j1939-truck"
    messages = MessageTrack(sources(folder, "CSS-Electronics-SAE-J1939-DEMO.dbc"))
    told = json.loads((folder / "expected.json").read_text())["per_id"]

    assert len(messages) == len(told) == 16
    assert len(messages["0x18FDB300"].frames) == told["ch1:18FDB300"]["count"]


def test_signals_of_an_electric_car_are_read_from_its_diagnostic_answers(shared_data):
    folder = shared_data / "can/kona-uds"
    told = json.loads((folder / "expected.json").read_text())["decoded_uds"]["signals"]
    database = load_database((folder / "tp_uds.dbc").read_bytes(), "tp_uds.dbc")
    columns = columns_of(folder / "frames.csv.gz")

    ours = {}
    for plan in database.messages:
        payloads = with_length_byte(reassemble(columns["CH1", plan.can_id, False]))
        message = MessageColumns(plan, payloads)
        series = {s.name: message.series(s, s.name) for s in plan.signals}
        ours[plan.name] = {
            name: summary(each) for name, each in series.items() if len(each)
        }

    assert ours == told


def with_length_byte(found):
    """The publisher's database counts from the second byte of the first frame."""
    listed = [bytes([0, *found.payload(number)]) for number in range(len(found))]
    data = np.zeros((len(listed), 64), np.uint8)
    for row, payload in zip(data, listed, strict=True):
        row[: len(payload)] = np.frombuffer(payload, np.uint8)
    return Payloads(
        t_ns=np.arange(len(listed)),
        length=np.array([len(payload) for payload in listed]),
        data=data,
    )
