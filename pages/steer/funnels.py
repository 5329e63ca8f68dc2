"""Funnels: how many get from step to step, where they drop out, what broke, and who they are."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi import formats
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.numbers import AskProblem
from kpi.numbers.funnels import Funnel
from pages.shared import (
    choices,
    data,
    empty,
    filters,
    frame,
    funnel_bars,
    funnel_course,
    funnel_drill,
    funnel_empty,
    funnel_split,
    funnels,
    page,
    state,
    together,
)
from pages.shared import funnel_words as words
from pages.shared.asked import Asked
from pages.shared.funnels import Look


def show() -> None:
    known = funnels.known()
    asked = _asked(known)
    if asked is None:
        funnel_empty.nothing(known)
        return
    funnel = _chosen(funnels.known(asked.period.until) or known)
    if funnel is None:
        page.heading(_("Funnels"))
        funnel_empty.none_configured()
        return
    if not funnel.loaded:
        page.heading(funnel.called, [_period(asked)])
        funnel_empty.no_web_events(funnel)
        funnel_empty.not_configured(known)
        return
    try:
        seen = funnels.look(asked, funnel)
    except AskProblem as problem:
        page.heading(funnel.called, [_period(asked)])
        page.told("info", str(problem))
        return
    if not seen.entered:
        page.heading(funnel.called, [_period(asked)])
        empty.not_in_period(
            _("Nobody came in at {step} in this period. Choose a longer period above.").format(
                step=funnel.title(funnel.steps[0])
            )
        )
        funnel_empty.beside(asked, funnel, known)
        return
    _answer(asked, seen, known)


def _answer(asked: Asked, seen: Look, known: list[Funnel]) -> None:
    about = _("{n} came in").format(n=words.counted(seen.funnel, seen.entered))
    page.heading(words.title(seen), [_period(asked), page.as_of(seen.now[0].as_of), about])
    # A year of visits takes long to count once, and longer with what came after each step.
    together.go_if_late()
    funnel_empty.beside(asked, seen.funnel, known)
    seen = funnels.with_beside(asked, seen)
    place, _lost = funnel_drill.chosen(seen)
    chosen = place if state.chosen("step") in seen.funnel.steps else None
    with st.container(key="why"):
        left, right = st.columns([3, 2], gap="large")
        with left:
            funnel_bars.show(asked, seen, chosen)
        with right:
            if seen.passages:
                funnel_course.show(asked, seen, funnel_drill.passage_of(seen))
    split = state.chosen("split")
    if split in dict(funnels.split_by(seen.funnel)):
        funnel_split.show(asked, seen, split)
    funnel_drill.show(asked, seen)
    _definition(seen.funnel)


def _definition(funnel: Funnel) -> None:
    with st.expander(_("How this is counted")):
        kpi = KPIS["funnel"]
        page.text(f"{_(kpi.definition)} {left_out(kpi)}")
        page.text(
            _(
                "Each {entity} counts once, with its first entry in the period; other steps in "
                "between do not matter, and two steps at the same moment count in order. The window "
                "is {days} days from entry. Who came in less than {days} days before the as-of date "
                "counts in the bars (grey) and not in the comparisons."
            ).format(entity=words.one(funnel), days=formats.number(funnel.window_days))
        )
        page.text(
            _(
                "Contacts after a step are the inbound ones between it and the next step, or the end "
                "of the window where there is no next: of the case, else of the customer where that "
                "one is known, whatever they are about."
            )
        )


def _asked(known: list[Funnel]) -> Asked | None:
    """The question; None where there is nothing to ask about."""
    if data.funnels_loaded():
        return filters.show(filters.NONE, also=lambda: _choices(known), wait=True)
    frame.bare()
    return None


def _choices(known: list[Funnel]) -> Mapping[str, str]:
    if not known:
        return {}
    by_name = {one.name: one for one in known}
    name = choices.choice(
        "funnel",
        _("Funnel"),
        list(by_name),
        lambda one: words.option(by_name[one]),
        _usual(known),
        width=300,
    )
    dimensions = dict(funnels.split_by(by_name[name]))
    split = choices.choice(
        "split",
        _("Apart by"),
        ["", *dimensions],
        lambda one: (
            _("apart by {dimension}").format(dimension=dimensions[one].lower())
            if one
            else _("not split")
        ),
        "",
        width=230,
    )
    own = {"funnel": name, "split": split, "view": state.chosen("view")}
    own["entered"] = state.chosen("entered")
    if state.chosen("step") in by_name[name].steps:
        own["step"] = state.chosen("step")
    return own


def _usual(known: list[Funnel]) -> str:
    """The funnel of the process looked at before, else the first that there are events of."""
    process = state.chosen("process")
    own = [one for one in known if process and one.process == process and one.loaded]
    return [*own, *(one for one in known if one.loaded), *known][0].name


def _chosen(known: list[Funnel]) -> Funnel | None:
    wanted = state.chosen("funnel")
    found = [one for one in known if one.name == wanted]
    if found:
        return found[0]
    usual = _usual(known) if known else ""
    return next((one for one in known if one.name == usual), None)


def _period(asked: Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
