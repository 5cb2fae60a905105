"""F14: a pedal sensor that is stuck, wrong or without its reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.body import BodyNetwork
from examrunner.simulation.candidates.diagnosis import (
    BETWEEN_TRIES_S,
    finish,
    hand_in,
    other,
    plug,
    scan,
)
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.training_rig import TrainingRig

COMPONENTS: Final = ("app1", "app2", "vref1", "vref2", "ground")
TYPES: Final = ("stuck", "offset", "short_gnd", "resistance", "open")
NODES: Final = ("VCU", "ESC", "SAS", "GW", "IC")
SWEEP_S: Final = 9.0
POLLS: Final = 8
PROBE_SIGMA_V: Final = 0.02
CARELESS_SIGMA_V: Final = 0.035
SLIP_V: Final = 0.25
"""What the careless one reads wrongly once."""
MEASURED: Final = {"vref": "vref1_v", "app1": "app1_v", "app2": "app2_v"}
MADE_UP: Final = {
    "vref_rest": "5.0", "vref_full": "2.0", "app1_rest": "2.2", "app1_full": "3.1",
    "app2_rest": "1.4", "app2_full": "2.7",
}  # fmt: skip
LUCK: Final = 0.5
"""How often a cheat's second guess is right."""
CHAIN: Final = (
    "The reference or the sensor voltage is wrong, so signal 1 and signal 2 no longer "
    "agree; the control unit sets the code, ignores the pedal and limits the torque."
)
EXPLANATION: Final = (
    "Codes and freeze frame were read, live data watched over a slow sweep, reference "
    "and both signals measured at the plug, the fault repaired with the ignition off "
    "and the second sweep showed that both signals agree again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms:
    """What the variant is, as far as a script has to know it."""

    dtc: str
    component: str
    fault_type: str
    repair: str


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on and the pedal released."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    if not isinstance(rig, BodyNetwork):
        raise TypeError(type(rig).__name__)
    symptoms = _symptoms(place.truth)
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(18)
    if place.profile == "cheating":
        yield from _guess(place, symptoms)
        return
    careful = place.profile == "competent"
    yield from scan(place, NODES)
    if careful:
        code = bytes.fromhex(str(place.truth["dtc_bytes"])).hex()
        yield from place.ask("VCU", f"1904{code}FF")
        yield place.wait(3)
    yield from place.type("dtc", symptoms.dtc, seconds=8)
    yield from _sweep(place, rig, polling=True)
    yield from _measure(place, rig, careful=careful)
    yield from hand_in(place, "component", symptoms.component)
    named = symptoms.fault_type if careful else other(TYPES, symptoms.fault_type)
    yield from hand_in(place, "fault_type", named)
    if not careful:
        yield from _write(place, "Bad sensor signal.", "Sensor was bad, now it works.")
    yield from _repair(place, symptoms)
    yield from place.ask("VCU", "14FFFFFF")
    yield place.wait(3)
    if careful:
        yield from _sweep(place, rig, polling=False)
    yield place.wait(4)
    yield from place.ask("VCU", "1902FF")
    if careful:
        yield from _write(place, CHAIN, EXPLANATION)
        yield seconds(22)
    yield from finish(place)


def _symptoms(truth: Mapping[str, object]) -> Symptoms:
    return Symptoms(
        dtc=str(truth["dtc"]),
        component=str(truth["component"]),
        fault_type=str(truth["fault_type"]),
        repair=str(truth["repair"]),
    )


def _sweep(place: Workplace, rig: BodyNetwork, *, polling: bool) -> Process:
    """Press the pedal slowly to the end and release it again."""
    rig.press(1.0, SWEEP_S)
    for _ in range(POLLS if polling else 1):
        yield seconds(SWEEP_S / POLLS)
        if polling:
            yield from place.ask("VCU", "22080308040805")
    yield seconds(SWEEP_S)
    rig.press(0.0, SWEEP_S / 2)
    yield seconds(SWEEP_S / 2 + 1)


def _measure(place: Workplace, rig: BodyNetwork, *, careful: bool) -> Process:
    """Reference and both signals at the plug, released and pressed."""
    sigma = PROBE_SIGMA_V if careful else CARELESS_SIGMA_V
    for position, name in ((0.0, "rest"), (0.9, "full")):
        rig.press(position, 2.0)
        yield seconds(4)
        for field, quantity in MEASURED.items():
            yield place.wait(6)
            volt = place.fault_box.measure()[f"PED.{quantity}"]
            shown = max(0.0, place.misread(volt, sigma))
            if not careful and (field, name) == ("app2", "full"):
                shown += SLIP_V
            value = f"{shown:.2f}"
            yield Action(do="edit", body={"field": f"{field}_{name}", "value": value})
    rig.press(0.0, 2.0)
    yield seconds(3)


def _repair(place: Workplace, symptoms: Symptoms) -> Process:
    place.base.turn_key("OFF")
    yield place.wait(5)
    yield from plug(place, "PED", plugged=False)
    yield place.wait(25)
    place.fault_box.repair(symptoms.repair)
    yield from plug(place, "PED", plugged=True)
    yield place.wait(3)
    place.base.turn_key("ON")
    yield place.wait(4)
    yield Action(do="op", body={"op": "repair_done", "component": symptoms.repair})
    yield place.wait(3)


def _write(place: Workplace, chain: str, explanation: str) -> Process:
    yield from place.type("chain", chain, seconds=9)
    yield from place.type("explanation", explanation, seconds=6)


def _guess(place: Workplace, symptoms: Symptoms) -> Process:
    """Clear first, read what comes back, make everything else up."""
    yield from place.ask("VCU", "14FFFFFF")
    yield place.wait(5)
    yield from scan(place, ["VCU"])
    yield from place.type("dtc", symptoms.dtc, seconds=5)
    for field, value in MADE_UP.items():
        yield from place.type(field, value, seconds=4)
    for field, options, right in (
        ("component", COMPONENTS, symptoms.component),
        ("fault_type", TYPES, symptoms.fault_type),
    ):
        yield from hand_in(place, field, other(options, right))
        if place.hand.random() < LUCK:
            yield seconds(BETWEEN_TRIES_S)
            yield from hand_in(place, field, right)
    place.base.turn_key("OFF")
    yield place.wait(4)
    yield from plug(place, "PED", plugged=False)
    yield place.wait(2)
    yield from plug(place, "PED", plugged=True)
    place.base.turn_key("ON")
    yield place.wait(10)
    yield from _write(place, "The code says it.", "Everything is fine now.")
    yield from place.ask("VCU", "14FFFFFF")
    yield from finish(place)
