"""Verschil verklaren: which groups make a KPI differ from the period before, adding up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, sentences_trend
from kpi.bulletin import sentences_split as words
from kpi.bulletin.sources import Source
from kpi.charts.split import Part, parts
from kpi.filters import Comparison, Filters
from kpi.i18n import _
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kpi, Result
from kpi.numbers import AskProblem, Divided, applies, divisible
from kpi.results.split import Key
from pages.shared import (
    choices,
    data,
    drill,
    empty,
    figures,
    filters,
    frame,
    page,
    places,
    state,
    trends,
)
from pages.shared.asked import Asked, summary, titles
from pages.shared.chips import KEPT, UNKNOWN
from pages.shared.dimensions import dimension, group_title

USUAL = "avoidable"
#: Most bars; the table has all groups.
MOST = 12


@dataclass
class Choices:
    """The page's own choices."""

    kpi: Kpi
    by: str = ""


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    own = Choices(KPIS[USUAL])
    asked = filters.show(filters.ANY, also=lambda: _choose(own), keeps=KEPT)
    kpi = own.kpi
    if not own.by or not applies(kpi, (own.by,), asked.filters.where):
        page.heading(_(kpi.title))
        empty.not_in_period(
            _("{kpi} cannot be split like this: take a filter off.").format(kpi=_(kpi.title))
        )
        return
    try:
        found = data.divided(kpi.name, asked.filters, own.by)
    except AskProblem as problem:
        page.heading(_(kpi.title))
        page.told("info", str(problem))
        return
    if found is None:
        page.heading(
            _(kpi.title), [formats.period(asked.period.since, asked.period.until), summary(asked)]
        )
        if data.ask((kpi.name,), asked.filters)[0].value is None:
            empty.not_in_period(
                empty.because(asked)
                or _(
                    "{kpi} has no value in this period itself, so there is no difference to explain. "
                    "Choose a longer period above, or take a filter off."
                ).format(kpi=_(kpi.title))
            )
            return
        empty.not_in_period(
            _("There is nothing to hold this period against: choose another period or comparison.")
        )
        return
    _told(asked, kpi, own.by, found)


def _choose(own: Choices) -> Mapping[str, str]:
    known = {kpi.name: kpi for kpi in asked_by_show() if divisible(kpi)}
    chosen = choices.choice(
        "kpi", _("KPI"), list(known), lambda name: _(known[name].title), USUAL, width=300
    )
    own.kpi = known[chosen]
    kept = {name for name in ("process", "channel", *KEPT) if state.chosen(name)}
    offered = [name for name in own.kpi.dimensions if name not in {*kept, "weekday_hour"}]
    usual = next((name for name in ("process", "reason") if name in offered), "")
    if offered:
        own.by = choices.choice(
            "by",
            _("Split by"),
            offered,
            lambda name: _("by {dimension}").format(dimension=dimension(name).lower()),
            usual or offered[0],
            width=220,
        )
    return {"kpi": chosen, "by": own.by}


def _told(asked: Asked, kpi: Kpi, by: str, found: Divided) -> None:
    whose = _("All processes") if "process" in kpi.dimensions else _("All customers")
    if asked.filters.values("process"):
        whose = titles(asked, "process")
    page.heading(
        sentences_trend.standing(kpi, whose, *words.told_to_a_tenth(found), asked.before_text),
        [
            formats.period(asked.period.since, asked.period.until),
            summary(asked),
            page.as_of(found.now.as_of),
            f"n = {formats.number(found.now.n)}",
        ],
    )

    def name(key: Key) -> str:
        return group_title(by, key[0])

    sentence = " ".join(
        part for part in (words.largest(kpi, found, name), words.together(kpi, found)) if part
    )
    if found.now.too_few or found.before.too_few:
        sentence = _("Too few to say which group makes the difference: the parts may be chance.")
    drawn = [
        Part(
            UNKNOWN if one.key[0] is None else str(one.key[0]),
            name(one.key),
            one.rate,
            one.mix,
            words.judged(kpi, one.total),
            words.halves(kpi, one) if found.mixed else (),
        )
        for one in found.parts[:MOST]
    ]
    figure = parts(drawn, better=kpi.better, theme=st.context.theme.type or "light")
    key = f"split-{kpi.name}-{by}"

    def below() -> None:
        _offer(asked, kpi, by, key)
        if found.mixed:
            page.quiet(
                _(
                    "Solid: its own value changed. Outlined: its share of the whole became larger or smaller."
                )
            )

    def rows() -> Table:
        return words.split_table(
            kpi,
            found,
            dimension(by),
            name,
            lambda group: _alone(asked, kpi, by, group),
            _origins(asked.filters, kpi, by, found.now),
            _origins(_earlier(asked, found), kpi, by, found.before),
        )

    page.chart(
        figure, sentence, rows, key, drill.choose(key),
        tell=(kpi, asked.filters), below=below, unfolded=True,
    )  # fmt: skip
    trends.define(asked, kpi)


def _offer(asked: Asked, kpi: Kpi, by: str, chart: str) -> None:
    """What can be done with the bar that was clicked."""
    chosen = drill.chosen(chart)
    if not chosen:
        return
    value = None if chosen[0] == UNKNOWN else chosen[0]
    results = data.ask((kpi.name,), asked.filters, (by,))
    one = next((result for result in results if result.by[by] == value), None)
    if one is not None:
        drill.offer(asked.filters, kpi, one, group_title(by, value), here="split")


def _earlier(asked: Asked, found: Divided) -> Filters | None:
    """The question about the period before; None where another one was asked."""
    since, until = found.before.since, found.before.until
    if asked.filters.comparison is Comparison.WHOLE or since is None or until is None:
        return None
    return asked.filters.during(since, until)


def _origins(filters: Filters | None, kpi: Kpi, by: str, whole: Result) -> words.Origin:
    """Where the values of the groups come from, and of all together."""
    if filters is None:
        return lambda _key: None
    asked = filters
    groups = {(one.by[by],): one for one in data.ask((kpi.name,), asked, (by,)) if one.n}

    def origin(key: Key) -> Source | None:
        one = groups.get(key) if key else whole
        return figures.source(asked, one) if one is not None else None

    return origin


def _alone(asked: Asked, kpi: Kpi, by: str, group: Key) -> str:
    """The address of this page, kept to one group and told apart by the next thing."""
    query = {**drill.question(kpi.name, asked.filters, {by: group[0]}), "kpi": kpi.name}
    if asked.filters.comparison.value != "previous":
        query["compare"] = asked.filters.comparison.value
    return f"{places.path('split')}?{state.encoded(query)}"
