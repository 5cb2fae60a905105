"""judge and settle: a rubric and a timeline become a score."""

from examrunner.scoring.judging import judge
from examrunner.scoring.settling import settle

__all__ = ["judge", "settle"]
