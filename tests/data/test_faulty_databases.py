"""A real car's database that cantools refuses whole."""

import json

import cantools
import pytest

from examrunner.decode.databases import load_database
from examrunner.decode.plans import FindingKind
from examrunner.model.errors import ContentError


def test_a_database_that_cantools_refuses_loses_only_its_two_bad_messages(shared_data):
    path = shared_data / "can/dbc-corpus-opendbc/chrysler_cusw.dbc"
    told = json.loads(path.with_name("expected.json").read_text())["files"][path.name]
    assert "more than 11 bits" in told["cantools_lenient"]

    database = load_database(path.read_bytes(), path.name, strict=False)

    assert [
        (finding.kind, finding.message, finding.where)
        for finding in database.report.findings
    ] == [
        (FindingKind.BAD_IDENTIFIER, "BSM_LEFT", "chrysler_cusw.dbc:182"),
        (FindingKind.BAD_IDENTIFIER, "BSM_RIGHT", "chrysler_cusw.dbc:185"),
    ]
    # cantools gives up all 26; with the two taken out by hand it reads the others.
    lines = path.read_text().splitlines(keepends=True)
    theirs = cantools.database.load_string(
        "".join(lines[:181] + lines[187:]), database_format="dbc"
    )
    assert [(plan.name, len(plan.signals)) for plan in database.messages] == [
        (message.name, len(message.signals)) for message in theirs.messages
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("chrysler_cusw.dbc", 182),
        ("volvo_v40_2017_pt.dbc", 217),
        ("canmatrix-j1939.dbc", 198),
    ],
)
def test_strictly_the_first_fault_is_named_with_its_line(shared_data, name, line):
    path = shared_data / "can/dbc-corpus-opendbc" / name

    with pytest.raises(ContentError) as refusal:
        load_database(path.read_bytes(), name)

    assert refusal.value.where == f"{name}:{line}"
