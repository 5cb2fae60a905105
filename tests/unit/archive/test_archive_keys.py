import os
import stat
from pathlib import Path

import pytest

from examrunner.archive.keys import (
    fingerprint,
    generate_key,
    load_private_key,
    load_public_key,
    public_path,
)
from examrunner.model.errors import RecordingError


def test_a_generated_pair_is_loaded_again(tmp_path: Path):
    key = generate_key(tmp_path / "key.pem")

    private = load_private_key(tmp_path / "key.pem")
    public = load_public_key(public_path(tmp_path / "key.pem"))

    assert fingerprint(private.public_key()) == fingerprint(public)
    assert fingerprint(public) == fingerprint(key.public_key())


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_its_owner_may_read_a_private_key(tmp_path: Path):
    generate_key(tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600

    (tmp_path / "key.pem").chmod(0o644)

    with pytest.raises(RecordingError, match="other users"):
        load_private_key(tmp_path / "key.pem")


def test_a_key_is_never_overwritten(tmp_path: Path):
    generate_key(tmp_path / "key.pem")
    before = (tmp_path / "key.pem").read_bytes()

    with pytest.raises(RecordingError, match="File exists"):
        generate_key(tmp_path / "key.pem")

    assert (tmp_path / "key.pem").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAA==\n"])
def test_something_else_is_no_key(tmp_path: Path, content: bytes):
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)

    for load in (load_private_key, load_public_key):
        with pytest.raises(RecordingError, match="not an Ed25519 key"):
            load(path)
