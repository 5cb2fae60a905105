"""UDS services and response codes by name, ISO 14229-1:2020 tables 3 and A.1."""

from dataclasses import dataclass
from typing import Final

SERVICES: Final = {
    0x10: "DiagnosticSessionControl",
    0x11: "ECUReset",
    0x14: "ClearDiagnosticInformation",
    0x19: "ReadDTCInformation",
    0x22: "ReadDataByIdentifier",
    0x23: "ReadMemoryByAddress",
    0x24: "ReadScalingDataByIdentifier",
    0x27: "SecurityAccess",
    0x28: "CommunicationControl",
    0x29: "Authentication",
    0x2A: "ReadDataByPeriodicIdentifier",
    0x2C: "DynamicallyDefineDataIdentifier",
    0x2E: "WriteDataByIdentifier",
    0x2F: "InputOutputControlByIdentifier",
    0x31: "RoutineControl",
    0x34: "RequestDownload",
    0x35: "RequestUpload",
    0x36: "TransferData",
    0x37: "RequestTransferExit",
    0x38: "RequestFileTransfer",
    0x3D: "WriteMemoryByAddress",
    0x3E: "TesterPresent",
    0x83: "AccessTimingParameter",
    0x84: "SecuredDataTransmission",
    0x85: "ControlDTCSetting",
    0x86: "ResponseOnEvent",
    0x87: "LinkControl",
}

OBD_MODES: Final = {
    0x01: "OBD CurrentData",
    0x02: "OBD FreezeFrame",
    0x03: "OBD StoredCodes",
    0x04: "OBD ClearCodes",
    0x05: "OBD OxygenSensors",
    0x06: "OBD OnBoardMonitoring",
    0x07: "OBD PendingCodes",
    0x08: "OBD Control",
    0x09: "OBD VehicleInformation",
    0x0A: "OBD PermanentCodes",
}
"""SAE J1979 modes share the wire with UDS; their numbers do not meet."""

WITH_SUBFUNCTION: Final = frozenset({
    0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x2C, 0x31, 0x3E, 0x83, 0x85, 0x86, 0x87,
})  # fmt: skip
"""Services whose second byte is a sub-function; its top bit asks for silence."""

NEGATIVE_CODES: Final = {
    0x10: "GeneralReject",
    0x11: "ServiceNotSupported",
    0x12: "SubFunctionNotSupported",
    0x13: "IncorrectMessageLengthOrInvalidFormat",
    0x14: "ResponseTooLong",
    0x21: "BusyRepeatRequest",
    0x22: "ConditionsNotCorrect",
    0x24: "RequestSequenceError",
    0x25: "NoResponseFromSubnetComponent",
    0x26: "FailurePreventsExecutionOfRequestedAction",
    0x31: "RequestOutOfRange",
    0x33: "SecurityAccessDenied",
    0x34: "AuthenticationRequired",
    0x35: "InvalidKey",
    0x36: "ExceedNumberOfAttempts",
    0x37: "RequiredTimeDelayNotExpired",
    0x70: "UploadDownloadNotAccepted",
    0x71: "TransferDataSuspended",
    0x72: "GeneralProgrammingFailure",
    0x73: "WrongBlockSequenceCounter",
    0x78: "RequestCorrectlyReceived_ResponsePending",
    0x7E: "SubFunctionNotSupportedInActiveSession",
    0x7F: "ServiceNotSupportedInActiveSession",
    0x92: "VoltageTooHigh",
    0x93: "VoltageTooLow",
}

NEGATIVE_RESPONSE: Final = 0x7F
POSITIVE_OFFSET: Final = 0x40
SUPPRESS: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response payload, taken apart.

    Attributes:
        service: Service that it answers; None if its first byte answers none.
        positive: Whether it is a positive response.
        code: Negative response code; None for a positive or unreadable one.
        data: What follows the service (and code).
        problem: Why it is no response; empty if it is one.
    """

    service: int | None = None
    positive: bool = False
    code: int | None = None
    data: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request payload, taken apart.

    Attributes:
        service: None if the payload is empty.
        subfunction: Without its suppress bit; None if the service has none.
        suppressed: Whether the tester asked for no positive response.
        data: What follows.
    """

    service: int | None = None
    subfunction: int | None = None
    suppressed: bool = False
    data: bytes = b""


def read_response(payload: bytes) -> Response:
    """Take a response apart; says what is wrong instead of raising."""
    if len(payload) >= 1 and payload[0] == NEGATIVE_RESPONSE:
        if len(payload) < 3:
            return Response(problem="a negative response needs three bytes")
        return Response(service=payload[1], code=payload[2], data=payload[3:])
    service = payload[0] - POSITIVE_OFFSET if payload else None
    if service not in SERVICES and service not in OBD_MODES:
        return Response(problem="its first byte answers no service")
    if len(payload) < 2 and service not in _BARE:
        return Response(service=service, problem="nothing follows the service")
    return Response(service=service, positive=True, data=payload[1:])


_BARE: Final = frozenset({0x14, 0x36, 0x37, 0x04})
"""Services whose positive response is a single byte."""


def read_request(payload: bytes) -> Request:
    """Take a request apart."""
    if not payload:
        return Request()
    service = payload[0]
    if service not in WITH_SUBFUNCTION or len(payload) < 2:
        return Request(service=service, data=payload[1:])
    return Request(
        service=service,
        subfunction=payload[1] & ~SUPPRESS,
        suppressed=bool(payload[1] & SUPPRESS),
        data=payload[2:],
    )


def service_name(service: int | None) -> str:
    """Name of a service or OBD mode, or its number.

    >>> service_name(0x22), service_name(0x1A)
    ('ReadDataByIdentifier', '0x1A')
    """
    if service is None:
        return ""
    return SERVICES.get(service) or OBD_MODES.get(service) or f"0x{service:02X}"


def code_name(code: int) -> str:
    """Name of a negative response code, or its number."""
    return NEGATIVE_CODES.get(code, f"0x{code:02X}")
