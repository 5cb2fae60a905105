"""The decoding bench measures two decoders that agree."""

import cantools
import numpy as np

from examrunner.archive.grouping import by_identifier
from examrunner.bench.decode_input import MESSAGES, SIGNALS, generated
from examrunner.decode.databases import load_database
from examrunner.decode.matching import Assignment
from examrunner.decode.timeline import sources_of
from examrunner.decode.tracks import SignalTrack


def test_ours_and_cantools_give_the_same_values_for_the_generated_trace():
    trace = generated(2000)
    database = load_database(trace.database.encode(), "trace.dbc")
    columns = {("CH1", i, e): frames for i, e, frames in by_identifier(trace.frames)}
    signals = SignalTrack(sources_of(columns, ["CH1"], [Assignment(database=database)]))
    theirs = cantools.database.load_string(trace.database, database_format="dbc")

    found = {name: [] for name in signals}
    for can_id, data in zip(trace.frames.ids, trace.frames.data, strict=True):
        message = theirs.get_message_by_frame_id(int(can_id))
        for name, value in message.decode(data.tobytes()).items():
            found[f"{message.name}.{name}"].append(float(value))

    assert len(columns) == MESSAGES
    assert len(found) == SIGNALS
    for name, values in found.items():
        np.testing.assert_array_equal(signals[name].values, values)
