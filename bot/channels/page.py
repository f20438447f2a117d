"""The page people chat in, served from files beside the code, with nothing from anywhere else."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

FOLDER = Path(__file__).resolve().parent.parent / "web"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def serve_page(app: Sanic) -> None:
    """Answer ``/`` with the page, and ``/static/...`` with the files it needs."""
    files = {path.relative_to(FOLDER).as_posix(): _file(path) for path in FOLDER.rglob("*") if path.is_file()}

    async def page(request: Request) -> HTTPResponse | None:
        return _answer(files["index.html"]) if request.path == "/" and request.method == "GET" else None

    async def static(_: Request, name: str) -> HTTPResponse:
        return _answer(files[name]) if name in files else response.text("Not found", status=404)

    # Rasa puts a route of its own at "/"; what runs before the routes goes first.
    app.register_middleware(page, "request")
    app.add_route(static, "/static/<name:path>", methods=["GET"])


def _file(path: Path) -> tuple[bytes, str]:
    return path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _answer(file: tuple[bytes, str]) -> HTTPResponse:
    body, content_type = file
    if content_type.startswith("text/") or content_type.endswith("javascript"):
        content_type += "; charset=utf-8"
    return response.raw(body, headers=_HEADERS, content_type=content_type)
