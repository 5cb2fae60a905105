import io

import cv2
import numpy as np
from PIL import Image

from examrunner.capture.pictures import Pictures
from examrunner.capture.stillness import BURST, Stillness
from examrunner.drivers.links import Shot
from examrunner.model.recording import Picture

SECOND = 1_000_000_000


def scene(left: float, seed: int, size: tuple[int, int] = (640, 360)) -> np.ndarray:
    """A black square on grey, with sensor noise."""
    width, height = size
    image = np.full((height, width), 150.0, np.float32)
    x = round(left * width / 640)
    image[height // 3 : height // 3 + 60, x : x + 60] = 20.0
    image += np.random.default_rng(seed).normal(0, 3.0, image.shape)
    grey: np.ndarray = np.clip(image, 0, 255).astype(np.uint8)
    return grey


def encoded(image: np.ndarray, kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind)
    return buffer.getvalue()


def test_noise_is_no_movement_and_a_few_pictures_are_kept() -> None:
    stillness = Stillness()
    wanted = [stillness.wants(encoded(scene(200, seed))) for seed in range(10)]
    assert wanted == [True] * BURST + [False] * (10 - BURST)


def test_a_body_that_moved_by_a_pixel_of_the_thumbnail_is_seen_again() -> None:
    stillness = Stillness()
    for seed in range(8):
        stillness.wants(encoded(scene(200, seed)))
    wanted = [stillness.wants(encoded(scene(202, seed))) for seed in range(8, 16)]
    assert wanted == [True] * BURST + [False] * (8 - BURST)


class Kept:
    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def picture(self, picture: Picture) -> None:
        self.pictures.append(picture)


class Film:
    """A camera before a scene that changes at 20 s."""

    def __init__(self) -> None:
        self.at_s = 0

    def _shown(self, size: tuple[int, int]) -> np.ndarray:
        return scene(200 if self.at_s < 20 else 260, self.at_s, size)

    def still(self) -> Shot:
        done, data = cv2.imencode(".png", self._shown((1920, 1080)))
        assert done
        return Shot(t_ns=None, media_type="image/png", data=data.tobytes())

    def thumbnail(self) -> Shot:
        data = encoded(self._shown((640, 360)))
        return Shot(t_ns=None, media_type="image/jpeg", data=data)

    def close(self) -> None:
        """Nothing to give back."""


def test_a_measuring_camera_keeps_lossless_pictures_when_something_moved() -> None:
    film, kept = Film(), Kept()
    clock = [0]
    pictures = Pictures(
        {"targets": film}, (), kept, lambda _stamp: clock[0], ("targets",)
    )
    for tenth in range(400):
        clock[0] = tenth * SECOND // 10
        film.at_s = tenth // 10
        pictures.measure("targets", clock[0])
    times = [picture.t_ns // SECOND for picture in kept.pictures]
    assert times == [0, 1, 2, 3, 20, 21, 22, 23]
    assert {picture.purpose for picture in kept.pictures} == {"measurement"}
    assert {picture.media_type for picture in kept.pictures} == {"image/png"}
