"""Settings of the processes, read from the environment once at start."""

import os
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


def content_roots() -> tuple[Path, ...]:
    """Content folders of ``EXAMRUNNER_CONTENT``, written as in ``PATH``."""
    listed = os.environ.get("EXAMRUNNER_CONTENT", "").split(os.pathsep)
    return tuple(Path(folder) for folder in listed if folder)


class ServiceSettings(BaseSettings):
    """What the exam service is told at start, as ``EXAMRUNNER_<NAME>``.

    Attributes:
        data: Folder of the database and the recordings.
        database_url: SQLAlchemy address; empty for SQLite in ``data``.
        lease_h: Hours for which a lease keeps other stations from its attempt.
        judge_limit_s: Longest time for judging one recording.
        read_limit_s: Longest time for verifying or showing one.
    """

    model_config = SettingsConfigDict(env_prefix="EXAMRUNNER_", frozen=True)

    data: Path = Path("examrunner-data")
    database_url: str = ""
    lease_h: float = 24.0
    judge_limit_s: float = 300.0
    read_limit_s: float = 120.0

    @property
    def address(self) -> str:
        """Where the database is."""
        return self.database_url or f"sqlite:///{self.data / 'service.db'}"
