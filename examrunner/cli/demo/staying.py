"""After the day the page stays up until somebody ends it."""

import threading
import webbrowser

import typer

from examrunner.cli.demo.day import ExamDay
from examrunner.cli.demo.set_up import login_link


def stay_up(day: ExamDay, *, open_browser: bool) -> None:
    """Prints where the page is, opens it, and waits for Ctrl-C."""
    link = login_link(day.service_data, day.address)
    typer.echo(f"The page is at {day.address}", err=True)
    typer.echo(f"Sign in once with {link}", err=True)
    if open_browser:
        webbrowser.open(link)
    typer.echo("Ctrl-C ends the demo.", err=True)
    threading.Event().wait()
