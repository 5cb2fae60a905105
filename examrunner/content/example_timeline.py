"""A worked example as a timeline, ready to be judged."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from examrunner.content.example_bodies import measured, poses_of
from examrunner.content.example_entries import EditEntry, ErrorEntry, ExchangeEntry
from examrunner.content.example_messages import messages_of
from examrunner.content.example_pictures import BoardEntry, SightingEntry, ViewsEntry
from examrunner.content.example_signals import series_of
from examrunner.content.examples import ExampleFile
from examrunner.content.rubric_signals import KnownSignal
from examrunner.criteria.body_series import AT, BodySignals, bodies_in
from examrunner.criteria.error_frames import CLASS_BITS, ErrorClass
from examrunner.criteria.reference_camera import reference_camera
from examrunner.model.camera import rotation
from examrunner.model.case import Case
from examrunner.model.timeline import (
    NS_PER_S,
    BoardView,
    BodyPose,
    BusErrors,
    Edit,
    Exchange,
    ExchangeOutcome,
    Health,
    Loss,
    Op,
    Quality,
    Reply,
    Series,
    Sighting,
    Timeline,
)

ANSWER_S: Final = 0.02
NEGATIVE: Final = 0x7F
PENDING: Final = 0x78
SEED: Final = 20260901


def timeline_of(
    example: ExampleFile, case: Case, known: Mapping[str, KnownSignal]
) -> Timeline:
    """Everything that the example says.

    Raises:
        ContentError: If it names a signal or value that the rig lacks.
    """
    stop_s = example.lasting_s if example.stop_s is None else example.stop_s
    ops = [
        Op(t_ns=_ns(example.start_s), name="start"),
        *(Op(t_ns=_ns(e.t_s), name=e.op, body=e.body) for e in example.ops),
    ]
    if not any(op.name == "stop" for op in ops):
        ops.append(Op(t_ns=_ns(stop_s), name="stop"))
    signals = series_of(example, known)
    poses = poses_of(example.bodies) if example.bodies else ()
    poses = (*poses, *map(measured, example.poses))
    return Timeline(
        duration_ns=_ns(example.lasting_s),
        signals={name: one for name, one in signals.items() if AT not in name},
        bodies=_bodies(signals, poses, bodies_in(known)),
        messages=messages_of(example, known),
        exchanges=tuple(_exchange(e) for e in sorted(example.uds, key=lambda e: e.t_s)),
        views=_all_views(example, case),
        sightings=tuple(_sighting(entry) for entry in example.sightings),
        poses=poses,
        form=tuple(_edit(e) for e in sorted(example.form, key=lambda e: e.t_s)),
        ops=tuple(sorted(ops, key=lambda op: op.t_ns)),
        bus={name: _errors(name, found) for name, found in example.errors.items()},
        truth={name: _truth(name, p, example) for name, p in example.truth.items()},
        health=Health(
            losses=tuple(
                Loss(stream=e.stream, from_ns=_ns(e.from_s), to_ns=_ns(e.to_s))
                for e in example.losses
            )
        ),
    )


def _bodies(
    signals: Mapping[str, Series], poses: Sequence[BodyPose], bodies: Sequence[str]
) -> Mapping[str, Series]:
    """Positions as the example states them, else as its pictures show them."""
    stated = {name: one for name, one in signals.items() if AT in name}
    if stated:
        return stated
    return BodySignals(poses, bodies)


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)


def _exchange(entry: ExchangeEntry) -> Exchange:
    at = _ns(entry.t_s)
    replies = _replies(entry)
    outcome, nrc = ExchangeOutcome.NO_ANSWER, None
    if not entry.recorded:
        outcome = ExchangeOutcome.NOT_RECORDED
    elif replies:
        last = replies[-1].data
        refused = last[0] == NEGATIVE
        outcome = ExchangeOutcome.NEGATIVE if refused else ExchangeOutcome.POSITIVE
        nrc = last[2] if refused else None
        if nrc == PENDING:
            outcome = ExchangeOutcome.PENDING
    return Exchange(
        ecu=entry.ecu,
        channel=entry.channel,
        from_ns=at,
        to_ns=at if entry.to_s is None else _ns(entry.to_s),
        request=bytes.fromhex(entry.request),
        replies=replies,
        outcome=outcome,
        nrc=nrc,
        functional=entry.functional,
        session=entry.session,
        unlocked=entry.unlocked,
        phase=entry.phase,
    )


def _sighting(entry: SightingEntry) -> Sighting:
    placed = {**dict.fromkeys(entry.ids, (0.0, 0.0)), **entry.at_px}
    corners = [[centre] * 4 for centre in placed.values()]
    return Sighting(
        camera=entry.camera,
        t_ns=_ns(entry.t_s),
        ids=np.array(list(placed), np.int32),
        corners_px=np.array(corners, np.float64).reshape(-1, 4, 2),
    )


def _replies(entry: ExchangeEntry) -> tuple[Reply, ...]:
    if entry.answer is not None:
        end = _ns(entry.t_s) + _ns(ANSWER_S)
        return (Reply(from_ns=end, to_ns=end, data=bytes.fromhex(entry.answer)),)
    return tuple(
        Reply(from_ns=_ns(from_s), to_ns=_ns(to_s), data=bytes.fromhex(data))
        for from_s, to_s, data in entry.answers
    )


def _edit(entry: EditEntry) -> Edit:
    value: object = entry.value
    if entry.calibration is not None:
        content = json.dumps(entry.calibration).encode()
        value = {
            "name": "calibration.json",
            "media_type": "application/json",
            "base64": base64.b64encode(content).decode(),
        }
    return Edit(
        t_ns=_ns(entry.t_s), field=entry.field, value=value, submit=entry.submit
    )


def _errors(channel: str, found: Sequence[ErrorEntry]) -> BusErrors:
    told = sorted((t_s, CLASS_BITS[name]) for t_s, name in _single(found))
    return BusErrors(
        channel=channel,
        t_ns=np.array([_ns(t_s) for t_s, _ in told], np.int64),
        classes=np.array([bits for _, bits in told], np.uint32),
    )


def _single(found: Sequence[ErrorEntry]) -> Iterator[tuple[float, ErrorClass]]:
    """Every error frame by itself."""
    for entry in found:
        if len(entry) == 2:
            yield entry
            continue
        from_s, name, to_s, count = entry
        for number in range(1, count + 1):
            yield from_s + (to_s - from_s) * number / count, name


def _truth(name: str, points: Any, example: ExampleFile) -> Series:
    times = np.array([_ns(t_s) for t_s, _ in points], np.int64)
    values = np.array([value for _, value in points], np.float64)
    absent = np.isnan(values)
    return Series(
        name=f"fib.{name}",
        unit="V",
        t_ns=times,
        values=values,
        raw=np.zeros(len(times), np.int64),
        quality=np.where(absent, Quality.NOT_AVAILABLE, Quality.OK).astype(np.uint8),
        hold_s=example.lasting_s,
    )


def _all_views(example: ExampleFile, case: Case) -> tuple[BoardView, ...]:
    seen = _views(example.views, case) if example.views else ()
    measured = (_board(entry) for entry in example.boards)
    return tuple(sorted((*seen, *measured), key=lambda view: view.t_ns))


def _board(entry: BoardEntry) -> BoardView:
    rows = np.array(entry.corners, np.float64).reshape(-1, 5)
    return BoardView(
        camera=entry.camera,
        picture=entry.picture,
        t_ns=_ns(entry.t_s),
        size_px=entry.size_px,
        ids=rows[:, 0].astype(np.int32),
        corners_px=rows[:, 1:3].copy(),
        points_mm=np.column_stack([rows[:, 3:], np.zeros(len(rows))]),
        sharpness=float("nan") if entry.sharpness is None else entry.sharpness,
        saturated=entry.saturated,
    )


def _views(entry: ViewsEntry, case: Case) -> tuple[BoardView, ...]:
    camera = reference_camera(case, entry.reference)
    random = np.random.default_rng(SEED)
    across, down = np.meshgrid(
        np.arange(1, entry.columns), np.arange(1, entry.rows), indexing="xy"
    )
    points = np.zeros((across.size, 3))
    points[:, 0] = across.ravel() * entry.square_mm
    points[:, 1] = down.ravel() * entry.square_mm
    centre = points.mean(axis=0)
    found = []
    for number, (t_s, rx, ry, rz, x, y, z) in enumerate(entry.poses):
        turn = (
            rotation(np.array([0, 0, np.radians(rz)]))
            @ rotation(np.array([0, np.radians(ry), 0]))
            @ rotation(np.array([np.radians(rx), 0, 0]))
        )
        placed = (points - centre) @ turn.T + np.array([x, y, z])
        pixels = camera.project(placed)
        pixels = pixels + random.normal(0, entry.noise_px, pixels.shape)
        size = np.array(camera.size_px)
        inside = np.all((pixels > 0) & (pixels < size - 1), axis=1)
        found.append(
            BoardView(
                camera=entry.camera,
                picture=f"still-{number:04}",
                t_ns=_ns(t_s),
                size_px=camera.size_px,
                ids=np.flatnonzero(inside).astype(np.int32),
                corners_px=pixels[inside],
                points_mm=points[inside],
                sharpness=entry.sharpness,
                saturated=0.0,
            )
        )
    return tuple(found)
