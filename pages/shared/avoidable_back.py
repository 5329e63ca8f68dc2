"""Who keeps coming back: how far chains go, and about which reasons customers come a third time."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, sentences_yield, table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.pareto import Bar, pareto
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.model import Result, Unit
from kpi.results.rows import MISSED
from pages.shared import data, drill, figures, heads, later, page, trends
from pages.shared.asked import Asked
from pages.shared.avoidable_causes import Key as Place
from pages.shared.avoidable_causes import by_key

THREE, REPEAT, RIGHT = "three_contacts", "repeat_contacts", "first_contact_resolution"
#: The figure of chains, and its bars: the first contacts are those that are no repeat.
_CHAIN, _PLACES = "chain", (MISSED, "second", "third", "later")
_REASON = ("process", "reason")
_MOST = 15


def show(asked: Asked) -> None:
    """Chains, the customers who came three times, their reasons, and the course."""
    found = {one.kpi: one for one in data.ask((THREE, REPEAT), asked.filters)}
    left, right = st.columns(2, gap="large")
    with left:
        page.section(_("How often they come back"))
        page.text(
            sentences_yield.of_three(
                found[THREE], data.target(KPIS[THREE], asked.process, asked.period.until)
            )
        )
        _chain(asked, found[REPEAT])
        later.behind(lambda: _reasons(asked))
    with right:
        trends.show(asked, KPIS[THREE])


def _reasons(asked: Asked) -> None:
    page.section(_("What they come back about"))
    page.table(rows_of(asked), "back-reasons")


def steps_of(repeat: Result) -> tuple[int, int, int, int]:
    """First, second, third and later contacts of chains in the period."""
    second, third, later = (
        int(repeat.extras.get(name) or 0) for name in ("second", "third", "later")
    )
    first = int((repeat.denominator or 0) - (repeat.numerator or 0))
    return first, second, third, later


def _chain(asked: Asked, repeat: Result) -> None:
    steps = steps_of(repeat)
    names = (_("first contact"), _("second time"), _("third time"), _("fourth time and more"))
    total = sum(steps) or 1
    bars = [
        Bar(part, name, 100 * count / total, formats.number(count))
        for part, name, count in zip(_PLACES, names, steps, strict=True)
    ]
    points = {
        part: drill.Point.counting(repeat, name, part)
        for part, name in zip(_PLACES, names, strict=True)
    }
    page.chart(
        pareto(bars),
        sentences_yield.of_chain(steps),
        lambda: table(
            _("Contacts by their place in a chain"),
            [_("Place"), Column(_("Contacts"), figures=True), Column(_("Share"), figures=True)],
            [
                [
                    name,
                    figures.shown(
                        asked.filters, repeat, part, text=formats.number(count), part=part
                    ),
                    formats.percent(100 * count / total, 1),
                ]
                for part, name, count in zip(_PLACES, names, steps, strict=True)
            ],
        ),
        _CHAIN,
        drill.choose(_CHAIN),
        tell=(KPIS[REPEAT], asked.filters),
        below=drill.below(asked.filters, _CHAIN, points),
    )
    named = f"{_(KPIS[REPEAT].title)}: {formats.lower_first(_(KPIS[REPEAT].definition))}"
    means = f"{named} {left_out(KPIS[REPEAT])}"
    later.behind(lambda: page.quiet(means))


def rows_of(asked: Asked) -> Table:
    """One row a reason: customers who came three times, repeats, and what was right first time."""
    three, repeat, right = (by_key(name, asked.filters, _REASON) for name in (THREE, REPEAT, RIGHT))
    order = sorted(
        three, key=lambda key: (three[key].too_few, -(three[key].numerator or 0), str(key))
    )
    order = [
        key for key in order if three[key].numerator or (key in repeat and repeat[key].numerator)
    ]
    rows = [_row(asked, key, three[key], repeat.get(key), right.get(key)) for key in order[:_MOST]]
    rest = len(order) - _MOST
    return table(
        _("What they come back about"),
        [
            _("Reason"),
            heads.of(THREE, asked.query()),
            Column(_("Of those in touch"), figures=True, wrap=True),
            heads.of(REPEAT, asked.query(), _("Repeat contacts")),
            heads.of(RIGHT, asked.query()),
        ],
        rows,
        note=_("And {n} other reasons with fewer.").format(n=formats.number(rest))
        if rest > 0
        else _("A customer may stand under several reasons: these do not add up."),
    )  # fmt: skip


def _row(
    asked: Asked, key: Place, three: Result, repeat: Result | None, right: Result | None
) -> list[Value]:
    under = "" if asked.process else data.title("process", key[0])
    return [
        Shown(data.title("reason", key[1]), under=under),
        figures.shown(asked.filters, three, "numerator"),
        _share(asked, three),
        figures.shown(asked.filters, repeat, "numerator") if repeat else "0",
        _share(asked, right),
    ]


def _share(asked: Asked, one: Result | None) -> Value:
    if one is None or one.value is None:
        return formats.NOTHING
    if one.too_few:
        return Shown(formats.NOTHING, mark="quiet", under=one.notes[0].text(_) if one.notes else "")
    under = formats.interval(one.low, one.high, Unit.PERCENT)
    return figures.shown(asked.filters, one, under=under)
