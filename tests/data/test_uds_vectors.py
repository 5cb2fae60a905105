"""Payloads that udsoncan's own tests interpreted, read by ours."""

import gzip
import json
import struct

import pytest

from examrunner.decode.diagnostics.dtc_reports import read_dtc_report
from examrunner.decode.diagnostics.parameters import read_identifiers, read_parameters
from examrunner.decode.diagnostics.reading import MalformedError
from examrunner.decode.diagnostics.services import (
    code_name,
    read_request,
    read_response,
    service_name,
)
from examrunner.decode.diagnostics.trouble_codes import DtcSizes

CODEC_BYTES = {"Codec4455": 2, "Codec4711": 5, "StubbedDidCodec": 1}


@pytest.fixture(scope="module")
def vectors(shared_data):
    with gzip.open(shared_data / "vectors/udsoncan/udsoncan.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def interpreted(vectors, *services):
    return [
        vector
        for vector in vectors
        if vector["kind"] == "interpret" and vector["service"] in services
    ]


def size_of(codec) -> int | None:
    if isinstance(codec, dict):
        return codec["string_len"]
    if codec in {"ReadRemainingDataCodec", "CodecWithNoLength"}:
        return None
    return CODEC_BYTES.get(codec) or struct.calcsize(codec)


def test_every_response_is_taken_apart_as_udsoncan_does(vectors):
    responses = [vector for vector in vectors if vector["kind"] == "response"]
    assert len(responses) == 336
    for vector in responses:
        heard = read_response(bytes.fromhex(vector["payload"]))
        assert (heard.problem == "") == vector["valid"], vector
        assert heard.positive == vector["positive"], vector
        if vector["valid"]:
            assert service_name(heard.service) == vector["service"]
            assert heard.data.hex().upper() == vector["data"], vector
        if heard.code is not None:
            assert heard.code == vector["code"]
            known = not vector["code_name"].isdigit()
            assert not known or code_name(heard.code) == vector["code_name"]


def test_every_request_is_taken_apart_as_udsoncan_does(vectors):
    requests = [vector for vector in vectors if vector["kind"] == "request"]
    assert len(requests) == 3
    for vector in requests:
        heard = read_request(bytes.fromhex(vector["payload"]))
        assert (service_name(heard.service) or None) == vector["service"]
        assert heard.subfunction == vector["subfunction"]
        assert heard.suppressed == vector["suppress_positive_response"]
        assert heard.data.hex().upper() == (vector["data"] or "")


def sizes_of(vector) -> DtcSizes:
    options = vector["kwargs"]
    extended = options["extended_data_size"]
    if isinstance(extended, dict):
        extended = {int(code): size for code, size in extended.items()}
    return DtcSizes(
        did_bytes=options["dtc_snapshot_did_size"],
        dids={int(did): size_of(codec) for did, codec in options["didconfig"].items()},
        extended=extended,
        zero_padding=options["tolerate_zero_padding"],
        ignore_zero_dtc=options["ignore_all_zero_dtc"],
    )


def told(data: dict) -> tuple:
    """A DTC report as udsoncan gives it, in the order of ``heard``."""
    dtcs = [
        (
            dtc["id"],
            dtc["status"],
            dtc["severity"],
            dtc["dtc_class"],
            dtc["functional_unit"],
            dtc["fault_counter"],
            [
                one
                if isinstance(one, int)
                else (one["record_number"], one["did"], one["raw_data"])
                for one in dtc["snapshots"]
            ],
            [(one["record_number"], one["raw_data"]) for one in dtc["extended_data"]],
        )
        for dtc in data["dtcs"]
    ]
    names = ("subfunction_echo", "dtc_count", "status_availability", "dtc_format")
    more = ("memory_selection_echo", "functional_group_id", "severity_availability")
    return (*(data[name] for name in (*names, *more)), dtcs)


def heard(report) -> tuple:
    dtcs = [
        (
            dtc.number,
            dtc.status or 0,
            dtc.severity,
            dtc.dtc_class,
            dtc.functional_unit,
            dtc.fault_counter,
            list(dtc.snapshot_records)
            or [(one.record, one.did, one.data.hex().upper()) for one in dtc.snapshots],
            [(one.record, one.data.hex().upper()) for one in dtc.extended],
        )
        for dtc in report.dtcs
    ]
    return (
        report.report,
        report.count,
        report.status_availability,
        report.format,
        report.memory,
        report.functional_group,
        report.severity_availability,
        dtcs,
    )


def test_every_trouble_code_report_says_the_same_as_udsoncan(vectors):
    reports = interpreted(vectors, "ReadDTCInformation")
    assert len(reports) == 356
    by_the_echo = 0
    for vector in reports:
        data = bytes.fromhex(vector["data"])
        if not data or data[0] != vector["kwargs"]["subfunction"]:
            # udsoncan reads these by what was asked; a listener believes the ECU.
            by_the_echo += 1
            continue
        if "raises" in vector:
            with pytest.raises(MalformedError):
                read_dtc_report(data, sizes_of(vector))
        else:
            report = read_dtc_report(data, sizes_of(vector))
            assert heard(report) == told(vector["service_data"]), vector["test"]
    assert by_the_echo == 12


SIMPLE = {
    "AccessTimingParameter": (0x83, {"access_type": "access_type_echo"}),
    "CommunicationControl": (0x28, {"control_type": "control_type_echo"}),
    "ControlDTCSetting": (0x85, {"setting_type": "setting_type_echo"}),
    "DiagnosticSessionControl": (
        0x10,
        {
            "session": "session_echo",
            "p2_server_max_s": "p2_server_max",
            "p2_star_server_max_s": "p2_star_server_max",
        },
    ),
    "DynamicallyDefineDataIdentifier": (0x2C, {"did": "did_echo"}),
    "LinkControl": (0x87, {"link_control_type": "control_type_echo"}),
    "RequestDownload": (0x34, {"max_block_bytes": "max_length"}),
    "RequestFileTransfer": (0x38, {}),
    "RequestTransferExit": (0x37, {"parameters": "parameter_records"}),
    "RequestUpload": (0x35, {"max_block_bytes": "max_length"}),
    "RoutineControl": (
        0x31,
        {"routine": "routine_id_echo", "status": "routine_status_record"},
    ),
    "SecurityAccess": (0x27, {"level": "security_level_echo"}),
    "TesterPresent": (0x3E, {"subfunction": "subfunction_echo"}),
    "TransferData": (0x36, {"sequence": "sequence_number_echo"}),
    "WriteDataByIdentifier": (0x2E, {"did": "did_echo"}),
    "WriteMemoryByAddress": (0x3D, {}),
}


@pytest.mark.parametrize("service", SIMPLE)
def test_parameters_of_each_service_are_those_that_udsoncan_reads(vectors, service):
    number, names = SIMPLE[service]
    found = interpreted(vectors, service)
    assert found
    for vector in found:
        data = bytes.fromhex(vector["data"])
        strict = vector["kwargs"].get("tolerate_zero_padding") is False
        if "raises" in vector and not (strict and data[-1:] == b"\x00"):
            with pytest.raises(MalformedError):
                read_parameters(number, data)
            continue
        if "raises" in vector:
            continue  # Zeros that we always take for padding.
        read = read_parameters(number, data)
        for ours, theirs in names.items():
            value = read[ours]
            shown = value.hex().upper() if isinstance(value, bytes) else value
            assert shown == vector["service_data"][theirs], vector["test"]


def test_identifiers_are_cut_where_udsoncan_cuts_them(vectors):
    found = interpreted(vectors, "ReadDataByIdentifier")
    assert len(found) == 13
    for vector in found:
        options = vector["kwargs"]
        if "default" in options["didconfig"]:
            continue  # One codec for all identifiers tells no length.
        sizes = {
            int(did): size_of(codec) for did, codec in options["didconfig"].items()
        }
        data = bytes.fromhex(vector["data"])
        if "raises" in vector:
            with pytest.raises(MalformedError):
                read_identifiers(
                    data, sizes, zero_padding=options["tolerate_zero_padding"]
                )
            continue
        read = read_identifiers(
            data, sizes, zero_padding=options["tolerate_zero_padding"]
        )
        assert {str(did) for did in read} >= set(vector["service_data"]["values"])
