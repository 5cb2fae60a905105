"""One random stream per source, so that no source disturbs another."""

import hashlib

import numpy as np


class Streams:
    """The random streams of one rig.

    Draws of a stream are sequential: asking for 5 and then 5 numbers gives the same
    as asking for 10.

    Args:
        seed: Of the rig.

    >>> a, b = Streams(1).of("jitter", 0x502), Streams(1).of("jitter", 0x502)
    >>> [a.normal(), a.normal()] == list(b.normal(size=2))
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._given: dict[str, np.random.Generator] = {}
        self._since_ns = 0

    def of(self, *name: object) -> np.random.Generator:
        """The stream of a named source; always the same object."""
        text = "/".join(str(part) for part in name)
        if text not in self._given:
            self._given[text] = np.random.default_rng(self._number(text))
        return self._given[text]

    def at(self, t_ns: int, *name: object) -> np.random.Generator:
        """A fresh stream for one moment of rig time."""
        text = "/".join(str(part) for part in (*name, t_ns - self._since_ns))
        return np.random.default_rng(self._number(text))

    def restart(self, occasion: str, t_ns: int) -> None:
        """Begin every stream anew, so that what was drawn before does not matter."""
        self._since_ns = t_ns
        for text, given in self._given.items():
            fresh = np.random.default_rng(self._number(f"{occasion}:{text}"))
            given.bit_generator.state = fresh.bit_generator.state

    def _number(self, text: str) -> int:
        digest = hashlib.sha256(f"{self.seed}/{text}".encode()).digest()
        return int.from_bytes(digest[:16], "big")
