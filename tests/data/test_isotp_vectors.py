"""Traces that can-isotp's own tests produced, seen by a listener."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from examrunner.decode.diagnostics.payloads import Fault, Payloads
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.model.frames import FD, Frames

EXTENDED_ADDRESSING = ("extended", "mixed")

IMPATIENT_NS = 150_000_000
"""The receiver of the time-out trace was set to less than its sender's 200 ms."""

NOT_FOR_A_LISTENER = {
    "test_receive_recover_timeout_consecutive_frame": "see its own test",
    "test_receive_overflow_handling": "a size limit of the receiver",
    "test_receive_timeout_consecutive_frame_after_flow_control": "only begun",
    "test_send_respect_overflow": "the sender gave up; nothing complete was sent",
}


def traces(folder: Path) -> Iterator[dict[str, object]]:
    with gzip.open(folder / "vectors/can-isotp/can-isotp.jsonl.gz", "rt") as lines:
        for line in lines:
            yield json.loads(line)


def frames_of(trace: dict, kind: str) -> Frames:
    rows = [
        (
            round(event["dt"] * 1e9),
            int(event["id"], 16),
            FD if len(event["data"]) > 16 else 0,
            bytes.fromhex(event["data"]),
        )
        for event in trace["events"]
        if event["e"] == kind
    ]
    return Frames.of(rows)


def payloads_of(payloads: Payloads) -> list[str]:
    return [payloads.payload(k).hex().upper() for k in range(len(payloads))]


def name_of(trace: dict) -> str:
    return trace["test"].split("::")[1]


def test_a_listener_hears_every_payload_that_the_receiver_was_given(shared_data):
    checked = 0
    for trace in traces(shared_data):
        name = name_of(trace)
        told = [
            event["payload"]
            for event in trace["events"]
            if event["e"] == "payload_received" and event["payload"]
        ]
        if not told or name in NOT_FOR_A_LISTENER:
            continue
        heard = payloads_of(reassemble(frames_of(trace, "can_in")))
        assert heard == told, name
        checked += 1
    assert checked >= 12


def test_a_listener_hears_every_payload_that_was_sent_whole(shared_data):
    checked = 0
    for trace in traces(shared_data):
        name = name_of(trace)
        errors = [event for event in trace["events"] if event["e"] == "error"]
        sent = [
            event["payload"]
            for event in trace["events"]
            if event["e"] == "payload_send"
            and event["payload"] not in {"", "generator"}
        ]
        if errors or not sent or "through_layer" in name:
            continue
        heard = payloads_of(reassemble(frames_of(trace, "can_out")))
        assert heard == sent, name
        checked += 1
    assert checked >= 10


def test_what_interrupts_a_message_is_counted_as_cutting_it_off(shared_data):
    name = "test_receive_single_frame_interrupt_multiframe_then_recover"
    trace = next(t for t in traces(shared_data) if name_of(t) == name)

    assert reassemble(frames_of(trace, "can_in")).count(Fault.CUT_OFF) == 1


def test_a_listener_as_impatient_as_the_receiver_counts_the_same_time_out(shared_data):
    name = "test_receive_recover_timeout_consecutive_frame"
    trace = next(t for t in traces(shared_data) if name_of(t) == name)

    heard = reassemble(frames_of(trace, "can_in"), patience_ns=IMPATIENT_NS)

    assert payloads_of(heard) == ["0102030405060708090A"]
    assert [broken.fault for broken in heard.broken] == [Fault.TIMEOUT]
