import pytest

from examrunner.model.frames import Frames


def test_concatenated_batches_are_widened_to_the_longest_payload():
    short = Frames.of([(0, 0x100, 0, b"\x01")])
    long = Frames.of([(1, 0x200, 8, bytes(range(48)))])

    both = Frames.concatenate([short, long])

    assert both.data.shape == (2, 64)
    assert bytes(both.data[0, :2]) == b"\x01\x00"
    assert bytes(both.data[1, :48]) == bytes(range(48))


def test_a_payload_of_65_bytes_is_no_can_frame():
    with pytest.raises(ValueError, match="65 bytes"):
        Frames.of([(0, 1, 8, bytes(65))])
