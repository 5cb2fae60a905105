"""Session and security state of an ECU, followed from what it answered."""

from dataclasses import dataclass
from typing import Final

from examrunner.model.timeline import NS_PER_S

S3_NS: Final = 5 * NS_PER_S
"""Without traffic for this long a session falls back (ISO 14229-2, S3 server)."""

DEFAULT_SESSION: Final = 1

SESSION_CONTROL: Final = 0x10
ECU_RESET: Final = 0x11
SECURITY_ACCESS: Final = 0x27


@dataclass(frozen=True, slots=True, kw_only=True)
class EcuState:
    """What an ECU allows at a moment.

    Attributes:
        session: Active diagnostic session.
        unlocked: Whether security access is granted.
        heard_ns: Last payload in either direction.
    """

    session: int = DEFAULT_SESSION
    unlocked: bool = False
    heard_ns: int | None = None

    def at(self, t_ns: int) -> "EcuState":
        """The state just before something is heard at ``t_ns``."""
        expired = self.heard_ns is not None and t_ns - self.heard_ns > S3_NS
        if expired and self.session != DEFAULT_SESSION:
            return EcuState(heard_ns=self.heard_ns)
        return self

    def heard(self, t_ns: int) -> "EcuState":
        """The state after any payload at ``t_ns``: the S3 timer starts again."""
        return EcuState(session=self.session, unlocked=self.unlocked, heard_ns=t_ns)

    def granted(self, request: bytes, t_ns: int) -> "EcuState":
        """The state after a positive answer to ``request`` at ``t_ns``."""
        service = request[0] if request else None
        level = request[1] & 0x7F if len(request) > 1 else None
        if service == SESSION_CONTROL and level is not None:
            return EcuState(session=level, heard_ns=t_ns)
        if service == ECU_RESET:
            return EcuState(heard_ns=t_ns)
        if service == SECURITY_ACCESS and level is not None and level % 2 == 0:
            return EcuState(session=self.session, unlocked=True, heard_ns=t_ns)
        return self.heard(t_ns)
