import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.archive.keys import fingerprint
from examrunner.archive.manifest import manifest_file, sign
from examrunner.archive.reading import open_recording
from examrunner.archive.verify import Problem, verify
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

KEY = Ed25519PrivateKey.generate()
FRAMES = Frames.of([(n, 0x100 + n, 0, bytes([n] * 8)) for n in range(10)])


def record(folder: Path, *, key: Ed25519PrivateKey | None = KEY, attempt: str = "a"):
    header = Header(attempt_id=attempt, nonce="42", software={"examrunner": "0"})
    with RecordingWriter(
        folder, header, channels=["CH1"], cameras=[], key=key, segment_bytes=2600
    ) as writer:
        for number in range(6):
            writer.frames("CH1", FRAMES)
            writer.event(number, "form", {"field": "x", "value": number})
        writer.close(Ending.FINISHED, "Done.", 100)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "rec"
    record(folder)
    return folder


@pytest.fixture
def rec(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "rec")
    return tmp_path / "rec"


def test_an_untouched_recording_holds(rec: Path):
    found = verify(rec, key=KEY.public_key())

    assert found.holds
    assert found.signer == fingerprint(KEY.public_key())
    assert found.digest == open_recording(rec).digest


def test_every_flipped_byte_is_found_and_its_place_named(rec: Path):
    manifest = open_recording(rec).signed.manifest
    assert len(manifest.segments) >= 3
    entry = manifest.segments[1]
    segment = rec / entry.name
    whole = segment.read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x10
        segment.write_bytes(damaged)

        problems = verify(rec).problems

        assert any(
            p.file == entry.name and p.from_byte <= at < p.to_byte for p in problems
        ), (at, problems)
        if at < entry.kept_bytes - 66:
            assert all(p.flush is not None for p in problems), at
            # Damage to a chain record touches two flushes, never more.
            assert len(problems) <= 2, (at, problems)
            assert sum(p.to_byte - p.from_byte for p in problems) < 2500, at


def test_every_flipped_byte_of_the_manifest_is_found(rec: Path):
    manifest = rec / "manifest.json"
    whole = manifest.read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x01
        manifest.write_bytes(damaged)

        assert any(p.file == "manifest.json" for p in verify(rec).problems), at
        with pytest.raises(RecordingError):
            open_recording(rec)


def test_every_truncation_is_found(rec: Path):
    entry = open_recording(rec).signed.manifest.segments[0]
    segment = rec / entry.name
    whole = segment.read_bytes()
    for size in range(0, len(whole), 7):
        segment.write_bytes(whole[:size])

        assert any(p.file == entry.name for p in verify(rec).problems), size
        with pytest.raises(RecordingError):
            open_recording(rec).frames("CH1")


def test_a_removed_segment_is_named(rec: Path):
    (rec / "segment-0002.mcap").unlink()

    assert verify(rec).problems == (
        Problem(text="segment-0002.mcap is missing.", file="segment-0002.mcap"),
    )


def test_segments_that_changed_places_are_named(rec: Path):
    (rec / "segment-0001.mcap").rename(rec / "aside")
    (rec / "segment-0002.mcap").rename(rec / "segment-0001.mcap")
    (rec / "aside").rename(rec / "segment-0002.mcap")

    assert [p.text for p in verify(rec).problems] == [
        "in place of segment-0001.mcap lies segment-0002.mcap.",
        "in place of segment-0002.mcap lies segment-0001.mcap.",
    ]


def test_an_added_segment_is_named(rec: Path):
    shutil.copy(rec / "segment-0001.mcap", rec / "segment-0099.mcap")

    assert [p.text for p in verify(rec).problems] == [
        "segment-0099.mcap does not belong to the recording."
    ]


def test_a_segment_of_another_recording_does_not_pass(rec: Path, tmp_path: Path):
    record(tmp_path / "other", attempt="b")
    shutil.copy(tmp_path / "other" / "segment-0003.mcap", rec / "segment-0003.mcap")

    assert any(p.file == "segment-0003.mcap" for p in verify(rec).problems)


def test_a_whole_recording_by_somebody_else_is_told_by_its_key(tmp_path: Path):
    record(tmp_path / "rec", key=Ed25519PrivateKey.generate())
    record(tmp_path / "unsigned", key=None)

    other = verify(tmp_path / "rec", key=KEY.public_key())
    unsigned = verify(tmp_path / "unsigned", key=KEY.public_key())

    assert "not with key" in other.problems[0].text
    assert "it is not signed" in unsigned.problems[0].text
    assert verify(tmp_path / "unsigned").holds


def test_a_manifest_that_was_rewritten_without_the_key_is_found(rec: Path):
    manifest = rec / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"42"', '"43"'))

    assert [p.text for p in verify(rec).problems] == [
        "the signature does not fit the manifest."
    ]
    with pytest.raises(RecordingError, match="signature"):
        open_recording(rec)


def test_a_signed_manifest_around_a_broken_chain_is_found(rec: Path):
    signed = open_recording(rec).signed.manifest
    forged = sign(replace(signed, flushes=signed.flushes + 1), KEY)
    (rec / "manifest.json").write_bytes(manifest_file(forged))

    (problem,) = verify(rec, key=KEY.public_key()).problems

    assert "make a chain" in problem.text


def test_an_unclosed_recording_is_followed_as_far_as_it_goes(rec: Path):
    (rec / "manifest.json").unlink()
    segment = rec / "segment-0003.mcap"
    segment.write_bytes(segment.read_bytes()[:-300])

    found = verify(rec)

    assert not found.holds
    assert not found.closed
    assert found.problems[0].text == "the recording was never closed."


def test_text_that_looks_like_a_chain_record_does_not_mislead(tmp_path: Path):
    header = Header(attempt_id="a", software={})
    with RecordingWriter(
        tmp_path / "rec", header, channels=["CH1"], cameras=[], key=KEY
    ) as writer:
        fake = b'{"flush":%d,"sha256":"%s"}'
        writer.attach(
            "trap", "text/plain", b"".join(fake % (n, b"0" * 64) for n in range(6))
        )
        writer.frames("CH1", FRAMES)
        writer.event(1, "ops", {"op": "start"})
        writer.close(Ending.FINISHED, "", 5)
    segment = tmp_path / "rec" / "segment-0001.mcap"
    content = bytearray(segment.read_bytes())
    at = content.index(b'"op":"start"')
    content[at + 3] ^= 1
    segment.write_bytes(content)

    (problem,) = verify(tmp_path / "rec").problems

    assert problem.flush == 3
    assert problem.from_byte <= at + 3 < problem.to_byte
