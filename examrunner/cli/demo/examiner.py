"""A scripted examiner: judges what machines cannot, confirms vetoes and results."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from examrunner.cli.demo.api import Api

OPEN: Final = "needs_review"
REASON: Final = "scripted examiner of the demonstration"


class Examiner:
    """Decides on each judged attempt once.

    Args:
        api: The service, signed in as an examiner.
        levels: Level for judgement items by candidate code.
    """

    def __init__(self, api: Api, levels: Mapping[str, int]) -> None:
        self._api = api
        self._levels = levels
        self._seen: set[str] = set()

    def look_after(self, attempts: list[dict[str, Any]]) -> None:
        """Decides and confirms what has been judged since the last time."""
        for attempt in attempts:
            if attempt["state"] == "judged" and attempt["id"] not in self._seen:
                self._seen.add(attempt["id"])
                self._decide(attempt)

    def has_seen(self, attempt: Mapping[str, Any]) -> bool:
        """Whether nothing more will happen to an attempt."""
        return attempt["state"] == "confirmed" or attempt["id"] in self._seen

    def _decide(self, attempt: Mapping[str, Any]) -> None:
        route = f"/attempts/{attempt['id']}"
        detail = self._api.get(route)
        level = self._levels[attempt["candidate"]]
        for said in _decisions(detail["scores"][-1]["score"], level):
            detail = self._api.post(f"{route}/decisions", {**said, "reason": REASON})
        last = detail["scores"][-1]
        points = last["score"]["points"]
        if points["low"] == points["high"]:
            self._api.post(f"{route}/confirmation", {"score": last["number"]})


def _decisions(score: Mapping[str, Any], level: int) -> Iterator[dict[str, Any]]:
    for line in score["criteria"]:
        if line["outcome"] != OPEN:
            continue
        if line["kind"] == "veto":
            yield {"criterion": line["id"], "confirm": True}
        elif line["kind"] == "judgement":
            yield {"criterion": line["id"], "level": level}
