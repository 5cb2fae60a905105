"""Who sits at the station and under whom: an attempt as its screens know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from examrunner.agent.console.invigilation import Invigilation
from examrunner.agent.console.proof import Proof, proof_of
from examrunner.agent.console.sessions import Role
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.desk import NotNowError
from examrunner.agent.ledger import ledger_digest
from examrunner.model.protocol import Entry

SIGN: Final = "sign"
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One attempt at this station.

    Attributes:
        attempt_id: Attempt.
        task: Task id.
        sitting: What the candidate does.
        invigilation: What examiners do.
        names: Names of candidates by code; empty if the station knows none.
        sign: Signs with the station's key.
        wall_time: Now, ISO 8601 with zone.
    """

    attempt_id: str
    task: str
    sitting: Sitting
    invigilation: Invigilation
    names: Mapping[str, str]
    sign: Sign
    wall_time: Callable[[], str]

    @property
    def candidate(self) -> str:
        """Code of who sits here."""
        return self.invigilation.seated

    @property
    def name(self) -> str:
        """Name of who sits here; empty if the station does not know it."""
        return self.names.get(self.candidate, "")

    @property
    def ledger(self) -> str:
        """SHA-256 of the ledger of pauses and credits as it is now."""
        progress = self.sitting.progress
        return ledger_digest(progress.pauses, progress.credits)

    @property
    def is_over(self) -> bool:
        """Whether the exam time has ended."""
        return self.sitting.progress.stopped_ns is not None

    def confirm_identity(self) -> None:
        """The candidate says: this is me."""
        if not self.invigilation.is_confirmed:
            self.invigilation.protocol.add(
                "identity", by=self.candidate, role=Role.CANDIDATE.value
            )

    def proof(self) -> Proof:
        """That the submission is on this station's disk.

        Raises:
            NotNowError: If the attempt has not stopped.
        """
        if not self.is_over:
            raise _not_stopped()
        entries = self.invigilation.protocol.of("proof")
        if not entries:
            made = proof_of(
                self.attempt_id,
                self.candidate,
                self.sitting.answers,
                at=self.wall_time(),
                sign=self.sign,
            )
            said = {"text": made.text}
            self.invigilation.protocol.add("proof", by="", role="station", **said)
            return made
        return Proof(text=str(entries[0].said["text"]))

    def put_signature(self, by: str, role: Role) -> None:
        """Somebody signs the ledger as it is now, with his or her code.

        Raises:
            NotNowError: If the attempt has not stopped.
        """
        if not self.is_over:
            raise _not_stopped()
        self.invigilation.protocol.add(SIGN, by=by, role=role.value, ledger=self.ledger)

    def signatures(self) -> list[dict[str, Any]]:
        """Who has signed, and whether it is this ledger."""
        return [
            {**_signature(entry), "holds": entry.said["ledger"] == self.ledger}
            for entry in self.invigilation.protocol.of(SIGN)
        ]


def _signature(entry: Entry) -> dict[str, str]:
    return {"by": entry.by, "role": entry.role, "at": entry.at}


def _not_stopped() -> NotNowError:
    return NotNowError(
        "the attempt still runs.",
        where="station",
        remedy="Wait for its end.",
    )
