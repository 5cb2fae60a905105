"""What the answers of ReadDTCInformation say about one trouble code."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.dtc_codes import FORMATS, READ_DTC, code_of, dtcs_in
from examrunner.criteria.uds_patterns import sub_function
from examrunner.model.timeline import Exchange, ExchangeOutcome

READ_DTC_INFORMATION: Final = 0x19
COUNT, BY_STATUS_MASK, EXTENDED_DATA, SUPPORTED = 0x01, 0x02, 0x06, 0x0A
STATUS_REPORTS: Final = (BY_STATUS_MASK, EXTENDED_DATA, SUPPORTED)
EVERY_BIT: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class DtcReport:
    """Trouble codes as one answer lists them.

    Attributes:
        exchange: Where it was read.
        codes: (number, status) pairs, padding left out.
        asked: Status bits that the request asked for.
    """

    exchange: Exchange
    codes: tuple[tuple[int, int], ...]
    asked: int

    def text(self) -> str:
        """The list as a scan tool shows it."""
        listed = (f"{code_of(number)} {status:02X}" for number, status in self.codes)
        return ", ".join(listed) or "-"


def asks_status(exchange: Exchange) -> bool:
    """Whether a request is a 19 02, 19 06 or 19 0A."""
    request = exchange.request
    return (
        request[:1] == bytes([READ_DTC_INFORMATION])
        and sub_function(request) in STATUS_REPORTS
    )


def report_of(exchange: Exchange) -> DtcReport | None:
    """The codes of a positive 19 02, 19 06 or 19 0A; None for anything else."""
    answer = exchange.answer
    positive = exchange.outcome is ExchangeOutcome.POSITIVE
    if answer is None or not positive or not asks_status(exchange):
        return None
    if sub_function(exchange.request) == EXTENDED_DATA:
        return _extended(exchange, answer.data)
    by_mask = sub_function(exchange.request) == BY_STATUS_MASK
    mask = exchange.request[2] if by_mask and len(exchange.request) > 2 else EVERY_BIT
    return DtcReport(exchange=exchange, codes=dtcs_in(answer.data), asked=mask)


def _extended(exchange: Exchange, answer: bytes) -> DtcReport | None:
    """19 06 names one code, whatever its status is."""
    number = int.from_bytes(answer[2:5], "big")
    if len(answer) < 6 or not number:
        return None
    codes = ((number, answer[5]),)
    return DtcReport(exchange=exchange, codes=codes, asked=EVERY_BIT)


def foreign_format(exchange: Exchange) -> int | None:
    """The format identifier of a 59 01 answer whose codes are read differently."""
    data = exchange.answer.data if exchange.answer else b""
    counted = data[:2] == bytes([READ_DTC, COUNT]) and len(data) > 3
    return data[3] if counted and data[3] not in FORMATS else None
