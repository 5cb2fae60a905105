"""The diagnostic exchanges of a recording."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.model.errors import ContentError

if TYPE_CHECKING:
    from examrunner.archive.reading import Recording
    from examrunner.decode.diagnostics.units import Columns
    from examrunner.model.station import Ecu
    from examrunner.model.timeline import Exchange


def diagnostics(
    recording: Annotated[Path, typer.Argument(help="Folder or packed file.")],
    pair: Annotated[
        list[str] | None,
        typer.Option(help="Request:response identifiers, 7E0:7E8. Default: found."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print who asked which ECU for what, and what was answered."""
    with clear_errors():
        from examrunner.archive.columns import columns_of
        from examrunner.archive.reading import open_recording

        opened = open_recording(recording)
        columns = columns_of(opened)
        told = _told(opened, columns, _ecus(opened, columns, pair or []))
    if as_json:
        print_json(told)
        return
    for exchange in told["exchanges"]:
        typer.echo(
            f"{exchange['time_s']:10.3f} s  {exchange['ecu']:8} "
            f"{exchange['service']:32} {exchange['outcome']:12} "
            f"{exchange['request'] or '-'} -> {exchange['response'] or '-'}"
        )
    for counts in told["identifiers"]:
        typer.echo(
            f"{counts['id']}: {counts['complete']} complete, {counts['broken']} "
            f"broken, {counts['unfinished']} unfinished"
        )


def _pair(text: str) -> tuple[int, int]:
    try:
        request, response = (int(part, 16) for part in text.split(":"))
    except ValueError:
        raise ContentError(
            f"'{text}' is no pair of identifiers.",
            where="option --pair",
            remedy="Write request and response in hexadecimal: --pair 7E0:7E8.",
        ) from None
    return request, response


FUNCTIONAL_ID = 0x7DF


def _ecus(
    recording: "Recording", columns: "Columns", pairs: list[str]
) -> "tuple[Ecu, ...]":
    """The named pairs, else the rig's own servers, else what the traffic shows."""
    from examrunner.content.rigs import attached_rig
    from examrunner.decode.diagnostics.pairs import find_ecus
    from examrunner.decode.diagnostics.units import pairs_of

    if pairs:
        return pairs_of(columns, [_pair(text) for text in pairs])
    rig = attached_rig(recording.attachments(), recording.path)
    return find_ecus(columns) if rig is None else rig.ecus


def _told(
    recording: "Recording", columns: "Columns", ecus: "tuple[Ecu, ...]"
) -> dict[str, Any]:
    from examrunner.decode import events
    from examrunner.decode.diagnostics import exchanges

    ended_ns = recording.duration_ns
    losses = events.health(recording.events("health"), ended_ns).losses
    phases = events.phases(events.operations(recording.events("ops")), ended_ns)
    found = exchanges(columns, ecus, FUNCTIONAL_ID, losses, phases, ended_ns)
    return {
        "exchanges": [_exchange(exchange) for exchange in found],
        "identifiers": _identifiers(columns, ecus),
    }


def _exchange(exchange: "Exchange") -> dict[str, Any]:
    from examrunner.decode.diagnostics.meaning import meaning_of
    from examrunner.decode.diagnostics.services import (
        POSITIVE_OFFSET,
        read_request,
        read_response,
        service_name,
    )

    answer = exchange.answer
    service = exchange.request[0] if exchange.request else None
    if service is None and answer is not None and answer.data:
        service = read_response(answer.data).service
        service = answer.data[0] - POSITIVE_OFFSET if service is None else service
    return {
        "time_s": exchange.from_ns / 1e9,
        "ecu": exchange.ecu,
        "request": exchange.request.hex().upper(),
        "response": answer.data.hex().upper() if answer else None,
        "service": service_name(service),
        "outcome": exchange.outcome.value,
        "nrc": exchange.nrc,
        "meaning": meaning_of(exchange),
        "functional": exchange.functional,
        "phase": exchange.phase,
        "suppressed": read_request(exchange.request).suppressed,
        "pending": sum(1 for r in exchange.replies if r.data[2:3] == b"\x78"),
    }


def _identifiers(columns: "Columns", ecus: "tuple[Ecu, ...]") -> list[dict[str, Any]]:
    from examrunner.decode.diagnostics.control import flow_controls
    from examrunner.decode.diagnostics.payloads import Fault
    from examrunner.decode.diagnostics.transport import reassemble
    from examrunner.model.frames import Frames

    wanted = {
        (ecu.channel, ids[0]): ids[1]
        for ecu in ecus
        for ids in (
            (ecu.request_id, ecu.response_id),
            (ecu.response_id, ecu.request_id),
        )
    }
    wanted |= {(ecu.channel, FUNCTIONAL_ID): FUNCTIONAL_ID for ecu in ecus}
    told = []
    for (channel, can_id, extended), frames in sorted(columns.items()):
        if (channel, can_id) not in wanted:
            continue
        opposite = columns.get((channel, wanted[channel, can_id], extended))
        heard = reassemble(frames, flow_ns=flow_controls(opposite or Frames.empty()))
        unfinished = heard.count(Fault.UNFINISHED)
        torn = (Fault.CUT_OFF, Fault.WRONG_SEQUENCE, Fault.TIMEOUT)
        told.append(
            {
                "channel": channel,
                "id": f"0x{can_id:X}",
                "complete": len(heard),
                "multi_frame": int(heard.multi.sum()),
                "broken": sum(heard.count(fault) for fault in torn),
                "unfinished": unfinished,
                "stray_frames": heard.count(Fault.STRAY),
                "malformed_frames": heard.count(Fault.MALFORMED),
                "late": int(heard.late.sum()),
            }
        )
    return told
