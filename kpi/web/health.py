"""`/healthz`: the process answers. `/readyz`: it can answer questions too."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.i18n import closest, use
from kpi.web import running

_NO_STORE = {"Cache-Control": "no-store"}
log = logging.getLogger(__name__)


async def healthz(_request: Request) -> Response:
    """Needs no database and no thread: it tells whether the process still answers."""
    return PlainTextResponse("ok\n", headers=_NO_STORE)


def readyz(request: Request) -> Response:
    """Asks the store something small; 503 with a sentence when it cannot."""
    with use(closest(request.headers.get("accept-language"), "en")):
        try:
            version = running.store().data_version
        except running.NotReady as reason:
            return PlainTextResponse(f"{reason}\n", status_code=503, headers=_NO_STORE)
    return PlainTextResponse(f"ok, data version {version}\n", headers=_NO_STORE)
