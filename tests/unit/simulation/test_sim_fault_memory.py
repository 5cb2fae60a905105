import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.simulation.kernel import NS_PER_S, Kernel
from examrunner.simulation.trouble_codes import (
    AGED_OUT,
    ALL,
    CLEARED,
    CONFIRMED,
    FAILED,
    LAMP,
    NOT_RUN_THIS_CYCLE,
    FaultMemory,
)

LOST, COUNTER, CORRELATION, MOTOR = 0xC12687, 0xC42882, 0x403164, 0x012221


def a_memory(frame: bytes = b"\x01\x08\x03\x00\x00") -> tuple[FaultMemory, Kernel]:
    kernel = Kernel()
    numbers = (LOST, COUNTER, CORRELATION, MOTOR)
    memory = FaultMemory(numbers, kernel, lambda: True, freeze_frame=lambda: frame)
    return memory, kernel


def wait(kernel: Kernel, seconds: float) -> None:
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


@pytest.mark.parametrize(
    ("number", "debounce_s"),
    [(LOST, 0.5), (MOTOR, 0.5), (CORRELATION, 1.0), (COUNTER, 2.0)],
)
def test_a_test_has_to_fail_for_its_debounce_time(number, debounce_s):
    memory, kernel = a_memory()
    memory.observe(number, failing=True)
    wait(kernel, debounce_s - 0.01)
    assert not memory.status[number] & FAILED
    wait(kernel, 0.02)
    assert memory.status[number] & 0x2F == 0x2F


def test_a_fault_that_goes_before_its_time_leaves_no_trace():
    memory, kernel = a_memory()
    memory.observe(COUNTER, failing=True)
    wait(kernel, 1.5)
    memory.observe(COUNTER, failing=False)
    wait(kernel, 10)
    assert memory.status[COUNTER] == 0
    assert not memory.records


def test_only_powertrain_codes_ask_for_the_lamp():
    memory, kernel = a_memory()
    memory.observe(LOST, failing=True)
    wait(kernel, 1)
    assert not memory.lamp
    memory.observe(MOTOR, failing=True)
    wait(kernel, 1)
    assert memory.lamp
    assert memory.status[MOTOR] == 0xAF
    assert memory.available == 0xFF
    body = FaultMemory((LOST,), kernel, lambda: True)
    assert body.available == 0x7F


def test_a_healed_code_goes_to_sleep_with_the_next_passed_cycle():
    memory, kernel = a_memory()
    memory.observe(MOTOR, failing=True)
    wait(kernel, 1)
    memory.observe(MOTOR, failing=False)
    wait(kernel, 3)
    assert memory.status[MOTOR] == 0xAE
    memory.begin_cycle()
    assert memory.status[MOTOR] == 0xAE & ~0x02 | NOT_RUN_THIS_CYCLE
    memory.restart()
    wait(kernel, 3)
    assert memory.status[MOTOR] == 0x28
    assert not memory.lamp


def test_a_test_that_cannot_run_neither_passes_nor_fails():
    memory, kernel = a_memory()
    memory.observe(CORRELATION, failing=None)
    memory.clear(ALL)
    wait(kernel, 30)
    assert memory.status[CORRELATION] == CLEARED
    memory.observe(CORRELATION, failing=False)
    wait(kernel, 1)
    memory.observe(CORRELATION, failing=None)
    wait(kernel, 30)
    assert memory.status[CORRELATION] == CLEARED
    memory.observe(CORRELATION, failing=False)
    wait(kernel, 3)
    assert memory.status[CORRELATION] == 0


def test_what_was_kept_counts_failures_and_goes_with_clearing():
    memory, kernel = a_memory()
    for _ in range(3):
        memory.observe(LOST, failing=True)
        wait(kernel, 1)
        memory.observe(LOST, failing=False)
        wait(kernel, 3)
    record = memory.records[LOST]
    assert record.occurrences == 3
    assert record.freeze_frame == b"\x01\x08\x03\x00\x00"
    memory.clear(LOST)
    assert LOST not in memory.records


def test_a_restart_while_the_fault_lasts_is_no_second_failure():
    memory, kernel = a_memory()
    memory.observe(LOST, failing=True)
    wait(kernel, 1)
    memory.restart()
    wait(kernel, 1)
    assert memory.records[LOST].occurrences == 1


def test_a_code_is_forgotten_after_forty_passed_cycles():
    memory, kernel = a_memory()
    memory.observe(MOTOR, failing=True)
    wait(kernel, 1)
    memory.observe(MOTOR, failing=False)
    wait(kernel, 3)
    passed = 0
    while memory.status[MOTOR] & CONFIRMED:
        memory.begin_cycle()
        memory.restart()
        wait(kernel, 3)
        passed += 1
    # The cycle in which it failed is no passed one.
    assert passed == AGED_OUT + 1
    assert MOTOR not in memory.records
    assert not memory.status[MOTOR] & LAMP


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.floats(0, 5))))
def test_a_code_is_confirmed_only_by_a_stretch_that_lasts(stretches):
    memory, kernel = a_memory()
    longest, lasted, before = 0.0, 0.0, False
    for failing, seconds in stretches:
        memory.observe(COUNTER, failing=failing)
        lasted = lasted + seconds if failing == before else seconds
        longest = max(longest, lasted if failing else 0.0)
        before = failing
        wait(kernel, seconds)
    if longest < 1.99:
        assert not memory.status[COUNTER] & CONFIRMED
    if longest > 2.01:
        assert memory.status[COUNTER] & CONFIRMED
