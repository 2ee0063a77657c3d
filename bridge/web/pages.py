"""Serves the built pages with strict headers; files with a hash in their name are kept for ever."""

import secrets
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

BUILT: Final = Path(__file__).with_name("dist")
NONCE: Final = "PAGE_NONCE"  # what vite.config.ts writes where each page gets a nonce of its own
FOR_EVER: Final = "public, max-age=31536000, immutable"
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Mantine writes its variables as a style element (the nonce); styles of single elements React sets by script.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOT_BUILT: Final = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Throughline</title>
<h1>The pages are not built yet</h1>
<p>Calls are served all the same. To build the pages, run <code>make pages</code> in Throughline's folder and look at
what it says; then load this page again.</p></html>
"""
DOCS: Final = "/api/docs"
DOCS_PAGE: Final = "docs.html"
PAGES: Final = ("/", "/sign-in", "/welcome", "/floor", "/floor/interactions/{id}")


def mount_pages(app: FastAPI, folder: Path = BUILT) -> None:
    """Let `app` serve the pages built into `folder`; also when they are built later, or fail to be.

    What no route answers gets a file, or a page that says so; but the API's own words below /api."""

    def page() -> Response:
        return _page(folder)

    def docs() -> Response:
        return _page(folder, name=DOCS_PAGE)

    for path in PAGES:
        app.add_api_route(path, page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route(DOCS, docs, methods=["GET", "HEAD"], include_in_schema=False)

    otherwise = app.router.default

    async def fallback(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not scope["path"].startswith("/api/")
        answer = _answer(folder, Request(scope)) if ours else otherwise
        await answer(scope, receive, send)

    app.router.default = fallback


def _answer(folder: Path, request: Request) -> Response:
    path = request.url.path.lstrip("/")
    if file := _file(folder, path, "gzip" in request.headers.get("accept-encoding", "")):
        return file
    wants_page = "text/html" in request.headers.get("accept", "") and not path.startswith("assets/")
    return _page(folder, 404) if wants_page else PlainTextResponse("Not found", 404, HEADERS)


def _page(folder: Path, status: int = 200, name: str = "index.html") -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = HEADERS | {"Content-Security-Policy": POLICY.format(nonce=nonce)}
    try:
        whole = (folder / name).read_text()
    except OSError:
        return HTMLResponse(NOT_BUILT, 503, headers)
    return HTMLResponse(whole.replace(NONCE, nonce), status, headers)


def _file(folder: Path, path: str, packed: bool) -> Response | None:
    try:
        file = (folder / path).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file() or file.suffix == ".html":
            return None
    except (OSError, ValueError):  # too long, or with a NUL in it
        return None
    headers = HEADERS | ({"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"} if path.startswith("assets/") else {})
    kind, gz = guess_type(file.name)[0], file.with_name(f"{file.name}.gz")
    if packed and gz.is_file():
        return FileResponse(gz, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(file, headers=headers, media_type=kind)
