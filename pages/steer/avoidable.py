"""Onnodige contacten: how many should not have been, what they cost, why, and who causes them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences_avoidable as sentences
from kpi.bulletin.sentences_avoidable import Share
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.news import behind, still, usual, weeks
from kpi.numbers import Compared
from kpi.periods import Period, buckets
from pages.shared import (
    avoidable_back,
    avoidable_causes,
    avoidable_tables,
    avoidable_tiles,
    avoidable_valuable,
    avoidable_yield,
    cards,
    choices,
    costs,
    data,
    empty,
    filters,
    frame,
    later,
    moved,
    page,
    pareto,
    places,
    state,
    trends,
    views,
)
from pages.shared.asked import Asked

#: Where the chosen cause stands in the URL.
CAUSE = "step"
#: Parts of the page.
CAUSES, YIELD, BACK, VALUABLE = "causes", "yield", "back", "valuable"


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(filters.ANY, also=_own, wait=True)
    kpis = avoidable_tiles.kpis(asked, costs.kpi())
    compared = data.compare([kpi.name for kpi in kpis], asked.filters)
    whole = next(one for one in compared if one.now.kpi == "avoidable")
    about = [_period(asked), cards.as_of(asked, [KPIS["avoidable"]]), _volume(whole)]
    if not whole.now.n:
        page.heading(_("Avoidable contacts"), about)
        _nothing(asked, compared, whole)
        return
    shown = state.chosen("kpi") if state.chosen("kpi") in {k.name for k in kpis} else "avoidable"
    causes = later.numbers_first(
        lambda: _heading(asked, whole, about), lambda: avoidable_tiles.show(asked, compared, shown)
    )
    view = views.show(_views())
    with st.container(key="why"):
        if view == YIELD:
            avoidable_yield.show(asked)
        elif view == BACK:
            avoidable_back.show(asked)
        elif view == VALUABLE:
            avoidable_valuable.show(asked, whole.now)
        else:
            _why(asked, whole, causes, shown)


def _heading(asked: Asked, whole: Compared, about: Sequence[str]) -> list[Share]:
    """The title; gives the causes that it names the first of."""
    causes = avoidable_causes.shares(asked, "cause", cost_of=costs.kpi())
    story, fact = _story(asked), _fact(asked, whole, causes)
    page.heading(story or fact, about)
    if story:
        page.text(f"{fact}.")
    return causes


def _why(asked: Asked, whole: Compared, causes: list[Share], shown: str) -> None:
    """Causes and who causes them, the course, and where they come in."""
    if whole.now.numerator:
        _causes(asked, causes)
    else:
        page.told("info", _("No contact in this period was avoidable, as far as coded."))
    trends.show(asked, KPIS[shown])
    later.behind(lambda: _rows(asked, causes))


def _views() -> dict[str, str]:
    return {
        CAUSES: _("Causes and who causes them"),
        YIELD: _("What fewer would bring in"),
        BACK: _("Who keeps coming back"),
        VALUABLE: _("Valuable and hygiene"),
    }


def _own() -> dict[str, str]:
    """What of this page's own choices belongs in the URL; the cause is chosen beside its bars."""
    kpi = state.chosen("kpi")
    names = (*avoidable_tiles.NAMES[1:], costs.MARGINAL_KPI)
    return {
        CAUSE: _chosen(),
        "kpi": kpi if kpi in names else "",
        views.NAME: views.in_url(_views()),
        **avoidable_yield.own(),
    }


def _choice() -> None:
    """One cause, or all: what a click on a bar does too, for who has no mouse."""
    known = avoidable_causes.known(data.default_day())
    wanted = _chosen()
    # A cause that is not configured is shown too when a link or a bar asks for it.
    more = [wanted] if wanted not in {"", pareto.UNKNOWN, *known} else []
    choices.choice(
        CAUSE,
        _("Cause"),
        ["", *known, *more, pareto.UNKNOWN],
        lambda one: _named(one) if one else _("all causes"),
        "",
        width=290,
    )


def _chosen() -> str:
    return state.chosen(CAUSE)


def _named(cause: str) -> str:
    return data.title("cause", None if cause == pareto.UNKNOWN else cause)


def _choose(cause: str) -> None:
    state.choose(CAUSE, "" if cause == _chosen() else cause)


def _story(asked: Asked) -> str:
    """What stands out: the weeks in which it surely differed, what got worse first; empty without."""
    asking = moved.asking(asked)
    own = set(asked.filters.values("process"))
    found = [one for one in weeks.of(asking, ["avoidable"]) if not own or one.process in own]
    if not found:
        return ""
    line = behind.told(asking, max(found, key=lambda one: (not one.better, one.strength)))
    return "; ".join(filter(None, (line.sentence, line.because, line.still)))


def _fact(asked: Asked, whole: Compared, causes: list[Share]) -> str:
    """The whole of the period, and what it was before."""
    return sentences.title(
        _("Avoidable contacts"),
        data.title("process", asked.process) if asked.process else "",
        whole.now,
        whole.before,
        asked.before_text,
        causes,
    )


def _causes(asked: Asked, causes: list[Share]) -> None:
    chosen = _chosen()

    def link(cause: str) -> str:
        return f"{places.path('avoidable')}{asked.query()}&{urlencode({CAUSE: cause})}"

    left, right = st.columns(2, gap="large")
    with left:
        avoidable_causes.show_causes(asked, causes, chosen, _choose, link, _choice)
    with right:
        departments = avoidable_causes.shares(asked, "causing_department", chosen, costs.kpi())
        title = _named(chosen) if chosen else ""
        avoidable_causes.show_departments(asked, departments, chosen, title)
        later.behind(lambda: _surges(asked, causes))


def _surges(asked: Asked, causes: list[Share]) -> None:
    """Causes that grew for some weeks, in words."""
    named = {one.id: one.named for one in causes if one.id is not None}
    asking = moved.asking(asked)
    span = Period(asked.period.since - usual.back(asking), asked.period.until)
    names = [name for name, _days in buckets(span, "week")]
    within = [name for name, _days in buckets(asked.period, "week")]
    counts: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    by = ("cause", "week")
    for (cause, week), one in avoidable_causes.by_key(
        "causer", asked.filters.during(span.since, span.until), by
    ).items():
        count = int(one.numerator or 0)
        totals[str(week)] = totals.get(str(week), 0) + count
        if cause in named:
            counts.setdefault(str(cause), {})[str(week)] = count
    found = sentences.surges(names, counts, totals, within)[:3]
    if not found:
        return
    page.section(_("Weeks in which a cause grew"))
    page.texts(
        sentences.of_surge(surge, named[surge.cause], still.in_period(asking, surge.last, within))
        for surge in found
    )
    page.quiet(usual.of_weeks(span))


def _rows(asked: Asked, causes: list[Share]) -> None:
    chosen = _chosen()
    if chosen and any((one.id or pareto.UNKNOWN) == chosen for one in causes):
        avoidable_tables.show_of_cause(asked, chosen, _named(chosen), costs.kpi())
    else:
        avoidable_tables.show(asked, costs.kpi())


def _nothing(asked: Asked, compared: Sequence[Compared], whole: Compared) -> None:
    if whole.now.extras.get("coverage") is None:
        empty.not_in_period(asked=asked)
        return
    # Contacts there are; what repeat traffic and the like tell needs no category.
    page.told(
        "info",
        _(
            "No contact in this period has a category. Give each reason its category, or load "
            "the category with the contacts."
        ),
    )
    avoidable_tiles.show(asked, compared, "")


def _volume(whole: Compared) -> str:
    count = cards.handled(whole.now)
    if not count:
        return ""
    return ngettext("{n} contact", "{n} contacts", count).format(n=formats.number(count))


def _period(asked: Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
