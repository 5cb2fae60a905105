"""examrunner station status."""

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def status(station: StationName, data: Data = None, as_json: Json = False) -> None:
    """Say who this station is and what it still has to deliver."""
    with clear_errors():
        from examrunner.agent.identity import read_enrolment
        from examrunner.delivery.outbox import Outbox

        folder = folder_of(data, station)
        enrolment = read_enrolment(folder)
        outbox = Outbox(folder / "outbox.db")
        deliveries = outbox.all()
        protocols = outbox.protocol_problems()
        outbox.close()
        found = {
            "station": enrolment.station,
            "service": enrolment.service,
            "generation": enrolment.generation,
            "delivered": sum(d.is_done for d in deliveries),
            "waiting": sum(not (d.is_done or d.is_aside) for d in deliveries),
            "aside": [
                {"attempt": d.attempt_id, "problem": d.problem}
                for d in deliveries
                if d.is_aside
            ],
            "protocols_aside": [
                {"attempt": attempt, "problem": problem}
                for attempt, problem in protocols.items()
            ],
        }
        if as_json:
            print_json(found)
            return
        typer.echo(f"{enrolment.station}, enrolled at {enrolment.service}")
        typer.echo(f"{found['delivered']} delivered, {found['waiting']} waiting")
        for delivery in deliveries:
            if delivery.is_aside:
                typer.echo(f"set aside: {delivery.attempt_id}: {delivery.problem}")
        for attempt, problem in protocols.items():
            typer.echo(f"protocol set aside: {attempt}: {problem}")
