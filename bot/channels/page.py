"""The page people chat in, served from files beside the code, with nothing from anywhere else."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

FOLDER = Path(__file__).resolve().parent.parent / "web"
#: Addresses beside ``/static/...``.
_PAGES = {
    "/": "index.html",
    "/letter": "letter.html",
    "/embed-sample": "sample.html",
    "/ho-triage.js": "ho-triage.js",
}
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cache-Control": "no-cache",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'self'"
)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?")
_SOURCES = (".ts", ".md", ".LICENSE")


@dataclass(frozen=True)
class _File:
    body: bytes
    small: bytes
    tag: str
    content_type: str

    @classmethod
    def read(cls, path: Path) -> _File:
        body = path.read_bytes()
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if content_type.startswith("text/") or content_type.endswith("javascript"):
            content_type += "; charset=utf-8"
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(body, gzip.compress(body, mtime=0), tag, content_type)


def serve_page(app: Sanic, origins: Sequence[str] = ()) -> None:
    """Answer ``/`` with the page, ``/static/...`` with the files it needs, and what embedding needs.

    ``origins`` are the sites that may show the page in a frame, such as ``https://www.hospital.example``.
    Raises: ValueError for an origin that is none.
    """
    policy = " ".join([_POLICY, *map(_checked, origins)])
    files = {path.relative_to(FOLDER).as_posix(): _File.read(path) for path in _served()}

    async def page(request: Request) -> HTTPResponse | None:
        name = _PAGES.get(request.path) if request.method == "GET" else None
        return _answer(request, files[name], policy) if name else None

    async def static(request: Request, name: str) -> HTTPResponse:
        return (
            _answer(request, files[name], policy) if name in files else response.text("Not found", status=404)
        )

    # Rasa puts a route of its own at "/"; what runs before the routes goes first.
    app.register_middleware(page, "request")
    app.add_route(static, "/static/<name:path>", methods=["GET"])


def _served() -> list[Path]:
    return [path for path in FOLDER.rglob("*") if path.is_file() and not path.name.endswith(_SOURCES)]


def _checked(origin: str) -> str:
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f'origins: {origin!r} is no origin; write it as "https://www.hospital.example".')
    return origin


def _answer(request: Request, file: _File, policy: str) -> HTTPResponse:
    headers = {**_HEADERS, "Content-Security-Policy": policy, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.tag:
        return response.raw(b"", status=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", "") and len(file.small) < len(file.body):
        headers["Content-Encoding"] = "gzip"
        return response.raw(file.small, headers=headers, content_type=file.content_type)
    return response.raw(file.body, headers=headers, content_type=file.content_type)
