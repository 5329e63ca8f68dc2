"""The numbers of a scorecard as a plain table, and as tiles of one process."""

from __future__ import annotations

from kpi.bulletin.render import render
from kpi.bulletin.scorecard import Row, Scorecard
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown, Table, table
from kpi.i18n import _


def numbers_table(card: Scorecard) -> Table:
    """Everything the scorecard shows on hover, one row a process and KPI."""
    rows: list[list[str | Shown]] = []
    for row in card.rows:
        for head, cell in zip(card.heads, row.cells, strict=True):
            facts = dict(cell.facts)
            rows.append(
                [
                    row.process.title,
                    Shown(head.title, href=head.href),
                    Shown(cell.value, cell.state, source=cell.source),
                    cell.state.word,
                    cell.change.text if cell.change else "",
                    facts.get(_("target"), ""),
                    facts.get(_("95% interval"), ""),
                    facts.get(_("n"), ""),
                    facts.get(_("note"), facts.get(_("Why"), "")),
                ]
            )
    return table(
        card.caption,
        [
            _("Customer process"),
            _("KPI"),
            Column(_("Value"), figures=True),
            _("State"),
            _("Change"),
            Column(_("Target"), figures=True),
            Column(_("95% interval"), figures=True),
            Column(_("n"), figures=True),
            _("Note"),
        ],
        rows,
        tall=18,
    )


def tiles(card: Scorecard, row: Row, chosen: str | None = None) -> str:
    """The numbers of one process as tiles; `chosen` is the KPI whose course is shown."""
    pairs = list(zip(card.heads, row.cells, strict=True))
    return render("tiles.jinja", pairs=pairs, row=row, chosen=chosen, State=State)
