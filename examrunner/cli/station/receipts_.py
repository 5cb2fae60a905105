"""examrunner station receipts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def receipts(station: StationName, data: Data = None, as_json: Json = False) -> None:
    """Say which attempts the service has signed for, and check each signature.

    It needs no network. Exit status 1 when an attempt has no receipt that covers it;
    nothing of such an attempt is deleted.
    """
    with clear_errors():
        from examrunner.agent.identity import read_enrolment
        from examrunner.agent.receipt_list import receipts_of

        folder = folder_of(data, station)
        found = receipts_of(folder, read_enrolment(folder).service_key)
    if as_json:
        print_json({"receipts": found})
    else:
        for line in _lines(found):
            typer.echo(line)
    if not all(one["covered"] for one in found):
        raise typer.Exit(NO)


def _lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in found:
        if not one["covered"]:
            yield f"{one['attempt']}: not covered: {one['problem']}"
            continue
        later = "" if one["protocol_covered"] else "; the protocol has grown since"
        yield f"{one['attempt']}: held since {one['recording_at']}{later}"
    yield f"{sum(one['covered'] for one in found)} of {len(found)} covered"
