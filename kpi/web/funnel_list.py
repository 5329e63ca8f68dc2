"""Who reached a step of a funnel, as a file: the same as the page shows, and all of it.

Personal data: over our own guarded route, kept by no cache, and asked of the data layer with the
scope of whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi import formats
from kpi.access import EVERYTHING
from kpi.filters import Filters
from kpi.i18n import _, closest, use
from kpi.measures.words import CUSTOMER
from kpi.numbers import AskProblem
from kpi.numbers.funnels import OF_CASES, Funnel, ask_funnel_entities, funnels
from kpi.results.funnel import FunnelEntity
from kpi.store import Store
from kpi.web import running
from kpi.web.downloads import as_csv

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def entities(request: Request) -> Response:
    """`/download/funnel?funnel=…&step=…&since=…&until=…`: one line per entity, the latest first.

    With `view=lost` only those who did not take the next step, with `entered=2026-W14` only those
    who came in then. Dimensions (segment=…) keep as on
    the page. With semicolons and decimal commas, as Excel in Dutch opens it.
    """
    query = request.query_params
    store = running.store()
    wanted = query.get("lang") or request.headers.get("accept-language")
    with use(closest(wanted, store.settings.language)):
        named = {name: query.getlist(name) for name in query}
        filters, refused = Filters.from_query(named)
        if refused:
            return _said(_("This is not understood: {what}.").format(what=", ".join(refused)), 400)
        known = {one.name: one for one in funnels(store, filters.until)}
        funnel = known.get(query.get("funnel", ""))
        if funnel is None:
            said = _("There is no funnel {name}. There is {names}.").format(
                name=query.get("funnel", "")[:80], names=", ".join(known) or formats.NOTHING
            )
            return _said(said, 404)
        try:
            found = _asked(store, funnel, filters, query)
        except AskProblem as problem:
            return _said(str(problem), 404)
        text = as_csv(_heads(funnel), _lines(funnel, found, store.settings.time_zone))
    name = re.sub(r"[^A-Za-z0-9-]+", "_", f"{funnel.name}-{query.get('step', '')}")[:80]
    return Response(
        text.encode(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="funnel-{name}.csv"',
            **_KEPT_BY_NOBODY,
        },
    )


def _asked(
    store: Store, funnel: Funnel, filters: Filters, query: Mapping[str, str]
) -> list[FunnelEntity]:
    own = (*CUSTOMER, *(OF_CASES if funnel.entity == "case" else ()))
    where = tuple(pair for pair in filters.where if pair[0] in own)
    return ask_funnel_entities(
        store,
        funnel.name,
        replace(filters, where=where),
        query.get("step", ""),
        lost=query.get("view") == "lost",
        entered=query.get("entered", ""),
        steps=funnel.steps,
        entity=funnel.entity,
        window=timedelta(days=funnel.window_days),
        scope=EVERYTHING,
    )


def _heads(funnel: Funnel) -> list[str]:
    what = {"case": _("Case"), "customer": _("Customer")}.get(funnel.entity, _("Visit"))
    return [
        what, _("Customer"), _("Came in"), _("Last step"), _("When"), _("Days in between"),
        _("May still go on"),
    ]  # fmt: skip


def _lines(funnel: Funnel, found: Sequence[FunnelEntity], zone: str) -> Iterator[list[Any]]:
    for one in found:
        days = (one.last_at - one.entered) / timedelta(days=1)
        yield [
            one.entity,
            one.customer or "",
            _local(one.entered, zone),
            funnel.title(one.last_step),
            _local(one.last_at, zone),
            f"{days:.4f}".replace(".", ","),
            _("yes") if one.immature else _("no"),
        ]


def _local(moment: datetime, zone: str) -> str:
    """Local time that a spreadsheet reads as a time in any language."""
    return formats.in_zone(moment, zone).isoformat(sep=" ", timespec="seconds")


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_KEPT_BY_NOBODY)
