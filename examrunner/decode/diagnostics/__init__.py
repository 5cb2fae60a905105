"""Diagnostics that a listener can prove: ISO-TP, UDS, OBD and J1939 transport."""

from examrunner.decode.diagnostics.exchanges import exchanges
from examrunner.decode.diagnostics.transport import reassemble

__all__ = ["exchanges", "reassemble"]
