"""Answers to ReadDTCInformation (0x19), ISO 14229-1:2020 clause 12.3."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from examrunner.decode.diagnostics.reading import Cursor, MalformedError
from examrunner.decode.diagnostics.trouble_codes import (
    Dtc,
    DtcReport,
    DtcSizes,
    ExtendedData,
    Snapshot,
)

DTC_BYTES: Final = 3


def read_dtc_report(data: bytes, sizes: DtcSizes | None = None) -> DtcReport:
    """Read what follows the response byte 0x59.

    Raises:
        MalformedError: If the bytes contradict the layout of the report.
    """
    cursor = Cursor(data, zero_padding=(sizes or DtcSizes()).zero_padding)
    report = cursor.byte("the sub-function") & 0x7F
    layout = LAYOUTS.get(report)
    if layout is None:
        raise MalformedError(f"report 0x{report:02X} has no standard layout")
    return layout(report, cursor, sizes or DtcSizes())


Layout = Callable[[int, Cursor, DtcSizes], DtcReport]


def _counted(report: int, cursor: Cursor, _sizes: DtcSizes) -> DtcReport:
    return DtcReport(
        report=report,
        status_availability=cursor.byte("the status availability mask"),
        format=cursor.byte("the format identifier"),
        count=cursor.number(2, "the number of codes"),
    )


def _listed(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    memory = cursor.byte("the memory") if report in USER_MEMORY else None
    availability = cursor.byte("the status availability mask")
    dtcs = [
        Dtc(number=int.from_bytes(record[:3], "big"), status=record[3])
        for record in _records(cursor, 4, sizes)
    ]
    return _report(report, dtcs, memory=memory, status_availability=availability)


def _with_severity(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    availability = cursor.byte("the status availability mask")
    records = (
        [cursor.take(6, "the code")]
        if report == SEVERITY_OF_ONE and cursor.left
        else _records(cursor, 6, sizes)
    )
    dtcs = [
        Dtc(
            number=int.from_bytes(record[2:5], "big"),
            status=record[5],
            severity=record[0] & 0xE0,
            dtc_class=record[0] & 0x1F,
            functional_unit=record[1],
        )
        for record in records
    ]
    return _report(report, dtcs, status_availability=availability)


def _fault_counters(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    dtcs = [
        Dtc(number=int.from_bytes(record[:3], "big"), fault_counter=record[3])
        for record in _records(cursor, 4, sizes)
    ]
    return _report(report, dtcs)


def _snapshot_numbers(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    found: dict[int, Dtc] = {}
    for record in _records(cursor, 4, sizes):
        number = int.from_bytes(record[:3], "big")
        known = found.get(number, Dtc(number=number))
        records = (*known.snapshot_records, record[3])
        found[number] = replace(known, snapshot_records=records)
    return _report(report, list(found.values()))


def _snapshots(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    memory = cursor.byte("the memory") if report in USER_MEMORY else None
    number = cursor.number(DTC_BYTES, "the code")
    status = cursor.byte("the status")
    found: list[Snapshot] = []
    while cursor.has_more():
        found += _snapshot(cursor, cursor.byte("the record number"), sizes)
    dtc = Dtc(number=number, status=status, snapshots=tuple(found))
    return _report(report, [dtc], memory=memory)


def _snapshots_by_record(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    dtcs: list[Dtc] = []
    while cursor.has_more():
        record = cursor.byte("the record number")
        if not cursor.has_more():
            break
        number = cursor.number(DTC_BYTES, "the code")
        status = cursor.byte("the status")
        snapshots = tuple(_snapshot(cursor, record, sizes))
        dtcs.append(Dtc(number=number, status=status, snapshots=snapshots))
    return _report(report, dtcs)


def _snapshot(cursor: Cursor, record: int, sizes: DtcSizes) -> list[Snapshot]:
    count = cursor.byte("the number of identifiers")
    if not count:
        raise MalformedError(f"freeze frame {record} names no data identifier")
    found = []
    for _ in range(count):
        did = cursor.number(sizes.did_bytes, "a data identifier")
        if did not in sizes.dids:
            raise MalformedError(
                f"the length of data identifier 0x{did:04X} is unknown"
            )
        data = cursor.take(sizes.dids[did], f"the data of 0x{did:04X}")
        found.append(Snapshot(record=record, did=did, data=data))
    return found


def _extended(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    memory = cursor.byte("the memory") if report in USER_MEMORY else None
    number = cursor.number(DTC_BYTES, "the code")
    status = cursor.byte("the status")
    found: list[ExtendedData] = []
    while cursor.has_more():
        record = cursor.byte("the record number")
        if not record:
            raise MalformedError("extended data record 0 is reserved")
        data = cursor.take(_extended_bytes(number, sizes), "extended data")
        found.append(ExtendedData(record=record, data=data))
    dtc = Dtc(number=number, status=status, extended=tuple(found))
    return _report(report, [dtc], memory=memory)


def _extended_by_record(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    dtcs: dict[int, Dtc] = {}
    record = cursor.byte("the record number")
    while cursor.has_more():
        number = cursor.number(DTC_BYTES, "the code")
        if number in dtcs:
            raise MalformedError(f"code 0x{number:06X} is reported twice")
        status = cursor.byte("the status")
        data = cursor.take(_extended_bytes(number, sizes), "extended data")
        extended = (ExtendedData(record=record, data=data),)
        dtcs[number] = Dtc(number=number, status=status, extended=extended)
    return _report(report, list(dtcs.values()))


def _extended_bytes(number: int, sizes: DtcSizes) -> int:
    size = sizes.extended
    if isinstance(size, Mapping):
        size = size.get(number)
    if size is None or not 0 <= size <= 0xFFF:
        raise MalformedError(
            f"the length of extended data of 0x{number:06X} is unknown"
        )
    return size


def _world_wide(report: int, cursor: Cursor, sizes: DtcSizes) -> DtcReport:
    group = cursor.byte("the functional group")
    status = cursor.byte("the status availability mask")
    severity = (
        cursor.byte("the severity availability mask") if report == WWH_BY_MASK else None
    )
    format_ = cursor.byte("the format identifier")
    dtcs = [
        Dtc(
            number=int.from_bytes(record[1:4], "big"),
            status=record[4],
            severity=record[0] & 0xE0,
            dtc_class=record[0] & 0x1F,
        )
        for record in _records(cursor, 5, sizes)
    ]
    found = _report(report, dtcs, status_availability=status)
    return replace(
        found, functional_group=group, severity_availability=severity, format=format_
    )


def _records(cursor: Cursor, size: int, sizes: DtcSizes) -> list[bytes]:
    found = []
    while cursor.left:
        if cursor.left < size and not cursor.has_more():
            break
        record = cursor.take(size, "a code")
        if any(record) or not sizes.ignore_zero_dtc:
            found.append(record)
    return found


def _report(
    report: int,
    dtcs: list[Dtc],
    *,
    memory: int | None = None,
    status_availability: int | None = None,
) -> DtcReport:
    return DtcReport(
        report=report,
        dtcs=tuple(dtcs),
        count=len(dtcs),
        memory=memory,
        status_availability=status_availability,
    )


USER_MEMORY: Final = frozenset({0x17, 0x18, 0x19})
SEVERITY_OF_ONE: Final = 0x09
WWH_BY_MASK: Final = 0x42

LAYOUTS: Final[Mapping[int, Layout]] = {
    **dict.fromkeys((0x01, 0x07, 0x11, 0x12), _counted),
    **dict.fromkeys((0x02, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F), _listed),
    **dict.fromkeys((0x13, 0x15, 0x17), _listed),
    **dict.fromkeys((0x08, 0x09), _with_severity),
    **dict.fromkeys((0x04, 0x18), _snapshots),
    **dict.fromkeys((0x06, 0x10, 0x19), _extended),
    **dict.fromkeys((0x42, 0x55), _world_wide),
    0x03: _snapshot_numbers,
    0x05: _snapshots_by_record,
    0x14: _fault_counters,
    0x16: _extended_by_record,
}
"""Layout of each report, by sub-function."""
