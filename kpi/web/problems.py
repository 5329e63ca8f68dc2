"""What a visitor gets when one of our own routes fails: a sentence, never a traceback."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.i18n import _, closest, use
from kpi.store.problems import StoreProblem
from kpi.web.running import NotReady

log = logging.getLogger("ketenzicht.web")


def reference() -> str:
    """A short number that a visitor can tell and that stands in the log."""
    return secrets.token_hex(3).upper()


def went_wrong(number: str) -> str:
    """The sentence for what nobody foresaw."""
    return _(
        "Something went wrong inside Ketenzicht; the log says what, under number {number}. "
        "The data are as they were."
    ).format(number=number)


async def _unforeseen(request: Request, problem: Exception) -> Response:
    number = reference()
    log.error("%s %s (number %s)", request.method, request.url.path, number, exc_info=problem)
    with use(closest(request.headers.get("accept-language"))):
        return PlainTextResponse(went_wrong(number) + "\n", status_code=500)


async def _not_ready(_request: Request, problem: Exception) -> Response:
    return PlainTextResponse(
        f"{problem}\n", status_code=503, headers={"Cache-Control": "no-store", "Retry-After": "5"}
    )


def handlers() -> dict[Any, Callable[[Request, Exception], Any]]:
    """Exception handlers for the ASGI application."""
    return {Exception: _unforeseen, NotReady: _not_ready, StoreProblem: _not_ready}
