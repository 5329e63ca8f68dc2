"""`/agenda`: one process meeting as one page to print, made anew from the data each time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.filters import Filters
from kpi.i18n import _, closest, use
from kpi.meeting import gather
from kpi.numbers import AskProblem
from kpi.web import running

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def page(request: Request) -> Response:
    """`/agenda?process=fault&since=…&until=…`: without a period the last three complete months."""
    query = request.query_params
    store = running.store()
    wanted = query.get("lang") or request.headers.get("accept-language")
    with use(closest(wanted, store.settings.language)):
        filters, refused = Filters.from_query({name: query.getlist(name) for name in query})
        if refused:
            return _said(_("This is not understood: {what}.").format(what=", ".join(refused)), 400)
        processes = filters.values("process")
        if len(processes) != 1:
            return _said(_("An agenda is about one customer process: name it."), 404)
        try:
            made = gather(store, processes[0], filters)
        except AskProblem as problem:
            return _said(str(problem), 404)
        return Response(made.html, media_type="text/html", headers=_KEPT_BY_NOBODY)


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_KEPT_BY_NOBODY)
