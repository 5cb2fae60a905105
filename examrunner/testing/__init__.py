"""Builders and contract tests for those who add drivers; never used at run time."""
