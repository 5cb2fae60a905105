"""can-isotp and udsoncan, which nobody here wrote, talk to the ECUs in real time."""

import time
from collections.abc import Iterator
from typing import Any

import isotp
import pytest
import udsoncan
from live_rig import live_rig
from udsoncan.client import Client
from udsoncan.connections import PythonIsoTpConnection

from examrunner.archive.lean_can import import_can
from examrunner.simulation.uds_session import key_of

INTRINSICS = (905.4, 903.1, 642.3, 357.6, -0.291, 0.094, 0.0006, -0.0004, -0.012)


@pytest.fixture(scope="module")
def bus() -> Iterator[Any]:
    """The ADAS bench's bus, as python-can opens it."""
    can = import_can()
    with live_rig("adas_bench") as ready:
        opened = can.Bus(interface="remote", channel=ready["can"]["CH1"])
        time.sleep(0.5)  # the bench was just switched on; its ECUs are starting
        yield opened
        opened.shutdown()


@pytest.fixture
def client(bus: Any) -> Iterator[Client]:
    """A diagnostic client for the front camera."""
    can = import_can()
    notifier = can.Notifier(bus, [])
    address = isotp.Address(isotp.AddressingMode.Normal_11bits, txid=0x741, rxid=0x749)
    stack = isotp.NotifierBasedCanStack(
        bus, notifier, address=address, params={"tx_padding": 0xCC}
    )
    config = dict(udsoncan.configs.default_client_config)
    config["security_algo"] = lambda level, seed, params: key_of(
        int.from_bytes(seed, "big")
    ).to_bytes(4, "big")
    config["data_identifiers"] = {
        0xF190: udsoncan.AsciiCodec(17),
        0x1001: ">9f",
    }
    # A loaded machine may be late; the servers' own delay is tested on rig time.
    config["use_server_timing"] = False
    config["request_timeout"] = config["p2_timeout"] = 5
    with Client(PythonIsoTpConnection(stack), config=config) as opened:
        yield opened
    notifier.stop()


def test_identification_arrives_in_several_frames(client: Client) -> None:
    vin = client.read_data_by_identifier_first(0xF190)
    assert vin.startswith("LEXR")
    assert len(vin) == 17


def test_a_block_is_written_after_session_and_security(client: Client) -> None:
    with pytest.raises(udsoncan.exceptions.NegativeResponseException) as refused:
        client.write_data_by_identifier(0x1001, INTRINSICS)
    assert refused.value.response.code == 0x7F
    client.change_session(3)
    client.unlock_security_access(1)
    client.write_data_by_identifier(0x1001, INTRINSICS)
    assert client.read_data_by_identifier_first(0x1001) == pytest.approx(INTRINSICS)


def test_trouble_codes_are_read_and_cleared(client: Client) -> None:
    client.clear_dtc()
    supported = client.get_supported_dtc()
    assert {0x5A6754, 0x5A6778} <= {dtc.id for dtc in supported.service_data.dtcs}
    time.sleep(2.3)
    assert client.get_dtc_by_status_mask(0x09).service_data.dtc_count == 0


def test_an_ecu_answers_again_after_a_reset(client: Client) -> None:
    client.ecu_reset(1)
    time.sleep(0.8)
    client.tester_present()
