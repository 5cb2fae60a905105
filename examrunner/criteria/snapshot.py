"""A predicate at one moment, with the values that a person wants to see."""

from dataclasses import dataclass

import numpy as np

from examrunner.criteria.ecu_states import state_at, states_of
from examrunner.criteria.holding import held
from examrunner.criteria.losses import lost_on
from examrunner.criteria.matching import shown
from examrunner.criteria.predicates import Predicate, compared, evaluate
from examrunner.criteria.zones import presence
from examrunner.criteria.zones import sentence as zone_sentence
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a predicate said at a moment.

    Attributes:
        holds: Whether it held; None if the values were too old to tell.
        seen: The values as a sentence.
    """

    holds: bool | None
    seen: Sentence


def snapshot(
    timeline: Timeline, predicate: Predicate, t_ns: int, max_age_s: float | None
) -> Snapshot:
    """A predicate at ``t_ns``; values older than ``max_age_s`` are not believed.

    Raises:
        MissingError: If a signal was not recorded.
    """
    truth = evaluate(timeline, predicate, t_ns, t_ns + 1, max_age_s)
    at = np.array([t_ns], np.int64)
    known = bool(truth.known.holds(at)[0])
    parts: list[Sentence] = []
    for leaf in compared(predicate):
        seen = _seen(timeline, leaf, t_ns, max_age_s)
        if seen not in parts:
            parts.append(seen)
    return Snapshot(
        holds=bool(truth.true.holds(at)[0]) if known else None,
        seen=Sentence(key="predicate.all", values={"parts": tuple(parts)}),
    )


def _seen(
    timeline: Timeline, leaf: Predicate, t_ns: int, max_age_s: float | None
) -> Sentence:
    if leaf.uds_state is not None:
        state = state_at(states_of(timeline, leaf.uds_state.ecu), t_ns)
        values = {"signal": leaf.track, "value": state.text()}
        return Sentence(key="snapshot.was", values=values)
    if leaf.zone is not None:
        at = np.array([t_ns], np.int64)
        if lost_on(timeline, leaf.zone.camera).holds(at)[0]:
            return Sentence(key="snapshot.stale", values={"signal": leaf.track})
        inside = presence(timeline, leaf.zone).holds(at)[0]
        key = "snapshot.inside" if inside else "snapshot.outside"
        return Sentence(key=key, values={"zone": zone_sentence(leaf.zone)})
    series = timeline.series(leaf.track)
    samples = held(
        series,
        t_ns,
        t_ns + 1,
        hold_s=leaf.hold_s if max_age_s is None else max_age_s,
        require_e2e=leaf.require_e2e,
        out_of_range=leaf.out_of_range,
    )
    if not len(samples):
        return Sentence(key="snapshot.stale", values={"signal": leaf.track})
    value = shown(series, samples.row(len(samples) - 1))
    return Sentence(key="snapshot.was", values={"signal": leaf.track, "value": value})
