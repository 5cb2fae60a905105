"""A network that loses, repeats and delays, from a station into the application."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx2
from anyio.from_thread import BlockingPortal
from day_disk import Killed
from day_world import World

OUTAGE_S = 3.0
TIMEOUT_S = 30.0
App = Callable[..., object]
Serve = Callable[[httpx2.Request, bytes], httpx2.Response]


@dataclass
class Weather:
    """How often something happens to one request.

    Attributes:
        lost: Never reaches the service.
        unanswered: Reaches it, and the answer is lost.
        twice: Reaches it twice.
        late: Reaches it once more, much later, when nobody waits for the answer.
        slow_s: Longest time under way.
        outages: Spans without any line.
    """

    lost: float = 0.0
    unanswered: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    slow_s: float = 0.2
    outages: Sequence[tuple[float, float]] = ()

    def is_out(self, now_s: float) -> bool:
        """Whether there is no line now."""
        return any(start <= now_s < end for start, end in self.outages)


@dataclass
class Line(httpx2.BaseTransport):
    """What a station's client sends through."""

    world: World
    lot: random.Random
    weather: Weather
    serve: Serve
    requests: list[tuple[float, int]] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        weather, lot = self.weather, self.lot
        self.world.sleep(lot.uniform(0, weather.slow_s))
        if weather.is_out(self.world.now_s):
            self.world.sleep(OUTAGE_S)
            raise httpx2.ConnectError("no line", request=request)
        if lot.random() < weather.lost:
            self.world.sleep(TIMEOUT_S)
            raise httpx2.ReadTimeout("lost", request=request)
        self.requests.append((self.world.now_s, len(body)))
        if lot.random() < weather.twice:
            self._again(request, body)
        answer = self.serve(request, body)
        if lot.random() < weather.late:
            later_s = self.world.now_s + lot.uniform(60, 7200)
            self.world.at(later_s, lambda: self._again(request, body))
        self.world.sleep(lot.uniform(0, weather.slow_s))
        if lot.random() < weather.unanswered or weather.is_out(self.world.now_s):
            self.world.sleep(TIMEOUT_S)
            raise httpx2.ReadTimeout("answer lost", request=request)
        return answer

    def _again(self, request: httpx2.Request, body: bytes) -> None:
        try:
            self.serve(request, body)
        except httpx2.TransportError:
            return


def answered(
    portal: BlockingPortal, app: App, request: httpx2.Request, body: bytes
) -> httpx2.Response:
    """The application's answer to a request, without sockets."""
    answer = portal.call(_answer, app, request, body)
    if isinstance(answer, Killed):
        raise answer
    return answer


async def _answer(
    app: App, request: httpx2.Request, body: bytes
) -> httpx2.Response | Killed:
    url = request.url
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(url.path),
        "raw_path": url.raw_path,
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except Killed as death:
        # Whatever else leaves a task ends the event loop with it.
        return death
    start = sent[0]
    content = b"".join(one.get("body", b"") for one in sent[1:])
    return httpx2.Response(start["status"], headers=start["headers"], content=content)
