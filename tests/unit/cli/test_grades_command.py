"""examrunner grades export, against a server that answers as the service does."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

TABLE = b"\xef\xbb\xbf\xe5\xad\xa6\xe5\x8f\xb7\r\n"
GRADES = [
    {"number": n, "student_number": f"00{n}", "points": "83.5"} for n in (1, 2, 3)
]


class Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if self.headers["Authorization"] != "Bearer good":
            self.send_error(401)
        elif asked.path == "/api/v1/grades.csv":
            self.answer(TABLE)
        elif asked.path == "/api/v1/grades":
            start = int(query.get("cursor", 0))
            items = GRADES[start : start + 2]
            page = {"items": items, "next": str(start + len(items))}
            self.answer(json.dumps(page).encode())
        else:
            self.send_error(404)

    def answer(self, content):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    served = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def run(*words):
    return subprocess.run(
        [Path(sys.executable).with_name("examrunner"), "grades", "export", *words],
        capture_output=True,
        check=False,
    )


def test_the_table_is_written_whole(server, tmp_path):
    out = tmp_path / "grades.csv"
    done = run("--server", server, "--token", "good", "--out", out)

    assert (done.returncode, done.stdout) == (0, b"")
    assert out.read_bytes() == TABLE
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]


def test_without_a_file_the_table_goes_to_standard_output(server):
    assert run("--server", server, "--token", "good").stdout == TABLE


def test_json_holds_the_grades_of_all_pages(server):
    done = run("--server", server, "--token", "good", "--json")
    assert json.loads(done.stdout) == GRADES


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--token", "bad"), b"does not accept this token"),
        (("--token", "good", "--out", "/nowhere/x.csv"), b"cannot be written"),
    ],
)
def test_what_cannot_be_done_is_status_two_with_a_remedy(server, words, says):
    done = run("--server", server, *words)

    assert done.returncode == 2
    assert says in done.stderr
    assert b"next:" in done.stderr


def test_a_service_that_is_not_there_is_named():
    done = run("--server", "http://127.0.0.1:9", "--token", "good")

    assert done.returncode == 2
    assert b"does not answer" in done.stderr
