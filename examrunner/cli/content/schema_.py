"""examrunner content schema."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json


def schema(
    kind: Annotated[
        str | None, typer.Argument(help="Kind of file; all names without it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON, which it prints anyway.")
    ] = False,
) -> None:
    """Print the JSON Schema of a kind of file, for editors that check as you type."""
    with clear_errors():
        from examrunner.content.schemas import KINDS, schema_of

        if kind is not None:
            print_json(schema_of(kind))
        elif as_json:
            print_json(list(KINDS))
        else:
            typer.echo("\n".join(KINDS))
