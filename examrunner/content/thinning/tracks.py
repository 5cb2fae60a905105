"""Everything but the bus, as a worked example writes it."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from examrunner.content.thinning.bus import Coarseness
from examrunner.content.thinning.knots import knots
from examrunner.criteria.error_frames import CLASS_BITS
from examrunner.model.decision import Decision
from examrunner.model.timeline import (
    NS_PER_S,
    BoardView,
    BodyPose,
    BusErrors,
    Edit,
    Exchange,
    ExchangeOutcome,
    Op,
    Series,
    Sighting,
    Timeline,
)

UNTOLD: Final = frozenset({"start", "agent_read", "inject", "clear", "phase"})
"""Operations that no criterion looks at, or that the example says elsewhere."""

Entry = dict[str, Any]


def seconds(t_ns: int) -> float:
    """Recording time in seconds, to the microsecond."""
    return round(t_ns / NS_PER_S, 6)


def exchange_entry(exchange: Exchange) -> Entry:
    """One request with its answers."""
    entry: Entry = {
        "t_s": seconds(exchange.from_ns),
        "ecu": exchange.ecu,
        "request": exchange.request.hex(" ").upper(),
    }
    if exchange.to_ns != exchange.from_ns:
        entry["to_s"] = seconds(exchange.to_ns)
    if exchange.replies:
        entry["answers"] = [
            [seconds(r.from_ns), seconds(r.to_ns), r.data.hex(" ").upper()]
            for r in exchange.replies
        ]
    defaults = Exchange(ecu="", channel="", from_ns=0, to_ns=0, request=b"")
    for key in ("channel", "functional", "session", "unlocked", "phase"):
        if getattr(exchange, key) != getattr(defaults, key):
            entry[key] = getattr(exchange, key)
    if exchange.outcome is ExchangeOutcome.NOT_RECORDED:
        entry["recorded"] = False
    return entry


def edit_entry(edit: Edit) -> Entry:
    """One saved field, or a submission."""
    entry: Entry = {"t_s": seconds(edit.t_ns)}
    if edit.field:
        entry |= {"field": edit.field, "value": edit.value}
    return entry | ({"submit": True} if edit.submit else {})


def operation_entries(ops: Iterable[Op]) -> Iterator[Entry]:
    """The operations that a criterion may look at."""
    for op in ops:
        if op.name not in UNTOLD:
            entry: Entry = {"t_s": seconds(op.t_ns), "op": op.name}
            yield entry | ({"body": dict(op.body)} if op.body else {})


def sighting_entries(
    sightings: Sequence[Sighting], coarse: Coarseness
) -> Iterator[Entry]:
    """Markers; places, and pictures that show what the last one did, if wanted."""
    last: dict[str, Entry] = {}
    for each in sightings:
        shown: Entry = {"camera": each.camera, "ids": each.ids.tolist()}
        if coarse.pictures == "places":
            shown |= _markers(each)
        if coarse.pictures != "new" or last.get(each.camera) != shown:
            yield {"t_s": seconds(each.t_ns)} | shown
        last[each.camera] = shown


def _markers(sighting: Sighting) -> Entry:
    """Markers with their centres; those at the origin have no known place."""
    centres = sighting.corners_px.reshape(-1, 4, 2).mean(axis=1).round().tolist()
    placed = dict(zip(sighting.ids.tolist(), centres, strict=True))
    return {
        "ids": [id_ for id_, centre in placed.items() if not any(centre)],
        "at_px": {id_: centre for id_, centre in placed.items() if any(centre)},
    }


def pose_entry(pose: BodyPose) -> Entry:
    """A body as one picture showed it."""
    return {
        "t_s": seconds(pose.t_ns),
        "camera": pose.camera,
        "body": pose.body,
        "turn": [round(value, 9) for value in pose.turn.ravel().tolist()],
        "at_mm": [round(value, 4) for value in pose.at_mm.tolist()],
        "covariance": [
            float(f"{value:.5g}")
            for value in pose.covariance[np.triu_indices(6)].tolist()
        ],
        "tags": pose.tags,
        "error_px": round(pose.error_px, 4),
    }


def board_entry(view: BoardView) -> Entry:
    """One still with every corner as it was measured."""
    rows = zip(
        view.ids.tolist(),
        view.corners_px.tolist(),
        view.points_mm.tolist(),
        strict=True,
    )
    entry: Entry = {
        "t_s": seconds(view.t_ns),
        "camera": view.camera,
        "picture": view.picture,
        "size_px": list(view.size_px),
        "saturated": round(view.saturated, 6),
        "corners": [
            [id_, round(u, 3), round(v, 3), round(x, 4), round(y, 4)]
            for id_, (u, v), (x, y, _) in rows
        ],
    }
    if math.isfinite(view.sharpness):
        entry["sharpness"] = round(view.sharpness, 3)
    return entry


def truth_entry(series: Series, coarse: Coarseness) -> list[list[float | None]]:
    """A quantity of the fault box, where it changed by more than is left out.

    Where it could not be measured it has no value.
    """
    known = np.isfinite(series.values) & (series.quality == 0)
    spread = np.ptp(series.values[known]) if known.any() else 0.0
    tolerance = coarse.share * float(spread)
    found: list[list[float | None]] = []
    for t_ns, value, told in zip(
        series.t_ns.tolist(), series.values.tolist(), known.tolist(), strict=True
    ):
        last = found[-1][1] if found else None
        same = last is None if not told else _close(value, last, tolerance)
        if found and same:
            continue
        found.append([seconds(t_ns), round(value, 6) if told else None])
    return found


def _close(value: float, last: float | None, tolerance: float) -> bool:
    return last is not None and abs(value - last) <= tolerance


def error_entries(errors: BusErrors, coarse: Coarseness) -> list[list[float | str]]:
    """Error frames with the first of their classes, those in a row as one entry."""
    found: list[list[float | str]] = []
    for name, bit in CLASS_BITS.items():
        mine = (errors.classes & bit) != 0
        for before in CLASS_BITS.values():
            if before < bit:
                mine &= (errors.classes & before) == 0
        at_s = np.round(errors.t_ns[mine] / NS_PER_S, 6)
        chosen = knots(np.arange(len(at_s), dtype=np.float64), at_s, coarse.time_s)
        found += [[float(at_s[0]), name]] if len(at_s) else []
        found += [
            [float(at_s[first]), name, float(at_s[last]), last - first]
            for first, last in pairwise(chosen)
        ]
    return found


def loss_entries(timeline: Timeline) -> list[Entry]:
    """What the recorder lost."""
    return [
        {
            "stream": loss.stream,
            "from_s": seconds(loss.from_ns),
            "to_s": seconds(loss.to_ns),
        }
        for loss in timeline.health.losses
    ]


def decision_entry(decision: Decision) -> Entry:
    """What an examiner said."""
    entry: Entry = {"criterion": decision.criterion, "by": decision.by}
    for key in ("level", "fraction", "confirm"):
        if getattr(decision, key) is not None:
            entry[key] = getattr(decision, key)
    return entry | ({"reason": decision.reason} if decision.reason else {})


def reference_entry(reference: Mapping[str, object]) -> Entry:
    """Reference values of the case, as plain lists and numbers."""
    return {key: _plain(value) for key, value in reference.items()}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
