"""Trends: one KPI over time, whole or told apart, and over the hours of the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences_trend, trend_tables
from kpi.charts.heatmap import Cell, heatmap, hour_span, slot, weekday_name
from kpi.charts.span import Span
from kpi.filters import GRAINS
from kpi.i18n import _
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kind, Kpi, Result
from kpi.numbers import applies
from pages.shared import data, empty, filters, page, places, state, trends
from pages.shared.dimensions import dimension

USUAL = "avoidable"
HOURS = "weekday_hour"
#: Longest period, in days, that is drawn by week: a letter of three weeks must show.
_WEEKLY = 400
#: A weekday seen fewer times than this says little about weekdays like it.
_SELDOM = 4


@dataclass
class Choices:
    """The page's own choices."""

    kpi: Kpi
    by: str = ""
    grain: str = ""


def show() -> None:
    if not data.loaded():
        filters.bare()
        empty.nothing_loaded()
        return
    own = Choices(KPIS[USUAL])
    asked = filters.show(filters.ANY, also=lambda: _choose(own))
    kpi = own.kpi
    if not applies(kpi, (), asked.filters.where):
        page.heading(_(kpi.title))
        empty.not_in_period(_cannot(kpi, asked))
        return
    apart = own.by and own.by != HOURS
    # Told apart there are fewer in each step: then longer steps sooner.
    grain = own.grain or (
        trends.usual_grain(asked.period) if apart else trends.usual_grain(asked.period, _WEEKLY)
    )
    [compared] = data.compare((kpi.name,), asked.filters)
    _heading(asked, kpi, compared.now, compared.before)
    span = Span.of(asked.period, grain)
    with st.container(key="trend"):
        drawn = trends.many(asked, kpi, span, own.by) if apart else trends.one(asked, kpi, span)
    if not drawn:
        empty.not_in_period()
    trends.define(asked, kpi)
    if drawn and HOURS in kpi.dimensions and (own.by == HOURS or kpi.kind is Kind.PER_HOUR):
        _hours(asked, kpi)
    if asked.process:
        name = data.title("process", asked.process)
        places.link("process", _("{process}: all numbers and reasons").format(process=name))


def _choose(own: Choices) -> Mapping[str, str]:
    """Draw the page's own choices; gives what of them belongs in the URL."""
    kpis = {kpi.name: kpi for kpi in sorted(asked_by_show(), key=_place)}
    chosen = filters.choice(
        "kpi", _("KPI"), list(kpis), lambda name: _in_group(kpis[name]), USUAL, width=300
    )
    own.kpi = kpis[chosen]
    # What is kept to one value cannot be told apart by it.
    kept = [name for name in ("process", "channel") if state.chosen(name)]
    within = own.kpi.options.get("shares_within", own.kpi.dimensions)
    apart = [name for name in within if name not in kept]
    options = apart if sentences_trend.divides(own.kpi) else ["", *apart]
    own.by = filters.choice(
        "by",
        _("Told apart by"),
        options,
        lambda name: (
            _("by {dimension}").format(dimension=dimension(name).lower())
            if name
            else _("not told apart")
        ),
        options[0],
        width=200,
    )
    steps = {
        "day": _("per day"),
        "week": _("per week"),
        "month": _("per month"),
        "quarter": _("per quarter"),
    }
    own.grain = filters.choice(
        "grain",
        _("Step"),
        ["", *GRAINS],
        lambda name: steps.get(name, _("step: automatic")),
        "",
        width=170,
    )
    return {
        "kpi": "" if chosen == USUAL else chosen,
        "by": "" if own.by == options[0] else own.by,
        "grain": own.grain,
    }


def _groups() -> dict[str, str]:
    return {
        "cases": _("Cases"),
        "contacts": _("Contacts"),
        "surveys": _("Satisfaction"),
        "customers": _("Customers"),
    }


def _group(kpi: Kpi) -> str:
    # By what it reads, the most telling first: complaints per customer stand with customers.
    order = ("customers", "contacts", "surveys", "cases")
    return next((name for name in order if name in kpi.reads), "cases")


def _place(kpi: Kpi) -> int:
    return list(_groups()).index(_group(kpi))


def _in_group(kpi: Kpi) -> str:
    return f"{_groups()[_group(kpi)]} · {_(kpi.title)}"


def _cannot(kpi: Kpi, asked: filters.Asked) -> str:
    if asked.process and not applies(kpi, ("process",)):
        return _("{kpi} cannot be told apart by process: choose all processes above.").format(
            kpi=_(kpi.title)
        )
    return _("{kpi} cannot be told apart by channel: choose all channels above.").format(
        kpi=_(kpi.title)
    )


def _heading(asked: filters.Asked, kpi: Kpi, now: Result, before: Result | None) -> None:
    whose = _("All processes") if "process" in kpi.dimensions else _("All customers")
    if asked.process:
        whose = data.title("process", asked.process)
    page.heading(
        sentences_trend.standing(kpi, whose, now, before, asked.before_text),
        [
            formats.period(asked.period.since, asked.period.until),
            page.as_of(now.as_of),
            f"n = {formats.number(now.n)}",
            now.note_in(_) or "",
        ],
    )


def _hours(asked: filters.Asked, kpi: Kpi) -> None:
    """The week by its hours: figures where there are enough, closed hours apart."""
    found = data.ask((kpi.name,), asked.filters, (HOURS,))
    cells = {str(one.by[HOURS]): one for one in found if one.by[HOURS]}
    if not cells:
        return
    page.section(_("{kpi} by weekday and hour").format(kpi=_(kpi.title)))
    per_hour = kpi.kind is Kind.PER_HOUR
    says = {name: _said(name) for name in cells}
    seldom = _seldom(cells) if per_hour else []
    sentence = sentences_trend.busiest(kpi, cells, says)
    if seldom:
        days = sentences_trend.names([weekday_name(day, full=True) for day in seldom])
        sentence += " " + _("* Open fewer than {n} times in this period: {days}.").format(
            n=_SELDOM, days=days
        )
    figure = heatmap(
        {
            name: Cell(one.value, one.n, one.denominator if per_hour else None)
            for name, one in cells.items()
        },
        kpi.unit,
        scarce=seldom,
        empty=_("closed") if per_hour else _("nothing in this hour"),
        theme=st.context.theme.type or "light",
    )
    rows = trend_tables.hours(kpi, cells, says, per_hour=per_hour)
    page.chart(figure, sentence, rows, "hours")
    page.quiet(
        _("Grey cells are closed hours; a figure without colour rests on fewer than ten.")
        if per_hour
        else _("Grey cells have nothing; a figure without colour rests on fewer than ten.")
    )


def _said(name: str) -> str:
    weekday, hour = slot(name)
    return _("{weekday} {hours} h").format(
        weekday=weekday_name(weekday, full=True), hours=hour_span(hour)
    )


def _seldom(cells: Mapping[str, Result]) -> list[int]:
    """Weekdays whose fullest hour was open fewer than four times."""
    most: dict[int, float] = {}
    for name, one in cells.items():
        weekday, _hour = slot(name)
        most[weekday] = max(most.get(weekday, 0.0), one.denominator or 0.0)
    return sorted(day for day, hours in most.items() if hours < _SELDOM)
