from pathlib import Path

import numpy as np
import pytest
from live_rig import Ear, Wire, live_rig

from examrunner.content.search import SearchPath
from examrunner.model.frames import Frames
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.pictures import shoot
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import build, plan_of

BEFORE_NS = 3 * NS_PER_S
Log = list[dict[str, object]]


@pytest.fixture(scope="module")
def table_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the tables of rendered cameras."""
    return tmp_path_factory.mktemp("tables")


def played_here(
    rig: str, part: Part, seed: int, cache: Path
) -> tuple[dict[str, Frames], Log]:
    """Frames and actions, pictures included, of the same script in this process."""
    workshop = build(plan_of(rig, SearchPath.of(), seed=seed, cache=cache, part=part))
    session, base = workshop.session, workshop.session.rig.base
    session.kernel.run(BEFORE_NS)
    parts = [base.collect()]
    session.start()
    actions: Log = []
    while not session.stage.over:
        action = session.run(session.kernel.now_ns + 10 * NS_PER_S)
        parts.append(base.collect())
        if action is None:
            continue
        body = action.as_json()
        if action.do == "capture":
            lens = workshop.lenses[str(body["camera"])]
            purpose = str(body.get("purpose", "still"))
            body["picture"] = shoot(lens, session.kernel.now_ns, purpose).data
        actions.append({"t_ns": session.kernel.now_ns, **body})
        session.stage.done()
    return {
        name: Frames.concatenate([part[name] for part in parts]) for name in base.buses
    }, actions


def played_there(
    rig: str, part: Part, seed: int, cache: Path, speed: str
) -> tuple[dict[str, Ear], Log]:
    """The same through buses and ports."""
    options = ["--task", part.task, "--candidate", part.profile, "--speed", speed]
    with live_rig(rig, *options, "--seed", str(seed), "--cache", str(cache)) as ready:
        ears = {name: Ear(address) for name, address in ready["can"].items()}
        cameras = {name: Wire(address) for name, address in ready["cameras"].items()}
        clock = Wire(ready["clock"])
        assert clock.hear()["virtual"]
        clock.tell(kind="advance", by_ns=BEFORE_NS)
        while not clock.hear().get("advanced"):
            pass
        clock.tell(kind="start")
        actions: Log = []
        while not actions or actions[-1]["do"] != "stop":
            heard = clock.hear()
            if heard["kind"] != "act":
                continue
            for name, total in heard["frames"].items():
                ears[name].wait_for(total)
            body = heard["action"]
            if body["do"] == "capture":
                camera = cameras[body["camera"]]
                small = body.get("purpose") == "thumbnail"
                camera.tell(op="thumbnail" if small else "still")
                head = camera.hear()
                assert head["t_ns"] == heard["t_ns"]
                body["picture"] = camera.take(head["bytes"])
            actions.append({"t_ns": heard["t_ns"], **body})
            clock.tell(kind="done")
        for opened in (*ears.values(), clock, *cameras.values()):
            opened.close()
    return ears, actions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rig", "task", "profile", "speed"),
    [
        ("chassis_bywire", "C06", "sloppy", "200"),
        ("chassis_bywire", "C06", "sloppy", "40"),
        ("chassis_bywire", "C05", "competent", "200"),
        ("chassis_bywire", "C10", "cheating", "200"),
        ("body_net", "F13", "cheating", "200"),
        ("body_net", "F12", "sloppy", "200"),
        ("adas_bench", "C01", "sloppy", "200"),
        ("adas_bench", "C04", "cheating", "200"),
        ("adas_bench", "C08", "sloppy", "200"),
        ("adas_bench", "C09", "sloppy", "200"),
    ],
)
def test_speed_and_way_change_neither_frames_nor_actions_nor_pictures(
    rig: str, task: str, profile: str, speed: str, table_cache: Path
) -> None:
    part = Part(task=task, profile=profile)
    frames, actions = played_here(rig, part, 11, table_cache)
    ears, told = played_there(rig, part, 11, table_cache, speed)
    assert told == actions
    for name, ear in ears.items():
        mine, theirs = frames[name], ear.messages
        assert len(theirs) >= len(mine) - 20
        count = min(len(mine), len(theirs))
        stamps = np.array([message.timestamp for message in theirs[:count]])
        assert np.array_equal(np.rint(stamps * 1e9).astype(np.int64), mine.t_ns[:count])
        for row, message in enumerate(theirs[:count]):
            assert message.arbitration_id == mine.ids[row]
            length = mine.length[row]
            assert bytes(message.data) == bytes(mine.data[row, :length])


def test_a_station_that_says_stop_ends_the_script() -> None:
    arguments = ("--task", "C06", "--candidate", "competent", "--speed", "500")
    with live_rig("chassis_bywire", *arguments) as ready:
        clock = Wire(ready["clock"])
        assert clock.hear()["task"] == "C06"
        clock.tell(kind="start")
        while clock.hear()["kind"] != "act":
            pass
        clock.tell(kind="stop")
        clock.tell(kind="advance", by_ns=NS_PER_S)
        while not (heard := clock.hear()).get("advanced"):
            assert heard["kind"] == "tick"
        clock.tell(kind="quit")
        clock.close()


def test_the_fault_box_measures_and_clears_when_its_supervisor_is_gone() -> None:
    arguments = ("--task", "F13", "--candidate", "competent")
    with live_rig("sim-body-01", *arguments) as ready:
        box = Wire(ready["fault_box"])
        box.tell(seq=1, op="arm", args={})
        assert box.hear()["result"] == "ok"
        box.tell(seq=2, op="node.power", args={"node": "SAS", "on": False})
        assert box.hear()["state"]["active"] == [
            {"op": "node.power", "component": "SAS.supply"}
        ]
        box.close()
        box = Wire(ready["fault_box"])
        box.tell(seq=3, op="measure", args={"quantity": "SAS.supply_v"})
        measured = box.hear()["state"]["measured"]
        while measured["SAS.supply_v"] == 0.0:
            box.tell(seq=4, op="measure", args={"quantity": "SAS.supply_v"})
            measured = box.hear()["state"]["measured"]
        assert measured["SAS.supply_v"] > 12
        box.close()
