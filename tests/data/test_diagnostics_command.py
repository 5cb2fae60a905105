"""The diagnostics command on real traffic."""

import json
import subprocess
import sys


def examrunner(*arguments: object) -> str:
    command = [sys.executable, "-m", "examrunner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_lossy_one_sided_capture_is_told_with_its_losses(shared_data, tmp_path):
    log = shared_data / "can/kona-uds/00000170.MF4"
    recording = tmp_path / "kona"
    examrunner("recording", "import", recording, "--can", f"CH1={log}")

    told = json.loads(examrunner("recording", "diagnostics", recording, "--json"))

    counts = {one["id"]: one for one in told["identifiers"]}
    assert counts["0x7BB"]["complete"] == 150
    lossy = counts["0x7EC"]
    assert (lossy["complete"], lossy["broken"], lossy["unfinished"]) == (120, 29, 1)
    assert len(told["exchanges"]) == 270
    assert {one["service"] for one in told["exchanges"]} == {"ReadDataByIdentifier"}


def test_named_pairs_are_told_and_no_others(shared_data, tmp_path):
    log = shared_data / "uds/scapy-ecu-trace/ecu_trace.pcap.gz"
    recording = tmp_path / "flash"
    examrunner("recording", "import", recording, "--can", f"CH1={log}")

    told = json.loads(
        examrunner("recording", "diagnostics", recording, "--pair", "710:77A", "--json")
    )

    assert {one["id"] for one in told["identifiers"]} == {"0x710", "0x77A"}
    assert sum(one["pending"] for one in told["exchanges"]) == 5
    assert told["exchanges"][0]["meaning"]["p2_server_max_s"] == 0.05
