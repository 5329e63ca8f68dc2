"""Klantproces: one process, its numbers against their targets, its course, and its reasons."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences, table
from kpi.bulletin.cards import tiles
from kpi.bulletin.scorecard import Row
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Kpi, Result
from kpi.numbers import applies
from pages.shared import cards, data, empty, filters, moved, page, reasons, state, trends
from pages.shared.components import bulletin

#: Besides the headlines: what a process owner holds against them.
BESIDE = ("lead_time_closed", "within_due", "backlog", "avoidable_follow_up", "repeat_contacts")


def show() -> None:
    if not data.loaded():
        filters.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(filters.ONE)
    card = cards.with_something(cards.scorecard(asked, _kpis(asked)))
    [row] = card.rows or [None]
    title = data.title("process", asked.process)
    if row is None:
        page.heading(title, [_period(asked)])
        empty.not_in_period()
        return
    telling = _telling(row)
    page.heading(
        _sentence(asked, title, telling), [_period(asked), cards.as_of(asked), cards.volumes(asked)]
    )
    chosen = _chosen(row, telling)
    _why(asked, row, telling)
    bulletin(tiles(card, row, chosen), "tiles", on_open=_choose)
    with st.container(key="why"):
        course, why = st.columns([3, 2], gap="large")
        with course:
            trends.show(asked, KPIS[chosen])
        with why:
            reasons.show(asked)
    _lead_times(asked)


def _kpis(asked: filters.Asked) -> list[Kpi]:
    names = [kpi.name for kpi in data.headlines()]
    wanted = [KPIS[name] for name in (*names, *BESIDE) if name in KPIS]
    unique = list(dict.fromkeys(wanted))
    return [kpi for kpi in unique if applies(kpi, ("process",), asked.filters.where)]


def _telling(row: Row) -> str:
    """The KPI most worth a title: the surest worsening, else the first off target, else the first."""
    cells = [cell for cell in row.cells if cell.state not in {State.NOTHING, State.TOO_FEW}]
    worse = [cell for cell in cells if cell.change and cell.change.good is False and cell.strength]
    off = [cell for cell in cells if cell.state is State.BAD]
    found = max(worse, key=lambda cell: cell.strength, default=(off or cells or row.cells)[0])
    return found.kpi


def _sentence(asked: filters.Asked, title: str, kpi: str) -> str:
    [one] = data.compare((kpi,), asked.filters)
    return sentences.stands(title, KPIS[kpi], one.now, one.before, asked.before_text)


def _why(asked: filters.Asked, row: Row, kpi: str) -> None:
    """What stands behind the change that the title speaks of, where it is not chance."""
    [cell] = [cell for cell in row.cells if cell.kpi == kpi]
    because = moved.explain(asked, kpi, asked.process) if cell.strength else ""
    if because:
        page.text(_("Where the difference lies: {what}.").format(what=because))


def _chosen(row: Row, otherwise: str) -> str:
    wanted = state.chosen("kpi")
    return wanted if wanted in [cell.kpi for cell in row.cells] else otherwise


def _choose(_process: str, kpi: str) -> None:
    state.choose("kpi", kpi)


def _lead_times(asked: filters.Asked) -> None:
    found = cards.whole(asked, ("lead_time_closed", "lead_time", "backlog"))
    closed, opened = found["lead_time_closed"], found["lead_time"]
    said = sentences.two_lead_times(closed, opened)
    if not said:
        return
    page.section(_("Lead time"))
    page.text(said)
    beside = sentences.backlog_beside(found["backlog"], opened, _last_day(asked, opened))
    if beside:
        page.text(beside)
    with st.expander(_("The numbers in a table")):
        page.table(
            table(
                _("Lead time"),
                [
                    "",
                    Column(_("Half within"), figures=True),
                    Column(_("95 % interval"), figures=True),
                    Column(_("Nine of ten within"), figures=True),
                    Column(
                        _("Half within, working time"),
                        figures=True,
                        help=_("Only the hours that the calendar of this process is open count."),
                    ),
                    Column(_("n"), figures=True),
                ],
                [_lead_row(KPIS[result.kpi], result) for result in (closed, opened)],
            ),
            "lead-times",
        )


def _last_day(asked: filters.Asked, result: Result) -> str:
    """The last day of the period, or the as-of day where that is earlier."""
    until = asked.period.until
    if result.as_of is not None:
        until = min(until, formats.in_zone(result.as_of, data.zone()).date())
    return formats.day(until)


def _lead_row(kpi: Kpi, result: Result) -> list[str | Shown]:
    return [
        Shown(_(kpi.title), under=result.note_in(_) or ""),
        formats.duration(result.value),
        formats.interval(result.low, result.high, kpi.unit),
        formats.duration(result.extras.get("p90")),
        _working(result.extras.get("working_hours")),
        formats.number(result.n),
    ]


def _working(hours: float | None) -> str:
    return _("{hours} h").format(hours=formats.number(hours, 1)) if hours is not None else ""


def _period(asked: filters.Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
