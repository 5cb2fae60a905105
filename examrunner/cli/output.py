"""What every command prints: one JSON document, or three lines about an error."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from examrunner.model.errors import ExamRunnerError

NO: Final = 1
"""Exit status: the answer is no (a check failed, a recording does not verify)."""
UNUSABLE: Final = 2
"""Exit status: the input cannot be used."""


def print_json(value: object) -> None:
    """One JSON document on standard output and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns failures that somebody can act on into three lines and status 2."""
    try:
        yield
    except ExamRunnerError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise typer.Exit(130) from None
