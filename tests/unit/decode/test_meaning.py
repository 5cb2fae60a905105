import pytest

from examrunner.decode.diagnostics.meaning import meaning_of
from examrunner.model.timeline import Exchange, Reply


def exchange(request: str, answer: str | None) -> Exchange:
    replies = ()
    if answer is not None:
        replies = (Reply(from_ns=1, to_ns=2, data=bytes.fromhex(answer)),)
    return Exchange(
        ecu="E",
        channel="C",
        from_ns=0,
        to_ns=0,
        request=bytes.fromhex(request),
        replies=replies,
    )


@pytest.mark.parametrize(
    ("request_hex", "answer", "meaning"),
    [
        ("1902ff", "5902ffc121872f", {"code": "U0121-87", "status": 0x2F}),
        ("010c", "410c0fa0", ("engine speed", 1000.0, "rpm")),
        ("03", "4301012200000000", ["P0122"]),
        ("1003", "5003003201f4", 0.05),
        ("2e0210", "7f2e33", "SecurityAccessDenied"),
        ("22f190", "62f19041", "41"),
    ],
)
def test_an_answer_is_read_out(request_hex, answer, meaning):
    told = meaning_of(exchange(request_hex, answer))

    flat = [told, *told.values(), *told.get("codes", []), tuple(told.values())]
    assert meaning in flat


def test_silence_and_unknown_services_mean_nothing():
    assert meaning_of(exchange("3e80", None)) == {}
    assert meaning_of(exchange("1a90", "5a90ff")) == {}


def test_an_answer_that_contradicts_its_layout_is_called_malformed():
    assert "missing" in str(meaning_of(exchange("1902ff", "5902ffc121")))
