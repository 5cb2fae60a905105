"""Where a camera sees a marker: in a zone, outside it, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import Spans
from examrunner.model.camera import Floats
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Sentence
from examrunner.model.text import Text
from examrunner.model.timeline import NS_PER_S, Sighting, Timeline

INSIDE, OUTSIDE, UNSEEN = 1, -1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Part of a camera's picture in which markers are looked for.

    Attributes:
        camera: Camera name.
        markers: Any of these marker ids.
        polygon: Corners (x, y) in pixels; empty for the whole picture.
        name: For people.
        seen: Pictures that have to agree before somebody has come or gone ...
        of: ... out of so many successive ones.
        absent_s: A marker that is not seen at all may be hidden; after this long
            nobody is taken to be there.
    """

    camera: str
    markers: tuple[int, ...]
    polygon: tuple[tuple[float, float], ...] = ()
    name: Text | None = None
    seen: int = 2
    of: int = 3
    absent_s: float = 5.0


def presence(timeline: Timeline, zone: Zone) -> Spans:
    """When a marker is in the zone.

    Somebody came when ``seen`` of ``of`` successive pictures show a marker inside,
    from the first of those on; and has gone when as many show markers only outside,
    from the last one of them on. A picture holds until the next.

    Raises:
        MissingError: If there are no pictures of that camera.
    """
    pictures = [each for each in timeline.sightings if each.camera == zone.camera]
    if not pictures:
        raise MissingError("pictures", name=zone.camera)
    states = [_state(picture, zone) for picture in pictures]
    times = [picture.t_ns for picture in pictures]
    spans = Spans.of(_stays(times, states, zone, timeline.duration_ns))
    return spans - lost_on(timeline, zone.camera)


def _stays(
    times: Sequence[int], states: Sequence[int], zone: Zone, end_ns: int
) -> list[tuple[int, int]]:
    stays: list[tuple[int, int]] = []
    since: int | None = None
    last_ns = 0
    for row, (t_ns, state) in enumerate(zip(times, states, strict=True)):
        if since is not None and t_ns - last_ns > zone.absent_s * NS_PER_S:
            stays.append((since, last_ns + round(zone.absent_s * NS_PER_S)))
            since = None
        recent = range(max(0, row + 1 - zone.of), row + 1)
        inside = [other for other in recent if states[other] == INSIDE]
        outside = [other for other in recent if states[other] == OUTSIDE]
        if since is None and len(inside) >= zone.seen:
            since = max(times[inside[0]], stays[-1][1] if stays else 0)
        elif since is not None and len(outside) >= zone.seen:
            stays.append((since, t_ns))
            since = None
        if state != UNSEEN:
            last_ns = t_ns
    if since is not None:
        stays.append((since, end_ns))
    return stays


def _state(picture: Sighting, zone: Zone) -> int:
    rows = np.flatnonzero(np.isin(picture.ids, zone.markers))
    if not len(rows):
        return UNSEEN
    centres = picture.corners_px[rows].mean(axis=1)
    return INSIDE if any(_contains(zone, centre) for centre in centres) else OUTSIDE


def _contains(zone: Zone, point: Floats) -> bool:
    """Even-odd rule; a point on the edge may count either way."""
    if not zone.polygon:
        return True
    corners = np.array(zone.polygon, np.float64)
    before = np.roll(corners, 1, axis=0)
    x, y = point
    crosses = (corners[:, 1] > y) != (before[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (y - corners[:, 1]) / (before[:, 1] - corners[:, 1])
    at_x = corners[:, 0] + share * (before[:, 0] - corners[:, 0])
    return bool((crosses & (x < at_x)).sum() % 2)


def sentence(zone: Zone) -> Sentence:
    """A zone as words."""
    listed = ", ".join(str(number) for number in zone.markers)
    values = {"name": zone.name or zone.camera, "markers": listed}
    return Sentence(key="zone.name", values=values)
