"""Stations: codes, enrolment, keys and generations."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import JsonValue
from sqlmodel import Session, col, select

from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.spoken import key_words
from examrunner.service.clock import Clock
from examrunner.service.identifiers import new_enrolment_code
from examrunner.service.messages import EnrolmentCodeMessage, Role, StationMessage
from examrunner.service.refusals import (
    ConflictError,
    NotSignedInError,
    UnknownError,
)
from examrunner.service.store import documents
from examrunner.service.store.audit import Deed
from examrunner.service.store.confirming import is_confirmed
from examrunner.service.store.database import Database
from examrunner.service.store.leases import take_from
from examrunner.service.store.people import end_tokens, give_token
from examrunner.service.store.signing import signing_key
from examrunner.service.tables import (
    ActorRow,
    EnrolmentCodeRow,
    StationKeyRow,
    StationRow,
)
from examrunner.wire import Enrolled, EnrolRequest, enrolment_text

CODE_LIFE: Final = timedelta(hours=24)


class Stations:
    """Reads and writes stations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def give_code(self, name: str, rig: str, *, by: str) -> EnrolmentCodeMessage:
        """A code with which this station enrols once.

        Raises:
            ConflictError: If the station exists with another rig type.
        """
        at = self._clock()
        code = new_enrolment_code()

        def work(session: Session) -> EnrolmentCodeMessage:
            row = session.get(StationRow, name)
            if row is None:
                session.add(StationRow(name=name, rig=rig))
                session.flush()
            elif row.rig != rig:
                raise ConflictError(
                    f"station {name} has a rig of type {row.rig}.",
                    where="rig",
                    remedy=f"Say {row.rig}, or give the new place a name of its own.",
                )
            expires_at = at + CODE_LIFE
            session.add(
                EnrolmentCodeRow(
                    digest=digest_of(code.encode()), station=name, expires_at=expires_at
                )
            )
            Deed(session, at, by).log("station.code", name)
            return EnrolmentCodeMessage(station=name, code=code, expires_at=expires_at)

        return self._database.write(work)

    def enrol(self, request: EnrolRequest) -> Enrolled:
        """Exchange a code and a key for a token; earlier tokens end.

        The same code with the same key gets another token, because the answer to the
        first request may have been lost.

        Raises:
            NotSignedInError: If the code, or the proof of the key, is not good.
        """
        at = self._clock()
        _check_proof(request)

        def work(session: Session) -> Enrolled:
            code = _good_code(session, request, at=at)
            station = session.get_one(StationRow, code.station)
            taken_over: list[UUID] = []
            if code.used_at is None:
                if request.replaces:
                    deed = Deed(session, at, f"station/{station.name}")
                    taken_over = take_from(deed, station.name)
                code.used_at = at
                station.public_key = request.public_key
                station.generation += 1
                station.enrolled_at = at
            actor = _station_actor(session, station.name, at=at)
            end_tokens(session, actor.name, at=at)
            Deed(session, at, actor.name).log(
                "station.enrol",
                station.name,
                public_key=request.public_key,
                generation=station.generation,
            )
            return Enrolled(
                service_key=signing_key(session).public_key().public_bytes_raw().hex(),
                station=station.name,
                rig=station.rig,
                token=give_token(session, actor, at=at).token,
                generation=station.generation,
                at=at,
                taken_over=taken_over,
            )

        return self._database.write(work)

    def confirm(self, name: str, words: str, *, by: str) -> None:
        """Somebody has read these words on the station's own screen.

        Raises:
            UnknownError: If no such station has enrolled.
            ConflictError: If its key has other words.
        """
        at = self._clock()

        def work(session: Session) -> None:
            row = session.get(StationRow, name)
            if row is None or not row.public_key:
                raise UnknownError(
                    f"no station called {name} has enrolled.",
                    where="station",
                    remedy="Enrol it first: examrunner station enrol.",
                )
            if key_words(row.public_key) != "-".join(
                words.lower().replace("-", " ").split()
            ):
                raise ConflictError(
                    f"the key that enrolled as {name} has other words.",
                    where="words",
                    remedy="Read them again at the station; if they stay different, "
                    "somebody else used its code: give it a new one.",
                )
            if not is_confirmed(session, row):
                session.add(
                    StationKeyRow(station=name, public_key=row.public_key, by=by, at=at)
                )
                Deed(session, at, by).log(
                    "station.confirm", name, public_key=row.public_key
                )

        self._database.write(work)

    def compared_keys(self, name: str) -> frozenset[str]:
        """Keys, also earlier ones, that people compared with the station's screen."""

        def work(session: Session) -> frozenset[str]:
            query = select(StationKeyRow.public_key).where(
                StationKeyRow.station == name
            )
            return frozenset(session.exec(query))

        return self._database.read(work)

    def keep_references(
        self, name: str, references: Mapping[str, JsonValue], *, by: str
    ) -> None:
        """Keep what a technician measured on a rig; exams made from now on use it.

        Raises:
            UnknownError: If there is no such station.
        """
        at = self._clock()
        content = canonical_json(dict(references))

        def work(session: Session) -> None:
            row = session.get(StationRow, name)
            if row is None:
                raise UnknownError(
                    f"no station is called {name}.",
                    where="station",
                    remedy="GET stations lists them.",
                )
            row.references = documents.keep(session, content, "application/json")
            Deed(session, at, by).log("station.references", name, digest=row.references)

        self._database.write(work)

    def listed(self) -> list[StationMessage]:
        """All stations by name, without their live state."""

        def work(session: Session) -> list[StationMessage]:
            rows = session.exec(select(StationRow).order_by(col(StationRow.name)))
            return [
                StationMessage(
                    name=row.name,
                    rig=row.rig,
                    generation=row.generation,
                    key=row.public_key[:16],
                    words=key_words(row.public_key) if row.public_key else "",
                    is_confirmed=is_confirmed(session, row),
                )
                for row in rows
            ]

        return self._database.read(work)


def _check_proof(request: EnrolRequest) -> None:
    text = enrolment_text(request.code, request.station, request.public_key)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(request.public_key))
        key.verify(bytes.fromhex(request.proof), text)
    except (InvalidSignature, ValueError):
        raise NotSignedInError(
            "the proof does not show that the station holds its key.",
            where="proof",
            remedy="Sign enrolment_text(code, station, public_key) with that key.",
        ) from None


def _good_code(
    session: Session, request: EnrolRequest, *, at: datetime
) -> EnrolmentCodeRow:
    row = session.get(EnrolmentCodeRow, digest_of(request.code.encode()))
    if row is None:
        raise _bad_code(request, "is not known; it may have been mistyped")
    if row.station != request.station:
        raise _bad_code(request, "is for another station")
    if not _unused_or_same_key(session, row, request):
        raise _bad_code(request, "was used already, by another key")
    if at >= row.expires_at:
        until = row.expires_at.isoformat(timespec="minutes")
        raise _bad_code(request, f"was good until {until}")
    return row


def _bad_code(request: EnrolRequest, why: str) -> NotSignedInError:
    return NotSignedInError(
        f"the enrolment code {why}.",
        where="code",
        remedy=f"Ask for a new one: examrunner service enrol-code {request.station}.",
    )


def _unused_or_same_key(
    session: Session, row: EnrolmentCodeRow, request: EnrolRequest
) -> bool:
    if row.used_at is None:
        return True
    return session.get_one(StationRow, row.station).public_key == request.public_key


def _station_actor(session: Session, name: str, *, at: datetime) -> ActorRow:
    actor = session.get(ActorRow, f"station/{name}")
    if actor is None:
        actor = ActorRow(
            name=f"station/{name}", role=Role.STATION, station=name, created_at=at
        )
        session.add(actor)
    return actor
