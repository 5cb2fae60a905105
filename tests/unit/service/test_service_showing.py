"""Pictures of a recording, the harmless and the others."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from examrunner.archive.writer import RecordingWriter
from examrunner.content.search import SearchPath
from examrunner.model.recording import Ending, Header, Picture
from examrunner.service import showing
from examrunner.service.refusals import UnknownError, UnusableError


def png(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(written, "PNG")
    return written.getvalue()


def absurd_png() -> bytes:
    """A header that promises 60,000 x 60,000 pixels, and nothing behind it."""
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    header = b"IHDR" + size
    checksum = struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + checksum


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    folder = tmp_path / "recording"
    header = Header(rig="adas_bench", software={"examrunner": "test"})
    pictures = {
        "good": png(1280, 720),
        "absurd": absurd_png(),
        "torn": png(64, 64)[:-40],
        "noise": b"nothing like a picture",
    }
    with RecordingWriter(
        folder, header, channels=["CH1"], cameras=["front"], sync=False
    ) as writer:
        for number, (name, data) in enumerate(pictures.items()):
            writer.picture(
                Picture(
                    t_ns=number * 1_000_000_000,
                    stream="front",
                    name=name,
                    purpose="still",
                    media_type="image/png",
                    data=data,
                )
            )
        writer.close(Ending.FINISHED, "done", 5_000_000_000)
    return folder


def test_pictures_are_listed_in_order_of_time(recording):
    listed = showing.pictures(recording, SearchPath.of())

    assert [one.name for one in listed] == ["good", "absurd", "torn", "noise"]
    assert [one.t_s for one in listed] == [0.0, 1.0, 2.0, 3.0]


def test_a_thumbnail_is_small_and_the_full_picture_is_whole(recording):
    sizes = []
    for full in (False, True):
        data = showing.picture(recording, SearchPath.of(), "front", "good", full=full)
        with Image.open(io.BytesIO(data)) as image:
            sizes.append(image.size)

    assert sizes == [(320, 180), (1280, 720)]


@pytest.mark.parametrize("name", ["absurd", "torn", "noise"])
def test_a_picture_that_is_no_picture_is_refused(recording, name):
    with pytest.raises(UnusableError, match="damaged or too large"):
        showing.picture(recording, SearchPath.of(), "front", name, full=True)


@pytest.mark.parametrize(("camera", "name"), [("front", "none"), ("back", "good")])
def test_a_picture_that_nobody_took_is_unknown(recording, camera, name):
    with pytest.raises(UnknownError, match="took no picture"):
        showing.picture(recording, SearchPath.of(), camera, name, full=True)
