"""Anybody who has yesterday's recording of a good candidate and plays it back.

Half of them sit between rig and recorder, so that yesterday's traffic and pictures
come instead of today's; the others send yesterday's reports beside the rig's own and
hold yesterday's pictures before the camera. The answers are yesterday's in any case.
"""

from typing import Final

from examrunner.model.errors import ContentError
from examrunner.simulation.actions import Process
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.simulated_rig import OUTSIDERS
from examrunner.simulation.tape import Splice, Tape, TapedFrames, TapedLens, owned

WATCHING: Final = "work_area"


def script(place: Workplace, task: Process) -> Process:
    """Do again what was done yesterday, at the same times."""
    task.close()
    if place.tape is None:
        raise ContentError(
            "the replayer has nothing to replay.",
            where="candidate",
            remedy="Record yesterday's candidate first.",
        )
    begins_ns = place.now_ns
    if place.hand.random() < 0.5:
        _come_between(place, place.tape)
    else:
        _send_beside(place, place.tape)
    place.work_area.enter({"coat", "gloves"})
    for t_ns, action in place.tape.actions:
        yield max(0, begins_ns + t_ns - place.now_ns)
        yield action


def _come_between(place: Workplace, tape: Tape) -> None:
    for channel, frames in tape.frames.items():
        place.base.buses[channel].between = Splice(frames, place.now_ns)
    _hold(place)


def _send_beside(place: Workplace, tape: Tape) -> None:
    for channel, frames in tape.frames.items():
        ids = [
            layout.can_id
            for layout in place.base.layouts[channel].values()
            if layout.cycle_ns and layout.sender not in OUTSIDERS
        ]
        place.base.buses[channel].add(TapedFrames(owned(frames, ids), place.now_ns))
    _hold(place, but=WATCHING)


def _hold(place: Workplace, but: str = "") -> None:
    for camera, lens in place.lenses.items():
        if isinstance(lens, TapedLens) and camera != but:
            lens.begins_ns = place.now_ns
