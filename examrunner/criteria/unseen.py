"""What did not happen, or happened while the recorder was not looking."""

from collections.abc import Iterable

import numpy as np

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.events import Event
from examrunner.criteria.losses import lost_for
from examrunner.criteria.predicates import Predicate, compared
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.unheard import unheard, unheard_times
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement


def unseen_event(hearing: Hearing, event: Event, window: Spans) -> Judgement | None:
    """The judgement if the recorder lost too much to say that it never happened.

    Only events of signals, steps and diagnostics are asked about; None where enough was
    recorded.
    """
    if event.uds is not None:
        return unheard(hearing, [event.uds], window)
    tracks = [event.signal] if event.signal else []
    if event.step is not None:
        tracks.append(event.step.signal)
    if event.holds is not None:
        tracks += [leaf.track for leaf in compared(event.holds)]
    return _lost(hearing, tracks, window)


def unseen_times(hearing: Hearing, event: Event, window: Spans) -> Times:
    """Moments at which a diagnostic event may have happened unseen.

    A signal's event is as good as its samples: ``unseen_event`` says when too many of
    them were lost.
    """
    if event.uds is None:
        return np.zeros(0, np.int64)
    return unheard_times(hearing, event.uds, window)


def unseen_state(hearing: Hearing, state: Predicate, window: Spans) -> Judgement | None:
    """The same for a claim that seems never to have held."""
    return _lost(hearing, [leaf.track for leaf in compared(state)], window)


def _lost(hearing: Hearing, tracks: Iterable[str], window: Spans) -> Judgement | None:
    for track in tracks:
        unknown_ns = (window & lost_for(hearing, track)).total_ns
        if unknown_ns > MOST_UNKNOWN * window.total_ns:
            return recorder_lost(track, window, unknown_ns)
    return None
