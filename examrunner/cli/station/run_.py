"""examrunner station run."""

from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors
from examrunner.cli.station.options import Data, StationName, folder_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from examrunner.agent.simulated_rig import Casting

PROFILE = "competent"
BY_HAND = "by-hand"


def run(
    station: StationName,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Start a simulated rig.")
    ] = False,
    service: Annotated[
        str | None, typer.Option(help="Address of the service, if it has moved.")
    ] = None,
    data: Data = None,
    speed: Annotated[
        float, typer.Option(min=0.01, help="Simulated: rig time per time.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Simulated: of all chance.")] = 1,
    play: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CANDIDATE=]PROFILE",
            help="Simulated: who works, competent, sloppy, cheating, or by-hand (the "
            "console); may be given several times.",
        ),
    ] = None,
    console: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=0,
            max=65535,
            help="Show sheet, form and bench tool on 127.0.0.1:PORT; 0: any free one.",
        ),
    ] = None,
    content: ContentRoots = None,
) -> None:
    """Run a station until it is stopped: lease, capture, score, deliver."""
    with clear_errors():
        from examrunner.agent.running import run_station

        run_station(
            station,
            search=search_path(content),
            roots=tuple(content or ()),
            data=folder_of(data, station),
            service=service,
            castings=_castings(play, speed, seed) if simulated else {},
            say=lambda line: typer.echo(line, err=True),
            console_port=console,
        )


def _castings(
    play: list[str] | None, speed: float, seed: int
) -> "Mapping[str, Casting]":
    from examrunner.agent.simulated_rig import Casting

    said = [PROFILE, *(play or ())]
    pairs = [each.rpartition("=") for each in said]
    return {
        candidate: Casting(
            profile="" if profile == BY_HAND else profile, speed=speed, seed=seed
        )
        for candidate, _, profile in pairs
    }
