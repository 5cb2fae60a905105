"""stations/<rig>/ecus.yaml: the diagnostic servers of a rig."""

from collections.abc import Collection, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from examrunner.content.documents import Document
from examrunner.content.entries import Byte, CanId, Entry, Hex16, Hex24, Name, Whole
from examrunner.content.mistakes import nearest
from examrunner.content.schema_keys import Place
from examrunner.model.did_format import parse_did_format
from examrunner.model.station import Ecu, Timing

LETTERS: Final = "PCBU"


class TimingEntry(Entry):
    """How the servers answer."""

    p2_ms: Whole = 50
    p2_star_ms: Whole = 5000
    s3_ms: Whole = 5000
    st_min_ms: Whole = 5
    block_size: Byte = 8
    padding: Byte = 0xCC

    def timing(self) -> Timing:
        """As the model has it."""
        return Timing(
            p2_s=self.p2_ms / 1000,
            p2_star_s=self.p2_star_ms / 1000,
            s3_s=self.s3_ms / 1000,
            st_min_s=self.st_min_ms / 1000,
            block_size=self.block_size,
            padding=self.padding,
        )


class DidEntry(Entry):
    """One data identifier."""

    name: str
    format: str
    write: Literal["extended", "programming"] | None = None


class DtcEntry(Entry):
    """One trouble code."""

    code: Annotated[str, Field(pattern=r"^[PCBU][0-3][0-9A-F]{3}-[0-9A-F]{2}$")]
    text: str


class EcuEntry(Entry):
    """One diagnostic server."""

    channel: Name
    request: CanId
    response: CanId
    dids: dict[Hex16, DidEntry] = Field(default_factory=dict)
    routines: dict[Hex16, str] = Field(default_factory=dict)
    dtcs: dict[Hex24, DtcEntry] = Field(default_factory=dict)


class EcusFile(Entry):
    """ecus.yaml."""

    timing: TimingEntry = TimingEntry()
    common_dids: dict[Hex16, DidEntry] = Field(default_factory=dict)
    ecus: dict[Name, EcuEntry]


def checked_ecus(
    file: EcusFile, document: Document, channels: Collection[str]
) -> tuple[Ecu, ...]:
    """The servers of a rig with these channels.

    Raises:
        ContentError: If a channel, identifier, format or trouble code is wrong.
    """
    _check_dids(file.common_dids, document, ("common_dids",))
    for name, ecu in file.ecus.items():
        if ecu.channel not in channels:
            raise document.fail(
                f"the rig has no channel '{ecu.channel}'.",
                nearest(ecu.channel, channels),
                ("ecus", name, "channel"),
            )
        _check_dids(ecu.dids, document, ("ecus", name, "dids"))
        _check_dtcs(ecu.dtcs, document, ("ecus", name, "dtcs"))
    _check_identifiers(file.ecus, document)
    return tuple(_ecu(name, ecu, file.common_dids) for name, ecu in file.ecus.items())


def dtc_code(number: int) -> str:
    """The text of a 24-bit trouble code (ISO 15031-6, ISO 14229-1 annex D).

    >>> dtc_code(0xC07304)
    'U0073-04'
    """
    letter = LETTERS[number >> 22]
    return f"{letter}{number >> 20 & 3}{number >> 8 & 0xFFF:03X}-{number & 0xFF:02X}"


def _ecu(name: str, entry: EcuEntry, common: Mapping[str, DidEntry]) -> Ecu:
    dids = {int(key, 16): did for key, did in {**common, **entry.dids}.items()}
    return Ecu(
        name=name,
        channel=entry.channel,
        request_id=entry.request,
        response_id=entry.response,
        dids={number: (did.name, did.format) for number, did in dids.items()},
        writable={number: did.write for number, did in dids.items() if did.write},
        routines={int(key, 16): text for key, text in entry.routines.items()},
        dtcs={int(key, 16): (dtc.code, dtc.text) for key, dtc in entry.dtcs.items()},
    )


def _check_dids(dids: Mapping[str, DidEntry], document: Document, at: Place) -> None:
    for key, did in dids.items():
        try:
            parse_did_format(did.format)
        except ValueError as error:
            raise document.fail(
                f"the format of {key} cannot be read: {error}.",
                "Write [<count> x ]<type>[ <step>][ <unit>][: <names>]; types are u8, "
                "s8, u16, s16, u32, s32, float32, '<n> ascii' and bytes.",
                (*at, key, "format"),
            ) from None


def _check_dtcs(dtcs: Mapping[str, DtcEntry], document: Document, at: Place) -> None:
    for key, dtc in dtcs.items():
        meant = dtc_code(int(key, 16))
        if dtc.code != meant:
            raise document.fail(
                f"{key} is {meant}, not {dtc.code}.",
                "Correct the number or the code.",
                (*at, key),
            )


def _check_identifiers(ecus: Mapping[str, EcuEntry], document: Document) -> None:
    taken: dict[tuple[str, int], str] = {}
    for name, ecu in ecus.items():
        for key, identifier in (("request", ecu.request), ("response", ecu.response)):
            other = taken.setdefault((ecu.channel, identifier), f"{name}.{key}")
            if other != f"{name}.{key}":
                raise document.fail(
                    f"{ecu.channel} has 0x{identifier:03X} twice, first in {other}.",
                    "Give every server identifiers of its own.",
                    ("ecus", name, key),
                )
