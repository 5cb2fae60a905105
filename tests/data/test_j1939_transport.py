"""A truck's long messages, as its publishers and a second decoder read them."""

import csv
import gzip
import json
from collections import Counter, defaultdict

from examrunner.decode.diagnostics.j1939 import long_messages
from examrunner.model.frames import EXTENDED, Frames


def columns_of(folder):
    rows = defaultdict(list)
    with gzip.open(folder / "frames.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            can_id = int(row["id"], 16)
            t_ns = round(float(row["t_s"]) * 1e9)
            rows[row["channel"], can_id, True].append(
                (
                    t_ns,
                    can_id,
                    EXTENDED,
                    bytes.fromhex(row["data"]),
                )
            )
    return {key: Frames.of(listed) for key, listed in rows.items()}


def test_sixteen_broadcast_messages_of_a_truck_are_put_together(shared_data):
    folder = shared_data / "can/j1939-truck"
    heard = long_messages(columns_of(folder))

    told = json.loads((folder / "expected.json").read_text())["j1939_tp"]

    assert Counter(message.pgn for message in heard.messages) == {
        0xFEE3: 13,
        0xFEEC: 3,
    }
    assert [(m.pgn, m.data.hex().upper()) for m in heard.messages] == [
        (message["pgn"], message["data"])
        for message in sorted(told["messages"], key=lambda m: m["t_end"])
    ]
    assert heard.broken == ()
