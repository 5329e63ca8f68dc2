"""What changed, in words: the few differences that are not chance, the worst first."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.bulletin.render import render
from kpi.bulletin.scorecard import Cell, Row, Scorecard
from kpi.i18n import _

#: Lines shown at most; of these so many may be improvements.
MOST, IMPROVED = 4, 1


@dataclass(frozen=True)
class Moved:
    """One difference: a sentence of fact, and where to look."""

    sentence: str
    change: str
    better: bool
    state: str
    shape: str
    process: str
    kpi: str
    href: str


def moved(card: Scorecard) -> tuple[Moved, ...]:
    """The differences of a card that lie outside both intervals, strongest first.

    Only KPIs with a good direction, and only values that rest on enough rows. Empty when nothing
    is up: then there is nothing to say.
    """
    found = [
        (cell.strength, row, cell, head.title)
        for row in card.rows
        if row.process.id is not None
        for head, cell in zip(card.heads, row.cells, strict=True)
        if cell.change and cell.change.good is not None and cell.strength > 0
    ]
    found.sort(key=lambda one: -one[0])
    worse = [_line(row, cell, title) for _s, row, cell, title in found if not _good(cell)]
    better = [_line(row, cell, title) for _s, row, cell, title in found if _good(cell)]
    kept = better[: max(IMPROVED, MOST - len(worse))] if len(worse) < MOST else better[:IMPROVED]
    return (*worse[: MOST - len(kept)], *kept)


def html(card: Scorecard, heading: str) -> str:
    """The lines as an HTML list under `heading`; empty when there are none."""
    lines = moved(card)
    return render("moved.jinja", lines=lines, heading=heading) if lines else ""


def _good(cell: Cell) -> bool:
    return cell.change is not None and bool(cell.change.good)


def _line(row: Row, cell: Cell, title: str) -> Moved:
    assert cell.change is not None
    sentence = _("{kpi} of {process}: {before} → {now}").format(
        kpi=title, process=row.process.title, before=cell.before, now=cell.value
    )
    return Moved(
        sentence,
        cell.change.text,
        _good(cell),
        cell.state.value,
        cell.state.shape,
        row.process.id or "",
        cell.kpi,
        row.href,
    )
