"""What comes with a simulated attempt: its case and what examiners would say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from examrunner.content.rubrics import parse_rubric
from examrunner.decode.vision.charuco import find_charuco
from examrunner.decode.vision.views import hull_quality
from examrunner.model.digests import digest_of
from examrunner.model.placement import Placement
from examrunner.model.station import Camera
from examrunner.simulation.board_camera import BoardCamera, straight_before
from examrunner.simulation.lidar_references import lidar_references
from examrunner.simulation.randomness import Streams
from examrunner.simulation.references import (
    FLOOR_POINTS_MM,
    camera_model,
    camera_placement,
)
from examrunner.simulation.session import REPLAYER
from examrunner.simulation.workshop import Plan

REFERENCE_DISTANCE_MM: Final = 430.0
LEVELS: Final = {
    "competent": 3,
    "sloppy": 1,
    "cheating": 2,
    "guesser": 0,
    "idle": 0,
    "replayer": 2,
    "slow": 2,
}
"""Marks that a fair examiner gives a scripted candidate for judgement items."""
OTHER_LEVELS: Final = {
    ("F11", "D2", "cheating"): 0,
    ("F12", "D2", "cheating"): 0,
    ("F13", "D2", "cheating"): 0,
    ("F14", "D2", "cheating"): 0,
    ("F15", "D2", "cheating"): 0,
    ("F16", "D2", "cheating"): 0,
}
"""Where the work itself shows nothing: an explanation of a fault never found."""
WRITTEN: Final = {
    "sloppy": 0.5,
    "cheating": 0.25,
    "guesser": 0.0,
    "idle": 0.0,
    "slow": 0.0,
}
"""What an examiner finds in a written answer that the keywords leave open."""
CONFIRMED: Final = {("C06", "cheating"): ("V9",)}
TAMPERING: Final = ("V8", "V9")
"""Vetoes for help from outside and forgery, in order of the rubric."""
NOT_SEEN: Final = {
    ("C01", "sloppy"): ("A1",),
    ("C03", "sloppy"): ("A1",),
    ("C04", "sloppy"): ("A1",),
}
"""Items that wait for an examiner, who sees no coat and no gloves."""
BARE: Final = frozenset({"guesser", "idle"})
"""Profiles that wear nothing at any task, or are not there."""
DECIDED_AT: Final = "2026-01-05T09:00:00+08:00"


def case_of(plan: Plan) -> Mapping[str, object]:
    """The secrets of a plan's attempt, as a case file holds them."""
    variant = plan.variant
    return {
        "task": plan.part.task if plan.part else "",
        "variant": variant.id if variant else "",
        "truth": dict(variant.truth) if variant else {},
        "reference": reference_of(plan),
        "challenge": challenge_of(plan),
    }


def challenge_of(plan: Plan) -> str:
    """The nonce of a simulated attempt, hexadecimal."""
    return digest_of(f"challenge {plan.station} {plan.seed}".encode())[:32]


def reference_of(plan: Plan) -> Mapping[str, object]:
    """Intrinsics of every calibrated camera, where it sits, how sharp a still is."""
    reference: dict[str, object] = {}
    for camera in plan.rig.cameras:
        if camera.board is None:
            continue
        model = camera_model(camera, plan.variant)
        reference[f"{camera.name}_intrinsics"] = {
            "camera_matrix": model.matrix.tolist(),
            "distortion": model.distortion.tolist(),
            "size_px": list(model.size_px),
        }
        mounted = camera_placement(camera, plan.variant)
        if mounted is not None:
            reference |= _mounting(camera.name, mounted)
        reference[f"{camera.name}_sharpness"] = _sharpness(plan, camera)
    return reference | lidar_references(plan.variant)


def _mounting(name: str, mounted: Placement) -> Mapping[str, object]:
    """Where a camera sits, and the floor points that judge what is said about it."""
    angles = (mounted.roll_deg, mounted.pitch_deg, mounted.yaw_deg)
    return {
        f"{name}_pose": {
            "translation_mm": list(mounted.at_mm),
            "roll_pitch_yaw_deg": list(angles),
        },
        f"{name}_floor_points": [list(point) for point in FLOOR_POINTS_MM],
    }


def _sharpness(plan: Plan, camera: Camera) -> float:
    board = camera.board
    if board is None:
        raise ValueError(camera.name)
    pose = straight_before(board, REFERENCE_DISTANCE_MM)
    renderer = BoardCamera(camera_model(camera, plan.variant), board, plan.cache)
    still = renderer.picture(pose, Streams(plan.seed).of("reference still"))
    sharpness, _ = hull_quality(still, find_charuco(still, board).px)
    return round(sharpness, 1)


def decisions_of(plan: Plan) -> list[Mapping[str, object]]:
    """What an examiner says about a scripted candidate."""
    if plan.part is None:
        return []
    task, profile = plan.part.task, plan.part.profile
    content = plan.files["rubric.yaml"][1]
    rubric = parse_rubric(content, Path("rubric.yaml"))
    said: list[Mapping[str, object]] = []
    for line in rubric.lines():
        if line.kind == "judgement":
            level = OTHER_LEVELS.get((task, line.id, profile), LEVELS[profile])
            said.append(_decision(line.id, "as seen at the rig", level=level))
        elif line.kind == "answer_text" and profile in WRITTEN:
            reason = "read the written answer"
            said.append(_decision(line.id, reason, fraction=WRITTEN[profile]))
    bare = [line.id for line in rubric.lines() if line.kind == "ppe"]
    for criterion in bare if profile in BARE else NOT_SEEN.get((task, profile), ()):
        reason = "no coat and no gloves in the pictures"
        said.append(_decision(criterion, reason, fraction=0.0))
    for code in CONFIRMED.get((task, profile), ()):
        said.append(_decision(code, "two senders in the recording", confirm=True))
    if profile == REPLAYER:
        known = [veto.code for veto in rubric.vetoes if veto.code in TAMPERING]
        reason = "the flags show another attempt's traffic"
        said += [_decision(code, reason, confirm=True) for code in known[-1:]]
    return said


def _decision(criterion: str, reason: str, **word: object) -> Mapping[str, object]:
    head = {"criterion": criterion, "by": "examiner", "reason": reason}
    return {**head, "at": DECIDED_AT, **word}


def write_attempt_files(plan: Plan, folder: Path) -> None:
    """Write case.json and decisions.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("case.json", case_of(plan)),
        ("decisions.json", decisions_of(plan)),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
