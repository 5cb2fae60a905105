"""What a recording says of the variants: their pool, never what is set or true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.agent.tasks import without_keys
from examrunner.model.errors import ContentError

POOLS = {"a": "exam"}
SECRET = "ESC.supply"


@pytest.mark.parametrize(
    "text",
    [
        f"id: X\nvariants:\n  a: {{pool: exam, truth: {SECRET}}}",
        f"id: X\nvariants:\n  a:\n    truth: {SECRET}",
        f"variants:\n  a:\n    truth: {SECRET}\n\n# more\n  # and more\nid: X\n",
        f"id: X\r\nvariants:\r\n  a: {{truth: {SECRET}}}\r\n",
        f"id: X\nvariants: {{a: {{truth: {SECRET}}}}}\nz: 1\n",
    ],
)
def test_no_key_is_left_wherever_the_variants_stand(text: str) -> None:
    bare = without_keys(text, POOLS)
    assert SECRET not in bare
    assert "id: X" in bare


@pytest.mark.parametrize(
    "text",
    [
        f"id: X\n'variants':\n  a: {{truth: {SECRET}}}\n",
        f"id: X\nvariants: {{\na: {{truth: {SECRET}}}}}\n",
        f"{{id: X, variants: {{a: {{truth: {SECRET}}}}}}}\n",
    ],
)
def test_a_rubric_whose_keys_cannot_be_taken_out_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        without_keys(text, POOLS)


@given(st.integers(0, 3), st.sampled_from(["", "\n", "\n\n", "\nz: 1", "\n# end"]))
def test_it_does_not_matter_what_comes_behind(blank: int, end: str) -> None:
    text = f"id: X\nvariants:\n  a:\n{chr(10) * blank}    truth: {SECRET}{end}"
    assert SECRET not in without_keys(text, POOLS)
