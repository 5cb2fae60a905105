"""Opens everything that a plan names, or nothing."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from examrunner.archive.cut import cut_of
from examrunner.archive.durable import disk_of
from examrunner.archive.keys import load_private_key
from examrunner.archive.reserve import Reserve
from examrunner.archive.writer import RecordingWriter
from examrunner.capture.camera_watch import CameraWatch
from examrunner.capture.can_stream import CanStream
from examrunner.capture.continuing import (
    clocks_now,
    declare,
    declare_opening,
    same_rig,
    start_ns,
)
from examrunner.capture.fault_control import FaultControl
from examrunner.capture.frame_queue import FrameQueue
from examrunner.capture.losses import Losses
from examrunner.capture.pace import Pace, RealPace, RigPace
from examrunner.capture.pictures import Pictures
from examrunner.capture.plan import Plan
from examrunner.capture.session import Session
from examrunner.capture.wall_watch import WallWatch
from examrunner.drivers.links import CameraLink, FaultBoxLink
from examrunner.drivers.registry import driver
from examrunner.model.errors import RigError
from examrunner.model.station import Link

RIG_PATIENCE_S: Final = 30.0
"""A rig that owns its time waits for us, so its frames may wait for the disk."""


def open_session(plan: Plan, wall: WallWatch | None = None) -> Session:
    """An open session; the first frame is recorded from here on.

    Args:
        plan: Where to record which links.
        wall: The wall clock, whose jumps are recorded; None without one.

    Raises:
        RigError: If a link cannot be opened; the others are closed again.
        RecordingError: If the folder cannot be written.
    """
    with ExitStack() as opened:
        rig = opened_link(plan.clock) if plan.clock else None
        with disk_of(plan.folder):
            cut = cut_of(plan.folder)
        now = clocks_now(rig)
        started_ns = start_ns(cut, now)
        pace: Pace = RealPace(started_ns) if rig is None else RigPace(rig, started_ns)
        writer = opened.enter_context(_writer(plan))
        declare(cut, now, started_ns, writer.event)
        losses = Losses(writer.event)
        box: FaultBoxLink | None = None
        if plan.fault_box is not None:
            box = opened_link(plan.fault_box)
            opened.callback(box.close)
        cameras: dict[str, CameraLink] = {}
        for name, link in plan.cameras.items():
            camera = partial(opened_link, link)
            # A rig that owns its time shows a picture when it is asked for one.
            cameras[name] = (
                camera()
                if plan.clock
                else CameraWatch(name, camera, pace.clock, losses)
            )
            opened.callback(cameras[name].close)
        streams = []
        for name, link in plan.can.items():
            queue = FrameQueue(patience_s=RIG_PATIENCE_S if plan.clock else 0.0)
            opening = partial(opened_link, link)
            streams.append(CanStream(name, opening, queue, pace.clock, losses))
            opened.callback(streams[-1].stop)
            read_back = {
                "error_reporting": streams[-1].reports_errors(),
                "bitrate_bps": streams[-1].bitrate_bps(),
            }
            writer.event(started_ns, "health", {"stream": name, **read_back})
        # A rig that owns its time says itself when its scene has changed.
        watched, measuring = (
            ((), ()) if plan.clock else (plan.work_area, plan.measuring)
        )
        pictures = Pictures(cameras, watched, writer, pace.clock.stamped, measuring)
        faults = FaultControl(box, writer.event, pace.clock.stamped)
        if cut is not None:
            declare_opening(plan.can, started_ns, pace.clock.now_ns(), writer.event)
            pictures.number_from(cut.pictures)
        if cut is not None and now.rig_ns is not None:
            lived = same_rig(cut, now, started_ns)
            gone_ns = started_ns - cut.last_ns if lived else 1
            faults.logged_until(now.rig_ns - gone_ns)
        opened.pop_all()
    return Session(
        writer=writer,
        pace=pace,
        streams=streams,
        pictures=pictures,
        faults=faults,
        losses=losses,
        sent_before={} if rig is None else rig.opened_sent,
        wall=wall,
    )


def opened_link(link: Link) -> Any:
    """Opens one link with its driver.

    Raises:
        RigError: If there is no such driver, an option is wrong, or nothing answers.
    """
    opening: Callable[..., Any] = driver(link.driver)
    options = {name: value for name, value in link.options.items() if name != "rate_hz"}
    try:
        return opening(**options)
    except TypeError as error:
        raise RigError(
            f"the driver '{link.driver}' does not take these options ({error}).",
            where="station profile",
            remedy="Correct the options of this link.",
        ) from error


def _writer(plan: Plan) -> RecordingWriter:
    return RecordingWriter(
        plan.folder,
        plan.header,
        channels=list(plan.can),
        cameras=list(plan.cameras),
        key=load_private_key(plan.key) if plan.key else None,
        reserve=Reserve(path=plan.reserve) if plan.reserve else None,
    )
