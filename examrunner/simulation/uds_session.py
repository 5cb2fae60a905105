"""Session and security of one diagnostic server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from examrunner.simulation.kernel import NS_PER_S

DEFAULT, PROGRAMMING, EXTENDED = 1, 2, 3
LOCK_NS: Final = 10 * NS_PER_S
SECRET: Final = 0xA5C3A5C3


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not an error
    """A negative response.

    Args:
        code: Negative response code.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"NRC 0x{code:02X}")
        self.code = code


@dataclass(slots=True)
class Session:
    """What a server remembers between two requests."""

    seeds: np.random.Generator
    now_ns: Callable[[], int]
    kind: int = DEFAULT
    unlocked: bool = False
    seed: int | None = None
    wrong_keys: int = 0
    locked_until_ns: int = 0
    routines: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    def enter(self, kind: int) -> None:
        """Change the session: security is locked again."""
        self.kind, self.unlocked, self.seed = kind, False, None

    def give_seed(self) -> bytes:
        """The seed for security access; zeros when it is granted already.

        Raises:
            Refused: While the delay after wrong keys runs.
        """
        if self.unlocked:
            return bytes(4)
        if self.now_ns() < self.locked_until_ns:
            raise Refused(0x37)
        self.seed = int(self.seeds.integers(1, 1 << 32))
        return self.seed.to_bytes(4, "big")

    def take_key(self, key: bytes) -> None:
        """Unlock with the right key.

        Raises:
            Refused: If no seed was asked for, or the key is wrong.
        """
        if self.seed is None:
            raise Refused(0x24)
        expected, self.seed = key_of(self.seed), None
        if int.from_bytes(key, "big") == expected:
            self.unlocked, self.wrong_keys = True, 0
            return
        self.wrong_keys += 1
        if self.wrong_keys < 2:
            raise Refused(0x35)
        self.wrong_keys, self.locked_until_ns = 0, self.now_ns() + LOCK_NS
        raise Refused(0x36)


def key_of(seed: int) -> int:
    """The key of the training rigs for a seed.

    >>> hex(key_of(0xA5C3A5C2))
    '0x80'
    """
    mixed = seed ^ SECRET
    return ((mixed << 7) | (mixed >> 25)) & 0xFFFFFFFF
