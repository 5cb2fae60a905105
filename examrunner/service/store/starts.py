"""Starts of stations: of two PCs with one identity only the one in line works.

Each start names the one before it. A copy of a station's disk knows an old number: it
is told so when it starts, or the other PC is, whichever started earlier.
"""

from sqlmodel import Session, col, select

from examrunner.service.clock import Clock
from examrunner.service.refusals import ConflictError
from examrunner.service.store.database import Database
from examrunner.service.tables import StationRow, StationStartRow
from examrunner.wire import StartMessage, StartRequest


class Starts:
    """Counts the starts of each station."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def claim(self, station: str, request: StartRequest) -> StartMessage:
        """The number of this start.

        Raises:
            ConflictError: If the station has started since the one that it knows.
        """
        at = self._clock()

        def work(session: Session) -> StartMessage:
            newest = _newest(session, station)
            if newest is not None and newest.claim == str(request.claim):
                return StartMessage(number=newest.number)
            last = newest.number if newest else 0
            if newest is not None and request.known < last:
                raise _copied(station, newest)
            number = max(last, request.known) + 1
            session.add(
                StationStartRow(
                    station=station,
                    generation=session.get_one(StationRow, station).generation,
                    number=number,
                    claim=str(request.claim),
                    at=at,
                )
            )
            session.flush()
            return StartMessage(number=number)

        return self._database.write(work)

    def check(self, station: str, number: int | None) -> None:
        """Whether this start of the station is its last one.

        Args:
            station: Its name.
            number: Of the start; None: somebody forwards what the station signed.

        Raises:
            ConflictError: If another PC has started since.
        """

        def work(session: Session) -> None:
            newest = _newest(session, station)
            if newest is not None and number is not None and number != newest.number:
                raise _copied(station, newest)

        self._database.read(work)


def _newest(session: Session, station: str) -> StationStartRow | None:
    return session.exec(
        select(StationStartRow)
        .join(StationRow, col(StationRow.name) == col(StationStartRow.station))
        .where(
            StationStartRow.station == station,
            StationStartRow.generation == StationRow.generation,
        )
        .order_by(col(StationStartRow.number).desc())
    ).first()


def _copied(station: str, newest: StationStartRow) -> ConflictError:
    return ConflictError(
        f"another PC has worked as {station} since {newest.at:%Y-%m-%d %H:%M} UTC: "
        "one of the two disks is a copy.",
        where=f"station {station}, start {newest.number}",
        remedy="Switch one PC off. If this one stays, run `examrunner station replace` "
        "with a new code. What it delivers is kept in the service's quarantine.",
    )
