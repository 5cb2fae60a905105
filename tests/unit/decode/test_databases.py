import pickle

import pytest

from examrunner.decode.databases import load_database
from examrunner.decode.plans import FindingKind
from examrunner.model.errors import ContentError

SOUND = """VERSION ""
BU_: EPS SAS
BO_ 256 Steer: 8 EPS
 SG_ Angle : 0|16@1- (0.1,0) [-780|780] "deg" SAS
 SG_ State : 16|4@1+ (1,0) [0|3] "" SAS
BO_ 257 Brake: 8 EPS
 SG_ Pressure : 7|16@0+ (0.01,0) [0|100] "MPa" SAS
BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_ BO_ "GenMsgTimeout" INT 0 65535;
BA_DEF_DEF_ "GenMsgCycleTime" 20;
BA_DEF_DEF_ "GenMsgTimeout" 0;
BA_ "GenMsgTimeout" BO_ 256 50;
VAL_ 256 State 0 "OFF" 1 "ON" ;
"""


def load(text, *, strict=False, name="net.dbc", encoding="utf-8"):
    return load_database(text.encode(encoding), name, strict=strict)


def plan_of(database, name):
    return next(plan for plan in database.messages if plan.name == name)


def test_attributes_that_are_not_set_come_from_their_definitions():
    database = load(SOUND, strict=True)

    assert plan_of(database, "Steer").cycle_s == 0.02
    assert plan_of(database, "Steer").timeout_s == 0.05
    assert plan_of(database, "Steer").hold_s == 0.05
    assert plan_of(database, "Brake").timeout_s is None
    assert plan_of(database, "Brake").hold_s == pytest.approx(0.06)
    assert database.report.defaults == {"GenMsgCycleTime": 20, "GenMsgTimeout": 0}


def test_a_loaded_database_can_travel_between_processes():
    database = load(SOUND, strict=True)

    assert pickle.loads(pickle.dumps(database)) == database


def test_an_identifier_that_is_too_large_costs_only_its_message():
    text = SOUND + (
        "BO_ 102000000 Wide: 8 EPS\n"
        ' SG_ X : 0|8@1+ (1,0) [0|0] "" SAS\n'
        'VAL_ 102000000 X 0 "A" ;\n'
    )

    database = load(text)

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.BAD_IDENTIFIER
    assert finding.where == "net.dbc:14"
    assert finding.dropped
    assert [plan.name for plan in database.messages] == ["Steer", "Brake"]
    with pytest.raises(ContentError, match="0x6146580 of Wide") as refusal:
        load(text, strict=True)
    assert refusal.value.where == "net.dbc:14"


def test_of_two_messages_with_one_identifier_the_first_is_kept():
    text = SOUND.replace("BO_ 257 Brake", "BO_ 256 Brake")

    database = load(text)

    assert [plan.name for plan in database.messages] == ["Steer"]
    (finding,) = database.report.findings
    assert finding.kind is FindingKind.DUPLICATE_IDENTIFIER
    assert (finding.where, finding.message) == ("net.dbc:6", "Brake")
    assert plan_of(database, "Steer").signals[1].choices == {0: "OFF", 1: "ON"}
    with pytest.raises(ContentError, match="of Steer in line 3"):
        load(text, strict=True)


def test_overlapping_signals_are_kept_and_reported_with_their_line():
    text = SOUND.replace("State : 16|4", "State : 12|4")

    database = load(text)

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.OVERLAP
    assert finding.where == "net.dbc:5"
    assert not finding.dropped
    assert len(plan_of(database, "Steer").signals) == 2


def test_a_signal_that_sticks_out_of_its_message_is_left_out():
    database = load(SOUND.replace("Pressure : 7|16@0+", "Pressure : 56|16@1+"))

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.DOES_NOT_FIT
    assert finding.where == "net.dbc:7"
    assert plan_of(database, "Brake").signals == ()


def test_texts_for_a_signal_that_does_not_exist_are_ignored():
    database = load(SOUND + 'VAL_ 257 Pressur 0 "A" ;\n')

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.UNKNOWN_REFERENCE
    assert finding.where == "net.dbc:14"
    assert len(database.messages) == 2


def test_a_line_that_is_no_statement_is_ignored_and_quoted():
    text = SOUND.replace("BO_ 257 Brake", "*** bad ***\nBO_ 257 Brake")

    database = load(text)

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.SYNTAX
    assert "*** bad ***" in finding.text
    assert finding.where == "net.dbc:6"
    assert len(database.messages) == 2
    with pytest.raises(ContentError, match=r"\*\*\* bad"):
        load(text, strict=True)


def test_statements_inside_a_comment_are_no_statements():
    text = SOUND + 'CM_ "as of old:\nBO_ 256 Steer: 8 EPS\nVAL_ 9 X 0 ;";\n'

    assert load(text, strict=True).report.findings == ()


def test_a_multiplexer_range_that_would_fill_the_memory_is_refused():
    text = SOUND + "SG_MUL_VAL_ 256 State Angle 0-4294967295;\n"

    (finding,) = load(text).report.findings
    assert finding.kind is FindingKind.UNUSABLE
    with pytest.raises(ContentError, match="4294967296 multiplexer"):
        load(text, strict=True)


def test_a_message_that_no_transport_can_carry_is_left_out():
    database = load(SOUND.replace("Brake: 8", "Brake: 100000000"))

    assert [plan.name for plan in database.messages] == ["Steer"]


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00", b"PK\x03\x04", b"%PDF-1.7"])
@pytest.mark.parametrize("name", ["a.dbc", "a.kcd", "a.arxml", "a.sym"])
def test_something_that_is_no_database_is_refused_in_plain_words(content, name):
    with pytest.raises(ContentError) as refusal:
        load_database(content, name)
    assert refusal.value.where.startswith(name)


def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_read():
    with pytest.raises(ContentError) as refusal:
        load_database(b"", "network.xlsx")
    assert "dbc, kcd, arxml, sym" in refusal.value.remedy


@pytest.mark.parametrize(
    ("encoding", "unit"),
    [("utf-8", "°C"), ("utf-8-sig", "°C"), ("cp1252", "°C"), ("gb18030", "摄氏度")],
)
def test_units_survive_the_encodings_that_tools_write(encoding, unit):
    text = SOUND.replace('"MPa"', f'"{unit}"')

    database = load(text, strict=True, encoding=encoding)

    assert database.report.encoding == encoding
    assert plan_of(database, "Brake").signals[0].unit == unit


def test_a_range_is_checked_half_a_step_in_favour_of_the_sender():
    text = SOUND.replace("(0.01,0) [0|100]", "(0.4,0) [0|6.3]")

    (signal,) = plan_of(load(text), "Brake").signals

    assert (signal.low, signal.high) == (None, 16)


def test_loading_the_same_bytes_again_costs_nothing():
    assert load(SOUND) is load(SOUND)


def test_a_signal_behind_a_multiplexer_that_does_not_exist_is_left_out():
    text = SOUND + "SG_MUL_VAL_ 256 Angle Nowhere 1-1;\n"
    text = text.replace("SG_ Angle :", "SG_ Angle m1 :")

    database = load(text)

    (finding,) = database.report.findings
    assert finding.kind is FindingKind.UNKNOWN_REFERENCE
    assert finding.where == "net.dbc:4"
    assert [s.name for s in plan_of(database, "Steer").signals] == ["State"]


def test_signals_that_multiplex_each_other_are_left_out():
    text = SOUND + (
        "SG_MUL_VAL_ 256 Angle State 1-1;\nSG_MUL_VAL_ 256 State Angle 1-1;\n"
    )
    text = text.replace("Angle :", "Angle m1M :").replace("State :", "State m1M :")

    database = load(text)

    assert {f.kind for f in database.report.findings} >= {FindingKind.UNKNOWN_REFERENCE}
    assert plan_of(database, "Steer").signals == ()
