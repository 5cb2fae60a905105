"""The rig of an attempt: the station's own, or one that is simulated for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from examrunner.agent.place import Place
from examrunner.agent.simulated_rig import Casting, SimulatedRig, pointed_at
from examrunner.model.station import Station
from examrunner.wire import Lease

BY_HAND: Final = Casting(profile="", speed=1.0, seed=1)


def casting_of(place: Place, lease: Lease) -> Casting:
    """Who plays; at a real rig it is a person."""
    castings = place.castings
    return castings.get(lease.candidate) or castings.get("", BY_HAND)


@contextmanager
def rig_of(place: Place, lease: Lease) -> Iterator[Station]:
    """The station with the addresses of its rig, as long as that is there."""
    if not place.castings:
        yield place.station
        return
    with SimulatedRig(
        place.station.name,
        task=lease.task,
        variant=lease.variant,
        casting=casting_of(place, lease),
        content=[str(root) for root in place.roots],
    ) as rig:
        yield pointed_at(place.station, rig.ports)
