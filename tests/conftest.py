"""Where the shared test data lies."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says nothing on a machine that runs other tests too.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real recordings and pictures with known answers."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("EXAMRUNNER_SHARED_DATA", beside))
    if not folder.is_dir():
        reason = f"no shared test data at {folder}; set EXAMRUNNER_SHARED_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
