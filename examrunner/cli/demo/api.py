"""The service's routes for people, as the demo needs them."""

from collections.abc import Mapping
from typing import Any, Final

import httpx2

from examrunner.model.errors import DeliveryError

TIMEOUT_S: Final = 60.0


class Api:
    """One signed-in person.

    Args:
        address: ``http://host:port``.
        token: Who it is.
    """

    def __init__(self, address: str, token: str) -> None:
        self._http = httpx2.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_S,
        )

    def is_ready(self) -> bool:
        """Whether the service answers."""
        try:
            return bool(self._http.get("/readyz").is_success)
        except httpx2.HTTPError:
            return False

    def get(self, route: str) -> Any:
        """The answer to a question.

        Raises:
            DeliveryError: If the service refuses.
        """
        return self._answer(self._http.get(f"/api/v1{route}"))

    def post(self, route: str, body: Mapping[str, Any]) -> Any:
        """The answer to a request.

        Raises:
            DeliveryError: If the service refuses.
        """
        return self._answer(self._http.post(f"/api/v1{route}", json=dict(body)))

    def put(self, route: str, body: Mapping[str, Any]) -> None:
        """Puts something in its place.

        Raises:
            DeliveryError: If the service refuses.
        """
        self._answer(self._http.put(f"/api/v1{route}", json=dict(body)))

    def items(self, route: str) -> list[dict[str, Any]]:
        """A whole list."""
        found: list[dict[str, Any]] = self.get(route)["items"]
        return found

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _answer(self, answer: httpx2.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            told = answer.json()
        except ValueError:
            told = {}
        raise DeliveryError(
            str(told.get("problem", f"the service answers {answer.status_code}.")),
            where=str(told.get("where", answer.request.url)),
            remedy=str(told.get("remedy", "Read the service's log.")),
        )
