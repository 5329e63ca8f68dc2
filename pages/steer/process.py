"""Klantproces: the owner's desk. Numbers first; what stands behind them in parts, opened one by one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences
from kpi.bulletin.cards import tiles
from kpi.bulletin.scorecard import Row, Scorecard
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.numbers import agenda
from pages.shared import (
    cards,
    data,
    desk_lead,
    desk_meeting,
    desk_moments,
    desk_moved,
    desk_reasons,
    desk_work,
    empty,
    filters,
    frame,
    later,
    moved,
    page,
    reasons,
    state,
    trends,
)
from pages.shared.asked import Asked
from pages.shared.chips import OF_PROCESS
from pages.shared.components import bulletin
from pages.shared.dimensions import dimension

#: The parts of the desk, as the URL says them (`view`); only the one chosen is asked for.
CORE, PARTS = "core", ("core", "lead", "work", "reasons", "moments", "meeting")


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(filters.ONE, also=_choices, keeps=OF_PROCESS, wait=True)
    card = cards.with_something(cards.scorecard(asked, agenda.kpis(asked.filters.where)))
    [row] = card.rows or [None]
    title = data.title("process", asked.process)
    if row is None or empty.begins_later(asked):
        page.heading(title, [_period(asked)])
        empty.not_in_period(asked=asked)
        return
    telling = row.telling
    chosen = _chosen(row, telling)

    def heading() -> None:
        page.heading(
            _sentence(asked, title, telling),
            [_period(asked), cards.as_of(asked), cards.volumes(asked), _owner(asked)],
        )
        _why(asked, row, telling)

    def numbers() -> None:
        bulletin(tiles(card, row, chosen), "tiles", on_open=_choose)
        _not_told(asked)

    later.numbers_first(heading, numbers)
    with st.container(key="parts"):
        _part(asked, card, row, chosen)


def _choices() -> Mapping[str, str]:
    # Drawn below the numbers; here only what the URL says of it.
    wanted = state.chosen("view", CORE)
    if wanted not in PARTS:
        state.refuse("view", wanted)
    return {"view": wanted} if wanted in PARTS[1:] else {}


def _part(asked: Asked, card: Scorecard, row: Row, chosen: str) -> None:
    """The part of the desk that is open."""
    wanted = state.chosen("view", CORE)
    key = state.key("view", wanted if wanted in PARTS else CORE)
    view = st.segmented_control(
        _("Part of the desk"),
        PARTS,
        required=True,
        key=key,
        on_change=state.changed,
        args=("view", key),
        format_func=_name,
        label_visibility="collapsed",
    )
    if view == "lead":
        desk_lead.show(asked)
    elif view == "work":
        desk_work.show(asked)
    elif view == "reasons":
        desk_reasons.show(asked)
    elif view == "moments":
        desk_moments.show(asked)
    elif view == "meeting":
        desk_meeting.show(asked, card, row)
    else:
        _core(asked, card, chosen)


def _name(part: str) -> str:
    return {
        "core": _("Over time"),
        "lead": _("Lead time"),
        "work": _("Open work"),
        "reasons": _("Reasons"),
        "moments": _("Moments"),
        "meeting": _("Actions and meeting"),
    }[part]


def _core(asked: Asked, card: Scorecard, chosen: str) -> None:
    # The tiles need not hold what is the matter: complaints of one reason, a rush that is over.
    later.behind(lambda: desk_moved.tell(asked, card))
    with st.container(key="why"):
        course, why = st.columns([3, 2], gap="large")
        with course:
            trends.show(asked, KPIS[chosen])
        with why:
            reasons.show(asked)


def _sentence(asked: Asked, title: str, kpi: str) -> str:
    [one] = data.compare((kpi,), asked.filters)
    return sentences.stands(title, KPIS[kpi], one.now, one.before, asked.before_text)


def _why(asked: Asked, row: Row, kpi: str) -> None:
    """What stands behind the change that the title speaks of, where it is not chance."""
    [cell] = [cell for cell in row.cells if cell.kpi == kpi]
    good = bool(cell.change and cell.change.good)
    because = moved.explain(asked, kpi, asked.process, better=good) if cell.strength else ""
    if because:
        page.text(_("Where the difference lies: {what}.").format(what=because))


def _not_told(asked: Asked) -> None:
    """What is usually among the numbers and cannot be kept to what the page is kept to."""
    where = asked.filters.where
    told = agenda.kpis(where)
    left = [kpi for kpi in agenda.kpis() if kpi not in told]
    if left:
        by = sorted({name for kpi in left for name, _values in where if name not in kpi.dimensions})
        page.quiet(
            _("Not here, for it cannot be told by {dimensions}: {kpis}.").format(
                dimensions=", ".join(formats.lower_first(dimension(name)) for name in by),
                kpis=", ".join(_(kpi.title) for kpi in left),
            )
        )


def _owner(asked: Asked) -> str:
    """Who owns the process."""
    row = data.store().configuration.row("processes", asked.period.until, process=asked.process)
    return str((row or {}).get("owner") or "")


def _chosen(row: Row, otherwise: str) -> str:
    wanted = state.chosen("kpi")
    return wanted if wanted in [cell.kpi for cell in row.cells] else otherwise


def _choose(_process: str, kpi: str) -> None:
    state.choose("kpi", kpi)
    # A number clicked is a question after its course.
    state.choose("view", CORE)


def _period(asked: Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
