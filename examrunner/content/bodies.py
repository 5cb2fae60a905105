"""The part of rig.yaml about bodies with tags and the cameras that measure them."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge
from pydantic import Field

from examrunner.content.documents import Document
from examrunner.content.entries import Entry, Name, Real
from examrunner.model.bodies import AXES, Body, Tag
from examrunner.model.camera import CameraModel

Axis = Literal["+x", "-x", "+y", "-y", "+z", "-z"]
Numbers = tuple[float, float, float]
TagId = Annotated[int, Ge(0)]


class LensEntry(Entry):
    """Known intrinsics of a camera.

    Attributes:
        camera_matrix: Rows of the matrix, pixels.
        distortion: k1 k2 p1 p2 [k3].
    """

    camera_matrix: tuple[Numbers, Numbers, Numbers]
    distortion: Annotated[tuple[float, ...], Field(max_length=8)] = ()

    def model(self, size_px: tuple[int, int]) -> CameraModel:
        """As the model has it."""
        return CameraModel(
            matrix=np.array(self.camera_matrix, np.float64),
            distortion=np.array(self.distortion or (0.0,) * 4, np.float64),
            size_px=size_px,
        )


class BodyEntry(Entry):
    """A flat body with tags.

    Attributes:
        tag_mm: Edge of the black square of every tag.
        facing: Axis that the printed side looks along.
        up: Axis that the top of the print points along.
        tags: Centre of each tag in the body's frame, by id.
    """

    tag_mm: Real
    facing: Axis
    up: Axis
    tags: Annotated[dict[TagId, Numbers], Field(min_length=1)]

    def body(self, name: str) -> Body:
        """As the model has it."""
        return Body(
            name=name,
            tags=tuple(
                Tag(
                    id=number,
                    at_mm=at_mm,
                    size_mm=self.tag_mm,
                    facing=self.facing,
                    up=self.up,
                )
                for number, at_mm in self.tags.items()
            ),
        )


def check_bodies(bodies: Mapping[Name, BodyEntry], document: Document) -> None:
    """Refuse tags that cannot be told apart or cannot be read.

    Raises:
        ContentError: At the body.
    """
    owners: dict[int, str] = {}
    for name, body in bodies.items():
        if np.dot(AXES[body.facing], AXES[body.up]):
            raise document.fail(
                f"the tags of '{name}' face along the axis that is up.",
                "Choose 'up' across 'facing', for example facing: -x and up: +z.",
                ("bodies", name, "up"),
            )
        for number in body.tags:
            if number in owners:
                raise document.fail(
                    f"tag {number} is on '{name}' and on '{owners[number]}'.",
                    "Give every tag of a rig its own id.",
                    ("bodies", name, "tags"),
                )
            owners[number] = name
