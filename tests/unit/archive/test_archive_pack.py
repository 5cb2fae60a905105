import io
import tarfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from examrunner.archive.pack import pack, unpack
from examrunner.archive.reading import open_recording
from examrunner.archive.tar import END, padding, tar_header, tar_members
from examrunner.archive.verify import verify
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header


@pytest.fixture
def rec(tmp_path: Path) -> Path:
    header = Header(attempt_id="a", software={})
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with RecordingWriter(
        tmp_path / "rec", header, channels=["CH1"], cameras=[], key=key
    ) as writer:
        writer.frames("CH1", Frames.of([(1, 2, 0, b"\x03")]))
        writer.close(Ending.FINISHED, "", 5)
    return tmp_path / "rec"


def test_packing_and_unpacking_give_back_every_byte(rec: Path, tmp_path: Path):
    digest = pack(rec, tmp_path / "a.tar")
    unpack(tmp_path / "a.tar", tmp_path / "again")
    pack(tmp_path / "again", tmp_path / "b.tar")

    assert digest == open_recording(rec).digest
    assert {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()} == {
        p.name: p.read_bytes() for p in rec.iterdir()
    }
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_a_packed_recording_is_read_without_unpacking(rec: Path, tmp_path: Path):
    pack(rec, tmp_path / "a.tar")

    assert open_recording(tmp_path / "a.tar").frames("CH1").data[0, 0] == 3
    assert verify(tmp_path / "a.tar").holds


def test_ordinary_tar_reads_what_we_pack(rec: Path, tmp_path: Path):
    pack(rec, tmp_path / "a.tar")

    with tarfile.open(tmp_path / "a.tar") as archive:
        assert archive.getnames() == ["manifest.json", "segment-0001.mcap"]
        content = archive.extractfile("segment-0001.mcap")
        assert content.read() == (rec / "segment-0001.mcap").read_bytes()


def test_every_flipped_byte_of_a_packed_recording_is_found(rec: Path, tmp_path: Path):
    packed = tmp_path / "a.tar"
    pack(rec, packed)
    whole = packed.read_bytes()
    for at in range(0, len(whole), 11):
        damaged = bytearray(whole)
        damaged[at] ^= 0x04
        packed.write_bytes(damaged)

        with pytest.raises(RecordingError):
            unpack(packed, tmp_path / "again")
        assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "a/b", "..", "segment-0001.mcap\n", ""]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    (tmp_path / "evil.tar").write_bytes(buffer.getvalue())

    with pytest.raises(RecordingError, match="not a packed recording"):
        unpack(tmp_path / "evil.tar", tmp_path / "out")


def test_links_and_lying_lengths_are_refused(tmp_path: Path):
    link = tarfile.TarInfo("manifest.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    huge = tar_header("manifest.json", 8**11 - 1) + END
    for content in (link.tobuf(tarfile.USTAR_FORMAT) + END, huge, b"", b"\0" * 100):
        (tmp_path / "evil.tar").write_bytes(content)

        with pytest.raises(RecordingError):
            open_recording(tmp_path / "evil.tar")


def test_an_unclosed_recording_is_not_packed(rec: Path, tmp_path: Path):
    (rec / "manifest.json").unlink()

    with pytest.raises(RecordingError, match="never closed"):
        pack(rec, tmp_path / "a.tar")


def test_nothing_is_overwritten(rec: Path, tmp_path: Path):
    with pytest.raises(RecordingError, match="already"):
        pack(rec, rec)


@given(sizes=st.lists(st.integers(0, 1500), max_size=4))
def test_any_plain_files_survive(sizes: list[int]):
    files = {f"f-{n}": bytes([n + 1]) * size for n, size in enumerate(sizes)}
    archive = b"".join(
        tar_header(name, len(data)) + data + padding(len(data))
        for name, data in files.items()
    )

    found = tar_members(memoryview(archive + END))

    assert {name: bytes(view) for name, view in found.items()} == files
