"""Bereikbaarheid: how well customers reach us, when it pinches, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences_reach as sentences
from kpi.bulletin.scorecard import Cell, Target
from kpi.filters import Filters
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.numbers import Compared, applies
from kpi.results.shortfall import Shortfall
from pages.shared import (
    action_form,
    cards,
    data,
    empty,
    filters,
    frame,
    hours_week,
    later,
    page,
    reach_hours,
    reach_parts,
    reach_staffing,
    state,
    tiles,
    trends,
)
from pages.shared.asked import Asked

NAMES = (
    "service_level", "abandonment", "waiting_time", "handle_time", "transfers", "offered_per_hour",
)  # fmt: skip


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(filters.ANY, also=_own, wait=True)
    names = [name for name in NAMES if applies(KPIS[name], (), asked.filters.where)]
    compared = data.compare(names, asked.filters)
    level = next(one for one in compared if one.now.kpi == NAMES[0])
    about = [
        formats.period(asked.period.since, asked.period.until),
        cards.as_of(asked, [KPIS[NAMES[0]]]),
        _volume(level),
    ]
    if not any(one.now.n for one in compared if one.now.kpi in NAMES[:3]):
        page.heading(_("Reachability"), about[:2])
        _nothing(asked)
        return
    target = data.target(KPIS[NAMES[0]], asked.process, asked.period.until)
    shown = _chosen(compared)

    def heading() -> list[Shortfall]:
        hours = reach_hours.short(asked, target)
        page.heading(
            sentences.title(
                _("Reachability"),
                data.title("process", asked.process) if asked.process else "",
                level.now,
                target,
                level.before,
                asked.before_text,
                sentences.worst(hours, hours_week.names(one.hour for one in hours)),
            ),
            about,
        )
        return hours

    hours = later.numbers_first(
        heading,
        lambda: tiles.show(
            asked,
            compared,
            "reach",
            _choose,
            chosen=shown,
            mended=lambda c: _mended(c, compared),
            counts=_counts(),
        ),
    )
    with st.container(key="why"):
        left, right = st.columns(2, gap="large")
        with left:
            reach_hours.show_map(asked, KPIS[shown])
        with right:
            reach_hours.show_short(asked, hours, target)
            action_form.offer(_draft(asked, target), "reach")
        left, right = st.columns(2, gap="large")
        with left:
            reach_staffing.show_clock(asked)
        with right:
            reach_staffing.show_staffed(asked)
        reach_parts.show_parts(asked)
        left, right = st.columns(2, gap="large")
        with left:
            reach_parts.show_transfers(asked)
        with right:
            trends.show(asked, KPIS[shown])


def _own() -> dict[str, str]:
    kpi = state.chosen("kpi")
    return {"kpi": kpi if kpi in NAMES[1:] else ""}


def _choose(_process: str, kpi: str) -> None:
    state.choose("kpi", kpi)


def _chosen(compared: Sequence[Compared]) -> str:
    there = {one.now.kpi for one in compared if one.now.n}
    wanted = state.chosen("kpi")
    return wanted if wanted in there else next(name for name in NAMES if name in there)


def _mended(cell: Cell, compared: Sequence[Compared]) -> Cell:
    """What a tile says besides its value: the tail of waiting, wrong transfers, no target."""
    now = next(one.now for one in compared if one.now.kpi == cell.kpi)
    said = ""
    if cell.kpi == "waiting_time" and now.extras.get("p90") is not None:
        said = _("nine of ten within {time}").format(time=formats.seconds(now.extras["p90"]))
    if cell.kpi == "transfers" and now.extras.get("misrouted") is not None:
        said = _("{share} misrouted").format(share=formats.percent(now.extras["misrouted"], 1))
    if cell.kpi == "handle_time":
        said = _("for context, no target")
    return replace(cell, aim=" · ".join(part for part in (cell.aim, said) if part))


def _counts() -> dict[str, str]:
    """What the n of each tile counts: waiting is of calls and chats, the rest of all channels."""
    return {
        "service_level": _("calls and chats"),
        "abandonment": _("calls and chats"),
        "waiting_time": _("answered calls and chats"),
        "handle_time": _("answered contacts with a known time"),
        "transfers": _("answered contacts"),
        "offered_per_hour": _("contacts in opening hours"),
    }


def _draft(asked: Asked, aim: Target | None) -> action_form.Draft:
    kpi = KPIS[NAMES[0]]
    return action_form.Draft(
        title=_("Staff the busiest hours"),
        process=asked.process or "",
        kpi=kpi.name,
        direction="up",
        target=aim.value if aim else None,
        department="customer_service",
        result=_("The customer is helped without waiting"),
    )


def _volume(level: Compared) -> str:
    n = level.now.n
    if not n:
        return ""
    return ngettext("{n} telephone call or chat", "{n} telephone calls and chats", n).format(
        n=formats.number(n)
    )


def _nothing(asked: Asked) -> None:
    """Why there is no waiting to tell of: what was chosen, or what was never loaded."""
    offered = data.ask(("offered_per_hour",), asked.filters)[0].numerator
    empty.not_in_period(empty.because(asked) or _chosen_without(asked, offered), asked)


def _chosen_without(asked: Asked, offered: float | None) -> str:
    channels = asked.filters.values("channel")
    rows = data.store().configuration.channels(asked.period.until)
    waited = [str(row["channel"]) for row in rows if row["live"]]
    if channels and waited and not set(channels) & set(waited):
        return _(
            "Reachability is about channels on which customers wait for an answer: {channels}. "
            "Choose one of those above, or all channels."
        ).format(channels=", ".join(data.title("channel", one) for one in waited))
    if not data.open_in(asked.period, asked.process):
        return _(
            "By the calendar there were no opening hours in this period, and there are no telephone "
            "calls or chats with a waiting time. Choose a longer one above."
        )
    if not offered:
        return ""
    if data.ask((NAMES[0],), Filters())[0].n:
        return _(
            "No telephone calls or chats with a waiting time in this period with these filters, though "
            "there are in other periods. Choose a longer one above, or take a filter off."
        )
    return _(
        "No telephone calls or chats with a waiting time in this period. Load contacts with the "
        "time they were answered, the waiting time and whether the customer gave up; and mark "
        "the channels on which customers wait."
    )
