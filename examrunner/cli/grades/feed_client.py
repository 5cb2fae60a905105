"""Pulls grades from the exam service, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx2

from examrunner.model.errors import DeliveryError

NOT_ALLOWED: Final = frozenset({401, 403})


class FeedClient:
    """The service's grade feed as a course system sees it.

    Args:
        api: Address of the API, for example ``http://127.0.0.1:8000/api/v1``.
        token: Token of a course system or examiner.
        timeout_s: How long to wait for an answer.
    """

    def __init__(self, api: str, token: str, *, timeout_s: float) -> None:
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout_s = timeout_s

    def table(self, scheme: str | None) -> bytes:
        """All grades as the service's table for Excel.

        Raises:
            DeliveryError: If the service cannot be reached or refuses.
        """
        return self._get("grades.csv", _named(scheme=scheme)).content

    def grades(self, scheme: str | None) -> Iterator[Mapping[str, Any]]:
        """All grades in the order in which they came about.

        Raises:
            DeliveryError: See ``table``.
        """
        cursor: str | None = None
        while True:
            page = self._page(_named(scheme=scheme, cursor=cursor))
            yield from page["items"]
            if not page["items"] or page["next"] in {None, cursor}:
                return
            cursor = page["next"]

    def _page(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        answer = self._get("grades", query)
        try:
            page = answer.json()
            items, following = page["items"], page["next"]
        except (ValueError, KeyError, TypeError):
            raise DeliveryError(
                "the answer is no page of grades.",
                where=str(answer.url),
                remedy="Check that this is the address of the exam service.",
            ) from None
        return {"items": items, "next": following}

    def _get(self, route: str, query: Mapping[str, str]) -> httpx2.Response:
        url = f"{self._api}/{route}"
        try:
            answer = httpx2.get(
                url, params=query, headers=self._headers, timeout=self._timeout_s
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise DeliveryError(
                "the exam service does not answer.",
                where=url,
                remedy="Check the address and that the service runs.",
            ) from error
        if answer.status_code in NOT_ALLOWED:
            raise DeliveryError(
                "the exam service does not accept this token.",
                where=url,
                remedy="Ask an administrator for a token that may read grades.",
            )
        if answer.status_code != httpx2.codes.OK:
            raise DeliveryError(
                f"the exam service answered with status {answer.status_code}.",
                where=url,
                remedy="Look at the service's log.",
            )
        return answer


def _named(**query: str | None) -> dict[str, str]:
    return {name: value for name, value in query.items() if value is not None}
