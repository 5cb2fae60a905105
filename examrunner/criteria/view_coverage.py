"""How much of the picture the board has been in."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.protection import percent
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import ViewRules, hull_of, no_views, sorted_views
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

SHARE_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCoverage:
    """Share of picture cells with enough corners over all valid stills.

    Attributes:
        views: What makes a still count.
        score: Share of cells to share of the points.
        grid: Cells across and down.
        min_corners_per_cell: Corners that cover a cell.
    """

    views: ViewRules
    score: Scale
    grid: tuple[int, int] = (8, 6)
    min_corners_per_cell: int = 5

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "grid": f"{self.grid[0]} x {self.grid[1]}",
            "corners": self.min_corners_per_cell,
            "scale": percent(self.score),
        }
        return Sentence(key="view_coverage.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = sorted_views(hearing, self.views)
        if not found.taken:
            return no_views(hearing, self.views.camera)
        across, down = self.grid
        counts = np.zeros((down, across), np.int64)
        for view, _ in found.valid:
            width, height = view.size_px
            # Integer coordinates are pixel centres: the picture begins at -0.5.
            column = (view.corners_px[:, 0] + 0.5) / width * across
            row = (view.corners_px[:, 1] + 0.5) / height * down
            at = (
                np.clip(row.astype(np.int64), 0, down - 1),
                np.clip(column.astype(np.int64), 0, across - 1),
            )
            np.add.at(counts, at, 1)
        covered = int((counts >= self.min_corners_per_cell).sum())
        share = round(covered / counts.size, SHARE_DECIMALS)
        hull = hull_of(found.taken)
        values = {
            "cells": counts.size,
            "covered": covered,
            "share": round(100 * share, 2),
            "scale": percent(self.score),
            "span": span_of(hull),
        }
        return graded(
            self.score.fraction(share),
            Sentence(key="view_coverage.reason", values=values),
            measured=Measured(value=round(100 * share, 2), unit="%"),
            evidence=[evidence_of(self.views.camera, hull)],
        )
