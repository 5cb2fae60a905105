"""Trouble codes as an ECU reports them, and what the standard leaves to its maker."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One data identifier of a freeze frame."""

    record: int
    did: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedData:
    """One extended data record."""

    record: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtc:
    """A trouble code as an ECU reports it.

    Attributes:
        number: 24 bits, see ``model`` for its letter form.
        status: Status byte; None where the report carries none.
        severity: Severity bits (upper three of the byte), 0 without.
        dtc_class: Class bits (lower five of the byte), 0 without.
        functional_unit: None where the report carries none.
        fault_counter: Fault detection counter, None likewise.
        snapshot_records: Record numbers that exist (report 0x03).
        snapshots: Freeze frame data.
        extended: Extended data records.
    """

    number: int
    status: int | None = None
    severity: int = 0
    dtc_class: int = 0
    functional_unit: int | None = None
    fault_counter: int | None = None
    snapshot_records: tuple[int, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    extended: tuple[ExtendedData, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DtcReport:
    """What one answer says.

    Attributes:
        report: Sub-function that it answers.
        dtcs: Codes in order of the answer.
        count: Number of codes; for the counting reports as the ECU says.
        status_availability: Status bits that the ECU supports.
        severity_availability: Severity bits that it supports.
        format: DTC format identifier; 0x00 and 0x04 are the ones read here.
        memory: Memory selection, for user defined memories.
        functional_group: For WWH-OBD reports.
    """

    report: int
    dtcs: tuple[Dtc, ...] = ()
    count: int = 0
    status_availability: int | None = None
    severity_availability: int | None = None
    format: int | None = None
    memory: int | None = None
    functional_group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DtcSizes:
    """What the standard leaves to the maker.

    Attributes:
        did_bytes: Length of a data identifier inside a freeze frame.
        dids: Data length of each data identifier.
        extended: Length of an extended data record, for all codes or by code.
        zero_padding: Whether trailing zeros are padding and not data.
        ignore_zero_dtc: Whether a code of four zero bytes is padding.
    """

    did_bytes: int = 2
    dids: Mapping[int, int] = field(default_factory=dict)
    extended: int | Mapping[int, int] | None = None
    zero_padding: bool = True
    ignore_zero_dtc: bool = True
