"""Real diagnostic traffic: messages as scapy and the publishers read them."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from examrunner.decode.diagnostics import exchanges
from examrunner.decode.diagnostics.control import flow_controls
from examrunner.decode.diagnostics.pairs import find_ecus
from examrunner.decode.diagnostics.payloads import Fault
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.model.frames import EXTENDED, FD, Frames
from examrunner.model.timeline import ExchangeOutcome


def frames_by_id(folder: Path) -> dict[int, Frames]:
    rows: dict[int, list[tuple[int, int, int, bytes]]] = defaultdict(list)
    with gzip.open(folder / "frames.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            can_id = int(row["id"], 16)
            flags = EXTENDED * int(row["ext"]) | FD * int(row["fd"])
            t_ns = round(float(row["t_s"]) * 1e9)
            rows[can_id].append((t_ns, can_id, flags, bytes.fromhex(row["data"])))
    return {can_id: Frames.of(listed) for can_id, listed in rows.items()}


@pytest.mark.parametrize(
    "name", ["uds/scapy-ecu-trace", "uds/scapy-gmlan-trace", "can/kona-uds"]
)
def test_every_message_of_a_recording_is_put_together_and_no_other(shared_data, name):
    folder = shared_data / name
    frames = frames_by_id(folder)
    with (folder / "uds_messages.csv").open() as lines:
        told = Counter(
            (int(row["id"], 16), row["payload"]) for row in csv.DictReader(lines)
        )

    heard: Counter[tuple[int, str]] = Counter()
    for can_id in {can_id for can_id, _ in told}:
        payloads = reassemble(frames[can_id])
        for index in range(len(payloads)):
            heard[can_id, payloads.payload(index).hex().upper()] += 1

    assert heard == told


def test_losses_of_the_one_sided_recording_are_counted_not_hidden(shared_data):
    folder = shared_data / "can/kona-uds"
    told = json.loads((folder / "expected.json").read_text())["uds"]
    frames = frames_by_id(folder)

    lossy = reassemble(frames[0x7EC])
    whole = reassemble(frames[0x7BB])

    assert len(lossy) + len(whole) == told["messages"] == 270
    assert (len(whole), len(lossy)) == (150, 120)
    assert lossy.count(Fault.CUT_OFF) == 29
    assert lossy.count(Fault.UNFINISHED) == 1
    assert whole.broken == ()


def test_messages_slower_than_a_receiver_may_wait_are_kept_and_called_late(shared_data):
    frames = frames_by_id(shared_data / "uds/scapy-gmlan-trace")

    heard = reassemble(frames[0x241])

    assert int(heard.multi.sum()) == int(heard.late.sum()) == 36
    assert len(flow_controls(frames[0x641])) == 36


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("uds/scapy-ecu-trace", {(0x710, 0x77A), (0x700, 0x77D)}),
        ("uds/scapy-gmlan-trace", {(0x241, 0x641)}),
        ("can/kona-uds", {(0x7B3, 0x7BB), (0x7E4, 0x7EC)}),
    ],
)
def test_who_talks_to_whom_is_found_among_other_traffic(shared_data, name, pairs):
    columns = {
        ("CH1", can_id, False): frames
        for can_id, frames in frames_by_id(shared_data / name).items()
    }

    found = find_ecus(columns)

    assert {(ecu.request_id, ecu.response_id) for ecu in found} == pairs


def test_pending_answers_of_a_flash_sequence_are_followed_by_the_positive_one(
    shared_data,
):
    columns = {
        ("CH1", can_id, False): frames
        for can_id, frames in frames_by_id(shared_data / "uds/scapy-ecu-trace").items()
    }

    found = exchanges(columns, find_ecus(columns), 0x7DF)

    waited = [one for one in found if len(one.replies) > 1]
    pending = [r for one in waited for r in one.replies if r.data[0] == 0x7F]
    assert len(pending) == 6
    assert all(one.outcome is ExchangeOutcome.POSITIVE for one in waited)
