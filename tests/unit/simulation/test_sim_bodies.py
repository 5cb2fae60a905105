from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from examrunner.content.search import SearchPath
from examrunner.criteria.body_positions import rest_before
from examrunner.decode.bodies import body_poses
from examrunner.decode.seeing import Eyes
from examrunner.model.placement import Placement
from examrunner.model.recording import Picture
from examrunner.model.timeline import NS_PER_S, BodyPose, Timeline
from examrunner.simulation.bodies import Bodies
from examrunner.simulation.kernel import Kernel
from examrunner.simulation.measuring import measured
from examrunner.simulation.pictures import shoot
from examrunner.simulation.workshop import Workshop, build, plan_of

SECOND = NS_PER_S


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    plan = plan_of("adas_bench", SearchPath.of(), seed=1, cache=tmp_path)
    return build(plan)


def seen(workshop: Workshop, times_ns: list[int]) -> list[BodyPose]:
    """What is decoded from pictures at those times."""
    base = workshop.session.rig.base
    eyes = Eyes(base.description)
    sightings = []
    for number, t_ns in enumerate(times_ns):
        shot = shoot(workshop.lenses["targets"], t_ns, "measurement")
        picture = Picture(
            t_ns=t_ns,
            stream="targets",
            name=f"m-{number}",
            purpose="measurement",
            media_type=shot.media_type,
            data=shot.data,
        )
        eyes.look(picture)
        camera = next(c for c in base.description.cameras if c.name == "targets")
        sightings.append(eyes._sighting(picture, camera))
    return body_poses(sightings, base.description)


@pytest.mark.parametrize(
    ("body", "placement"),
    [
        ("target_stand", Placement(at_mm=(4400.0, 0.0, 1200.0))),
        (
            "target_stand",
            Placement(
                at_mm=(4408, 18, 1195), yaw_deg=1.4, pitch_deg=-0.6, roll_deg=0.5
            ),
        ),
        ("reflector", Placement(at_mm=(6100.0, 164.0, 500.0))),
        ("plate", Placement(at_mm=(4100.0, 0.0, 500.0))),
        ("mat", Placement(at_mm=(800.0, 22.0, 0.0), yaw_deg=0.8)),
        # The rough corners of one tag are 2.9 px off here.
        ("mat", Placement(at_mm=(5003.5, -0.4, 0.0), yaw_deg=-0.07)),
    ],
)
def test_a_body_is_measured_to_a_millimetre_and_a_few_hundredths_of_a_degree(
    workshop: Workshop, body: str, placement: Placement
) -> None:
    workshop.session.rig.base.bodies.place(body, placement)
    poses = seen(workshop, [SECOND, 2 * SECOND, 3 * SECOND])
    rest = rest_before(
        Timeline(duration_ns=9 * SECOND, poses=poses), body, "reference_bar", 9 * SECOND
    )
    assert rest is not None
    assert rest.pictures == 3
    x, y, z = placement.at_mm
    found, sigma = rest.values, rest.sigmas
    assert [found["distance"], found["height"]] == pytest.approx([x, z], abs=2.0)
    assert found["lateral"] == pytest.approx(y, abs=0.5)
    assert found["yaw"] == pytest.approx(placement.yaw_deg, abs=0.05)
    assert found["roll"] == pytest.approx(placement.roll_deg, abs=0.03)
    assert found["pitch"] == pytest.approx(placement.pitch_deg, abs=0.05)
    assert max(sigma["distance"], sigma["lateral"], sigma["height"]) < 2.0
    assert max(sigma["yaw"], sigma["pitch"], sigma["roll"]) < 0.5 / 3


def test_the_same_moment_gives_the_same_picture(workshop: Workshop) -> None:
    bodies = workshop.session.rig.base.bodies
    bodies.place("reflector", Placement(at_mm=(6100.0, 0.0, 500.0)))
    lens = workshop.lenses["targets"]
    first = lens.still(5 * SECOND)
    lens.still(6 * SECOND)
    assert np.array_equal(first, lens.still(5 * SECOND))


def test_a_nearer_body_hides_a_farther_one(workshop: Workshop) -> None:
    bodies = workshop.session.rig.base.bodies
    bodies.place("reflector", Placement(at_mm=(6100.0, 0.0, 500.0)))
    assert "reflector" in {pose.body for pose in seen(workshop, [SECOND])}
    bodies.place("target_stand", Placement(at_mm=(4400.0, 0.0, 1200.0)))
    assert "reflector" not in {pose.body for pose in seen(workshop, [SECOND])}


def test_a_moved_body_passes_through_between_and_rests_where_it_was_put() -> None:
    kernel = Kernel()
    rig = plan_of("adas_bench", SearchPath.of(), seed=1, cache=Path("unused")).rig
    bodies = Bodies(kernel, rig.bodies)
    start = Placement(at_mm=(4000.0, 0.0, 1200.0))
    end = Placement(at_mm=(4400.0, 100.0, 1200.0), yaw_deg=2.0)
    bodies.place("target_stand", start)
    bodies.move("target_stand", end, over_s=4.0)
    halfway = bodies.standing("target_stand", 2 * SECOND)
    assert halfway.moving
    assert halfway.placement == Placement(at_mm=(4200.0, 50.0, 1200.0), yaw_deg=1.0)
    assert bodies.standing("target_stand", 4 * SECOND).placement == end
    assert not bodies.standing("target_stand", 4 * SECOND).moving


def test_the_camera_looks_while_a_body_moves_and_a_few_times_after(
    workshop: Workshop,
) -> None:
    base = workshop.session.rig.base
    kernel, pictures_ns = base.kernel, []
    process = measured(base, "targets")

    def play(until_ns: int) -> None:
        while kernel.now_ns < until_ns:
            item = next(process)
            if isinstance(item, int):
                kernel.run(kernel.now_ns + item)
            else:
                assert item.body["purpose"] == "measurement"
                pictures_ns.append(kernel.now_ns)

    play(20 * SECOND)
    assert len(pictures_ns) == 1, "one that proves that the camera works"
    pictures_ns.clear()
    stand = Placement(at_mm=(4400.0, 0.0, 1200.0))
    base.bodies.move("target_stand", stand, over_s=3.0)
    play(40 * SECOND)
    moving = [base.bodies.standing("target_stand", t).moving for t in pictures_ns]
    assert moving == [True] * 3 + [False] * 4
    nudged = replace(stand, yaw_deg=0.2)
    base.bodies.place("target_stand", nudged)
    play(60 * SECOND)
    assert len(pictures_ns) == 11
