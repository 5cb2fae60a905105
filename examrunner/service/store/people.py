"""People and machines, and the tokens that they hold."""

import json
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select, update

from examrunner.model.digests import digest_of
from examrunner.service.actors import Actor
from examrunner.service.clock import Clock
from examrunner.service.identifiers import new_token
from examrunner.service.messages import (
    PersonMessage,
    PersonRequest,
    Role,
    SessionMessage,
    TokenMessage,
)
from examrunner.service.refusals import ConflictError, UnknownError, sign_in_first
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import ActorRow, TokenRow

SESSION_LIFE: Final = timedelta(hours=12)
LINK_LIFE: Final = timedelta(hours=1)


class People:
    """Reads and writes people and tokens; tokens are stored by their SHA-256."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, request: PersonRequest, *, by: str) -> TokenMessage:
        """Add a person, or give one who lost his token another.

        Raises:
            ConflictError: If somebody of that name has another role.
        """
        at = self._clock()

        def work(session: Session) -> TokenMessage:
            row = session.get(ActorRow, request.name)
            if row is None:
                row = ActorRow(
                    name=request.name,
                    role=request.role,
                    courses=json.dumps(request.courses),
                    candidate=request.candidate or "",
                    created_at=at,
                )
                session.add(row)
            elif row.role != request.role:
                raise ConflictError(
                    f"{request.name} is {row.role} already.",
                    where="name",
                    remedy="Choose another name, for example with the department.",
                )
            Deed(session, at, by).log(
                "person.token", request.name, role=request.role, courses=request.courses
            )
            return give_token(session, row, at=at)

        return self._database.write(work)

    def listed(self) -> list[PersonMessage]:
        """Everybody but stations, by name."""

        def work(session: Session) -> list[PersonMessage]:
            rows = session.exec(
                select(ActorRow)
                .where(ActorRow.role != Role.STATION)
                .order_by(col(ActorRow.name))
            )
            return [
                PersonMessage(
                    name=row.name,
                    role=Role(row.role),
                    courses=json.loads(row.courses),
                    candidate=row.candidate or None,
                    created_at=row.created_at,
                )
                for row in rows
            ]

        return self._database.read(work)

    def withdraw(self, name: str, *, by: str) -> None:
        """End every token of a person; what the person did stays.

        Raises:
            UnknownError: If nobody has that name.
        """
        at = self._clock()

        def work(session: Session) -> None:
            _person(session, name)
            end_tokens(session, name, at=at)
            Deed(session, at, by).log("person.withdraw", name)

        self._database.write(work)

    def actor_of(self, token: str) -> Actor:
        """Who holds this token.

        Raises:
            NotSignedInError: If nobody does (any more).
        """
        at = self._clock()

        def work(session: Session) -> Actor:
            row = _good(session, token, at=at, once=False)
            return _actor(session.get_one(ActorRow, row.actor))

        return self._database.read(work)

    def start_session(self, token: str, *, once: bool) -> tuple[str, SessionMessage]:
        """Exchange a token, or a login link's, for a session that ends by itself.

        Raises:
            NotSignedInError: If the token is not good.
        """
        at = self._clock()

        def work(session: Session) -> tuple[str, SessionMessage]:
            row = _good(session, token, at=at, once=once)
            if once:
                row.ended_at = at
            actor = session.get_one(ActorRow, row.actor)
            given = give_token(session, actor, at=at, life=SESSION_LIFE)
            return given.token, SessionMessage(name=actor.name, role=Role(actor.role))

        return self._database.write(work)

    def end_session(self, token: str) -> None:
        """End one token; an unknown one is as ended as can be."""
        at = self._clock()

        def work(session: Session) -> None:
            row = session.get(TokenRow, digest_of(token.encode()))
            if row is not None and row.ended_at is None:
                row.ended_at = at

        self._database.write(work)

    def login_link(self, name: str) -> str:
        """A token that signs this person in once, within the hour.

        Raises:
            UnknownError: If nobody has that name.
        """
        at = self._clock()

        def work(session: Session) -> str:
            row = _person(session, name)
            return give_token(session, row, at=at, life=LINK_LIFE, once=True).token

        return self._database.write(work)


def give_token(
    session: Session,
    actor: ActorRow,
    *,
    at: datetime,
    life: timedelta | None = None,
    once: bool = False,
) -> TokenMessage:
    """A new token for this actor; only its digest is kept."""
    token = new_token()
    session.flush()
    session.add(
        TokenRow(
            digest=digest_of(token.encode()),
            actor=actor.name,
            once=once,
            created_at=at,
            expires_at=at + life if life else None,
        )
    )
    return TokenMessage(name=actor.name, role=Role(actor.role), token=token)


def end_tokens(session: Session, actor: str, *, at: datetime) -> None:
    """End whatever tokens an actor still holds."""
    session.exec(
        update(TokenRow)
        .where(col(TokenRow.actor) == actor, col(TokenRow.ended_at).is_(None))
        .values(ended_at=at)
    )


def _person(session: Session, name: str) -> ActorRow:
    row = session.get(ActorRow, name)
    if row is None:
        raise UnknownError(
            f"nobody is called {name!r}.",
            where="name",
            remedy="GET people lists everybody.",
        )
    return row


def _good(session: Session, token: str, *, at: datetime, once: bool) -> TokenRow:
    row = session.get(TokenRow, digest_of(token.encode()))
    if row is None or row.ended_at is not None or row.once != once:
        raise sign_in_first()
    if row.expires_at is not None and row.expires_at <= at:
        raise sign_in_first()
    return row


def _actor(row: ActorRow) -> Actor:
    return Actor(
        name=row.name,
        role=Role(row.role),
        courses=tuple(json.loads(row.courses)),
        candidate=row.candidate,
        station=row.station,
    )
