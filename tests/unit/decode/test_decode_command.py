import csv
import io
import json
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from examrunner.archive.writer import RecordingWriter
from examrunner.cli.recording import app
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

MS = 1_000_000
NETWORK = """VERSION ""
BU_: EPS
BO_ 256 Steer: 8 EPS
 SG_ Angle : 0|16@1- (0.1,0) [0|0] "deg" EPS
 SG_ State : 16|4@1+ (1,0) [0|0] "" EPS
BO_ 257 Brake: 4 EPS
 SG_ Pressure : 7|16@0+ (2,0) [0|0] "kPa, gauge" EPS
 SG_ Force : 16|16@1- (1,0) [0|0] "N" EPS
VAL_ 256 State 0 "OFF" 1 "ON, held" ;
"""


@pytest.fixture
def recording(tmp_path):
    folder = tmp_path / "rec"
    with RecordingWriter(
        folder, Header(software={}), channels=["CH1"], cameras=[], sync=False
    ) as writer:
        writer.attach("dbc/CH1.dbc", "text/plain", NETWORK.encode())
        steer = [
            (20 * t * MS, 0x100, 0, bytes([3 * t, 0, t, 0, 0, 0, 0, 0]))
            for t in range(3)
        ]
        brake = [
            (10 * MS, 0x101, 0, bytes([1, 0, 0xFF, 0xFF])),
            (30 * MS, 0x101, 0, bytes([0, 7])),
        ]
        writer.frames("CH1", Frames.of(sorted(steer + brake)))
        writer.close(Ending.IMPORTED, "test", 100 * MS)
    return folder


def run(*arguments):
    return CliRunner().invoke(app, ["decode", *map(str, arguments)])


def test_csv_has_a_row_for_each_sample_in_order_of_time(recording):
    result = run(recording)

    assert result.exit_code == 0
    assert list(csv.reader(io.StringIO(result.stdout))) == [
        ["time_s", "signal", "value", "unit"],
        ["0.000000000", "Steer.Angle", "0.0", "deg"],
        ["0.000000000", "Steer.State", "OFF", ""],
        ["0.010000000", "Brake.Pressure", "512", "kPa, gauge"],
        ["0.010000000", "Brake.Force", "-1", "N"],
        ["0.020000000", "Steer.Angle", "0.30000000000000004", "deg"],
        ["0.020000000", "Steer.State", "ON, held", ""],
        # The second Brake frame is cut off before Force.
        ["0.030000000", "Brake.Pressure", "14", "kPa, gauge"],
        ["0.040000000", "Steer.Angle", "0.6000000000000001", "deg"],
        ["0.040000000", "Steer.State", "2", ""],
    ]


def test_json_is_one_document_with_the_same_rows(recording):
    rows = list(csv.DictReader(io.StringIO(run(recording).stdout)))

    samples = json.loads(run(recording, "--format", "json").stdout)["samples"]

    assert [(s["signal"], s["unit"], f"{s['value']}") for s in samples] == [
        (row["signal"], row["unit"], row["value"]) for row in rows
    ]
    assert [s["time_s"] for s in samples] == [float(row["time_s"]) for row in rows]


def test_parquet_keeps_numbers_and_texts_apart(recording, tmp_path):
    out = tmp_path / "samples.parquet"

    assert run(recording, "--format", "parquet", "--out", out).exit_code == 0

    table = pq.read_table(out)
    state = [row for row in table.to_pylist() if row["signal"] == "Steer.State"]
    assert [(row["value"], row["text"]) for row in state] == [
        (0.0, "OFF"),
        (1.0, "ON, held"),
        (2.0, None),
    ]
    assert list(tmp_path.glob("*.part")) == []


def test_no_format_needs_pandas_or_asammdf(recording, tmp_path):
    program = (
        "import sys; from examrunner.cli.recording import app\n"
        "for form in ('csv', 'json', 'parquet'):\n"
        "    app(['decode', sys.argv[1], '--format', form, '--out', sys.argv[2]],"
        " standalone_mode=False)\n"
        "print({'pandas', 'asammdf', 'cv2'} & set(sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(recording), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Steer.Angle", {"Steer.Angle"}),
        ("Brake", {"Brake.Pressure", "Brake.Force"}),
        ("Force,CH1:Steer.State", {"Brake.Force", "Steer.State"}),
    ],
)
def test_signals_may_be_named_in_short(recording, wanted, found):
    result = run(recording, "--signals", wanted)

    rows = csv.DictReader(io.StringIO(result.stdout))
    assert {row["signal"] for row in rows} == found


def test_a_name_that_fits_nothing_is_answered_with_the_nearest(recording):
    result = run(recording, "--signals", "Steer.Angel")

    assert result.exit_code == 2
    assert "no signal is called 'Steer.Angel'" in result.stderr
    assert "Steer.Angle" in result.stderr


def test_another_database_replaces_those_of_the_recording(recording, tmp_path):
    other = tmp_path / "other.dbc"
    other.write_text(
        'VERSION ""\nBU_: A\nBO_ 257 Other: 2 A\n SG_ X : 0|8@1+ (1,0) [0|0] "" A\n'
    )

    result = run(recording, "--dbc", other)
    of_one = run(recording, "--dbc", f"CH1={other}")

    assert [line.split(",")[1:3] for line in result.stdout.splitlines()[1:]] == [
        ["Other.X", "1"],
        ["Other.X", "0"],
    ]
    assert of_one.stdout == result.stdout


def test_a_faulty_database_is_refused_unless_asked_to_use_what_is_sound(
    recording, tmp_path
):
    faulty = tmp_path / "faulty.dbc"
    faulty.write_text(NETWORK.replace("State : 16|4", "State : 8|4"))

    strict = run(recording, "--dbc", faulty)
    lenient = run(recording, "--dbc", faulty, "--lenient")

    assert strict.exit_code == 2
    assert "faulty.dbc:5" in strict.stderr
    assert strict.stdout == ""
    assert lenient.exit_code == 0
    assert "share bits" in lenient.stderr
    assert "Steer.Angle" in lenient.stdout


@pytest.mark.parametrize("name", ["missing.dbc", "net.xlsx"])
def test_a_database_that_cannot_be_read_is_an_error_in_three_lines(
    recording, tmp_path, name
):
    (tmp_path / "net.xlsx").write_bytes(b"PK")

    result = run(recording, "--dbc", tmp_path / name)

    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 3


def test_samples_of_a_long_recording_come_out_once_and_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("examrunner.decode.samples.ROWS_PER_STRETCH", 50)
    folder = tmp_path / "long"
    times = np.sort(np.random.default_rng(1).integers(0, 10**9, 500))
    with RecordingWriter(
        folder, Header(software={}), channels=["CH1"], cameras=[], sync=False
    ) as writer:
        writer.attach("dbc/CH1.dbc", "text/plain", NETWORK.encode())
        rows = [
            (int(t), 0x100, 0, bytes([n % 250] + [0] * 7)) for n, t in enumerate(times)
        ]
        writer.frames("CH1", Frames.of(rows))
        writer.close(Ending.IMPORTED, "test", 10**9)

    result = run(folder, "--signals", "Steer.Angle")

    found = [float(line.split(",")[0]) for line in result.stdout.splitlines()[1:]]
    assert found == [t / 1e9 for t in times]
