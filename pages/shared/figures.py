"""Numbers of an answer as pages show them: each with its definition, its rows and its as-of.

One place decides what a number leads to, so that on every page the same number leads to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin.scorecard import Target
from kpi.bulletin.sources import COUNT, DENOMINATOR, NUMERATOR, VALUE, Source
from kpi.bulletin.states import State, judge
from kpi.bulletin.tables import Shown
from kpi.filters import Filters
from kpi.i18n import language
from kpi.measures import KPIS
from kpi.model import Kpi, Result
from kpi.results.rows import counted, parts_of
from pages.shared import data, drill, places, state
from pages.shared.chips import UNKNOWN

#: The part of a number whose rows are opened, where it is asked for by what is shown.
_PARTS = {NUMERATOR: NUMERATOR, DENOMINATOR: DENOMINATOR, COUNT: DENOMINATOR}


def source(filters: Filters, one: Result, what: str = VALUE, part: str = "") -> Source:
    """Where a number comes from.

    Args:
        filters: as the result was asked with.
        one: the result.
        what: of it is shown: value, n, numerator, denominator, or the name of an extra.
        part: the rows it leads to; without it those it is counted of, or else those that count.
    """
    kpi = KPIS[one.kpi]
    chosen = part or _part(kpi, what)
    rows = drill.link(one.kpi, filters, one.by, chosen) if chosen else ""
    count = counted(kpi, one, chosen) if chosen else None
    if count == 0:
        rows, count = "", None
    return Source(
        one.kpi,
        _asked(data.store().state, one.kpi, filters, tuple(one.by.items())),
        what,
        definition(one.kpi, filters),
        rows,
        None if count is None or not rows else round(count),
        "" if one.as_of is None else _as_of(one.as_of, data.zone(), language()),
    )


@lru_cache(maxsize=8000)
def _asked(state_of_store: str, kpi: str, filters: Filters, by: tuple[tuple[str, Any], ...]) -> str:
    """The question that a number answers; kept, for every cell has one and every click draws it anew."""
    del state_of_store
    group = drill.question(kpi, filters, dict(by))
    asked = {"kpi": kpi, **{name: text for name, text in group.items() if name != "lang"}}
    # A share of one of many is another number when that one is all there is.
    apart = [name for name, _value in by if name in KPIS[kpi].options.get("shares_within", ())]
    if apart:
        asked["by"] = ",".join(apart)
    return state.encoded(asked)


@lru_cache(maxsize=200)
def _as_of(at: datetime, zone: str, spoken: str) -> str:
    del spoken
    return formats.as_of(at, zone)


def beside(filters: Filters, one: Result, what: str) -> Source:
    """Where what is told beside a value comes from; it has no list of rows of its own."""
    return replace(source(filters, one, what), rows="", count=None)


def _part(kpi: Kpi, what: str) -> str:
    """The rows that stand behind what is shown."""
    there = parts_of(kpi)
    # One of many shares of one whole has its own rows, not those of all.
    usual = NUMERATOR if kpi.options.get("shares_within") else DENOMINATOR
    wanted = _PARTS.get(what, usual)
    if wanted in there:
        return wanted
    return there[0] if there else ""


def shown(
    filters: Filters,
    one: Result,
    what: str = VALUE,
    *,
    text: str | None = None,
    part: str = "",
    **more: Any,
) -> Shown:
    """A number in a table; `text` where the table has it in other words, `more` as `Shown` has it."""
    said = said_of(one, what) if text is None else text
    if one.value is None and not one.n:
        return Shown(said, **more)
    return Shown(said, source=source(filters, one, what, part), **more)


def judged(filters: Filters, one: Result, target: Target | None, **more: Any) -> Shown:
    """A number against its target, by shape and word; without a state where it has none or rests on few."""
    state = judge(one, target.value if target else None, KPIS[one.kpi].better)
    told = state if state in {State.GOOD, State.ATTENTION, State.BAD} else None
    return shown(filters, one, state=told, **more)


def said_of(one: Result, what: str = VALUE) -> str:
    """What of a result is shown, in digits as its interval justifies."""
    if what == VALUE:
        return formats.value(one.value, one.unit, one.low, one.high)
    if what == COUNT:
        return formats.number(one.n)
    if what == NUMERATOR:
        return formats.number(one.numerator)
    if what == DENOMINATOR:
        return formats.number(one.denominator)
    unit = next((extra.unit for extra in KPIS[one.kpi].extras if extra.name == what), one.unit)
    return formats.value(one.extras.get(what), unit)


def definition(kpi: str, filters: Filters | None = None) -> str:
    """The address of what a KPI means, for the question asked."""
    return _definition(places.path("definitions"), kpi, filters)


@lru_cache(maxsize=4000)
def _definition(path: str, kpi: str, filters: Filters | None) -> str:
    query = [
        (name, text or UNKNOWN)
        for name, texts in (filters.to_query() if filters else {}).items()
        for text in texts
        if name in {"since", "until", "process", "channel"}
    ]
    return f"{path}?{urlencode([*query, ('kpi', kpi)])}"


def of_card(filters: Filters) -> Callable[[Result], Source]:
    """Where the cells of a scorecard come from."""
    return lambda one: source(filters, one)
