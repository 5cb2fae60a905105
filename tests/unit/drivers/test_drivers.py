import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examrunner.drivers.can_bus import CanBus
from examrunner.drivers.can_channel import can_channel
from examrunner.drivers.controller import controller_of
from examrunner.drivers.fault_box import FaultBox
from examrunner.drivers.listen_only import proof_by
from examrunner.drivers.person import Person
from examrunner.drivers.registry import BUILT_IN, available, driver
from examrunner.drivers.rig_clock import RigClock
from examrunner.model.errors import RigError
from examrunner.testing.slcan_peer import SlcanPeer


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_driver_can_be_loaded(name: str) -> None:
    assert callable(driver(name))


def test_listing_drivers_imports_neither_python_can_nor_opencv() -> None:
    code = (
        "import sys; from examrunner.drivers.registry import available; available();"
        "sys.exit(any(name in sys.modules for name in ('can', 'cv2')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_opening_a_channel_does_not_import_asammdf() -> None:
    code = (
        "import sys; from examrunner.drivers.can_bus import CanBus;"
        "CanBus(interface='virtual', channel='x').close();"
        "sys.exit('asammdf' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_driver_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(RigError, match="there is no driver called 'can_buss'") as told:
        driver("can_buss")
    assert "can_bus" in told.value.remedy
    assert "can_bus" in available()


@pytest.mark.parametrize(
    "opening",
    [
        lambda: CanBus(interface="remote", channel="ws://127.0.0.1:9"),
        lambda: can_channel(interface="socketcan", channel="can0"),
        lambda: CanBus(interface="no_such", channel="x"),
        lambda: FaultBox(address="127.0.0.1:9"),
        lambda: FaultBox(address="nowhere"),
        lambda: RigClock(address="127.0.0.1:9"),
    ],
    ids=["remote", "socketcan", "interface", "box", "address", "clock"],
)
def test_what_cannot_be_opened_is_a_rig_error_with_a_remedy(opening) -> None:
    with pytest.raises(RigError) as told:
        opening()
    assert told.value.remedy
    assert "Traceback" not in str(told.value)


def test_socketcan_is_silent_only_when_the_kernel_says_so() -> None:
    silent = b'[{"linkinfo": {"info_data": {"ctrlmode": ["LISTEN-ONLY", "FD"]}}}]'
    loud = b'[{"linkinfo": {"info_data": {"ctrlmode": ["FD"]}}}]'
    assert proof_by(controller_of(silent)).verified
    assert not proof_by(controller_of(loud)).verified
    assert not proof_by(None).verified
    with pytest.raises(ValueError, match="no CAN details"):
        controller_of(b"[{}]")


def test_a_profile_says_what_cannot_be_read_back_about_error_frames() -> None:
    def reported(**options: Any) -> bool:
        link = CanBus(interface="virtual", channel="errors", **options)
        try:
            return link.reports_errors()
        finally:
            link.close()

    assert reported()
    assert not reported(error_reporting=False)


def test_an_slcan_adapter_with_another_serial_number_is_refused(tmp_path: Path) -> None:
    peer = SlcanPeer(tmp_path / "adapter", serial="B002")
    options = {"channel": str(tmp_path / "adapter"), "sleep_after_open": 0.0}
    try:
        with pytest.raises(RigError, match="'B002' answers, not 'A001'"):
            CanBus(interface="slcan", serial="A001", **options)
        CanBus(interface="slcan", serial="B002", **options).close()
        with pytest.raises(RigError, match="C003 is not there"):
            CanBus(interface="slcan", serial="C003")
    finally:
        peer.unplug()


def test_slcan_is_opened_to_listen_and_never_said_to_be_proved(tmp_path: Path) -> None:
    peer = SlcanPeer(tmp_path / "adapter")
    link = CanBus(
        interface="slcan", channel=str(tmp_path / "adapter"), sleep_after_open=0.0
    )
    try:
        proof = link.silence(True)
        assert not proof.verified
        assert "cannot be read back" in proof.proof
    finally:
        link.close()
        peer.unplug()
    assert peer.modes == ["O", "L"]


def test_a_driver_that_is_not_packaged_is_named_by_its_place() -> None:
    assert driver("examrunner.drivers.person:Person") is Person
    with pytest.raises(RigError, match="cannot be loaded"):
        driver("no_such_college.rig:Box")
