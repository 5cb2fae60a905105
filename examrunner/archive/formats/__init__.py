"""Log formats of other tools, one file each; named as text so that listing is free."""

from collections.abc import Mapping
from typing import Final

READERS: Final[Mapping[str, str]] = {
    "asc": "examrunner.archive.formats.asc:read",
    "blf": "examrunner.archive.formats.blf:read",
    "busmaster": "examrunner.archive.formats.busmaster:read",
    "candump": "examrunner.archive.formats.candump:read",
    "cl2000": "examrunner.archive.formats.cl2000:read",
    "crtd": "examrunner.archive.formats.crtd:read",
    "csv": "examrunner.archive.formats.generic_csv:read",
    "gvret": "examrunner.archive.formats.gvret:read",
    "mf4": "examrunner.archive.formats.mf4:read",
    "microchip": "examrunner.archive.formats.microchip:read",
    "pcap": "examrunner.archive.formats.pcap:read",
    "pcapng": "examrunner.archive.formats.pcapng:read",
    "trc": "examrunner.archive.formats.trc:read",
}
"""Format name to its ``read(path) -> LogFile``."""
