from hypothesis import given
from hypothesis import strategies as st

from examrunner.decode.diagnostics.payloads import Fault
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.model.frames import Frames

MS = 1_000_000


def sent(payload: bytes, *, start_ns: int = 0, width: int = 8) -> list[tuple]:
    """Frames of one message as a plain sender makes them, 1 ms apart."""
    single = width - 1 if width == 8 else width - 2
    if len(payload) <= single:
        head = bytes([len(payload)]) if len(payload) < 8 else bytes([0, len(payload)])
        return [(start_ns, 0x7E8, 0, head + payload)]
    head = bytes([0x10 | len(payload) >> 8, len(payload) & 0xFF])
    if len(payload) > 0xFFF:
        head = b"\x10\x00" + len(payload).to_bytes(4, "big")
    chunk = width - len(head)
    chunks = [head + payload[:chunk]]
    rest = payload[chunk:]
    for index in range(0, len(rest), width - 1):
        number = (index // (width - 1) + 1) % 16
        chunks.append(bytes([0x20 | number]) + rest[index : index + width - 1])
    return [(start_ns + k * MS, 0x7E8, 0, data) for k, data in enumerate(chunks)]


payload_lists = st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=6)


@given(payload_lists, st.sampled_from([8, 16, 64]))
def test_what_was_sent_is_heard_whatever_its_length(payloads, width):
    rows = []
    for index, payload in enumerate(payloads):
        rows += sent(payload, start_ns=index * 1000 * MS, width=width)

    heard = reassemble(Frames.of(rows))

    assert [heard.payload(k) for k in range(len(heard))] == payloads
    assert heard.broken == ()


@given(payload_lists, st.data())
def test_a_lost_frame_never_makes_a_payload_that_nobody_sent(payloads, data):
    rows = []
    for index, payload in enumerate(payloads):
        rows += sent(payload, start_ns=index * 1000 * MS)
    lost = data.draw(st.integers(0, len(rows) - 1))
    del rows[lost]

    heard = reassemble(Frames.of(rows))

    left = list(payloads)
    for index in range(len(heard)):
        assert heard.payload(index) in left
        left.remove(heard.payload(index))
    assert len(left) <= 1


def test_a_message_longer_than_4095_bytes_uses_the_long_length():
    payload = bytes(range(256)) * 40

    heard = reassemble(Frames.of(sent(payload)))

    assert heard.payload(0) == payload


def test_a_first_frame_that_announces_four_gigabytes_is_refused():
    rows = [(0, 0x7E8, 0, bytes.fromhex("1000ffffffff0102"))]

    heard = reassemble(Frames.of(rows))

    assert len(heard) == 0
    assert [broken.fault for broken in heard.broken] == [Fault.MALFORMED]


def test_a_doubled_consecutive_frame_breaks_its_message_and_is_named():
    rows = sent(bytes(20))
    rows.insert(2, rows[1])

    heard = reassemble(Frames.of(rows))

    assert len(heard) == 0
    assert heard.broken[0].fault is Fault.WRONG_SEQUENCE


def test_a_sender_that_was_told_to_wait_is_not_late():
    rows = sent(bytes(20))
    rows = rows[:1] + [(t + 2500 * MS, *rest) for t, *rest in rows[1:]]

    alone = reassemble(Frames.of(rows))
    told = reassemble(
        Frames.of(rows), flow_ns=Frames.of([(2400 * MS, 0x7E0, 0, b"0")]).t_ns
    )

    assert alone.late.tolist() == [True]
    assert told.late.tolist() == [False]
