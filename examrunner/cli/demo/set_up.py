"""What an administrator does before the exam day."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from examrunner.cli.demo.cast import (
    ADMINISTRATOR,
    COHORT,
    EXAMINER,
    STATIONS,
    roster,
)
from examrunner.cli.service.options import store_of
from examrunner.content.rosters import read_roster
from examrunner.service.messages import PersonRequest, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Who may do what.

    Attributes:
        administrator: Token of the administrator.
        examiner: Token of the chief examiner.
        codes: One-time code of each station.
    """

    administrator: str
    examiner: str
    codes: Mapping[str, str]


def set_up(data: Path) -> Tokens:
    """People, candidates from a CSV file, codes for stations."""
    data.mkdir(parents=True)
    file = data.parent / "roster.csv"
    file.write_text(roster(), "utf-8")
    with store_of(data, None) as store:
        administrator = PersonRequest(name=ADMINISTRATOR, role=Role.ADMINISTRATOR)
        examiner = PersonRequest(name=EXAMINER, role=Role.CHIEF_EXAMINER)
        store.rosters.keep(COHORT, read_roster(file), by=ADMINISTRATOR)
        return Tokens(
            administrator=store.people.create(administrator, by="demo").token,
            examiner=store.people.create(examiner, by=ADMINISTRATOR).token,
            codes={
                name: store.stations.give_code(name, rig, by=ADMINISTRATOR).code
                for name, rig in STATIONS.items()
            },
        )


def login_link(data: Path, address: str) -> str:
    """An address that signs the examiner in, once."""
    with store_of(data, None) as store:
        key = store.people.login_link(EXAMINER)
    return f"{address}/api/v1/session/link?key={key}"
