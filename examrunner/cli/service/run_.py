"""examrunner service run."""

from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors
from examrunner.cli.service.options import Data, DatabaseUrl, settings_of


def run(
    data: Data = None,
    database: DatabaseUrl = None,
    host: Annotated[str, typer.Option(help="Address to answer on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP port.")] = 8000,
    content: ContentRoots = None,
) -> None:
    """Run the exam service until it is stopped.

    Example: examrunner service run --data /srv/examrunner --port 8000
    """
    with clear_errors():
        from examrunner.service.serving import serve

        path = search_path(content)
        typer.echo(f"http://{host}:{port}", err=True)
        serve(settings_of(data, database), path, host=host, port=port)
