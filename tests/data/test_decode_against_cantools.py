"""Raw integers and values of every database, beside cantools' on random frames."""

import math
import random
from pathlib import Path

import cantools
import numpy as np
import pytest

from examrunner.decode.cantools_layout import is_readable
from examrunner.decode.databases import load_database
from examrunner.decode.payloads import Payloads
from examrunner.decode.signals import MessageColumns
from examrunner.model.timeline import Quality

FRAMES = 20_000
REPOSITORY = Path(__file__).parents[2]
CORPUS = [
    f"can/dbc-corpus-opendbc/{name}.dbc"
    for name in (
        "LeafPowertrainBus", "bms", "cadillac_ct6_powertrain", "canmatrix-j1939",
        "comma_body", "gm_global_a_chassis", "mazda_radar", "mazda_rx8",
        "mercedes_benz_e350_2010", "opel_omega_2001", "tesla_powertrain",
        "toyota_prius_2010_pt", "volvo_v40_2017_pt",
    )
]  # fmt: skip
OTHERS = [
    "can/j1939-truck/CSS-Electronics-SAE-J1939-DEMO.dbc",
    "can/j1939-truck/tp_j1939.dbc",
    "can/kona-uds/tp_uds.dbc",
    "vectors/cantools/files/arxml/system-4.2.arxml",
    "vectors/cantools/files/dbc/multiplex.dbc",
    "vectors/cantools/files/dbc/socialledge.dbc",
    "vectors/cantools/files/kcd/signal_range.kcd",
    "vectors/cantools/files/kcd/the_homer.kcd",
    "vectors/cantools/files/sym/jopp-6.0.sym",
]


@pytest.mark.parametrize("name", CORPUS + OTHERS)
def test_random_frames_decode_as_with_cantools(shared_data, name):
    _compare(shared_data / name)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "dbc").glob("*.dbc")), ids=lambda path: path.name
)
def test_random_frames_of_our_own_networks_decode_as_with_cantools(path):
    _compare(path)


def _compare(path):
    plans = load_database(path.read_bytes(), path.name, strict=False).messages
    theirs = cantools.database.load_file(path, strict=False, encoding="utf-8-sig")
    assert [plan.name for plan in plans] == [each.name for each in theirs.messages]
    pairs = [
        (plan, each)
        for plan, each in zip(plans, theirs.messages, strict=True)
        if plan.signals
    ]
    count = math.ceil(FRAMES / len(pairs))
    compared = sum(_compare_message(plan, each, count) for plan, each in pairs)
    assert compared > 0


def _compare_message(plan, message, count):
    data = random.Random(plan.name).randbytes(count * plan.length)
    rows = [data[i * plan.length : (i + 1) * plan.length] for i in range(count)]
    frames = _payloads(rows, plan.length)
    columns = MessageColumns(plan, frames)
    peer_is_wrong = _is_misread_by_cantools(message)
    expected = [None if peer_is_wrong else _cantools(message, row) for row in rows]
    compared = 0
    readable = [each for each in message.signals if is_readable(each, message)]
    for signal, theirs in zip(plan.signals, readable, strict=True):
        series = columns.series(signal, signal.name)
        wanted = [
            (t, *_wanted(message, theirs, row, decoded))
            for t, (row, decoded) in enumerate(zip(rows, expected, strict=True))
        ]
        present = [each for each in wanted if each[1] is not None]
        assert series.t_ns.tolist() == [t for t, _, _ in present], signal.name
        assert series.raw.tolist() == [raw for _, raw, _ in present], signal.name
        values = np.array([float(value) for _, _, value in present], np.float64)
        np.testing.assert_array_equal(
            series.values.view(np.uint64)[~np.isnan(series.values)],
            values.view(np.uint64)[~np.isnan(values)],
            err_msg=signal.name,
        )
        np.testing.assert_array_equal(np.isnan(series.values), np.isnan(values))
        assert not (series.quality & Quality.SHORT).any()
        compared += len(present)
    return compared


def _payloads(rows, length):
    width = max(8, length)
    data = np.zeros((len(rows), width), np.uint8)
    data[:, :length] = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, length)
    return Payloads(
        t_ns=np.arange(len(rows)), length=np.full(len(rows), length), data=data
    )


def _is_misread_by_cantools(message):
    """Whether signals overlap or stick out.

    cantools pads between signals in order of their place; where that padding would
    be negative it goes on as if the signals were adjacent (volvo_v40: FSM5), or
    unpacks nothing at all (canmatrix-j1939: DISP1). Of two signals with one name it
    gives one (canmatrix-j1939: EAC1). We read each signal where the file puts it.
    """
    names = [signal.name for signal in message.signals]
    if len(set(names)) < len(names):
        return True
    try:
        message.refresh(strict=True)
    except cantools.database.Error:
        return True
    return False


def _cantools(message, row):
    """Raw and scaled values; None where the multiplexer has a value unknown to it."""
    try:
        return (
            message.decode(row, decode_choices=False, scaling=False),
            message.decode(row, decode_choices=False, scaling=True),
        )
    except cantools.database.DecodeError:
        return None


def _wanted(message, signal, row, decoded):
    """Raw value as an int64 column holds it, and value; Nones if it is not there."""
    if decoded is None:
        raw, value = _by_hand(message, signal, row)
    else:
        raw, value = decoded[0].get(signal.name), decoded[1].get(signal.name)
    if raw is None:
        return None, None
    if signal.is_float:
        # A float travels as its bits, and Python's floats do not keep those of a NaN.
        raw = _integer(signal, row)
    return raw - (1 << 64) if raw >> 63 and raw > 0 else raw, value


def _by_hand(message, signal, row):
    """Bit by bit, without either decoder; (None, None) if a multiplexer hides it."""
    child = signal
    while child.multiplexer_signal is not None and child.multiplexer_ids:
        parent = message.get_signal_by_name(child.multiplexer_signal)
        if _integer(parent, row) not in child.multiplexer_ids:
            return None, None
        child = parent
    raw = _integer(signal, row)
    return raw, signal.conversion.raw_to_scaled(raw, decode_choices=False)


def _integer(signal, row):
    bits = []
    if signal.byte_order == "little_endian":
        for position in range(signal.start, signal.start + signal.length):
            bits.append(row[position // 8] >> (position % 8) & 1)
        bits.reverse()
    else:
        first = 8 * (signal.start // 8) + 7 - signal.start % 8
        for position in range(first, first + signal.length):
            bits.append(row[position // 8] >> (7 - position % 8) & 1)
    value = int("".join(map(str, bits)), 2)
    if signal.is_signed and bits[0]:
        value -= 1 << signal.length
    return value
