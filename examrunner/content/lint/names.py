"""Names that the rig does not have: ECUs, cameras, bodies, buses, messages, faults."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from examrunner.content.criterion_parts import parts, texts
from examrunner.content.lint.task import Asked, Task
from examrunner.content.mistakes import nearest
from examrunner.content.schema_keys import Place
from examrunner.criteria.body_spans import BodySpan
from examrunner.criteria.camera_health import CameraHealth
from examrunner.criteria.events import Event
from examrunner.criteria.ppe import Ppe
from examrunner.criteria.target_pose import TargetPose
from examrunner.model.errors import ContentError
from examrunner.model.station import Ecu

FEWEST_IN_POOL: Final = 2
ECU_KEYS: Final = ("ecu", "ecus", "per_ecu")
MESSAGE_KEYS: Final = ("message", "messages", "frame", "crc_of")


def unknown_names(task: Task) -> Iterator[ContentError]:
    """A criterion names what its rig does not have."""
    for asked in task.asked:
        for part in parts(asked.criterion):
            yield from _of_part(task, asked, part)


def _of_part(task: Task, asked: Asked, part: Any) -> Iterator[ContentError]:
    rig = task.rig
    bodies = ("body", "reference") if isinstance(part, BodySpan | TargetPose) else ()
    listed = {
        "body": (set(rig.bodies), bodies),
        "message": (task.messages, MESSAGE_KEYS),
        "ECU": ({ecu.name for ecu in rig.ecus}, ECU_KEYS),
        "camera": ({camera.name for camera in rig.cameras}, ("camera",)),
        "bus": ({channel.name for channel in rig.channels}, ("bus", "buses")),
    }
    for what, (valid, keys) in listed.items():
        for key in keys:
            yield from _unknown(task, asked, texts(getattr(part, key, ())), valid, what)
    if isinstance(part, CameraHealth):
        valid = {camera.name for camera in rig.cameras}
        valid |= {channel.name for channel in rig.channels}
        yield from _unknown(task, asked, part.streams, valid, "camera or channel")
    if isinstance(part, Ppe):
        yield from _markers(task, asked, part)
    if isinstance(part, Event) and "node" in part.where:
        node = texts(part.where["node"])
        yield from _unknown(task, asked, node, task.nodes, "node")
    yield from _identifiers(task, asked, part)


def _unknown(
    task: Task, asked: Asked, names: Collection[str], valid: Collection[str], what: str
) -> Iterator[ContentError]:
    for name in names:
        if name not in valid and not name.startswith(("$", "0x")):
            problem = f"the rig {task.rig.name} has no {what} '{name}'."
            yield task.fail(asked, problem, nearest(name, valid), what.lower())


def _markers(task: Task, asked: Asked, part: Ppe) -> Iterator[ContentError]:
    camera = next((c for c in task.rig.cameras if c.name == part.camera), None)
    if camera is None:
        return
    known = {str(number) for number in camera.markers}
    for item, ids in {**part.items, "person": part.person}.items():
        for number in ids:
            if str(number) not in known:
                problem = (
                    f"marker {number} of '{item}' is not on the rig's list for the "
                    f"camera {camera.name}."
                )
                yield task.fail(asked, problem, nearest(str(number), known), "items")


def _identifiers(task: Task, asked: Asked, part: Any) -> Iterator[ContentError]:
    """Data identifiers and routines that an ECU does not have."""
    names = texts(getattr(part, "ecu", ""))
    found = [ecu for ecu in task.rig.ecus if ecu.name in names]
    for ecu in found:
        dids = {f"0x{did:04X}": text for did, (text, _) in ecu.dids.items()}
        routines = {f"0x{rid:04X}": text for rid, text in ecu.routines.items()}
        for did in _numbers(part, "did", "dids"):
            yield from _missing(task, asked, ecu, "data identifier", did, dids)
        for rid in _numbers(part, "rid"):
            yield from _missing(task, asked, ecu, "routine", rid, routines)


def _numbers(part: Any, *keys: str) -> Iterator[int]:
    for key in keys:
        value = getattr(part, key, None)
        for item in value if isinstance(value, tuple) else (value,):
            number = getattr(item, "did", item)
            if isinstance(number, int):
                yield number


def _missing(
    task: Task,
    asked: Asked,
    ecu: Ecu,
    what: str,
    number: int,
    known: Mapping[str, str],
) -> Iterator[ContentError]:
    name = f"0x{number:04X}"
    if known and name not in known:
        problem = f"{ecu.name} has no {what} {name}."
        yield task.fail(asked, problem, nearest(name, known), "")


def unknown_faults(task: Task) -> Iterator[ContentError]:
    """A variant injects what the rig's fault box cannot do."""
    for name, variant in task.rubric.variants.items():
        for number, command in enumerate(variant.inject):
            place: Place = ("variants", name, "inject", number)
            for operation in _operations(command):
                if operation not in task.rig.faults:
                    yield task.document.fail(
                        f"variant '{name}' injects '{operation}', which the fault box "
                        f"of {task.rig.name} cannot do.",
                        nearest(operation, task.rig.faults),
                        place,
                    )
            for node in _nodes(command):
                if node not in task.nodes:
                    yield task.document.fail(
                        f"variant '{name}' names the node '{node}', which "
                        f"{task.rig.name} lacks.",
                        nearest(node, task.nodes),
                        place,
                    )


def _nodes(command: Mapping[str, object]) -> Iterator[str]:
    yield from texts(command.get("node"))
    inner = command.get("fault")
    if isinstance(inner, Mapping):
        yield from _nodes(inner)


def _operations(command: Mapping[str, object]) -> Iterator[str]:
    operation = command.get("op")
    if isinstance(operation, str):
        yield operation
    inner = command.get("fault")
    if isinstance(inner, Mapping):
        yield from _operations(inner)


def unknown_watches(task: Task) -> Iterator[ContentError]:
    """The rubric watches or holds a signal that no database of its rig has."""
    for key, names in (("watch", task.rubric.watch), ("holds", task.rubric.holds)):
        for number, name in enumerate(names):
            if name not in task.signals:
                yield task.document.fail(
                    f"no database of {task.rig.name} has the signal '{name}'.",
                    nearest(name, task.signals),
                    (key, name if key == "holds" else number),
                )


def small_pools(task: Task) -> Iterator[ContentError]:
    """A pool so small that whoever saw one variant knows the answer."""
    pools = [variant.pool for variant in task.rubric.variants.values()]
    for pool in ("exam", "practice"):
        if pools.count(pool) < FEWEST_IN_POOL:
            yield task.document.fail(
                f"the pool '{pool}' has {pools.count(pool)} variants.",
                f"Give it {FEWEST_IN_POOL} or more.",
                ("variants",),
            )
