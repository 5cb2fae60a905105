import struct
import time
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.decode.vision.picture_paths import find_pictures
from examrunner.decode.vision.pictures import MOST_BYTES, read_bytes, read_gray
from examrunner.model.errors import ContentError

GRAY = np.random.default_rng(1).integers(0, 256, (60, 80), dtype=np.uint8)


def encoded(suffix):
    return cv2.imencode(suffix, GRAY)[1].tobytes()


def a_png(width, height, body=b"\0" * 10):
    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("suffix", [".png", ".bmp"])
def test_a_lossless_picture_is_read_as_it_is(suffix):
    assert np.array_equal(read_gray(encoded(suffix), "x"), GRAY)


def test_a_jpeg_is_read():
    assert read_gray(encoded(".jpg"), "x").shape == (60, 80)


def test_a_path_may_have_any_letters(tmp_path):
    path = tmp_path / "标定 图片 é.png"
    path.write_bytes(encoded(".png"))

    assert np.array_equal(read_gray(read_bytes(path), "x"), GRAY)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no PNG, JPEG or BMP"),
        (b"GIF89a" + b"\0" * 100, "no PNG, JPEG or BMP"),
        (b"hello", "no PNG, JPEG or BMP"),
        (b"\x89PNG\r\n\x1a\n", "header is damaged"),
        (b"\xff\xd8\xff", "header is damaged"),
        (a_png(60_000, 60_000), "60000 x 60000 pixels"),
        (a_png(2**31 - 1, 2**31 - 1), "pixels"),
        (a_png(0, 10), "header is damaged|0 x 10"),
        (a_png(4, 4), "only 4 x 4 pixels"),
        (encoded(".png")[:-2000], "cut off"),
        (encoded(".jpg")[:-500], "cut off"),
        (encoded(".bmp")[:60], "damaged"),
    ],
)
def test_what_is_no_picture_is_refused(data, problem):
    with pytest.raises(ContentError, match=problem):
        read_gray(data, "x")


def test_a_picture_that_unfolds_without_end_is_refused_before_decoding():
    bomb = a_png(50_000, 50_000, b"\0" * (200 << 20))
    start_s = time.process_time()

    assert len(bomb) < 1 << 20
    with pytest.raises(ContentError, match="at most 50 million"):
        read_gray(bomb, "x")
    assert time.process_time() - start_s < 0.5


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    with pytest.raises(ContentError, match="100 MiB"):
        read_bytes(path)


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        read_bytes(tmp_path / "none.png")


@given(
    st.sampled_from([".png", ".jpg", ".bmp"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_picture_is_a_picture_or_a_clear_error(suffix, damage):
    data = bytearray(encoded(suffix))
    for at, value in damage:
        data[at % len(data)] = value
    try:
        found = read_gray(bytes(data), "x")
    except ContentError:
        return
    assert found.ndim == 2


def test_folders_patterns_and_names_are_understood(tmp_path):
    for name in ("b10.png", "b2.png", "a.JPG", "notes.txt"):
        (tmp_path / name).write_bytes(b"")

    assert [p.name for p in find_pictures([str(tmp_path)])] == [
        "a.JPG",
        "b2.png",
        "b10.png",
    ]
    assert [p.name for p in find_pictures([str(tmp_path / "b*.png")])] == [
        "b2.png",
        "b10.png",
    ]
    assert len(find_pictures([str(tmp_path), str(tmp_path / "a.JPG")])) == 3
    with pytest.raises(ContentError, match="no picture here"):
        find_pictures([str(tmp_path / "*.bmp")])
