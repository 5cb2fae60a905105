"""Form edits, operations, truth and health from the event streams."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from examrunner.model.recording import Event
from examrunner.model.timeline import (
    NS_PER_S,
    ClockStep,
    Edit,
    Health,
    Loss,
    Op,
    Quality,
    Series,
)

PHASE: Final = "phase"
UNIT_OF_ENDING: Final = {
    "_v": "V",
    "_a": "A",
    ".v_h": "V",
    ".v_l": "V",
    ".r_hl": "Ohm",
    "_r_hl": "Ohm",
    "_gnd": "Ohm",
    "_bat": "Ohm",
}
"""How the names of fault-box quantities end, and their unit."""


def edits(events: Iterable[Event]) -> tuple[Edit, ...]:
    """Every edit and submission of the form, in order."""
    return tuple(
        Edit(
            t_ns=event.t_ns,
            field=str(event.body.get("field", "")),
            value=event.body.get("value"),
            submit=bool(event.body.get("submit", False)),
        )
        for event in events
    )


def operations(events: Iterable[Event]) -> tuple[Op, ...]:
    """Every operation, in order."""
    return tuple(
        Op(
            t_ns=event.t_ns,
            name=str(event.body.get("op", "")),
            body={key: value for key, value in event.body.items() if key != "op"},
        )
        for event in events
    )


def phases(ops: Iterable[Op], duration_ns: int) -> tuple[tuple[int, int, str], ...]:
    """(from_ns, to_ns, phase), half open; without any, all of it is ``exam``."""
    starts = [(op.t_ns, str(op.body.get(PHASE, ""))) for op in ops if op.name == PHASE]
    if not starts:
        return ((0, duration_ns + 1, "exam"),)
    ends = [*(t_ns for t_ns, _ in starts[1:]), duration_ns + 1]
    return tuple(
        (start, end, name) for (start, name), end in zip(starts, ends, strict=True)
    )


def truth(events: Iterable[Event], duration_ns: int) -> dict[str, Series]:
    """One series for each quantity that the fault box measured.

    The box writes on change, so a value holds until the next one; ``null`` says that
    the quantity cannot be measured now, and ends it.
    """
    columns: dict[str, tuple[list[int], list[float]]] = {}
    for event in events:
        for quantity, value in event.body.items():
            number = math.nan if value is None else value
            if not isinstance(number, int | float):
                continue
            times, values = columns.setdefault(quantity, ([], []))
            times.append(event.t_ns)
            values.append(number)
    hold_s = duration_ns / NS_PER_S
    return {name: _truth_series(name, *each, hold_s) for name, each in columns.items()}


def _truth_series(
    quantity: str, times: list[int], numbers: list[float], hold_s: float
) -> Series:
    values = np.array(numbers, np.float64)
    absent = np.isnan(values)
    return Series(
        name=f"fib.{quantity}",
        unit=_unit(quantity),
        t_ns=np.array(times, np.int64),
        values=values,
        raw=values.view(np.int64),
        quality=np.where(absent, Quality.NOT_AVAILABLE, Quality.OK).astype(np.uint8),
        hold_s=hold_s,
    )


def _unit(quantity: str) -> str:
    for ending, unit in UNIT_OF_ENDING.items():
        if quantity.endswith(ending):
            return unit
    return ""


def health(events: Iterable[Event], duration_ns: int) -> Health:
    """What the recorder lost, and how the wall clock moved.

    A stream that went down and never came back is lost until the end.
    """
    losses: list[Loss] = []
    steps: list[ClockStep] = []
    down: dict[str, int] = {}
    for event in events:
        body = event.body
        if "down" in body:
            down.setdefault(str(body["down"]), event.t_ns)
        if "stream" in body and "lost" in body:
            loss = _loss(event)
            losses.append(loss)
            if down.get(loss.stream) == loss.from_ns:
                del down[loss.stream]
        if (by_s := _number(body.get("clock_step_s"))) is not None:
            steps.append(ClockStep(t_ns=event.t_ns, by_s=by_s))
    losses += [
        Loss(stream=stream, from_ns=from_ns, to_ns=duration_ns)
        for stream, from_ns in down.items()
    ]
    return Health(losses=tuple(losses), clock_steps=tuple(steps))


def _loss(event: Event) -> Loss:
    """A loss without a start or an end is one at the moment it was written down."""
    body = event.body
    from_ns, to_ns = _number(body.get("from_ns")), _number(body.get("to_ns"))
    lost = _number(body.get("lost"))
    return Loss(
        stream=str(body.get("stream", "")),
        from_ns=event.t_ns if from_ns is None else int(from_ns),
        to_ns=event.t_ns if to_ns is None else int(to_ns),
        frames=None if lost is None else int(lost),
    )


def error_reporting(events: Iterable[Event]) -> frozenset[str]:
    """Channels whose adapter reports bus errors, as the recorder wrote down."""
    return frozenset(
        str(event.body.get("stream", ""))
        for event in events
        if event.body.get("error_reporting") is True
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value
