"""Segments through the readers of other people: mcap and pyarrow."""

import json
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest
from mcap.exceptions import EndOfFile
from mcap.reader import NonSeekingReader, make_reader
from mcap.records import Message
from mcap.stream_reader import StreamReader

from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header, Picture

FRAMES = Frames.of([(5, 0x123, 0, b"\x01\x02"), (9, 0x1ABCDEFF, 1, b"")])
LONG = Frames.of([(11, 0x200, 8, bytes(range(64)))])


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcap") / "rec"
    header = Header(attempt_id="a", task="C06", software={"examrunner": "0"})
    with RecordingWriter(folder, header, channels=["CH1"], cameras=["front"]) as writer:
        writer.attach("dbc/CH1.dbc", "text/plain", b'VERSION ""\n')
        writer.frames("CH1", FRAMES)
        writer.frames("CH1", LONG)
        writer.event(12, "truth", {"supply_v": 12.5})
        writer.picture(
            Picture(
                t_ns=20,
                stream="front",
                name="still-0001",
                purpose="still",
                media_type="image/png",
                data=b"png",
            )
        )
        writer.close(Ending.FINISHED, "", 30)
    return folder / "segment-0001.mcap"


def test_mcap_reads_every_message_attachment_and_description(segment: Path):
    with segment.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        found = [
            (channel.topic, message.log_time, message.sequence)
            for _, channel, message in reader.iter_messages(log_time_order=False)
            if channel.topic != "chain"
        ]
        summary = reader.get_summary()
        (attachment,) = reader.iter_attachments()
        (metadata,) = reader.iter_metadata()

    assert found == [
        ("can/CH1", 9, 0),
        ("can/CH1", 11, 0),
        ("events/truth", 12, 0),
        ("camera/front", 20, 0),
    ]
    assert summary.statistics.message_count == 10
    assert summary.statistics.message_end_time == 20
    assert (attachment.name, attachment.data) == ("dbc/CH1.dbc", b'VERSION ""\n')
    assert json.loads(metadata.metadata["header"])["task"] == "C06"


def test_the_checksums_of_the_file_are_those_that_mcap_computes(segment: Path):
    with segment.open("rb") as file:
        records = list(StreamReader(file, validate_crcs=True).records)

    assert sum(isinstance(record, Message) for record in records) == 10


def test_pyarrow_reads_a_batch_with_its_channels_schema(segment: Path):
    tables = []
    with segment.open("rb") as file:
        for schema, _, message in NonSeekingReader(file).iter_messages("can/CH1"):
            table = pa.ipc.open_stream(schema.data + message.data).read_all()
            table.validate(full=True)
            tables.append(table)

    assert tables[0].to_pydict() == {
        "t_ns": [5, 9],
        "id": [0x123, 0x1ABCDEFF],
        "flags": [0, 1],
        "length": [2, 0],
        "data": [b"\x01\x02" + bytes(6), bytes(8)],
    }
    assert tables[1]["data"].to_pylist() == [bytes(range(64))]


def test_an_event_is_readable_json(segment: Path):
    with segment.open("rb") as file:
        ((schema, channel, message),) = make_reader(file).iter_messages("events/truth")

    assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
    assert json.loads(message.data) == {
        "t_ns": 12,
        "number": 0,
        "body": {"supply_v": 12.5},
    }


def test_a_cut_segment_is_read_by_mcap_up_to_the_cut(segment: Path, tmp_path: Path):
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(segment.read_bytes()[:-2500])
    topics = []
    with cut.open("rb") as file, suppress(EndOfFile):
        for _, channel, _ in NonSeekingReader(file).iter_messages(log_time_order=False):
            topics.append(channel.topic)

    assert "can/CH1" in topics
