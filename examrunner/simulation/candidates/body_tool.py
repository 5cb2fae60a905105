"""How a scripted candidate puts bodies with tags somewhere."""

from typing import Final

from examrunner.model.placement import Placement
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace, seconds

CARRYING_S: Final = 3.0


def put(place: Workplace, body: str, placement: Placement) -> Process:
    """Carry a body somewhere; it rests there when this is over."""
    yield from look(place)
    place.base.bodies.move(body, placement, over_s=CARRYING_S)
    yield seconds(CARRYING_S)


def put_away(place: Workplace, body: str) -> Process:
    """Carry a body away."""
    yield from look(place)
    place.base.bodies.place(body, None)
    yield place.wait(1)


def look(place: Workplace) -> Process:
    """The measuring camera takes a picture, as it does before anything moves."""
    for camera in place.base.description.cameras:
        if camera.role == "targets":
            body = {"camera": camera.name, "purpose": "measurement"}
            yield Action(do="capture", body=body)
