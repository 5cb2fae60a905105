"""Anybody who knows nothing: asks control units at random and types at random."""

import base64
from collections.abc import Sequence
from typing import Final, TypeVar

from examrunner.model.rubric import Field
from examrunner.model.station import Ecu
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace

Option = TypeVar("Option")

REQUESTS: Final = 25
PICTURES: Final = 3
ORDINARY: Final = ("0", "1", "2", "5", "10", "12.6", "30", "60", "90", "120", "500")
"""Numbers that somebody types who has no idea."""
WORDS: Final = ("The sensor was faulty.", "Cable replaced.", "都正常。", "Calibrated.")
SAFE_REQUESTS: Final = ("1902FF", "1003", "3E00", "14FFFFFF", "22F190", "0101")


def script(place: Workplace, task: Process) -> Process:
    """Harmless requests, a few pictures, a repair on suspicion, answers, stop."""
    task.close()
    place.work_area.enter(())
    yield place.wait(20)
    for _ in range(REQUESTS):
        ecu = _one_of(place, place.base.description.ecus)
        yield from place.ask(ecu.name, _request(place, ecu))
        yield place.wait(3)
    yield from _pictures(place)
    yield from _repair(place)
    for field in place.form:
        yield from place.type(field.id, _answer(place, field), seconds=5)
    yield place.wait(5)
    yield Action(do="submit")
    yield place.wait(3)
    yield Action(do="stop")


def _request(place: Workplace, ecu: Ecu) -> str:
    known = [*SAFE_REQUESTS, *(f"22{did:04X}" for did in ecu.dids)]
    known += [f"31{sub}{number:04X}" for number in ecu.routines for sub in ("01", "03")]
    return _one_of(place, known)


def _pictures(place: Workplace) -> Process:
    for camera in place.base.description.cameras:
        if camera.role == "calibrated":
            for _ in range(PICTURES):
                yield place.wait(6)
                yield Action(do="capture", body={"camera": camera.name})


def _repair(place: Workplace) -> Process:
    """Mend a part by suspicion, with the key off as the safety sheet says."""
    if not place.fault_box.state()["active"]:
        return
    nodes = sorted(place.base.electrics.nodes)
    part = f"{_one_of(place, nodes)}.{_one_of(place, ('supply', 'ground'))}"
    place.base.turn_key("OFF")
    yield place.wait(6)
    place.fault_box.repair(part)
    yield place.wait(20)
    place.base.turn_key("ON")
    yield place.wait(4)
    yield Action(do="op", body={"op": "repair_done", "component": part})


def _answer(place: Workplace, field: Field) -> object:
    match field.type:
        case "choice":
            return _one_of(place, list(field.options))
        case "multi":
            return [name for name in field.options if place.hand.random() < 0.5]
        case "table":
            return {row: _one_of(place, ORDINARY) for row in field.rows}
        case "dtc":
            return _code(place)
        case "file":
            return _file(place, field)
        case "text":
            return _one_of(place, WORDS)
        case _:
            return _one_of(place, ORDINARY)


def _code(place: Workplace) -> str:
    codes = [c for ecu in place.base.description.ecus for c, _ in ecu.dtcs.values()]
    return _one_of(place, codes) if codes else "P0000"


def _file(place: Workplace, field: Field) -> dict[str, str]:
    content = f"{field.id}: {place.hand.random():.6f}\n".encode()
    return {
        "name": f"{field.id}.yaml",
        "media_type": "application/yaml",
        "base64": base64.b64encode(content).decode(),
    }


def _one_of(place: Workplace, options: Sequence[Option]) -> Option:
    return options[int(place.hand.integers(len(options)))]
