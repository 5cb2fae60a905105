"""Boots a kernel that has CAN and runs ``kernel_can.py`` inside."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NEEDED = ("linux.uml", "busybox", "ip", "cc")
BOOT_S = 240


def require(*programs: str) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if not missing:
        return
    reason = f"{', '.join(missing)} not installed; run .ci/system-packages"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def boot(tmp_path: Path) -> Callable[[Path], str]:
    """Runs a file of tests in a guest and returns what the guest printed."""
    require(*NEEDED)
    shim = tmp_path / "whole_registers.so"
    source = HERE / "whole_registers.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)

    def run(tests: Path) -> str:
        told = {"REPOSITORY": HERE.parents[1], "PYTHON": sys.executable, "TESTS": tests}
        command = [
            *("linux.uml", "mem=768M", "rootfstype=hostfs", "rootflags=/", "ro"),
            *(f"init={HERE / 'boot.sh'}", "con=null", "con0=null,fd:1", "quiet"),
            *(f"{name}={value}" for name, value in told.items()),
        ]
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LD_PRELOAD": str(shim)},
            cwd=tmp_path,
            timeout=BOOT_S,
            check=False,
        )
        return ended.stdout.decode(errors="replace")

    return run


@pytest.mark.slow
def test_socketcan_on_a_real_kernel(
    boot: Callable[[Path], str], capsys: pytest.CaptureFixture[str]
) -> None:
    # The guest's own exit status says nothing: it is 0 whatever happened inside.
    said = boot(HERE / "kernel_can.py")
    assert "rc=0" in said.splitlines(), said[-8000:]
    with capsys.disabled():
        figures = [line for line in said.splitlines() if line.startswith("figure:")]
        sys.stdout.write("\n" + "\n".join(figures) + "\n")


@pytest.mark.slow
def test_a_guest_whose_tests_fail_does_not_pass(
    boot: Callable[[Path], str], tmp_path: Path
) -> None:
    failing = tmp_path / "failing.py"
    failing.write_text("def test_it() -> None:\n    assert False\n")
    said = boot(failing)
    assert "1 failed" in said, said[-8000:]
    assert "rc=1" in said.splitlines()
