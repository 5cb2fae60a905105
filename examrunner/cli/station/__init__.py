"""Commands about stations, one file each."""

import typer

from examrunner.cli.station import (
    deliver_,
    diagnostics_,
    doctor_,
    enrol_,
    export_,
    pack_,
    receipts_,
    release_,
    run_,
    status_,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
EXAMPLE = "Example: examrunner station"
app.command(
    "run",
    epilog=f"{EXAMPLE} run sim-chassis-01 --simulated --service http://127.0.0.1:8000",
)(run_.run)
app.command(
    "enrol",
    epilog=f"{EXAMPLE} enrol hall-a-03 --service http://10.0.0.5:8000 --code 7QK4-...",
)(enrol_.enrol)
app.command(
    "replace",
    epilog=f"{EXAMPLE} replace hall-a-03 --service http://10.0.0.5:8000 --code 7QK4-.",
)(enrol_.replace)
app.command("pack", epilog=f"{EXAMPLE} pack hall-a-03 --file pack.json")(pack_.pack)
app.command("release", epilog=f'{EXAMPLE} release hall-a-03 --by "Zhang Wei"')(
    release_.release
)
app.command("export", epilog=f"{EXAMPLE} export hall-a-03 --to /media/stick")(
    export_.export
)
app.command(
    "deliver",
    epilog=f"{EXAMPLE} deliver /media/stick --service http://10.0.0.5:8000",
)(deliver_.deliver)
app.command("receipts", epilog=f"{EXAMPLE} receipts hall-a-03 --json")(
    receipts_.receipts
)
app.command("status", epilog=f"{EXAMPLE} status hall-a-03 --json")(status_.status)
app.command("doctor", epilog=f"{EXAMPLE} doctor hall-a-03")(doctor_.doctor)
app.command("diagnostics", epilog=f"{EXAMPLE} diagnostics hall-a-03 --out help.zip")(
    diagnostics_.diagnostics
)


@app.callback()
def station() -> None:
    """Run a station, enrol it, see how it is."""
