"""Scripts and styles of the pages' own components, each at an address that changes when it does.

A component that carries them sends them again with each of its parts: thirty kilobytes a table, nine of
ten bytes of a page.
"""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_KINDS = {"js": "text/javascript", "css": "text/css"}
_offered: dict[str, str] = {}


def offer(text: str, kind: str) -> str:
    """Serve a text ("js" or "css"); gives its address."""
    name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.{kind}"
    _offered[name] = text
    return f"/parts/{name}"


def part(request: Request) -> Response:
    """`/parts/…`: what is offered; of another version there is nothing."""
    name = request.path_params["name"]
    if name not in _offered:
        return PlainTextResponse("", 404, headers={"Cache-Control": "no-store"})
    return Response(
        _offered[name],
        media_type=_KINDS[name.rpartition(".")[2]],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
