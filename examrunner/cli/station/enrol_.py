"""examrunner station enrol and replace."""

from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of

if TYPE_CHECKING:
    from pathlib import Path

    from examrunner.agent.identity import Admission

Service = Annotated[str, typer.Option(help="Address of the service.")]
Code = Annotated[str, typer.Option(help="From `examrunner service enrol-code`.")]


def enrol(
    station: StationName,
    service: Service,
    code: Code,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make this station's key and exchange a one-time code for its token.

    The key never leaves this PC. The administrator compares the four words that are
    printed with those that the service shows; until then the station gets no work.
    """
    _admitted(station, service, code, folder_of(data, station), as_json, replaces=False)


def replace(
    station: StationName,
    service: Service,
    code: Code,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put this PC in the place of one that broke: enrol, and take over its attempts.

    The old PC can neither lease nor deliver any more. Attempts that it has begun and
    not delivered begin anew here; what it recorded stays on its disk.
    """
    _admitted(station, service, code, folder_of(data, station), as_json, replaces=True)


def _admitted(
    station: str,
    service: str,
    code: str,
    folder: "Path",
    as_json: bool,
    *,
    replaces: bool,
) -> None:
    with clear_errors():
        from examrunner.agent.identity import enrol as enrolled
        from examrunner.scoring.software import deciding_software

        admission = enrolled(
            folder,
            station=station,
            service=service,
            code=code,
            software=dict(deciding_software()),
            replaces=replaces,
        )
    _show(admission, as_json=as_json, replaces=replaces)


def _show(admission: "Admission", *, as_json: bool, replaces: bool) -> None:
    kept = admission.enrolment
    if as_json:
        taken = {"taken_over": list(admission.taken_over)} if replaces else {}
        print_json(
            {
                "station": kept.station,
                "generation": kept.generation,
                "words": admission.words,
                **taken,
            }
        )
        return
    typer.echo(f"{kept.station} is enrolled, generation {kept.generation}.")
    if replaces:
        typer.echo(f"{len(admission.taken_over)} attempts are taken over.")
    typer.echo(f"The words of its key: {admission.words}")
    typer.echo(
        "next: at the service, compare them and say so: examrunner service "
        f"confirm-station {kept.station} {admission.words}"
    )
