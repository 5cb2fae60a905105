"""A scripted examiner: judges what machines cannot, confirms vetoes and results."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from examrunner.cli.demo.api import Api
from examrunner.simulation.attempt_files import LEVELS, NOT_SEEN, OTHER_LEVELS

OPEN: Final = ("needs_review", "not_measured")
REASON: Final = "scripted examiner of the demonstration"


class Examiner:
    """Decides on each judged attempt once.

    Args:
        api: The service, signed in as an examiner.
        profiles: How each candidate works, by candidate code.
    """

    def __init__(self, api: Api, profiles: Mapping[str, str]) -> None:
        self._api = api
        self._profiles = profiles
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
        profile = self._profiles[attempt["candidate"]]
        score = detail["scores"][-1]["score"]
        for said in _decisions(score, attempt["task"], profile):
            detail = self._api.post(f"{route}/decisions", {**said, "reason": REASON})
        last = detail["scores"][-1]
        points = last["score"]["points"]
        if points["low"] == points["high"]:
            self._api.post(f"{route}/confirmation", {"score": last["number"]})


def _decisions(
    score: Mapping[str, Any], task: str, profile: str
) -> Iterator[dict[str, Any]]:
    not_seen = NOT_SEEN.get((task, profile), ())
    for line in score["criteria"]:
        criterion = line["id"]
        if line["outcome"] not in OPEN:
            continue
        if line["kind"] == "veto":
            yield {"criterion": criterion, "confirm": True}
        elif line["kind"] == "judgement":
            level = OTHER_LEVELS.get((task, criterion, profile), LEVELS[profile])
            yield {"criterion": criterion, "level": level}
        elif criterion in not_seen:
            yield {"criterion": criterion, "fraction": 0.0}
