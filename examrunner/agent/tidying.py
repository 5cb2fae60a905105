"""What a station forgets once the service has signed for it."""

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.place import Place
from examrunner.agent.states import Phase, Signal, step
from examrunner.delivery.outbox import Outbox


def forget_delivered(place: Place, outbox: Outbox) -> None:
    """Deletes the secrets and the packed copy of what a receipt covers.

    Raises:
        RecordingError: If the disk refuses.
    """
    for delivery in outbox.all():
        files = AttemptFiles(folder=place.attempts / delivery.attempt_id)
        if not (delivery.is_done and files.holds_secrets):
            continue
        if place.receipts.of(delivery) is None:
            continue
        progress = files.progress()
        if progress.phase is not Phase.DELIVERED:
            files.keep(step(progress, Signal.DELIVER))
        files.tidy()
