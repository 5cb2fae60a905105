"""judge and settle: a rubric and a timeline become a score."""
