"""The training rigs' own frames, as the rig documents write them."""

from pathlib import Path

import pytest

from examrunner.decode.databases import load_database
from examrunner.decode.matching import Assignment
from examrunner.decode.timeline import sources_of
from examrunner.decode.tracks import MessageTrack, SignalTrack
from examrunner.model.frames import Frames
from examrunner.model.timeline import Verdict8

DATABASE = Path(__file__).parents[3] / "dbc" / "chassis_bywire.dbc"


@pytest.mark.parametrize(
    ("can_id", "frame", "message", "values"),
    [
        (
            0x102,
            "3e108403fa000000",
            "CMD_Steer",
            {"CMD_StrEn": 1, "CMD_StrAngTgt": 90.0, "CMD_StrRateTgt": 250},
        ),
        (0x102, "63118403fa000000", "CMD_Steer", {"CMD_StrAngTgt": 90.0}),
        (0x502, "3c1e85ff00000000", "RPT_Steer", {"RPT_StrAngAct": -12.3}),
        (0x5A0, "0b232f0000000064", "SAS_Angle", {"SAS_Ang": 4.7, "SAS_Vref": 5.0}),
    ],
)
def test_a_frame_of_the_rig_has_its_checksum_and_values(can_id, frame, message, values):
    data = bytes.fromhex(frame)
    columns = {("CH1", can_id, False): Frames.of([(0, can_id, 0, data)])}
    database = load_database(DATABASE.read_bytes(), DATABASE.name)
    sources = sources_of(columns, ("CH1",), [Assignment(database=database)])

    assert MessageTrack(sources)[message].crc.tolist() == [Verdict8.GOOD]
    signals = SignalTrack(sources)
    for name, value in values.items():
        series = signals[f"{message}.{name}"]
        assert series.values[0] == pytest.approx(value)
        assert series.quality[0] == 0
