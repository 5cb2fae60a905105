"""Any signal layout that a DBC can describe, beside cantools."""

import math

import cantools
import numpy as np
from cantools.database.can import Message, Signal
from cantools.database.conversion import BaseConversion
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.decode.cantools_layout import placed
from examrunner.decode.from_cantools import message_plan
from examrunner.decode.overlaps import misplaced
from examrunner.decode.payloads import Payloads
from examrunner.decode.signals import MessageColumns
from examrunner.model.timeline import Quality

FACTORS = st.one_of(
    st.integers(-1000, 1000).filter(bool),
    st.floats(1e-6, 1e6),
    st.sampled_from([0.1, 0.01, -0.5, 0.125, 2.5, 1, 2**40]),
)
OFFSETS = st.one_of(st.just(0), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6))


@st.composite
def signals(draw, name="S", message_bytes=64):
    is_float = draw(st.integers(0, 3)) == 0
    length = draw(st.sampled_from([16, 32, 64]) if is_float else st.integers(1, 64))
    motorola = draw(st.booleans())
    first = draw(st.integers(0, 8 * message_bytes - length))
    return Signal(
        name=name,
        start=8 * (first // 8) + 7 - first % 8 if motorola else first,
        length=length,
        byte_order="big_endian" if motorola else "little_endian",
        is_signed=draw(st.booleans()),
        conversion=BaseConversion.factory(
            scale=draw(FACTORS), offset=draw(OFFSETS), is_float=is_float
        ),
    )


def columns_of(message, rows):
    width = max(8, message.length)
    data = np.zeros((len(rows), width), np.uint8)
    for target, row in zip(data, rows, strict=True):
        target[: len(row)] = np.frombuffer(row, np.uint8)
    payloads = Payloads(
        t_ns=np.arange(len(rows)),
        length=np.array([len(row) for row in rows]),
        data=data,
    )
    return MessageColumns(message_plan(message, {}), payloads)


@settings(deadline=None)
@given(signals(), st.lists(st.binary(min_size=64, max_size=64), min_size=1))
def test_a_signal_of_any_layout_decodes_as_with_cantools(signal, rows):
    message = Message(1, "M", 64, [signal])
    columns = columns_of(message, rows)

    series = columns.series(columns.plan.signals[0], "M.S")

    for row, raw, value in zip(rows, series.raw, series.values, strict=True):
        their_raw = message.decode(row, scaling=False)["S"]
        theirs = float(message.decode(row)["S"])
        if math.isnan(theirs):
            assert math.isnan(value)
            continue
        assert np.float64(value).tobytes() == np.float64(theirs).tobytes()
        if not signal.is_float:
            assert int(raw) % (1 << 64) == their_raw % (1 << 64)


@settings(deadline=None)
@given(signals(message_bytes=8), st.binary(min_size=0, max_size=8))
def test_a_cut_off_frame_has_the_signals_that_cantools_finds_in_it(signal, row):
    message = Message(1, "M", 8, [signal])
    columns = columns_of(message, [row])

    series = columns.series(columns.plan.signals[0], "M.S")

    theirs = message.decode(row, allow_truncated=True)
    is_short = bool(series.quality[0] & Quality.SHORT)
    assert is_short == ("S" not in theirs)
    assert not is_short or np.isnan(series.values[0])


@settings(deadline=None)
@given(st.lists(signals(message_bytes=20), min_size=1, max_size=4))
def test_layouts_are_refused_exactly_when_cantools_refuses_them(found):
    for number, signal in enumerate(found):
        signal.name = f"S{number}"
    lenient = Message(1, "M", 19, found, strict=False)

    try:
        Message(1, "M", 19, found, strict=True)
        refused = False
    except cantools.database.Error:
        refused = True

    assert bool(list(misplaced(placed(lenient), lenient.length))) == refused


@st.composite
def multiplexed_messages(draw):
    """Two levels of multiplexers over one byte each, payload signals behind them."""
    first = st.frozensets(st.integers(0, 7), min_size=1)
    found = [
        Signal("A", 0, 3, is_multiplexer=True),
        Signal(
            "B",
            8,
            draw(st.integers(2, 4)),
            is_multiplexer=True,
            multiplexer_signal="A",
            multiplexer_ids=sorted(draw(first)),
        ),
    ]
    for number in range(draw(st.integers(1, 4))):
        parent = draw(st.sampled_from(["A", "B"]))
        found.append(
            Signal(
                f"S{number}",
                16 + 8 * number,
                8,
                multiplexer_signal=parent,
                multiplexer_ids=sorted(draw(first)),
            )
        )
    return Message(1, "M", 8, found)


@settings(deadline=None)
@given(multiplexed_messages(), st.lists(st.binary(min_size=8, max_size=8), min_size=1))
def test_multiplexed_signals_are_there_exactly_when_cantools_finds_them(message, rows):
    columns = columns_of(message, rows)

    found = {
        plan.name: columns.series(plan, plan.name) for plan in columns.plan.signals
    }

    for number, row in enumerate(rows):
        try:
            theirs = message.decode(row)
        except cantools.database.DecodeError:
            # cantools gives up the whole frame when one multiplexer has a value that
            # selects nothing; the signals that do not depend on it are there.
            assert number in found["A"].t_ns
            continue
        ours = {
            name: float(series.values[series.t_ns == number][0])
            for name, series in found.items()
            if number in series.t_ns
        }
        assert ours == theirs
