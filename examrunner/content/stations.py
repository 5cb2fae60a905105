"""stations/<rig>/profiles/<station>.yaml as a model value."""

from collections.abc import Collection
from ipaddress import IPv4Address
from typing import Any, Final

from pydantic import Field, TypeAdapter

from examrunner.content.documents import Document, read_as, read_document
from examrunner.content.entries import Entry, Name
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.model.station import Link, Station


class LinkEntry(Entry):
    """Which driver reaches something; its options are the driver's own."""

    driver: Name
    options: dict[str, Any] = Field(default_factory=dict)

    def link(self) -> Link:
        """As the model has it."""
        return Link(driver=self.driver, options=self.options)


class ConsoleEntry(Entry):
    """Where the station's screens are served."""

    host: IPv4Address


class StationFile(Entry):
    """A station profile."""

    rig: Name
    can: dict[Name, LinkEntry]
    cameras: dict[Name, LinkEntry] = Field(default_factory=dict)
    fault_box: LinkEntry | None = None
    clock: LinkEntry | None = None
    console: ConsoleEntry | None = None


LOOPBACK: Final = "127.0.0.1"
STATION: Final = TypeAdapter(StationFile)


def read_station(name: str, path: SearchPath) -> Station:
    """The station of that name with its rig.

    Raises:
        ContentError: If a file is missing or wrong.
    """
    document = read_document(path.find("station", name))
    entry = read_as(STATION, document)
    rig = read_rig(entry.rig, path)
    _check_names(document, "can", entry.can, {c.name for c in rig.channels})
    _check_names(document, "cameras", entry.cameras, {c.name for c in rig.cameras})
    return Station(
        name=document.path.stem,
        rig=rig,
        can={channel: link.link() for channel, link in entry.can.items()},
        cameras={camera: link.link() for camera, link in entry.cameras.items()},
        fault_box=entry.fault_box.link() if entry.fault_box else None,
        clock=entry.clock.link() if entry.clock else None,
        console_host=str(entry.console.host) if entry.console else LOOPBACK,
    )


def _check_names(
    document: Document, key: str, given: Collection[str], known: Collection[str]
) -> None:
    for name in given:
        if name not in known:
            raise document.fail(
                f"the rig has no '{name}' under {key}.",
                nearest(name, known),
                (key, name),
            )
    missing = sorted(set(known) - set(given))
    if missing:
        raise document.fail(
            f"nothing says how to reach {', '.join(missing)} of the rig.",
            f"Add {'it' if len(missing) == 1 else 'them'} under {key}.",
            (key,),
        )
