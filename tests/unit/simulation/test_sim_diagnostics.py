import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model.frames import Frames
from examrunner.model.station import Timing
from examrunner.simulation.isotp import IsoTpLink
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.uds_session import key_of


def wait(rig: TrainingRig, seconds: float) -> None:
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("FE", "7ffe11"),
        ("3D00", "7f3d11"),
        ("2701", "7f277f"),
        ("2E10020000", "7f2e7f"),
        ("22", "7f2213"),
        ("2210011002100310030005", "7f2213"),
        ("22BEEF", "7f2231"),
        ("1904", "7f1913"),
        ("1942", "7f1912"),
        ("1055", "7f1012"),
        ("14123456", "7f1431"),
        ("3101BEEF", "7f3131"),
        ("3102 0301", "7f3124"),
        ("2F10010300", "7f2f7f"),
        ("3E00", "7e00"),
        ("3E80", ""),
        ("1083", ""),
    ],
)
def test_requests_are_refused_in_the_order_of_the_standard(
    request_: str, answer: str
) -> None:
    assert ask(a_rig("adas_bench"), "FCAM", request_) == answer


def test_two_wrong_keys_lock_the_server_for_ten_seconds() -> None:
    rig = a_rig("adas_bench")
    ask(rig, "FCAM", "1003")
    assert ask(rig, "FCAM", "270200000000") == "7f2724"
    for refusal in ("7f2735", "7f2736"):
        ask(rig, "FCAM", "2701")
        assert ask(rig, "FCAM", "270200000000") == refusal
    assert ask(rig, "FCAM", "2701") == "7f2737"
    for _ in range(4):
        wait(rig, 2.6)
        ask(rig, "FCAM", "3E00")
    seed = ask(rig, "FCAM", "2701")
    assert ask(rig, "FCAM", f"2702{key_of(int(seed[4:], 16)):08x}") == "6702"
    assert ask(rig, "FCAM", "2701") == "670100000000"


def test_a_long_block_is_written_and_read_back() -> None:
    rig = a_rig("adas_bench")
    block = bytes(range(36)).hex()
    ask(rig, "FCAM", "1003")
    seed = ask(rig, "FCAM", "2701")
    ask(rig, "FCAM", f"2702{key_of(int(seed[4:], 16)):08x}")
    assert ask(rig, "FCAM", f"2E1001{block}") == "6e1001"
    assert ask(rig, "FCAM", "1101") == "5101"
    wait(rig, 1)
    assert ask(rig, "FCAM", "221001") == f"621001{block}"
    assert ask(rig, "FCAM", f"2E1001{block}") == "7f2e7f"


def test_a_session_ends_after_five_silent_seconds() -> None:
    rig = a_rig("adas_bench")
    ask(rig, "FCAM", "1003")
    wait(rig, 4.5)
    assert ask(rig, "FCAM", "22F186") != ""
    wait(rig, 4.5)
    assert ask(rig, "FCAM", "2701").startswith("6701")
    wait(rig, 5.5)
    assert ask(rig, "FCAM", "2701") == "7f277f"


def test_a_long_routine_says_that_it_is_still_running() -> None:
    rig = a_rig("adas_bench")
    before = rig.base.kernel.now_ns
    assert ask(rig, "FRAD", "31010302") == "71010302"
    assert rig.base.kernel.now_ns - before > 2 * NS_PER_S
    frames = rig.base.collect()["CH1"]
    pending = frames.take((frames.ids == 0x74A) & (frames.data[:, 3] == 0x78))
    assert len(pending) == 1
    failed = "03"  # no reflector stands before the radar
    assert ask(rig, "FRAD", "31030302") == f"71030302{failed}"


def test_flow_control_asks_for_blocks_of_eight_with_pauses_of_five_ms() -> None:
    rig = a_rig("adas_bench")
    ask(rig, "FCAM", "22" + "1001")
    rig.base.collect()
    ask(rig, "FCAM", "2E1001" + bytes(80).hex())
    rig.base.kernel.run(rig.base.kernel.now_ns + NS_PER_S)
    frames = rig.base.collect()["CH1"]
    control = frames.take((frames.ids == 0x749) & (frames.data[:, 0] == 0x30))
    assert {bytes(row[:3]).hex() for row in control.data} == {"300805"}
    assert len(control) == 2
    data = frames.take((frames.ids == 0x741) & (frames.data[:, 0] >> 4 == 2))
    gaps_ns = data.t_ns[1:] - data.t_ns[:-1]
    between_blocks = gaps_ns < 4_500_000
    assert np.flatnonzero(between_blocks).tolist() == [7]


def test_consecutive_frames_out_of_order_break_a_message() -> None:
    rig = a_rig("adas_bench")
    got: list[bytes] = []
    link = IsoTpLink(
        rig.base.buses["CH1"], rig.base.kernel, 0x123, Timing(), got.append
    )
    link.hear(bytes.fromhex("1014010203040506"))
    link.hear(bytes.fromhex("220708090A0B0C0D"))
    link.hear(bytes.fromhex("210708090A0B0C0D"))
    assert got == []
    link.hear(bytes.fromhex("100A010203040506"))
    link.hear(bytes.fromhex("210708090ACCCCCC"))
    assert got == [bytes(range(1, 11))]


def test_a_lost_node_is_noticed_healed_and_cleared() -> None:
    rig = a_rig("body_net")
    wait(rig, 3)
    node = rig.base.electrics.nodes["ESC"]
    assert "c12187" not in ask(rig, "VCU", "1902FF")
    node.fed = False
    node.update()
    wait(rig, 0.3)
    assert "c12187" not in ask(rig, "VCU", "1902FF")
    wait(rig, 0.4)
    assert "c121872f" in ask(rig, "VCU", "1902FF")
    assert ask(rig, "ESC", "1902FF") == ""
    node.fed = True
    node.update()
    wait(rig, 3)
    assert "c121872e" in ask(rig, "VCU", "1902FF")
    rig.base.turn_key("OFF")
    wait(rig, 1)
    rig.base.turn_key("ON")
    wait(rig, 4)
    assert "c1218728" in ask(rig, "VCU", "1902FF")
    assert ask(rig, "VCU", "14FFFFFF") == "54"
    assert "c1218750" in ask(rig, "VCU", "1902FF")
    wait(rig, 3)
    assert "c12187" not in ask(rig, "VCU", "1902FF")


def test_with_the_ignition_off_only_the_bench_itself_sends() -> None:
    rig = a_rig("body_net")
    wait(rig, 2)
    rig.base.turn_key("OFF")
    rig.base.collect()
    wait(rig, 0.1)
    rig.base.collect()
    wait(rig, 2)
    for frames in rig.base.collect().values():
        assert set(frames.ids.tolist()) == {0x5F0}


def test_legislated_requests_are_answered_physically_and_functionally() -> None:
    rig = a_rig("body_net")
    revolutions = int(ask(rig, "VCU", "010C").removeprefix("410c"), 16) / 4
    assert 800 <= revolutions <= 824
    assert ask(rig, "VCU", "0100").startswith("4100")
    assert bytes.fromhex(ask(rig, "VCU", "0902"))[3:].startswith(b"LEXR")
    assert ask(rig, "ESC", "010C") == "7f0111"
    assert ask(rig, "VCU", "01EE") == "7f0111"


def test_a_functional_request_is_answered_by_everybody_who_can() -> None:
    from examrunner.simulation.bus import Frame

    rig = a_rig("body_net")
    rig.base.collect()
    request = bytes.fromhex("023E00CCCCCCCCCC")
    rig.base.buses["HS1"].transmit(Frame(can_id=0x7DF, payload=request))
    wait(rig, 1)
    frames: Frames = rig.base.collect()["HS1"]
    answers = frames.take((frames.data[:, 1] == 0x7E) & (frames.ids > 0x700))
    assert set(answers.ids.tolist()) == {0x7E8, 0x72C, 0x73A, 0x718}
    unknown = bytes.fromhex("0322BEEFCCCCCCCC")
    rig.base.buses["HS1"].transmit(Frame(can_id=0x7DF, payload=unknown))
    wait(rig, 1)
    frames = rig.base.collect()["HS1"]
    assert not (frames.data[:, 1] == 0x7F)[frames.ids > 0x700].any()


def test_a_muted_node_is_silent_but_answers_until_its_session_ends() -> None:
    rig = a_rig("body_net")
    ask(rig, "ESC", "1003")
    assert ask(rig, "ESC", "280101") == "6801"
    wait(rig, 0.1)
    rig.base.collect()
    wait(rig, 1)
    assert 0x0D0 not in rig.base.collect()["HS1"].ids
    assert ask(rig, "ESC", "3E00") == "7e00"
    assert ask(rig, "ESC", "1001").startswith("5001")
    wait(rig, 0.2)
    assert 0x0D0 in rig.base.collect()["HS1"].ids
