"""The built pages; a plain message where nobody built them."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

STATIC: Final = Path(__file__).parent / "static"
NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8">
<title>examrunner</title><h1>The pages are not built</h1>
<p>The service works: its API is at <code>/api/v1</code>. To build the pages, run
<code>npm ci &amp;&amp; npm run build</code> in <code>examrunner/web</code>, or install
the package again.</p></html>"""
NO_CACHE: Final = {"Cache-Control": "no-cache"}
"""The first page names its assets by their content, so only it must be asked for."""


def install(app: FastAPI, folder: Path = STATIC) -> None:
    """Serve the pages at the root."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def first_page() -> Response:
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(index, headers=NO_CACHE)

    app.include_router(router)
    if folder.is_dir():
        app.mount("/", StaticFiles(directory=folder), name="pages")
