"""A recording that was written once and must be readable for ever."""

import base64
import json
from pathlib import Path

from examrunner.archive.columns import columns_of
from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.model.frames import BRS, EXTENDED, FD
from examrunner.model.recording import Ending

GOLDEN = Path(__file__).parent / "golden" / "format-1"
DIGEST = "9259f4beefd55a8f12a4bac02d805e3413b3652d861e8f73015db1f4d0718199"


def test_the_golden_recording_verifies():
    found = verify(GOLDEN)

    assert found.problems == ()
    assert found.digest == DIGEST


def test_the_golden_recording_reads_as_it_was_written():
    recording = open_recording(GOLDEN)

    assert recording.header.attempt_id == "0193a5e2-7c00-7000-8000-000000000001"
    assert recording.header.nonce == "00112233445566778899aabbccddeeff"
    assert recording.header.software == {"examrunner": "0.1.0"}
    assert recording.ending is Ending.TIME_UP
    assert recording.reason == "时间到。"
    assert recording.duration_ns == 3_000_000_000
    assert (recording.channels, recording.cameras) == (("CH1",), ("front",))
    frames = recording.frames("CH1")
    assert frames.t_ns.tolist() == [-5, 1_000_000, 2_000_000_000]
    assert frames.ids.tolist() == [0x123, 0x18FEF100, 0x7FF]
    assert frames.flags.tolist() == [0, EXTENDED, FD | BRS]
    assert bytes(frames.data[2, :48]) == bytes(range(48))
    (picture,) = recording.pictures("front")
    assert (picture.t_ns, picture.name) == (1_500_000_000, "still-0001")
    assert base64.b64encode(picture.data) == b"iVBORw0KGgo="
    assert [(e.t_ns, e.stream, dict(e.body)) for e in recording.events()] == [
        (0, "ops", {"op": "start"}),
        (2_500_000_000, "form", {"field": "gain", "value": 1.5}),
    ]
    assert json.loads(recording.attachments()["rig.yaml"]) == {"rig": "body_net"}


def test_the_golden_recording_has_two_segments_and_says_what_was_torn():
    manifest = open_recording(GOLDEN).signed.manifest

    assert [(s.name, s.complete) for s in manifest.segments] == [
        ("segment-0001.mcap", False),
        ("segment-0002.mcap", True),
    ]
    assert [(lost.segment, lost.bytes) for lost in manifest.lost] == [
        ("segment-0001.mcap", 9)
    ]


def test_columns_of_the_golden_recording(tmp_path: Path):
    copy = tmp_path / "format-1"
    copy.mkdir()
    for path in GOLDEN.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())

    assert list(columns_of(open_recording(copy))) == [
        ("CH1", 0x123, False),
        ("CH1", 0x7FF, False),
        ("CH1", 0x18FEF100, True),
    ]
