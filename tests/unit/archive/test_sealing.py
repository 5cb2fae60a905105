import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from examrunner.archive.sealing import KEY_BYTES, SealError, seal, unseal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
SECRET = b'{"truth": {"node": "ESC"}}'


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@given(content=st.binary(max_size=500), seed=st.binary(min_size=32, max_size=32))
def test_what_is_sealed_for_a_key_is_opened_by_it(content: bytes, seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    sealed = seal(content, public(key), "attempt 1")
    assert unseal(sealed, key, "attempt 1") == content
    assert len(sealed) == KEY_BYTES + len(content) + 16


def test_the_same_content_is_sealed_differently_each_time() -> None:
    assert seal(SECRET, public(KEY), "a") != seal(SECRET, public(KEY), "a")


def test_nobody_else_opens_it_and_it_belongs_to_one_attempt() -> None:
    sealed = seal(SECRET, public(KEY), "attempt 1")
    for key, attempt in ((OTHER, "attempt 1"), (KEY, "attempt 2")):
        with pytest.raises(SealError):
            unseal(sealed, key, attempt)


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    sealed = seal(SECRET, public(KEY), "a")
    # The highest bit of a key is ignored by X25519, but not by the derivation.
    for bit in range(8 * len(sealed)):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            unseal(bytes(altered), KEY, "a")
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            unseal(sealed[:length], KEY, "a")


@pytest.mark.parametrize("key", [bytes(32), b"\x01" + bytes(31), b"", bytes(31)])
def test_a_key_that_nobody_can_hold_alone_is_refused(key: bytes) -> None:
    with pytest.raises(SealError):
        seal(SECRET, key, "a")


def test_the_montgomery_form_is_that_of_the_curve() -> None:
    """RFC 7748: the base point's y = 4/5 goes with u = 9."""
    from examrunner.archive.sealing import PRIME, _montgomery

    y = 4 * pow(5, -1, PRIME) % PRIME
    assert _montgomery(y.to_bytes(32, "little")) == (9).to_bytes(32, "little")
