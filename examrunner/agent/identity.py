"""Who a station is: its key pair and its token, in files of one user."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.archive.durable import write_durably
from examrunner.archive.keys import generate_key, load_private_key
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.model.spoken import key_words
from examrunner.wire import EnrolRequest, enrolment_text

KEY_FILE: Final = "station-key.pem"
ENROLMENT_FILE: Final = "enrolment.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the service gave this station.

    Attributes:
        station: Station name.
        service: Address of the service.
        token: Shown to it with every request.
        generation: Counts up with every enrolment.
        service_key: Ed25519 key with which the service signs, hexadecimal; empty if
            the station enrolled with a service that had none.
    """

    station: str
    service: str
    token: str
    generation: int
    service_key: str = ""


def station_key(folder: Path) -> tuple[Path, Ed25519PrivateKey]:
    """The key of this station; made when it is first asked for.

    Raises:
        RecordingError: If the file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / KEY_FILE
    return path, load_private_key(path) if path.exists() else generate_key(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What came of an enrolment.

    Attributes:
        enrolment: What is kept.
        words: The station's key, for people to compare at both ends.
        taken_over: Attempts that another PC in this place held.
    """

    enrolment: Enrolment
    words: str
    taken_over: tuple[str, ...] = ()


def enrol(
    folder: Path,
    *,
    station: str,
    service: str,
    code: str,
    software: dict[str, str],
    replaces: bool = False,
) -> Admission:
    """Exchanges a one-time code for a token and keeps it.

    Args:
        folder: The station's data.
        station: Station name.
        service: Address of the service.
        code: The one-time code.
        software: Versions by name.
        replaces: Whether this PC takes the place of another one.

    Raises:
        DeliveryError: If the service refuses or cannot be reached.
    """
    _, key = station_key(folder)
    public_key = key.public_key().public_bytes_raw().hex()
    proof = key.sign(enrolment_text(code, station, public_key)).hex()
    client = ServiceClient(service)
    try:
        given = client.enrol(
            EnrolRequest(
                code=code,
                station=station,
                public_key=public_key,
                proof=proof,
                software=software,
                replaces=replaces,
            )
        )
    finally:
        client.close()
    enrolment = Enrolment(
        station=given.station,
        service=service,
        token=given.token,
        generation=given.generation,
        service_key=given.service_key,
    )
    _keep(folder / ENROLMENT_FILE, enrolment)
    return Admission(
        enrolment=enrolment,
        words=key_words(public_key),
        taken_over=tuple(str(one) for one in given.taken_over),
    )


def read_enrolment(folder: Path) -> Enrolment:
    """What was kept when this station enrolled.

    Raises:
        DeliveryError: If it is not enrolled.
    """
    path = folder / ENROLMENT_FILE
    try:
        kept = json.loads(path.read_bytes())
        return Enrolment(**kept)
    except (OSError, ValueError, TypeError) as error:
        raise DeliveryError(
            "this station is not enrolled.",
            where=str(path),
            remedy="Ask for a code and run `examrunner station enrol`.",
        ) from error


def _keep(path: Path, enrolment: Enrolment) -> None:
    values = {
        name: getattr(enrolment, name)
        for name in ("station", "service", "token", "generation", "service_key")
    }
    write_durably(path, json.dumps(values).encode())
    os.chmod(path, 0o600)
