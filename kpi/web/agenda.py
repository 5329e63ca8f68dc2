"""`/agenda`: one process meeting as one page to print, made anew from the data each time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kpi.bulletin.agenda import choice
from kpi.filters import LATEST, Filters
from kpi.i18n import _, closest, language, use
from kpi.meeting import gather
from kpi.numbers import AskProblem
from kpi.numbers.values import check_values, configured, in_data
from kpi.web import running

if TYPE_CHECKING:
    from kpi.store import Store

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
#: More than this of what an address asks is not said back.
_LONGEST = 80


def page(request: Request) -> Response:
    """`/agenda?process=fault&since=…&until=…`: without a period the last three complete months.

    What is no question gets a page of its own, with a link to the agenda of each process.
    """
    query = request.query_params
    store = running.store()
    wanted = query.get("lang") or request.headers.get("accept-language")
    with use(closest(wanted, store.settings.language)):
        filters, refused = Filters.from_query({name: query.getlist(name) for name in query})
        if refused:
            what = ", ".join(refused)[:_LONGEST]
            said = _("This is not understood: {what}.").format(what=what)
            return _choice(store, filters, said, 400)
        asked = [process for process in filters.values("process") if process]
        if len(asked) != 1:
            said = _("An agenda is about one customer process: name it.")
            return _choice(store, filters, said, 404)
        [process] = asked
        if process not in configured(store, "process") | in_data(store, "process"):
            said = _("There is no customer process “{name}”.").format(name=process[:_LONGEST])
            return _choice(store, filters, said, 404)
        try:
            check_values(store, filters.where)
            made = gather(store, process, filters)
        except AskProblem as problem:
            return _choice(store, filters, str(problem), 404)
        return _page(made.html, 200)


def _choice(store: Store, filters: Filters, sentence: str, status: int) -> Response:
    """Why there is no agenda, and those there are over the same days."""
    days = {name: filters.to_query().get(name, []) for name in ("since", "until")}
    ways = []
    for row in store.configuration.processes(filters.until or LATEST):
        process = str(row["process"])
        query = urlencode({"process": process, **days, "lang": language()}, doseq=True)
        ways.append((store.configuration.title("process", process, language()), f"agenda?{query}"))
    return _page(choice(sentence, ways), status)


def _page(html: str, status: int) -> Response:
    return Response(html, status, media_type="text/html", headers=_KEPT_BY_NOBODY)
