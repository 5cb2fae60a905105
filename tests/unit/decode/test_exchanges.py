from examrunner.decode.diagnostics import exchanges
from examrunner.model.frames import Frames
from examrunner.model.station import Ecu
from examrunner.model.timeline import ExchangeOutcome, Loss

MS = 1_000_000
S = 1000 * MS
EPS = Ecu(name="EPS", channel="CH1", request_id=0x730, response_id=0x738)


def heard(requests, responses, *, losses=(), end_s=100.0, functional=(), phases=()):
    """Exchanges from (milliseconds, hex payload of at most 7 bytes) pairs."""

    def frames(can_id, rows):
        return Frames.of(
            [
                (at * MS, can_id, 0, bytes([len(text) // 2]) + bytes.fromhex(text))
                for at, text in rows
            ]
        )

    columns = {
        ("CH1", 0x730, False): frames(0x730, requests),
        ("CH1", 0x738, False): frames(0x738, responses),
        ("CH1", 0x7DF, False): frames(0x7DF, functional),
    }
    end_ns = int(end_s * S)
    return exchanges(columns, [EPS], 0x7DF, losses, phases, end_ns)


def test_pending_answers_keep_a_request_open_until_the_final_one():
    (one,) = heard(
        [(0, "310102ff")], [(20, "7f3178"), (4000, "7f3178"), (7000, "710102ff")]
    )

    assert one.outcome is ExchangeOutcome.POSITIVE
    assert [reply.data.hex() for reply in one.replies][-1] == "710102ff"
    assert len(one.replies) == 3


def test_an_ecu_that_says_pending_and_then_nothing_is_left_pending():
    (one,) = heard([(0, "310102ff")], [(20, "7f3178")])

    assert one.outcome is ExchangeOutcome.PENDING
    assert one.nrc is None


def test_silence_is_no_answer_only_while_the_recorder_was_well():
    lost = Loss(stream="CH1", from_ns=10 * MS, to_ns=30 * MS)

    (silent,) = heard([(0, "22f190")], [])
    (unknown,) = heard([(0, "22f190")], [], losses=[lost])

    assert silent.outcome is ExchangeOutcome.NO_ANSWER
    assert unknown.outcome is ExchangeOutcome.NOT_RECORDED


def test_an_answer_that_began_and_tore_was_not_recorded_rather_than_not_given():
    columns = {
        ("CH1", 0x730, False): Frames.of([(0, 0x730, 0, bytes.fromhex("0322f190"))]),
        ("CH1", 0x738, False): Frames.of(
            [(10 * MS, 0x738, 0, bytes.fromhex("101462f190414243"))]
        ),
    }

    (one,) = exchanges(columns, [EPS], 0x7DF, end_ns=100 * S)

    assert one.outcome is ExchangeOutcome.NOT_RECORDED


def test_a_request_at_the_very_end_of_the_recording_is_not_called_unanswered():
    (one,) = heard([(0, "22f190")], [], end_s=0.02)

    assert one.outcome is ExchangeOutcome.NOT_RECORDED


def test_an_answer_without_its_request_is_kept_with_an_empty_request():
    (one,) = heard([], [(0, "620201002f")])

    assert one.request == b""
    assert one.outcome is ExchangeOutcome.POSITIVE


def test_write_is_credited_with_the_session_and_lock_it_was_sent_in():
    found = heard(
        [(0, "1003"), (100, "2701"), (200, "2702aabbccdd"), (300, "2e02100190")],
        [(10, "5003"), (110, "670111223344"), (210, "6702"), (310, "6e0210")],
    )

    assert [(one.session, one.unlocked) for one in found] == [
        (1, False),
        (3, False),
        (3, False),
        (3, True),
    ]


def test_five_silent_seconds_close_the_session_and_lock_the_ecu():
    found = heard(
        [(0, "1003"), (100, "2702aabbccdd"), (5_300, "2e02100190")],
        [(10, "5003"), (110, "6702"), (5_310, "7f2e7f")],
    )

    assert (found[-1].session, found[-1].unlocked) == (1, False)
    assert found[-1].nrc == 0x7F


def test_a_functional_tester_present_keeps_the_session_alive():
    found = heard(
        [(0, "1003"), (8_000, "2e02100190")],
        [(10, "5003"), (8_010, "6e0210")],
        functional=[(4_000, "3e80")],
    )

    assert found[-1].session == 3


def test_a_functional_request_counts_for_every_ecu_that_answers():
    (one,) = heard([], [(10, "5902ff")], functional=[(0, "1902ff")])

    assert one.functional
    assert one.ecu == "EPS"
    assert one.request.hex() == "1902ff"


def test_a_functional_request_that_nobody_answers_was_tried_all_the_same():
    (one,) = heard([], [], functional=[(0, "1902ff")])

    assert one.ecu == "*"
    assert one.outcome is ExchangeOutcome.NO_ANSWER


def test_the_stations_own_reads_carry_their_phase():
    (one,) = heard([(50, "22f190")], [(60, "62f19041")], phases=[(0, S, "pre")])

    assert one.phase == "pre"
