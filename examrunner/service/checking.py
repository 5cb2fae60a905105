"""Whether what is stored is still what was stored."""

import hashlib
from dataclasses import asdict, dataclass

from examrunner.model.errors import DeliveryError
from examrunner.service.clock import wall_clock
from examrunner.service.context import open_store
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.store.soundness import changed_rows
from examrunner.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check found.

    Attributes:
        recordings: Stored recordings that were read.
        entries: Entries of the log.
        damage: One sentence for each thing that is wrong.
    """

    recordings: int
    entries: int
    damage: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """For the command line."""
        return asdict(self)


def check_all(settings: ServiceSettings) -> CheckReport:
    """Read the database, the log and every recording.

    Raises:
        DeliveryError: If there is no database to check.
    """
    if not settings.database_url and not (settings.data / "service.db").exists():
        raise DeliveryError(
            "there is no database.",
            where=str(settings.data),
            remedy="Name the folder that the service runs with: --data.",
        )
    store = open_store(settings, wall_clock)
    try:
        return _check(store, Shelf(settings.data))
    finally:
        store.close()


def _check(store: Store, shelf: Shelf) -> CheckReport:
    damage = list(store.database.damage())
    broken = store.audit.broken_at()
    if broken is not None:
        damage.append(f"log entry {broken} was changed, or one before it is missing.")
    damage.extend(changed_rows(store.database))
    packed = store.deliveries.all_packed()
    for sha256, size in packed:
        path = shelf.path_of(sha256)
        if not path.exists():
            damage.append(f"recording {sha256} is missing.")
            continue
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256 or path.stat().st_size != size:
            damage.append(f"recording {sha256} was changed.")
    head = store.audit.head()
    return CheckReport(
        recordings=len(packed),
        entries=head.number if head else 0,
        damage=tuple(damage),
    )
