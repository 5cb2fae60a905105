"""examrunner service link."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.service.options import Data, DatabaseUrl, Json, store_of


def link(
    name: Annotated[str, typer.Argument(help="Of a person with a role.")],
    data: Data = None,
    database: DatabaseUrl = None,
    address: Annotated[
        str, typer.Option(help="Where the service answers.")
    ] = "http://127.0.0.1:8000",
    as_json: Json = False,
) -> None:
    """Print an address that signs this person in, once, within the hour.

    Example: examrunner service link "Wang Fang"
    """
    with clear_errors():
        with store_of(data, database) as store:
            key = store.people.login_link(name)
        url = f"{address}/api/v1/session/link?key={key}"
        if as_json:
            print_json({"name": name, "address": url})
        else:
            typer.echo(url)
