"""Trends: one KPI over time, whole or told apart, and over the hours of the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences_trend
from kpi.charts.span import Span
from kpi.filters import GRAINS
from kpi.i18n import _
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kind, Kpi, Result
from kpi.numbers import applies
from pages.shared import (
    choices,
    data,
    empty,
    filters,
    frame,
    hours,
    later,
    page,
    places,
    state,
    told_again,
    trends,
)
from pages.shared.asked import Asked, summary, titles
from pages.shared.chips import KEPT
from pages.shared.dimensions import dimension

USUAL = "avoidable"
#: Longest period, in days, that is drawn by week: a letter of three weeks must show.
_WEEKLY = 400


@dataclass
class Choices:
    """The page's own choices."""

    kpi: Kpi
    by: str = ""
    and_by: str = ""
    grain: str = ""


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    own = Choices(KPIS[USUAL])
    asked = filters.show(filters.ANY, also=lambda: _choose(own), keeps=KEPT, wait=True)
    kpi = own.kpi
    if not applies(kpi, (), asked.filters.where):
        page.heading(_(kpi.title))
        empty.not_in_period(_cannot(kpi, asked))
        return
    apart = own.by and own.by != hours.NAME
    # Told apart there are fewer in each step: then longer steps sooner.
    grain = own.grain or (
        trends.usual_grain(asked.period) if apart else trends.usual_grain(asked.period, _WEEKLY)
    )
    [compared] = data.compare((kpi.name,), asked.filters)
    _heading(asked, kpi, compared.now, compared.before)
    if not apart and (told := told_again.of_period(asked, kpi, _whose(asked, kpi))):
        page.text(told)
    if not apart and (again := told_again.sentences(asked, kpi, grain)):
        page.text(" ".join(again))
        with st.container(horizontal=True, gap="medium"):
            for words, query in told_again.rows(asked, kpi, grain):
                places.link("rows", words, icon=":material/list:", query=query)
    span = Span.of(asked.period, grain)
    with st.container(key="trend"):
        by = [name for name in (own.by, own.and_by) if name]
        drawn = trends.many(asked, kpi, span, by) if apart else trends.one(asked, kpi, span)
    if not drawn:
        empty.not_in_period(asked=asked)
    later.behind(lambda: trends.define(asked, kpi))
    if (
        drawn
        and hours.NAME in kpi.dimensions
        and (own.by == hours.NAME or kpi.kind is Kind.PER_HOUR)
    ):
        hours.show(asked, kpi)
    if asked.process:
        name = data.title("process", asked.process)
        places.link("process", _("{process}: all numbers and reasons").format(process=name))


def _choose(own: Choices) -> Mapping[str, str]:
    """Draw the page's own choices; gives what of them belongs in the URL."""
    kpis = {kpi.name: kpi for kpi in sorted(asked_by_show(), key=_place)}
    chosen = choices.choice(
        "kpi", _("KPI"), list(kpis), lambda name: _in_group(kpis[name]), USUAL, width=335
    )
    own.kpi = kpis[chosen]
    # What is kept to one value cannot be told apart by it.
    kept = [name for name in ("process", "channel", *KEPT) if state.chosen(name)]
    within = own.kpi.options.get("shares_within", own.kpi.dimensions)
    apart = [name for name in within if name not in kept]
    options = apart if sentences_trend.divides(own.kpi) else ["", *apart]
    _both_in_one()
    own.by = choices.choice(
        "by",
        _("Split by"),
        options,
        lambda name: (
            _("by {dimension}").format(dimension=dimension(name).lower())
            if name
            else _("not split")
        ),
        options[0],
        width=200,
    )
    # Of what is shared out within a whole a second dimension would make other wholes.
    if own.by and own.by != hours.NAME and not sentences_trend.divides(own.kpi):
        own.and_by = choices.choice(
            "by2",
            _("And by"),
            ["", *(name for name in apart if name not in {own.by, hours.NAME})],
            lambda name: (
                _("and by {dimension}").format(dimension=dimension(name).lower())
                if name
                else _("not split further")
            ),
            "",
            width=200,
        )
    steps = {
        "day": _("per day"),
        "week": _("per week"),
        "month": _("per month"),
        "quarter": _("per quarter"),
    }
    own.grain = choices.choice(
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
        "by2": own.and_by,
        "grain": own.grain,
        "told": state.chosen("told") if told_again.told() else "",
    }


def _both_in_one() -> None:
    """A link may name both as the command line does, with a comma."""
    first, comma, second = state.chosen("by").partition(",")
    if comma:
        state.meant("by", first.strip())
        state.meant("by2", second.strip())


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


def _cannot(kpi: Kpi, asked: Asked) -> str:
    if asked.process and not applies(kpi, ("process",)):
        return _("{kpi} cannot be split by process: choose all processes above.").format(
            kpi=_(kpi.title)
        )
    others = [
        name for name, _values in asked.filters.where if name not in {*kpi.dimensions, "channel"}
    ]
    if others:
        return _("{kpi} cannot be split by {dimensions}: take that filter off.").format(
            kpi=_(kpi.title), dimensions=", ".join(dimension(name).lower() for name in others)
        )
    return _("{kpi} cannot be split by channel: choose all channels above.").format(
        kpi=_(kpi.title)
    )


def _whose(asked: Asked, kpi: Kpi) -> str:
    if asked.filters.values("process"):
        return titles(asked, "process")
    return _("All processes") if "process" in kpi.dimensions else _("All customers")


def _heading(asked: Asked, kpi: Kpi, now: Result, before: Result | None) -> None:
    page.heading(
        sentences_trend.standing(kpi, _whose(asked, kpi), now, before, asked.before_text),
        [
            formats.period(asked.period.since, asked.period.until),
            summary(asked) if {name for name, _kept in asked.filters.where} - {"process"} else "",
            page.as_of(now.as_of),
            f"n = {formats.number(now.n)}",
            now.note_in(_) or "",
        ],
    )
