"""A network camera that sends Motion JPEG, and can be broken in every way."""

import http.server
import io
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import numpy as np
from PIL import Image

BOUNDARY: Final = "a-boundary"
SIZE_PX: Final = (640, 360)


def noisy_jpegs(size_px: tuple[int, int] = SIZE_PX, count: int = 8) -> list[bytes]:
    """Pictures of one scene, each with noise of its own."""
    width, height = size_px
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    scene = 60 + 120 * ((across // 40 + down // 40) % 2)
    found = []
    for seed in range(count):
        noise = np.random.default_rng(seed).normal(0, 3, (height, width))
        grey = np.clip(scene + noise, 0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(grey).convert("RGB").save(buffer, "JPEG", quality=85)
        found.append(buffer.getvalue())
    return found


class MjpegPeer:
    """Serves pictures in a circle on 127.0.0.1.

    Attributes:
        jpegs: What it shows; may be replaced while it serves.
        port: Kept when it is unplugged and plugged in again.
        sends_length: Whether each picture comes with its length.
        is_stuck: Keeps the connection and sends nothing.
        shown: Pictures that were sent.
    """

    def __init__(self, jpegs: list[bytes], *, rate_hz: float = 30.0) -> None:
        self.jpegs = jpegs
        self.port = 0
        self.sends_length = True
        self.is_stuck = False
        self.shown = 0
        self._rate_hz = rate_hz
        self._server: http.server.ThreadingHTTPServer | None = None
        self.plug()

    @property
    def url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self.port}/stream"

    def plug(self) -> None:
        """The camera appears."""
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", self.port), _handler(self)
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,)).start()

    def unplug(self) -> None:
        """The camera disappears."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def stream(self) -> Iterator[bytes]:
        """Parts as they are sent, until the camera is unplugged."""
        server = self._server
        for number in itertools.count():
            due = time.monotonic() + 1 / self._rate_hz
            while self.is_stuck and self._server is server:
                time.sleep(0.02)
            if self._server is not server:
                return
            jpeg = self.jpegs[number % len(self.jpegs)]
            length = f"Content-Length: {len(jpeg)}\r\n" if self.sends_length else ""
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n{length}\r\n"
            yield head.encode() + jpeg + b"\r\n"
            self.shown += 1
            time.sleep(max(0.0, due - time.monotonic()))


def _handler(peer: MjpegPeer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
            self.send_header("Content-Type", kind)
            self.end_headers()
            with suppress(OSError):  # the station has gone
                for part in peer.stream():
                    self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            """A camera prints nothing."""

    return Handler
