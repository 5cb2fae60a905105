"""OBD answers as python-OBD decodes them."""

import json

import pytest

from examrunner.decode.diagnostics.obd import PIDS, fuel_states, monitor_status

UNITS = {
    "percent": "%",
    "degree_Celsius": "degC",
    "milliampere": "mA",
    "volt": "V",
    "kilopascal": "kPa",
    "pascal": "Pa",
    "degree": "deg",
    "lph": "l/h",
}

PID_OF = {
    "percent": 0x04,
    "temp": 0x05,
    "current_centered": 0x34,
    "sensor_voltage": 0x14,
    "sensor_voltage_big": 0x24,
    "fuel_pressure": 0x0A,
    "pressure": 0x0B,
    "abs_evap_pressure": 0x53,
    "evap_pressure_alt": 0x54,
    "timing_advance": 0x0E,
    "inject_timing": 0x5D,
    "fuel_rate": 0x5E,
    "absolute_load": 0x43,
}


@pytest.fixture(scope="module")
def vectors(shared_data):
    lines = (shared_data / "vectors/python-OBD/python-OBD.jsonl").read_text()
    return [json.loads(line) for line in lines.splitlines()]


def after_the_pid(vector) -> bytes:
    return bytes.fromhex(vector["data"][0])[2:]


@pytest.mark.parametrize("decoder", PID_OF)
def test_numeric_parameters_have_the_value_and_unit_of_python_obd(vectors, decoder):
    pid = PIDS[PID_OF[decoder]]
    found = [vector for vector in vectors if vector["decoder"] == decoder]
    assert found
    for vector in found:
        data = after_the_pid(vector)
        if decoder == "temp" and len(data) == 2:
            continue  # A two byte temperature belongs to no parameter of SAE J1979.
        told = vector["result"]
        assert pid.value(data) == pytest.approx(told["value"], rel=1e-12)
        assert pid.unit == UNITS[told["unit"]]


def test_fuel_states_are_told_for_both_systems_and_never_invented(vectors):
    for vector in (one for one in vectors if one["decoder"] == "fuel_status"):
        states = fuel_states(after_the_pid(vector))
        assert (states is None) == (vector["result"] is None), vector
        if states:
            told = [text != "" for text in vector["result"]]
            assert [state != "" for state in states] == told


def test_monitor_status_tells_lamp_number_of_codes_and_engine(vectors):
    for vector in (one for one in vectors if one["decoder"] == "status"):
        status = monitor_status(after_the_pid(vector))
        told = vector["result"]
        assert status.lamp_on == told["MIL"]
        assert status.dtc_count == told["DTC_count"]
        engine = "compression" if status.compression_ignition else "spark"
        assert engine == told["ignition_type"]
