"""From a number to the rows behind it: the address of the page that shows exactly those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from kpi import formats, numbers
from kpi.bulletin import rows as rows_words
from kpi.filters import Comparison, Filters
from kpi.i18n import _, language, ngettext
from kpi.measures import KPIS
from kpi.model import Better, Kpi, Result, Unit
from kpi.results.rows import BESIDES, DENOMINATOR, MISSED, counted, parts_of
from pages.shared import data, page, places, state
from pages.shared.chips import UNKNOWN

#: A group of an answer, as `Result.by` has it.
Group = Mapping[str, str | None]


def link(kpi: str, filters: Filters, group: Group | None = None, part: str = "") -> str:
    """The address of the rows behind a number; empty where it has none, or they may not be seen.

    Args:
        kpi: its name.
        filters: as they were asked with.
        group: the group of the answer.
        part: "numerator", "denominator" or "missed"; without it the KPI's first.
    """
    declared = KPIS.get(kpi)
    if declared is None or not parts_of(declared) or not data.SCOPE.personal:
        return ""
    if part and part not in parts_of(declared):
        # The rows page would show its first part instead: other rows than the number is of.
        return ""
    if not places.known("rows"):
        return ""
    cells = tuple((group or {}).items())
    return _link(places.path("rows"), data.store().state, language(), kpi, filters, cells, part)


@lru_cache(maxsize=8000)
def _link(
    path: str,
    state_of_store: str,
    spoken: str,
    kpi: str,
    filters: Filters,
    cells: tuple[tuple[str, Any], ...],
    part: str,
) -> str:
    """Kept, as `_question` is: a page has hundreds of them, and every click draws it anew."""
    group = dict(cells)
    if any(value is None for name, value in group.items() if name in {"day", "week", "month"}):
        return ""
    if part == DENOMINATOR:
        # A share of one of many is counted of them all.
        within = KPIS[kpi].options.get("shares_within", ())
        group = {name: value for name, value in group.items() if name not in within}
    if any(len(values) > state.MOST for _name, values in filters.where):
        # An address holds no more values: fewer would be kept to than the number is of.
        return ""
    asked = _question(state_of_store, spoken, kpi, filters, tuple(group.items()))
    return f"{path}?{state.encoded({'kpi': kpi, 'part': part, **asked})}"


def query(kpi: str, filters: Filters, group: Group | None = None, part: str = "") -> dict[str, str]:
    """The same as parameters, for a link of Streamlit's own; empty where there are no rows."""
    href = link(kpi, filters, group, part)
    found = parse_qs(href.partition("?")[2])
    return {name: state.BETWEEN.join(texts) for name, texts in found.items()}


def choose(chart: str) -> Callable[[list[str]], None]:
    """What a click on a chart does: the address says which point was chosen, until another page."""

    def chosen(said: list[str]) -> None:
        state.choose(state.POINT, state.BETWEEN.join([chart, *said]))

    return chosen


def chosen(chart: str) -> list[str]:
    """What the chosen point of this chart told of itself; nothing where none is chosen."""
    at, *said = [*state.values(state.chosen(state.POINT)), ""]
    return said[:-1] if at == chart else []


@dataclass(frozen=True)
class Point:
    """What a point of a figure shows.

    Attributes:
        one: the result.
        title: its name.
        part: the part of the result that it is; without it the result itself.
        filters: that the result was asked with, where those of its figure are others.
    """

    one: Result
    title: str
    part: str = ""
    filters: Filters | None = None

    @classmethod
    def counting(cls, one: Result, title: str, part: str) -> Point:
        """A part of a result, whose number is how many rows it has."""
        n = counted(KPIS[one.kpi], one, part) or 0
        return cls(replace(one, value=n, low=None, high=None, unit=Unit.COUNT), title, part)


def below(filters: Filters, chart: str, points: Mapping[str, Point]) -> Callable[[], None]:
    """What goes below a figure whose points are results: what can be done with the one chosen.

    `points` are those that can be chosen, by what each tells of itself: no words, which are others
    in another language.
    """

    def draw() -> None:
        [key] = chosen(chart)[:1] or [""]
        if key in points:
            it = points[key]
            offer(it.filters or filters, KPIS[it.one.kpi], it.one, it.title, part=it.part)

    return draw


def offer(
    filters: Filters, kpi: Kpi, one: Result, title: str, here: str = "trends", part: str = ""
) -> None:
    """What can be done with a chosen point: the rows behind it, it alone, it against another.

    `filters` are those that the result was asked with, `here` the page that shows it alone. That
    knows no part of a number and no hour of the week: of those there are the rows.
    """
    value = formats.value(one.value, one.unit, one.low, one.high)
    narrowed = question(kpi.name, filters, one.by)
    alone = {**narrowed, "kpi": kpi.name}
    with st.container(key="offer", horizontal=True, gap="medium", vertical_alignment="center"):
        page.text(
            _("{what}: {value} (n = {n})").format(what=title, value=value, n=formats.number(one.n))
        )
        rows = query(kpi.name, filters, one.by, part)
        n = counted(kpi, one, part or parts_of(kpi)[0]) if rows else None
        if rows and n != 0:
            places.link("rows", _rows_said(one, n), icon=":material/list:", query=rows)
        _others(kpi, filters, one, part)
        if part or any(one.by.get(name) for name in BESIDES):
            return
        places.link(here, _("Only this"), icon=":material/filter_alt:", query=alone)
        for said, how in (
            (_("Against the period before"), Comparison.PREVIOUS),
            (_("Against a year before"), Comparison.YEAR),
        ):
            more = {} if how is Comparison.PREVIOUS else {"compare": how.value}
            places.link(here, said, icon=":material/compare_arrows:", query={**alone, **more})


def _rows_said(one: Result, n: float | None) -> str:
    if n is None:
        return _("Rows behind it")
    said = ngettext("{n} row behind it", "{n} rows behind it", int(n)).format(n=formats.number(n))
    if int(n) == one.n:
        return said
    # Of a share those that count: fewer than the n that stands beside it.
    return _("{rows}, of {n}").format(rows=said, n=formats.number(one.n))


def _others(kpi: Kpi, filters: Filters, one: Result, part: str) -> None:
    """Of what should be high: those that it does not hold for, which are those one works on."""
    if part or kpi.better is not Better.UP or MISSED not in parts_of(kpi):
        return
    n = counted(kpi, one, MISSED)
    rows = query(kpi.name, filters, one.by, MISSED)
    if not n or not rows:
        return
    said = ngettext("{n} row", "{n} rows", int(n)).format(n=formats.number(n))
    shown = f"{said} {rows_words.part(kpi, MISSED)}"
    places.link("rows", shown, icon=":material/playlist_remove:", query=rows)


def question(kpi: str, filters: Filters, group: Group) -> dict[str, str]:
    """The question about one group, nothing left to a default; `state.pairs` makes an address of it."""
    return dict(_question(data.store().state, language(), kpi, filters, tuple(group.items())))


@lru_cache(maxsize=4000)
def _question(
    state_of_store: str, spoken: str, kpi: str, filters: Filters, group: tuple[tuple[str, Any], ...]
) -> dict[str, str]:
    """Kept: every cell of a table asks for it twice, and every click draws the table anew."""
    del state_of_store
    by = dict(group)
    asked = numbers.narrowed(data.store(), kpi, filters, by)
    said = {
        name: state.BETWEEN.join(value or UNKNOWN for value in values)
        for name, values in asked.to_query().items()
        if name != "compare"
    }
    besides = {name: str(by[name]) for name in BESIDES if by.get(name)}
    return {**said, **besides, "lang": spoken}
