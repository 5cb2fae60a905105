"""A worked example from an attempt: begin in ``making``."""
