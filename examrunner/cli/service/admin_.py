"""examrunner service admin create."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.service.options import Data, DatabaseUrl, Json, store_of


def create(
    name: Annotated[str, typer.Argument(help="Of the administrator.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Create an administrator, or give one who lost his token another.

    The token is printed this once.

    Example: examrunner service admin create "Li Na"
    """
    with clear_errors():
        from examrunner.service.messages import PersonRequest, Role

        request = PersonRequest(name=name, role=Role.ADMINISTRATOR)
        with store_of(data, database) as store:
            given = store.people.create(request, by="command line")
        if as_json:
            print_json(given.model_dump(mode="json"))
        else:
            typer.echo(given.token)
