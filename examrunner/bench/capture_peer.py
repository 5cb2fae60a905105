"""Records stand-in buses the way python-can's documentation does.

``python -m examrunner.bench.capture_peer FILE BUS BUS`` prints ``ready`` and closes the
file with the next line of its input. The file's suffix chooses python-can's writer.
"""

import logging
import socket
import sys
from functools import partial
from typing import Any, Final

from examrunner.archive.lean_can import import_can

LISTEN_S: Final = 0.05


def main(path: str, *buses: str) -> None:
    """A ``Logger`` behind a ``Notifier`` of all buses."""
    can = import_can()
    logging.getLogger("can").setLevel(logging.CRITICAL)
    opened = [_bus(bus) for bus in buses]
    notifier = can.Notifier(opened, [can.Logger(path)], timeout=LISTEN_S)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    notifier.stop()
    for bus in opened:
        bus.shutdown()


def _bus(path: str) -> Any:
    """python-can's own SocketCAN bus, on another kind of socket.

    What a UNIX socket does not know, filters and error frames, python-can does without.
    """
    import can.interfaces.socketcan.socketcan as module

    opening: Any = module
    opening.create_socket = partial(
        socket.socket, socket.AF_UNIX, socket.SOCK_SEQPACKET
    )
    opening.bind_socket = lambda opened, channel: opened.connect(channel)
    return opening.SocketcanBus(channel=path)


if __name__ == "__main__":
    main(*sys.argv[1:])
