"""What an exchange says in words and numbers, as JSON values."""

from typing import Final

from examrunner.criteria.dtc_codes import code_of
from examrunner.decode.diagnostics.dtc_reports import read_dtc_report
from examrunner.decode.diagnostics.obd import PIDS
from examrunner.decode.diagnostics.parameters import read_parameters
from examrunner.decode.diagnostics.reading import MalformedError
from examrunner.decode.diagnostics.services import code_name, read_response
from examrunner.model.timeline import Exchange

Meaning = dict[str, object]

READ_DTC: Final = 0x19
READ_DATA: Final = 0x22
OBD_CURRENT, OBD_CODES = 0x01, frozenset({0x03, 0x07, 0x0A})


def meaning_of(exchange: Exchange) -> Meaning:
    """The final answer read out; empty where it has none or its layout is unknown."""
    if exchange.answer is None:
        return {}
    response = read_response(exchange.answer.data)
    if response.code is not None:
        return {"refused": code_name(response.code)}
    if response.service is None or response.problem:
        return {}
    try:
        return _positive(response.service, response.data)
    except MalformedError as error:
        return {"malformed": str(error)}


def _positive(service: int, data: bytes) -> Meaning:
    if service == READ_DTC:
        return _codes(data)
    if service == READ_DATA and len(data) > 2:
        return {"did": f"0x{data[:2].hex().upper()}", "value": data[2:].hex().upper()}
    if service == OBD_CURRENT:
        return _current(data)
    if service in OBD_CODES:
        return {"codes": _obd_codes(data)}
    try:
        found = read_parameters(service, data)
    except MalformedError:
        return {}
    return {
        name: value.hex().upper() if isinstance(value, bytes) else value
        for name, value in found.items()
    }


def _codes(data: bytes) -> Meaning:
    report = read_dtc_report(data)
    return {
        "count": report.count,
        "codes": [
            {"code": code_of(dtc.number), "status": dtc.status} for dtc in report.dtcs
        ],
    }


def _current(data: bytes) -> Meaning:
    pid = PIDS.get(data[0]) if data else None
    if pid is None:
        return {}
    return {"name": pid.name, "value": pid.value(data[1:]), "unit": pid.unit}


def _obd_codes(data: bytes) -> list[str]:
    """Two bytes a code behind the count; zeros are padding."""
    pairs = [data[at : at + 2] for at in range(1, len(data) - 1, 2)]
    return [
        code_of(int.from_bytes(pair, "big") << 8)[:-3] for pair in pairs if any(pair)
    ]
