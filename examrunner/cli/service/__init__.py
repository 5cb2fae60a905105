"""Commands about the exam service, one file each."""

import typer

from examrunner.cli.service import (
    admin_,
    check_,
    confirm_station_,
    enrol_code_,
    link_,
    quarantine_,
    roster_,
    run_,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
admin = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

quarantine = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

app.add_typer(admin, name="admin", help="Administrators.")
app.add_typer(quarantine, name="quarantine", help="What was refused and kept.")
app.command("run")(run_.run)
app.command("check")(check_.check)
app.command("enrol-code")(enrol_code_.enrol_code)
app.command("confirm-station")(confirm_station_.confirm_station)
app.command("link")(link_.link)
app.command("roster")(roster_.roster)
quarantine.command("list")(quarantine_.listed)
quarantine.command("show")(quarantine_.show)
quarantine.command("accept")(quarantine_.accept)
quarantine.command("reject")(quarantine_.reject)
admin.command("create")(admin_.create)


@app.callback()
def service() -> None:
    """Run the exam service."""
