"""Arguments that commands about recordings share."""

from pathlib import Path
from typing import Annotated

import typer

Rec = Annotated[
    Path, typer.Argument(metavar="REC", help="A recording's folder or packed file.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
