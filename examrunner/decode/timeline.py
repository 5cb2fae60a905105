"""A recording in engineering terms; what nobody asks for is never decoded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from examrunner.archive.columns import columns_of, errors_of
from examrunner.archive.reading import Recording
from examrunner.criteria.body_series import BodySignals
from examrunner.decode import events
from examrunner.decode.bodies import body_poses
from examrunner.decode.databases import load_database
from examrunner.decode.deferred import Deferred
from examrunner.decode.long_messages import transported
from examrunner.decode.matching import Assignment, Key, matched, names_of
from examrunner.decode.noise import noise_traces
from examrunner.decode.seeing import Eyes
from examrunner.decode.tracks import MessageTrack, SignalTrack, Source
from examrunner.model.frames import Frames
from examrunner.model.station import Rig
from examrunner.model.timeline import (
    BusErrors,
    Exchange,
    Loss,
    Timeline,
)

ATTACHED_DATABASES: Final = "dbc/"


def build_timeline(
    recording: Recording,
    rig: Rig,
    databases: Mapping[str, bytes] | None = None,
    eyes: Eyes | None = None,
) -> Timeline:
    """Everything that the recording says.

    Args:
        recording: The recording.
        rig: The rig that it was made on.
        databases: Files by name (``net.dbc``), which hold for every channel, or by
            ``CH1`` or ``CH1=net.kcd``, which hold for that one. None: those that the
            recording carries.
        eyes: What was already seen of its pictures.

    Raises:
        RecordingError: If the recording is damaged.
        ContentError: If a database cannot be used.
    """
    seen = eyes or Eyes(rig)
    ops = events.operations(recording.events("ops"))
    health = events.health(recording.events("health"), recording.duration_ns)
    columns = columns_of(recording)
    phases = events.phases(ops, recording.duration_ns)
    sources = sources_of(
        columns, recording.channels, assigned(recording, databases), health.losses
    )

    def compute_exchanges() -> Sequence[Exchange]:
        from examrunner.decode.diagnostics import exchanges

        return exchanges(
            columns,
            rig.ecus,
            rig.functional_id,
            health.losses,
            phases,
            recording.duration_ns,
        )

    poses = Deferred(lambda: body_poses(seen.sightings(recording), rig))
    signals = SignalTrack(sources)
    return Timeline(
        duration_ns=recording.duration_ns,
        signals=signals,
        messages=MessageTrack(sources),
        bus=_bus(recording),
        exchanges=Deferred(compute_exchanges),
        views=Deferred(lambda: seen.views(recording)),
        sightings=Deferred(lambda: seen.sightings(recording)),
        poses=poses,
        bodies=BodySignals(poses, tuple(rig.bodies)),
        form=events.edits(recording.events("form")),
        ops=ops,
        truth=events.truth(recording.events("truth"), recording.duration_ns),
        health=health,
        noise=Deferred(lambda: tuple(noise_traces(sources, signals))),
        pictures=Deferred(lambda: seen.traces(recording)),
    )


def assigned(
    recording: Recording, databases: Mapping[str, bytes] | None, *, strict: bool = True
) -> list[Assignment]:
    """The databases to decode with, those of one channel before those of all.

    Args:
        recording: The recording.
        databases: As for ``build_timeline``.
        strict: Whether a faulty database is refused.

    Raises:
        ContentError: If a database cannot be used.
    """
    if databases is None:
        databases = dict(_attached(recording))
    assignments = []
    for name, content in databases.items():
        channel, _, file_name = name.partition("=")
        is_of_one = channel in recording.channels
        assignments.append(
            Assignment(
                database=load_database(
                    content,
                    (file_name or f"{channel}.dbc") if is_of_one else name,
                    strict=strict,
                ),
                channel=channel if is_of_one else None,
            )
        )
    return sorted(assignments, key=lambda each: each.channel is None)


def _attached(recording: Recording) -> Iterator[tuple[str, bytes]]:
    for name, content in recording.attachments().items():
        if name.startswith(ATTACHED_DATABASES):
            bare = name.removeprefix(ATTACHED_DATABASES)
            stem = bare.removesuffix(".dbc")
            yield stem if stem in recording.channels else bare, content


def sources_of(
    columns: Mapping[Key, Frames],
    channels: Sequence[str],
    assignments: Sequence[Assignment],
    losses: Sequence[Loss] = (),
) -> list[Source]:
    """Every message and every identifier that no database describes, named apart."""
    matches = matched(list(columns), channels, assignments)
    long_messages = Deferred(lambda: transported(columns))
    return [
        Source(name, match, columns, losses, long_messages)
        for name, match in zip(names_of(matches), matches, strict=True)
    ]


def _bus(recording: Recording) -> dict[str, BusErrors]:
    """Channels with error frames, and those whose adapter would have shown them."""
    seen = errors_of(recording)
    reporting = events.error_reporting(recording.events("health"))
    return {
        channel: _bus_errors(channel, seen.get(channel, Frames.empty()))
        for channel in recording.channels
        if channel in seen or channel in reporting
    }


def _bus_errors(channel: str, frames: Frames) -> BusErrors:
    return BusErrors(channel=channel, t_ns=frames.t_ns, classes=frames.ids)
