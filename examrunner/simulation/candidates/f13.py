"""F13: a node that is offline, or whose supply comes and goes."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
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

NODES: Final = ("VCU", "ESC", "SAS", "PED", "GW")
CAUSES: Final = (
    "supply_open", "ground_open", "supply_intermittent", "ground_intermittent",
    "bus_open", "bit_rate",
)  # fmt: skip
EVERY_ID: Final = ("0x0C0", "0x0D0", "0x0D4", "0x0E0", "0x0F0", "0x402", "0x403")
PROBE_SIGMA_V: Final = 0.03
QUIET_UNITS: Final = ("BCM", "DDM", "PDM", "IC")
"""Control units that say nothing about the fast network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms:
    """What the variant is, as far as a script has to know it.

    Attributes:
        node: The faulty node.
        missing_ids: Identifiers that are missing with it.
        cause: Right option of the form.
        component: What has to be repaired.
        witnesses: Control units that noticed.
        trigger: Right option of the form.
        nearly_trigger: Option that is half right.
    """

    node: str
    missing_ids: tuple[str, ...]
    cause: str
    component: str
    witnesses: tuple[str, ...]
    trigger: str
    nearly_trigger: str

    @property
    def intermittent(self) -> bool:
        """Whether the fault comes and goes."""
        return self.cause.endswith("intermittent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an honest candidate goes about it.

    Attributes:
        observes_s: How long the observation lasts.
        careful: Gets counts, causes and triggers right at once.
        explanation: What is written.
    """

    observes_s: float
    careful: bool
    explanation: str


HABITS: Final = {
    "competent": Habits(
        observes_s=126.0,
        careful=True,
        explanation=(
            "All messages of the node were missing or gapped while the other nodes "
            "reported lost communication. Supply and ground were measured at its "
            "plug, the contact was repaired with the ignition off, the codes were "
            "cleared and did not come back."
        ),
    ),
    "sloppy": Habits(
        observes_s=40.0, careful=False, explanation="Plug was bad, now it works."
    ),
}


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    symptoms = _symptoms(place)
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(20)
    if place.profile == "cheating":
        yield from _guess(place, symptoms)
        return
    habits = HABITS[place.profile]
    yield from scan(place, [ecu.name for ecu in place.base.description.ecus])
    missing = _missing(place, symptoms, habits)
    yield from place.type("missing_ids", missing, seconds=12)
    count = yield from _observe(place, symptoms, habits)
    yield from _measure(place, symptoms)
    yield from _diagnose(place, symptoms, habits, count)
    yield from _repair(place, symptoms)
    yield from _prove(place, symptoms)
    yield from place.type("explanation", habits.explanation, seconds=15)
    yield from finish(place)


def _symptoms(place: Workplace) -> Symptoms:
    truth = place.truth

    def texts(name: str) -> tuple[str, ...]:
        value = truth[name]
        return tuple(str(v) for v in value) if isinstance(value, Sequence) else ()

    return Symptoms(
        node=str(truth["node"]),
        missing_ids=texts("missing_ids"),
        cause=str(truth["cause"]),
        component=str(truth["component"]),
        witnesses=texts("witnesses"),
        trigger=str(truth["trigger"]),
        nearly_trigger=str(truth["trigger_half"]),
    )


def _missing(place: Workplace, symptoms: Symptoms, habits: Habits) -> list[str]:
    """The careless one forgets the third identifier, or adds a wrong one."""
    found = list(symptoms.missing_ids)
    if habits.careful:
        return found
    if len(found) > 2:
        return found[:2]
    return [*found, next(other for other in EVERY_ID if other not in found)]


def _observe(
    place: Workplace, symptoms: Symptoms, habits: Habits
) -> Generator[int | Action, None, int]:
    """Watch the bus without touching anything; returns the drop-outs."""
    yield from place.type("log", "running", seconds=4)
    begin_ns = place.now_ns
    yield seconds(habits.observes_s)
    yield Action(do="edit", body={"field": "log", "value": "done"})
    awake = place.base.electrics.nodes[symptoms.node].awake
    changes = awake.changes(begin_ns, place.now_ns)
    return sum(not value for _, value in changes) + (not awake.at(begin_ns))


def _measure(place: Workplace, symptoms: Symptoms) -> Process:
    if symptoms.intermittent:
        place.fault_box.provoke(symptoms.component)
        yield place.wait(8)
    for quantity in ("supply_v", "ground_v"):
        yield place.wait(12)
        value = place.fault_box.measure()[f"{symptoms.node}.{quantity}"]
        shown = max(0.0, place.misread(value, PROBE_SIGMA_V))
        yield Action(do="edit", body={"field": quantity, "value": f"{shown:.2f}"})


def _diagnose(
    place: Workplace, symptoms: Symptoms, habits: Habits, count: int
) -> Process:
    if symptoms.intermittent:
        said = count if habits.careful else count + 4
        yield from place.type("dropouts", str(said), seconds=6)
    else:
        lasting = "continuous" if habits.careful else "from_1_to_10_s"
        yield from place.type("duration_class", lasting, seconds=6)
    yield from hand_in(place, "node", symptoms.node)
    if not habits.careful:
        wrong = other(CAUSES, symptoms.cause)
        yield from hand_in(place, "cause", wrong)
        yield seconds(BETWEEN_TRIES_S)
    yield from hand_in(place, "cause", symptoms.cause)
    trigger = symptoms.trigger if habits.careful else symptoms.nearly_trigger
    yield from place.type("trigger", trigger, seconds=6)


def _repair(place: Workplace, symptoms: Symptoms) -> Process:
    place.base.turn_key("OFF")
    yield place.wait(5)
    yield from plug(place, symptoms.node, plugged=False)
    yield place.wait(20)
    place.fault_box.repair(symptoms.component)
    yield from plug(place, symptoms.node, plugged=True)
    yield place.wait(3)
    place.base.turn_key("ON")
    yield place.wait(4)
    yield Action(do="op", body={"op": "repair_done", "component": symptoms.component})


def _prove(place: Workplace, symptoms: Symptoms) -> Process:
    """Clear, wait, read again."""
    yield place.wait(6)
    known = {ecu.name for ecu in place.base.description.ecus}
    ecus = [e for e in (*symptoms.witnesses, symptoms.node) if e in known]
    for ecu in ecus:
        yield from place.ask(ecu, "14FFFFFF")
        yield place.wait(1)
    yield seconds(66)
    yield from scan(place, ecus)


def _guess(place: Workplace, symptoms: Symptoms) -> Process:
    """Reset, clear and try answers until the fault happens to be quiet."""
    witness = symptoms.witnesses[0]
    yield from scan(place, [witness, *QUIET_UNITS])
    yield from place.type("missing_ids", ["0x0C0"], seconds=5)
    for mark in ("running", "done"):
        yield from place.type("log", mark, seconds=4)
    yield from place.type("supply_v", "5.0", seconds=5)
    yield from place.type("ground_v", "2.0", seconds=5)
    wrong_nodes = [name for name in NODES if name != symptoms.node]
    tries = int(place.hand.integers(1, 3))
    for name in [*wrong_nodes[:tries], symptoms.node]:
        for ecu in ("GW", "BCM", "IC"):
            yield from place.ask(ecu, "1101")
            yield place.wait(2)
            yield from place.ask(ecu, "14FFFFFF")
            yield place.wait(1)
        yield from hand_in(place, "node", name)
        yield seconds(BETWEEN_TRIES_S - 9.0)
    place.base.turn_key("OFF")
    yield place.wait(4)
    yield from plug(place, symptoms.node, plugged=False)
    yield place.wait(2)
    yield from plug(place, symptoms.node, plugged=True)
    place.base.turn_key("ON")
    yield place.wait(10)
    yield from hand_in(place, "cause", other(CAUSES, symptoms.cause))
    wrong = {symptoms.trigger, symptoms.nearly_trigger}
    trigger = next(t for t in ("temperature", "none") if t not in wrong)
    yield from place.type("trigger", trigger, seconds=4)
    said = (
        {"dropouts": "15"} if symptoms.intermittent else {"duration_class": "under_1_s"}
    )
    for field, value in said.items():
        yield from place.type(field, value, seconds=4)
    yield from place.type("explanation", "Everything is fine now.", seconds=6)
    yield from finish(place)
