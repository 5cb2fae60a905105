"""Commands about content, one file each."""

import typer

from examrunner.cli.content.check_ import check
from examrunner.cli.content.list_ import list_content
from examrunner.cli.content.schema_ import schema
from examrunner.cli.content.where_ import where

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.command("check", epilog="Example: examrunner content check")(check)
app.command("list", epilog="Example: examrunner content list station")(list_content)
app.command("schema", epilog="Example: examrunner content schema rig")(schema)
app.command("where", epilog="Example: examrunner content where body_net")(where)
