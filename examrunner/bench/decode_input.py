"""One generated, seeded trace: 20 messages, 145 signals, a million frames."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames

MESSAGES: Final = 20
SIGNALS: Final = 145
FRAMES: Final = 1_000_000
SEED: Final = 20260102
FIRST_ID: Final = 0x100
CYCLE_NS: Final = 10_000_000
PAYLOAD_BITS: Final = 64
FACTORS: Final = ("1", "0.1", "0.01", "0.5", "0.25", "0.001", "2")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """What is decoded.

    Attributes:
        database: DBC text.
        frames: All frames in order of time.
    """

    database: str
    frames: Frames


def generated(count: int = FRAMES) -> Trace:
    """``count`` frames, the messages taking turns."""
    random = np.random.default_rng(SEED)
    number = np.arange(count)
    frames = Frames(
        t_ns=number * (CYCLE_NS // MESSAGES),
        ids=(FIRST_ID + number % MESSAGES).astype(np.uint32),
        flags=np.zeros(count, np.uint8),
        length=np.full(count, 8, np.uint8),
        data=random.integers(0, 256, (count, 8), np.uint8),
    )
    return Trace(database=_database(random), frames=frames)


def _database(random: np.random.Generator) -> str:
    """Every other message is Motorola; one in three signals is signed."""
    lines = ['VERSION ""', "BU_: ECU"]
    for message in range(MESSAGES):
        lines.append(f"BO_ {FIRST_ID + message} Message{message}: 8 ECU")
        many = (SIGNALS * (message + 1)) // MESSAGES - (SIGNALS * message) // MESSAGES
        for signal, (start, length) in enumerate(_placed(random, many)):
            lines.append(_signal(random, message, signal, start, length))
    return "\n".join(lines) + "\n"


def _placed(random: np.random.Generator, many: int) -> list[tuple[int, int]]:
    """Start and length of so many neighbours in 64 bits, 2 to 16 bits each."""
    room = PAYLOAD_BITS // many
    lengths: NDArray[np.int64] = random.integers(2, min(16, room * 2), many)
    while lengths.sum() > PAYLOAD_BITS:
        lengths[lengths.argmax()] -= 1
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return list(zip(starts.tolist(), lengths.tolist(), strict=True))


def _signal(
    random: np.random.Generator, message: int, signal: int, start: int, length: int
) -> str:
    order = message % 2
    place = start if order else 8 * (start // 8) + 7 - start % 8
    sign = "-" if random.integers(3) == 0 else "+"
    factor = FACTORS[random.integers(len(FACTORS))]
    return (
        f" SG_ Signal{message}_{signal} : {place}|{length}@{order}{sign} "
        f'({factor},0) [0|0] "" ECU'
    )
