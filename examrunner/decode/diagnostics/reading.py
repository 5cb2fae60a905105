"""Reading bytes one after the other, with a word for what is missing."""


class MalformedError(ValueError):
    """A payload contradicts the layout of its service."""


class Cursor:
    """A place in a payload.

    Args:
        data: The payload.
        zero_padding: Whether a rest of zeros is padding and not data.
    """

    def __init__(self, data: bytes, *, zero_padding: bool = True) -> None:
        self._data = data
        self._at = 0
        self._zero_padding = zero_padding

    @property
    def left(self) -> int:
        """Bytes that have not been read."""
        return len(self._data) - self._at

    def has_more(self) -> bool:
        """Whether anything but padding is left."""
        rest = self._data[self._at :]
        return any(rest) if self._zero_padding else bool(rest)

    def take(self, count: int, what: str) -> bytes:
        """The next ``count`` bytes.

        Raises:
            MalformedError: If fewer are left; names ``what`` they would have been.
        """
        if self.left < count:
            raise MalformedError(f"{count - self.left} byte(s) of {what} are missing")
        found = self._data[self._at : self._at + count]
        self._at += count
        return found

    def number(self, count: int, what: str) -> int:
        """The next ``count`` bytes as a big-endian number."""
        return int.from_bytes(self.take(count, what), "big")

    def byte(self, what: str) -> int:
        """The next byte."""
        return self.number(1, what)

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.take(self.left, "nothing")
