"""The preflight of a station: facts are measured, then judged by pure functions."""
