"""Klantproces: one process, its numbers against their targets, its course, and its reasons."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences, table
from kpi.bulletin.cards import tiles
from kpi.bulletin.tables import Column, Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Kpi, Result
from kpi.numbers import applies
from pages.shared import cards, data, empty, filters, page, reasons, trends
from pages.shared.components import bulletin

#: Besides the headlines: what a process owner holds against them.
BESIDE = ("lead_time_closed", "within_due", "backlog", "avoidable_follow_up", "repeat_contacts")


def show() -> None:
    if not data.loaded():
        filters.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(with_process=True)
    card = cards.scorecard(asked, _kpis(asked))
    [row] = card.rows or [None]
    title = data.title("process", asked.process)
    if row is None:
        page.heading(title, [_period(asked)])
        empty.not_in_period()
        return
    page.heading(
        _sentence(asked, title), [_period(asked), cards.as_of(asked), cards.volumes(asked)]
    )
    shown = [cell.kpi for cell in row.cells if cell.facts]
    chosen = _chosen(shown)
    bulletin(tiles(card, row, chosen), "tiles", on_open=_choose)
    _lead_times(asked)
    trends.show(asked, KPIS[chosen])
    reasons.show(asked)


def _kpis(asked: filters.Asked) -> list[Kpi]:
    names = [kpi.name for kpi in data.headlines()]
    wanted = [KPIS[name] for name in (*names, *BESIDE) if name in KPIS]
    unique = list(dict.fromkeys(wanted))
    return [kpi for kpi in unique if applies(kpi, ("process",), asked.filters.where)]


def _sentence(asked: filters.Asked, title: str) -> str:
    """The first headline that has a value says what is most worth saying."""
    names = [kpi.name for kpi in _kpis(asked)]
    now = cards.whole(asked, names)
    earlier = asked.earlier()
    before = {r.kpi: r for r in data.ask(names, earlier)} if earlier else {}
    for name in names:
        if now[name].value is not None and not now[name].too_few:
            return sentences.stands(
                title, KPIS[name], now[name], before.get(name), asked.before_text
            )
    return title


def _chosen(shown: list[str]) -> str:
    wanted = st.session_state.get("kpi") or st.query_params.get("kpi")
    return str(wanted) if wanted in shown else shown[0]


def _choose(_process: str, kpi: str) -> None:
    st.session_state["kpi"] = kpi


def _lead_times(asked: filters.Asked) -> None:
    found = cards.whole(asked, ("lead_time_closed", "lead_time"))
    closed, opened = found["lead_time_closed"], found["lead_time"]
    said = sentences.two_lead_times(closed, opened)
    if not said:
        return
    page.section(_("Lead time"))
    page.text(said)
    with st.expander(_("The numbers in a table")):
        page.table(
            table(
                _("Lead time"),
                [
                    "",
                    Column(_("Half within"), figures=True),
                    Column(_("95 % interval"), figures=True),
                    Column(_("Nine of ten within"), figures=True),
                    Column(_("n"), figures=True),
                ],
                [_lead_row(KPIS[result.kpi], result) for result in (closed, opened)],
            ),
            "lead-times",
        )


def _lead_row(kpi: Kpi, result: Result) -> list[str | Shown]:
    return [
        Shown(_(kpi.title), under=result.note_in(_) or ""),
        formats.duration(result.value),
        formats.interval(result.low, result.high, kpi.unit),
        formats.duration(result.extras.get("p90")),
        formats.number(result.n),
    ]


def _period(asked: filters.Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
