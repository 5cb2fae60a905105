import json

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from examrunner.criteria.submitted_files import parse_calibration
from examrunner.model.camera import CameraModel
from examrunner.model.errors import ContentError

MATRIX = np.array([[905.4, 0, 642.3], [0, 903.1, 357.6], [0, 0, 1]])
DISTORTION = np.array([-0.291, 0.094, 0.0006, -0.0004, -0.012])

YAML_4 = """%YAML:1.0
---
calibration_time: "Wed 08 Dec 2021 05:13:09 PM"
image_width: 1280
image_height: 720
flags: 0
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 9.0540e+02, 0., 6.423e+02, 0.,
       9.031e+02, 357.6, 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 1
   cols: 5
   dt: d
   data: [ -0.291, 0.094, 0.0006, -0.0004, -0.012 ]
"""

ROS = """image_width: 1280
image_height: 720
camera_name: narrow_stereo  # as in the launch file
camera_matrix:
  rows: 3
  cols: 3
  data: [905.4, 0, 642.3, 0, 903.1, 357.6, 0, 0, 1]
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5,
  data: [-0.291, 0.094, 0.0006, -0.0004, -0.012]}
rectification_matrix:
  rows: 3
  cols: 3
  data: [1, 0, 0, 0, 1, 0, 0, 0, 1]
"""

ROS_TOPIC = """header:
  frame_id: camera
height: 720
width: 1280
distortion_model: plumb_bob
d:
- -0.291
- 0.094
- 0.0006
- -0.0004
- -0.012
k: [905.4, 0.0, 642.3, 0.0, 903.1, 357.6, 0.0, 0.0, 1.0]
binning_x: 0
---
"""

OUR_JSON = json.dumps(
    {
        "model": "pinhole",
        "image_size": [1280, 720],
        "camera_matrix": MATRIX.tolist(),
        "distortion": DISTORTION.tolist(),
    }
)


def assert_is_the_front_camera(camera):
    assert camera.matrix == pytest.approx(MATRIX)
    assert camera.distortion == pytest.approx(DISTORTION)
    assert camera.size_px == (1280, 720)
    assert not camera.fisheye


@pytest.mark.parametrize("text", [YAML_4, ROS, ROS_TOPIC, OUR_JSON])
def test_what_candidates_hand_in_is_read(text):
    assert_is_the_front_camera(parse_calibration("mine", text.encode()))


@pytest.mark.parametrize("suffix", ["yml", "xml", "json"])
def test_what_the_installed_opencv_writes_is_read(tmp_path, suffix):
    path = tmp_path / f"mine.{suffix}"
    storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
    storage.write("note", 'made by "me": 标定')
    storage.write("image_width", 1280)
    storage.write("image_height", 720)
    storage.write("camera_matrix", MATRIX)
    storage.write("distortion_coefficients", DISTORTION[None])
    storage.startWriteStruct("views", cv2.FileNode_SEQ)
    storage.write("", "a: b")
    storage.write("", np.eye(2))
    storage.endWriteStruct()
    storage.startWriteStruct("flow", cv2.FileNode_MAP | cv2.FileNode_FLOW)
    storage.write("a", 1.0)
    storage.endWriteStruct()
    storage.writeComment("done")
    storage.release()

    assert_is_the_front_camera(parse_calibration(path.name, path.read_bytes()))


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(ending):
    content = b"\xef\xbb\xbf" + YAML_4.replace("\n", ending).encode()

    assert_is_the_front_camera(parse_calibration("mine.yml", content))


def test_a_comment_in_another_encoding_costs_nothing():
    content = YAML_4.replace("flags: 0", "flags: 0  # 相机").encode("gb18030")

    assert_is_the_front_camera(parse_calibration("mine.yml", content))


@pytest.mark.parametrize("mark", ["fisheye_model: 1", "distortion_model: equidistant"])
def test_a_fisheye_says_so(mark):
    text = YAML_4.replace("flags: 0", mark).replace(", -0.012 ]", " ]")

    assert parse_calibration("wide.yml", text.encode()).fisheye


def test_a_file_without_a_size_needs_the_size_from_elsewhere():
    text = YAML_4.replace("image_width", "w").replace("image_height", "h").encode()

    with pytest.raises(ContentError, match="which image size"):
        parse_calibration("mine.yml", text)
    found = parse_calibration("mine.yml", text, size_px=(1280, 720))
    assert_is_the_front_camera(found)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("-0.012", ".Nan", "not finite"),
        ("-0.012", "1e999", "not finite"),
        ("-0.012", "k3", "something else than numbers"),
        (", -0.012", "", None),
        ("0.0006, -0.0004, -0.012", "0.1", "3 distortion coefficients"),
        ("9.0540e+02", "-905.4", "has not the form"),
        ("0., 1. ]", "1. ]", "8 numbers"),
        ("0., 1. ]", "1., 0. ]", "has not the form"),
        ("1280", "1280000", "image size is impossible"),
        ("1280", "12.5", "image size is impossible"),
        ("camera_matrix", "matrix_of_mine", "no camera_matrix"),
        ("distortion_coefficients", "other", "no distortion_coefficients"),
        ("flags: 0", "distortion_model: banana", "'banana' is not known"),
        ("flags: 0", "M2: 1", "two cameras"),
        ("flags: 0", "image_width: 640", "given twice"),
        ("flags: 0", "a: &x [1]\nb: *x", "not read here"),
        ("flags: 0", "flags: [[[", "never closed"),
        ("flags: 0", "flags: " + "[" * 60, "too deeply"),
        ("flags: 0", "flags 0", "'key: value' is expected"),
        ("   cols: 3", "\tcols: 3", "a tab"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(before, after, problem):
    content = YAML_4.replace(before, after, 1).encode()

    if problem is None:
        assert len(parse_calibration("mine.yml", content).distortion) == 4
        return
    with pytest.raises(ContentError, match=problem):
        parse_calibration("mine.yml", content)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        (b"hello", "no camera_matrix"),
        (b"[1, 2]", "no camera_matrix"),
        (b"<a><b></a>", "not valid XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type or entities"),
        (b"<a>" * 50_000, "not valid XML"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "nested too deeply"),
        (b'{"a": 1', "not valid JSON"),
        (b'{"a": 1, "a": 2}', "given twice"),
        (b'{"a":' * 100_000, "nested too deeply|not valid JSON"),
        (b"- " * 100_000, "nested too deeply"),
        (b" " * (5 << 20), "5242880 bytes"),
    ],
)
def test_what_is_no_calibration_is_refused(content, problem):
    with pytest.raises(ContentError, match=problem):
        parse_calibration("mine", content)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@example(b"a: '")
@example(b"''")
@example(b'"')
@example(b"- - - 1")
@example(b"{ }")
@example(b"a:\n- 1\n b: 2")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_camera_or_a_clear_error(content):
    try:
        found = parse_calibration("mine", content)
    except ContentError:
        return
    assert isinstance(found, CameraModel)


@given(
    st.integers(0, len(YAML_4) - 1),
    st.sampled_from([*"[]{}:-#\"' \n,&!.0x", ""]),
    st.sampled_from([YAML_4, ROS, ROS_TOPIC, OUR_JSON]),
)
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_a_camera_or_a_clear_error(at, letter, text):
    at %= len(text)
    try:
        found = parse_calibration(
            "mine", (text[:at] + letter + text[at + 1 :]).encode()
        )
    except ContentError:
        return
    assert np.isfinite(found.matrix).all()
