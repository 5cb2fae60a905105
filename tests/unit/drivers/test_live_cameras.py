import io
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.drivers.camera import as_given
from examrunner.drivers.mjpeg_camera import MjpegCamera
from examrunner.drivers.multipart import boundary_of, pictures
from examrunner.drivers.picture_coding import jpeg_size
from examrunner.model.errors import RigError
from examrunner.testing import camera_contract
from examrunner.testing.mjpeg_peer import SIZE_PX, MjpegPeer, noisy_jpegs

JPEGS = noisy_jpegs()


@pytest.fixture
def peer() -> Iterator[MjpegPeer]:
    peer = MjpegPeer(list(JPEGS))
    yield peer
    peer.unplug()


@pytest.fixture
def camera(peer: MjpegPeer) -> Iterator[MjpegCamera]:
    camera = MjpegCamera(url=peer.url, width_px=640, height_px=360, fresh_s=0.5)
    yield camera
    camera.close()


@pytest.mark.parametrize("claim", camera_contract.CLAIMS, ids=lambda c: c.__name__)
def test_a_motion_jpeg_camera_keeps_its_contract(
    claim: Callable[[MjpegCamera], None], camera: MjpegCamera
) -> None:
    claim(camera)


@pytest.mark.parametrize("sends_length", [True, False])
def test_a_still_is_byte_for_byte_what_the_camera_sent(
    peer: MjpegPeer, sends_length: bool
) -> None:
    peer.sends_length = sends_length
    camera = MjpegCamera(url=peer.url)
    shot = camera.still()
    thumbnail = camera.thumbnail()
    camera.close()
    assert shot.data in JPEGS
    assert shot.media_type == "image/jpeg"
    assert jpeg_size(thumbnail.data) == SIZE_PX


def broken(camera: MjpegCamera) -> str:
    for _ in range(100):
        try:
            camera.still()
        except RigError as error:
            return error.problem
        time.sleep(0.02)
    return "nothing was noticed"


def test_a_frozen_a_stuck_and_a_gone_camera_are_each_noticed(
    peer: MjpegPeer, camera: MjpegCamera
) -> None:
    peer.jpegs = JPEGS[:1]
    assert "same picture again and again" in broken(camera)
    peer.jpegs = JPEGS
    camera.close()
    again = MjpegCamera(url=peer.url, fresh_s=0.5)
    again.still()
    peer.is_stuck = True
    assert "no fresh picture" in broken(again)
    peer.unplug()
    time.sleep(0.3)
    assert "ended its stream" in broken(again)
    again.close()
    with pytest.raises(RigError, match="does not answer"):
        MjpegCamera(url=peer.url)


def test_pictures_of_another_size_are_refused(
    peer: MjpegPeer, camera: MjpegCamera
) -> None:
    peer.jpegs = noisy_jpegs((320, 240))
    assert broken(camera) == "the camera's pictures are 320 x 240, not 640 x 360."


def test_an_address_that_gives_something_else_says_so(peer: MjpegPeer) -> None:
    with pytest.raises(RigError, match="gives text/html, not Motion JPEG"):
        boundary_of("text/html")
    assert boundary_of('multipart/x-mixed-replace; boundary="--b"') == b"--b"
    peer.jpegs = [b"no jpeg at all"]
    camera = MjpegCamera(url=peer.url)
    assert broken(camera) == "the camera's picture is no JPEG."
    camera.close()


@given(
    st.lists(st.tuples(st.binary(max_size=200), st.booleans()), max_size=8),
    st.integers(0, 40),
)
def test_every_whole_part_comes_out_and_a_torn_one_does_not(
    parts: list[tuple[bytes, bool]], torn: int
) -> None:
    parts = [(data.replace(b"--b", b""), with_length) for data, with_length in parts]
    stream = b""
    for data, with_length in parts:
        length = b"Content-Length: %d\r\n" % len(data) if with_length else b""
        stream += b"--b\r\nContent-Type: image/jpeg\r\n" + length + b"\r\n"
        stream += data + b"\r\n"
    whole = [*pictures(io.BytesIO(stream + b"--b\r\n"), b"--b")]
    assert whole == [data for data, _ in parts]
    cut = [*pictures(io.BytesIO(stream[: max(0, len(stream) - torn)]), b"--b")]
    assert cut == whole[: len(cut)]


def test_a_local_cameras_jpeg_is_passed_through_and_pixels_stay_pixels() -> None:
    row = np.frombuffer(JPEGS[0], np.uint8).reshape(1, -1)
    assert as_given(row) == JPEGS[0]
    pixels = np.zeros((4, 6, 3), np.uint8)
    assert as_given(pixels) is pixels
