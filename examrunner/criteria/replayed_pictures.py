"""The same sensor noise twice: a picture that was taken before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_at, graded, moment, span_of
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.traces import PictureTrace

FEWEST_PLACES: Final = 400
MOST_LISTED: Final = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A picture that is an earlier one.

    Attributes:
        picture: The later one.
        original: The earlier one.
        recording: Digest of the recording of the earlier one; empty for this one.
        alike: Correlation of their noise, of its signs.
    """

    picture: PictureTrace
    original: PictureTrace
    recording: str
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedPictures:
    """No picture of the exam is an earlier picture.

    Two pictures of a scene that stands still look the same, but their sensor noise
    does not: where both are flat, the grain of two exposures does not correlate, that
    of a copy does, also of a brighter or re-encoded one. Pictures of equal size are
    compared, with those before them in this recording and with those of earlier ones.
    Pictures without noise (strong compression, a black picture) prove nothing; if
    there are no others, it is not measured.

    Only the sign of the grain is kept, at 1,024 places. Measured: two exposures of one
    scene reach 0.13; two of 30 real JPEG pictures of a board 0.26, because blocks of a
    JPEG repeat; a copy in JPEG quality 95 has 0.39, in 98 0.81, in 99 0.92. A copy in
    quality 90 is not recognised.

    Attributes:
        cameras: Whose pictures; empty for all cameras.
        alike: Correlation of the signs of the noise from which two pictures are the
            same, 0 to 1; 0.33 are those of noise that correlates by 0.5.
    """

    cameras: tuple[str, ...] = ()
    alike: float = 0.33

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(key="replayed_pictures.rule")

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question.

        Raises:
            MissingError: If no picture of the exam has noise.
        """
        clock = hearing.clock
        exam = Spans.of([(clock.start_ns, clock.stop_ns)])
        taken = [
            trace
            for trace in hearing.timeline.pictures
            if clock.start_ns <= trace.t_ns < clock.stop_ns
            and (not self.cameras or trace.camera in self.cameras)
            and _is_grainy(trace)
        ]
        if not taken:
            raise MissingError("noisy_pictures")
        copies = sorted(
            self._copies(taken, hearing), key=lambda each: each.picture.t_ns
        )
        if not copies:
            values = {"pictures": len(taken), "span": span_of(exam)}
            return graded(1.0, Sentence(key="replayed_pictures.none", values=values))
        return _found(copies)

    def _copies(
        self, taken: Sequence[PictureTrace], hearing: Hearing
    ) -> Iterator[Copy]:
        for size_px, group in groupby(sorted(taken, key=_size), _size):
            pictures = sorted(group, key=lambda trace: trace.t_ns)
            alike = np.tril(_alike(pictures, pictures), -1)
            yield from self._above(alike, pictures, pictures, "")
            for earlier in hearing.earlier:
                others = [
                    trace
                    for trace in earlier.pictures
                    if trace.size_px == size_px and _is_grainy(trace)
                ]
                if others:
                    alike = _alike(pictures, others)
                    yield from self._above(alike, pictures, others, earlier.digest)

    def _above(
        self,
        alike: Floats,
        pictures: Sequence[PictureTrace],
        others: Sequence[PictureTrace],
        recording: str,
    ) -> Iterator[Copy]:
        best = alike.argmax(axis=1)
        for row in np.flatnonzero(alike.max(axis=1) >= self.alike).tolist():
            yield Copy(
                picture=pictures[row],
                original=others[best[row]],
                recording=recording,
                alike=float(alike[row, best[row]]),
            )


def _size(trace: PictureTrace) -> tuple[int, int]:
    return trace.size_px


def _is_grainy(trace: PictureTrace) -> bool:
    return int(np.bitwise_count(trace.flat).sum()) >= FEWEST_PLACES


def _alike(one: Sequence[PictureTrace], other: Sequence[PictureTrace]) -> Floats:
    """Correlation (n, m) of the grain's signs at the places where both are flat."""
    grains = np.stack([trace.grain for trace in other])
    flats = np.stack([trace.flat for trace in other])
    found = np.zeros((len(one), len(other)))
    for row, trace in enumerate(one):
        both = flats & trace.flat
        places = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        differ = np.bitwise_count((grains ^ trace.grain) & both).sum(
            axis=1, dtype=np.int64
        )
        known = places >= FEWEST_PLACES
        found[row, known] = 1 - 2 * differ[known] / places[known]
    return found


def _found(copies: Sequence[Copy]) -> Judgement:
    first = copies[0]
    before = Sentence(
        key="replayed.here", values={"moment": moment(first.original.t_ns)}
    )
    if first.recording:
        values = {"recording": first.recording[:12]}
        before = Sentence(key="replayed.there", values=values)
    pictures = {(copy.picture.camera, copy.picture.picture) for copy in copies}
    shown = [evidence_at(copy.picture.camera, copy.picture.t_ns) for copy in copies]
    return graded(
        0.0,
        Sentence(
            key="replayed_pictures.reason",
            values={
                "camera": first.picture.camera,
                "count": len(pictures),
                "moment": moment(first.picture.t_ns),
                "alike": round(first.alike, 2),
                "before": before,
            },
        ),
        measured=Measured(value=float(len(pictures))),
        evidence=list(dict.fromkeys(shown))[:MOST_LISTED],
        details={"count": float(len(pictures))},
    )
