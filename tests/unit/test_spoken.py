"""Keys as words: the same for the same key, never the same for another."""

from hypothesis import given
from hypothesis import strategies as st

from examrunner.model.spoken import CONSONANTS, VOWELS, key_words, spoken


def heard(words: str) -> bytes:
    """What ``words`` say; the way back, which nobody but a test needs."""
    number = bytearray()
    for word in words.split("-"):
        pair = 0
        for place, letter in enumerate(word):
            letters = VOWELS if place % 2 else CONSONANTS
            pair = pair * len(letters) + letters.index(letter)
        number += pair.to_bytes(2, "big")
    return bytes(number)


@given(st.binary(min_size=2, max_size=16).filter(lambda number: len(number) % 2 == 0))
def test_no_two_numbers_have_the_same_words(number: bytes) -> None:
    assert heard(spoken(number)) == number


def test_the_published_examples_are_spoken_alike() -> None:
    # Of the proposal: 127.0.0.1, 63.84.220.193 and 140.98.193.141.
    assert spoken(bytes([127, 0, 0, 1])) == "lusab-babad"
    assert spoken(bytes([63, 84, 220, 193])) == "gutih-tugad"
    assert spoken(bytes([140, 98, 193, 141])) == "mudof-sakat"


def test_a_key_has_four_words_of_five_letters() -> None:
    words = key_words("ab" * 32)
    assert [len(word) for word in words.split("-")] == [5, 5, 5, 5]
    assert words != key_words("ac" + "ab" * 31)
