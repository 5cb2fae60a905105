"""examrunner station release."""

from typing import Annotated

import typer

from examrunner.cli.output import NO, clear_errors
from examrunner.cli.station.options import Data, StationName, folder_of


def release(
    station: StationName,
    by: Annotated[str, typer.Option(help="Who has looked at the rig.")],
    data: Data = None,
) -> None:
    """Say that a locked rig is healthy again, where no screen is."""
    with clear_errors():
        from examrunner.agent.clock import wall_time
        from examrunner.agent.place import LOCK_FILE
        from examrunner.agent.rig_lock import RigLock

        lock = RigLock(folder_of(data, station) / LOCK_FILE)
        locking = lock.now
        if locking is not None:
            lock.release(by, wall_time())
    if locking is None:
        typer.echo("The rig is not locked.")
        raise typer.Exit(NO)
    typer.echo(f"Released; it was locked because {locking.reason}")
