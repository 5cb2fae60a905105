"""Buses of 1 Mbit/s that are full, for whoever records them.

``python -m examrunner.testing.full_buses FOLDER SECONDS CH1 CH2`` puts each bus into
the folder as a stand-in, prints ``ready``, speaks when a line comes in, prints how many
frames each bus carried and how many found no room when all others are read, and ends
with the next line.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from examrunner.testing.socketcan_stand_in import StandInBus, datagram

RATE_HZ: Final = 9000
"""Frames of 8 bytes that fit on a bus of 1 Mbit/s."""
TICK_S: Final = 0.002
IDENTIFIERS: Final = 50


def speak(buses: Sequence[StandInBus], seconds: int) -> tuple[int, int]:
    """Puts numbered frames on every bus at its full rate until the last one is read.

    Returns:
        Frames that each bus carried, and how many found no room on all of them.
    """
    for bus in buses:
        bus.meet()
    sent = refused = 0
    began = time.monotonic()
    while sent < seconds * RATE_HZ:
        due = min(seconds * RATE_HZ, int((time.monotonic() - began) * RATE_HZ))
        frames = [
            datagram(0x100 + number % IDENTIFIERS, 0, number.to_bytes(8, "big"))
            for number in range(sent, due)
        ]
        refused += sum(bus.offer(frames) for bus in buses)
        sent = due
        time.sleep(TICK_S)
    while any(bus.unread() for bus in buses):
        time.sleep(TICK_S)
    return sent, refused


def main(folder: str, seconds: str, *channels: str) -> None:
    """Speaks once, between two lines of its input."""
    buses = [StandInBus(Path(folder) / name) for name in channels]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sent, refused = speak(buses, int(seconds))
    sys.stdout.write(json.dumps({"sent": sent, "refused": refused}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for bus in buses:
        bus.unplug()


if __name__ == "__main__":
    main(*sys.argv[1:])
