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
from kpi.bulletin.books import CSV, MEDIA_TYPES, XLSX, Book, Head, as_csv, as_xlsx, unknown_form
from kpi.filters import Filters
from kpi.i18n import _, closest, use
from kpi.measures import KPIS
from kpi.measures.words import CUSTOMER
from kpi.numbers import AskProblem, period_of
from kpi.numbers.funnels import OF_CASES, Funnel, ask_funnel_entities, days_entered, funnels, reads
from kpi.results.funnel import FunnelEntity
from kpi.store import Store
from kpi.web import about, running

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def entities(request: Request) -> Response:
    """`/download/funnel?funnel=…&step=…&since=…&until=…`: one line per entity, the latest first.

    With `view=lost` only those who did not take the next step, with `entered=2026-W14` only those
    who came in then. Dimensions (segment=…) keep as on
    the page. `as=csv` (with semicolons and decimal commas, as Excel in Dutch opens it) or `as=xlsx`.
    """
    query = request.query_params
    store = running.store()
    wanted = query.get("lang") or request.headers.get("accept-language")
    with use(closest(wanted, store.settings.language)):
        named = {name: query.getlist(name) for name in query}
        filters, refused = Filters.from_query(named)
        if refused:
            return _said(_("This is not understood: {what}.").format(what=", ".join(refused)), 400)
        if not_made := unknown_form(query.get("as", CSV)):
            return _said(not_made, 404)
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
        book = _book(store, funnel, filters, found, query)
        name = re.sub(r"[^A-Za-z0-9-]+", "_", f"{funnel.name}-{query.get('step', '')}")[:80]
        if query.get("as") == XLSX:
            return _file(as_xlsx(book), f"funnel-{name}.xlsx", MEDIA_TYPES[XLSX])
        return _file("".join(as_csv(book)).encode(), f"funnel-{name}.csv", MEDIA_TYPES[CSV])


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', **_KEPT_BY_NOBODY},
    )


def _kept(funnel: Funnel, filters: Filters) -> Filters:
    """The filters that apply to it, as on the page."""
    own = (*CUSTOMER, *(OF_CASES if funnel.entity == "case" else ()))
    return replace(filters, where=tuple(pair for pair in filters.where if pair[0] in own))


def _asked(
    store: Store, funnel: Funnel, filters: Filters, query: Mapping[str, str]
) -> list[FunnelEntity]:
    return ask_funnel_entities(
        store,
        funnel.name,
        _kept(funnel, filters),
        query.get("step", ""),
        lost=query.get("view") == "lost",
        entered=query.get("entered", ""),
        steps=funnel.steps,
        entity=funnel.entity,
        window=timedelta(days=funnel.window_days),
        scope=EVERYTHING,
    )


def _book(
    store: Store,
    funnel: Funnel,
    filters: Filters,
    found: Sequence[FunnelEntity],
    query: Mapping[str, str],
) -> Book:
    what = {"case": _("Case"), "customer": _("Customer")}.get(funnel.entity, _("Visit"))
    heads = [
        Head(what), Head(_("Customer")), Head(_("Came in")), Head(_("Last step")),
        Head(_("When")), Head(_("Days in between")), Head(_("May still go on")),
    ]  # fmt: skip
    step = funnel.title(query.get("step", ""))
    title = (
        _("{funnel}: who dropped out after {step}")
        if query.get("view") == "lost"
        else _("{funnel}: who reached {step}")
    ).format(funnel=funnel.called, step=step)
    if entered := query.get("entered", ""):
        days = days_entered(entered)
        when = formats.period(days.since, days.until)
        title = _("{what}, came in {when}").format(what=title, when=when)
    zone, period = store.settings.time_zone, period_of(store, KPIS["funnel"], filters)
    return Book(
        title,
        heads,
        _lines(funnel, found, zone),
        [
            (_("Period"), formats.period(period.since, period.until) if period else ""),
            (_("Filters"), "; ".join(about.kept_to(store, _kept(funnel, filters), {}))),
            (_("As of"), formats.as_of(store.as_of(reads(funnel)), zone)),
            (_("Definition"), _(KPIS["funnel"].definition)),
        ],
    )


def _lines(funnel: Funnel, found: Sequence[FunnelEntity], zone: str) -> Iterator[list[Any]]:
    for one in found:
        yield [
            one.entity,
            one.customer,
            _local(one.entered, zone),
            funnel.title(one.last_step),
            _local(one.last_at, zone),
            (one.last_at - one.entered) / timedelta(days=1),
            bool(one.immature),
        ]


def _local(moment: datetime, zone: str) -> datetime:
    """On the clock of the organisation, as a spreadsheet has it: it knows no time zones."""
    return formats.in_zone(moment, zone).replace(tzinfo=None)


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_KEPT_BY_NOBODY)
