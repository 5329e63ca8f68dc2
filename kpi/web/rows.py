"""The rows behind a number as a file: the same as the page shows, and all of them.

Personal data: over our own guarded route, kept by no cache, and asked of the data layer with the
scope of whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from kpi import formats
from kpi.access import EVERYTHING
from kpi.bulletin import rows as words
from kpi.bulletin.books import (
    CLOCK,
    CSV,
    DAYS,
    EURO,
    MEDIA_TYPES,
    PLAIN,
    XLSX,
    Book,
    Head,
    as_csv,
    as_xlsx,
    unknown_form,
)
from kpi.filters import DIMENSIONS, Filters
from kpi.i18n import _, closest, language, use
from kpi.model import Kpi, Unit
from kpi.numbers import AskProblem, find, rows
from kpi.results.rows import AMOUNT, BESIDES, SHAPES, Rows, Shape
from kpi.store import Store
from kpi.web import about, running

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
#: Rows that are asked for at a time.
_SOME = 20_000
#: Stands in an address for what is not known.
_UNKNOWN = "-"


def behind(request: Request) -> Response:
    """`/download/rows?kpi=…&part=…&since=…&until=…&as=csv`: one line per row, in the order asked.

    Dimensions (process=…, "-" for unknown), weekday_hour, moment, search and sort as on the page.
    """
    query = request.query_params
    store = running.store()
    spoken = closest(
        query.get("lang") or request.headers.get("accept-language"), store.settings.language
    )
    with use(spoken):
        named = {
            name: [
                "" if text == _UNKNOWN and name in DIMENSIONS else text
                for text in query.getlist(name)
            ]
            for name in query
        }
        filters, refused = Filters.from_query(named)
        if refused:
            return _said(_("This is not understood: {what}.").format(what=", ".join(refused)), 400)
        if not_made := unknown_form(query.get("as", CSV)):
            return _said(not_made, 404)
        asking = _Asking(store, filters, dict(query))
        try:
            kpi = find(query.get("kpi", ""))
            first = asking.some(kpi, 0)
        except AskProblem as problem:
            return _said(str(problem), 404)
        book = _book(store, kpi, filters, first, asking)
        name = re.sub(r"[^A-Za-z0-9-]+", "_", f"{kpi.name}-{first.part}")[:80]
        if query.get("as") == XLSX:
            return Response(
                as_xlsx(book),
                media_type=MEDIA_TYPES[XLSX],
                headers=_headers(f"{name}.xlsx"),
            )
    return StreamingResponse(
        _spoken(spoken, book),
        media_type=MEDIA_TYPES[CSV],
        headers=_headers(f"{name}.csv"),
    )


class _Asking:
    """One download: asked for a part at a time, so that a million rows are never held at once."""

    def __init__(self, store: Store, filters: Filters, query: dict[str, str]) -> None:
        self.store, self.filters, self.query = store, filters, query

    def some(self, kpi: Kpi, offset: int) -> Rows:
        return rows(
            self.store,
            kpi.name,
            self.filters,
            {name: self.query[name] for name in BESIDES if self.query.get(name)},
            self.query.get("part", ""),
            scope=EVERYTHING,
            search=self.query.get("search", ""),
            sort=self.query.get("sort", ""),
            offset=offset,
            most=_SOME,
        )


def _book(store: Store, kpi: Kpi, filters: Filters, first: Rows, asking: _Asking) -> Book:
    zone = store.settings.time_zone

    def title(kind: str, value: str) -> str:
        return store.configuration.title(kind, value, language())

    def lines() -> Iterator[list[Any]]:
        found, offset = first, 0
        while found.rows:
            for row in found.rows:
                yield [_cell(name, row, title, zone) for name in first.columns]
            offset += len(found.rows)
            if offset >= first.found:
                return
            found = asking.some(kpi, offset)

    heads = [Head(words.head(name), _format(kpi, name)) for name in first.columns]
    title_of_all = words.searched(kpi, first, asking.query.get("search", ""))
    return Book(title_of_all, heads, lines(), _about(store, kpi, filters, first, asking))


def _format(kpi: Kpi, name: str) -> str:
    if name == AMOUNT and kpi.unit is Unit.EURO:
        return EURO
    return {Shape.EURO: EURO, Shape.SPAN: DAYS, Shape.SECONDS: CLOCK}.get(SHAPES[name], PLAIN)


def _about(
    store: Store, kpi: Kpi, filters: Filters, first: Rows, asking: _Asking
) -> list[tuple[str, str]]:
    period = first.period
    kept = about.kept_to(store, filters, asking.query)
    if asking.query.get("search"):
        kept.append(_("holds “{text}”").format(text=asking.query["search"]))
    return [
        (_("Period"), formats.period(period.since, period.until) if period else ""),
        (_("Filters"), "; ".join(kept)),
        (_("As of"), formats.as_of(first.as_of, store.settings.time_zone)),
        (_("Definition"), _(kpi.definition)),
        (_("Left out"), _(kpi.leaves_out) if kpi.leaves_out else ""),
    ]


def _cell(name: str, row: Mapping[str, Any], title: words.Title, zone: str) -> Any:
    """A value with its own type; times on the clock of the organisation, lengths in days."""
    value, shape = row[name], SHAPES[name]
    if value is None:
        # A column of times holds nothing else: a spreadsheet reckons with it.
        return None if shape is Shape.TIME else words.told(name, row, title, zone) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return formats.in_zone(value, zone).replace(tzinfo=None)
    if shape in {Shape.CODE, Shape.WORD}:
        return words.told(name, row, title, zone)
    return value / 86_400 if shape in {Shape.SPAN, Shape.SECONDS} else value


def _spoken(spoken: str, book: Book) -> Iterator[str]:
    """The lines in the language asked: a stream is read after the answer was given."""
    lines = as_csv(book)
    while True:
        with use(spoken):
            piece = next(lines, None)
        if piece is None:
            return
        yield piece


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', **_KEPT_BY_NOBODY}


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_KEPT_BY_NOBODY)
