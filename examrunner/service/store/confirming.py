"""Whether a station's key was compared with the words on its own screen."""

from sqlmodel import Session

from examrunner.service.refusals import ConflictError
from examrunner.service.tables import StationKeyRow, StationRow


def is_confirmed(session: Session, station: StationRow) -> bool:
    """Whether somebody has compared the key that the station has now."""
    key = (station.name, station.public_key)
    return session.get(StationKeyRow, key) is not None


def require_confirmed(session: Session, name: str) -> None:
    """No case is sealed for a key that nobody has looked at.

    Raises:
        ConflictError: If the station's key was not compared.
    """
    station = session.get_one(StationRow, name)
    if not is_confirmed(session, station):
        raise ConflictError(
            f"the key of station {name} was not confirmed.",
            where="station",
            remedy=f"Compare its words: examrunner service confirm-station {name} "
            "WORDS, as its own screen shows them.",
        )
