from pathlib import Path

import cantools
import numpy as np
import pytest

from examrunner.model.e2e import crc_column
from examrunner.simulation.layouts import read_layouts

DBC = Path(__file__).parents[3] / "dbc"
NAMES = ("chassis_bywire", "adas_bench", "body_hs1", "body_ms1")


@pytest.mark.parametrize("name", NAMES)
def test_every_message_packs_to_the_same_bytes_as_cantools(name: str) -> None:
    content = (DBC / f"{name}.dbc").read_bytes()
    layouts = read_layouts(content)
    database = cantools.database.load_string(content.decode(), "dbc")
    random = np.random.default_rng(5)
    for message in database.messages:
        layout = layouts[message.name]
        raw = {
            signal.name: _random_raw(signal, random)
            for signal in message.signals
            if signal.multiplexer_ids in (None, [0]) and not signal.is_multiplexer
        }
        raw |= {s.name: 0 for s in message.signals if s.is_multiplexer}
        expected = message.encode(raw, scaling=False, strict=False)
        kept = {n: np.array([v]) for n, v in raw.items() if n in layout.signals}
        data = layout.pack(kept, 1)
        if layout.data_id is not None:
            crc, counter = (message.signals[i].name for i in (0, 1))
            assert crc.endswith("_Crc")
            data[:, 0], data[:, 1] = raw[crc], data[:, 1] | raw[counter]
        assert bytes(data[0]) == expected, message.name


def _random_raw(signal: object, random: np.random.Generator) -> int:
    low = -(1 << signal.length - 1) if signal.is_signed else 0
    high = (1 << signal.length - signal.is_signed) - 1
    return int(random.integers(low, high, endpoint=True, dtype=np.int64))


@pytest.mark.parametrize("name", NAMES)
def test_values_come_back_within_half_a_step(name: str) -> None:
    random = np.random.default_rng(6)
    for layout in read_layouts((DBC / f"{name}.dbc").read_bytes()).values():
        for signal in layout.signals.values():
            top = min((1 << (signal.bits - signal.signed)) - 1, 1 << 40)
            steps = random.integers(-top if signal.signed else 0, top, 50)
            values = steps * signal.factor + signal.offset
            back = signal.read(layout.pack({signal.name: values}, 50))
            assert np.abs(back - values).max() <= signal.factor / 2 * 1.001


@pytest.mark.parametrize(
    ("message", "values", "counter", "payload"),
    [
        (
            "CMD_Steer",
            {"CMD_StrEn": "ON", "CMD_StrAngTgt": 90.0, "CMD_StrRateTgt": 250.0},
            0,
            "3e108403fa000000",
        ),
        (
            "CMD_Steer",
            {"CMD_StrEn": "ON", "CMD_StrAngTgt": 90.0, "CMD_StrRateTgt": 250.0},
            1,
            "63118403fa000000",
        ),
        (
            "RPT_Steer",
            {"RPT_StrState": "AUTO", "RPT_StrAngAct": -12.3},
            14,
            "3c1e85ff00000000",
        ),
        (
            "SAS_Angle",
            {"SAS_Trim": 1.0, "SAS_Ang": 4.7, "SAS_Vref": 5.0},
            3,
            "0b232f0000000064",
        ),
    ],
)
def test_protected_frames_equal_the_known_vectors(
    message: str, values: dict[str, object], counter: int, payload: str
) -> None:
    layout = read_layouts((DBC / "chassis_bywire.dbc").read_bytes())[message]
    data = layout.pack(values, 1)
    layout.protect(data, np.array([counter]))
    assert bytes(data[0]).hex() == payload


def test_a_value_that_is_not_available_says_so_on_the_bus() -> None:
    layout = read_layouts((DBC / "body_ms1.dbc").read_bytes())["GW_PwtToBody"]
    data = layout.pack({"GW_VehSpd": np.array([np.nan])}, 1)
    assert int.from_bytes(bytes(data[0, 2:4]), "little") == 0xFFFF


def test_a_changed_byte_is_not_intact() -> None:
    layout = read_layouts((DBC / "chassis_bywire.dbc").read_bytes())["CMD_Steer"]
    data = layout.pack({"CMD_StrAngTgt": np.array([10.0, 20.0])}, 2)
    layout.protect(data, np.arange(2))
    data[1, 3] ^= 1
    assert layout.intact(data).tolist() == [True, False]
    assert crc_column(0x0102, data)[0] == data[0, 0]
