"""Numbers as tiles: value, change, target, and the course over twelve months."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kpi.bulletin.cards import tiles
from kpi.bulletin.scorecard import Cell, Course, Head, Process, Scorecard, scorecard
from kpi.bulletin.sources import rests
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Result
from kpi.numbers import Compared
from kpi.periods import buckets, months_up_to
from pages.shared import data, figures, places
from pages.shared.asked import Asked
from pages.shared.components import bulletin

#: A tile that is no KPI of its own: its head and its value.
Extra = tuple[Head, Cell]


def show(
    asked: Asked,
    compared: Sequence[Compared],
    place: str,
    choose: Callable[[str, str], None],
    *,
    chosen: str = "",
    mended: Callable[[Cell], Cell] = lambda cell: cell,
    counts: Mapping[str, str] | None = None,
    beside: Sequence[Extra] = (),
) -> bool:
    """The KPIs of `compared` that rest on something; gives whether there are any.

    Args:
        asked: the question.
        compared: in the order of the tiles.
        place: the page that a tile leads to, by its name.
        choose: called with process and KPI when a tile is clicked.
        chosen: the KPI whose course is shown.
        mended: a last hand on a tile.
        counts: by KPI what its n is a number of, where the tiles are of different things.
        beside: more tiles, after these.
    """
    shown = card(asked, [one for one in compared if one.now.n], asked.filters)
    if not shown.rows:
        return False
    [row] = shown.rows
    by_name = {one.now.kpi: one.now for one in compared}
    told = (
        replace(cell, rests=rests(by_name[cell.kpi], cell.source, (counts or {}).get(cell.kpi, "")))
        for cell in map(mended, row.cells)
    )
    cells = (*told, *(cell for _head, cell in beside))
    heads = (*shown.heads, *(head for head, _cell in beside))
    row = replace(row, cells=cells, href=places.path(place) + asked.query())
    bulletin(tiles(replace(shown, heads=heads, rows=(row,)), row, chosen), "tiles", on_open=choose)
    return True


def card(asked: Asked, compared: Sequence[Compared], filters: Filters) -> Scorecard:
    """One row of a scorecard: all that the filters keep."""
    kpis = [KPIS[one.now.kpi] for one in compared]
    where = asked.process
    whole = not filters.values("process")
    targets = {kpi.name: data.target(kpi, where, asked.period.until, whole=whole) for kpi in kpis}
    return scorecard(
        kpis,
        [Process(where, data.title("process", where) if where else "")] if kpis else [],
        {(one.now.kpi, where): one.now for one in compared},
        before={(one.now.kpi, where): one.before for one in compared if one.before},
        courses={
            (name, where): course
            for name, course in courses(asked, filters, [kpi.name for kpi in kpis]).items()
        },
        targets={(name, where): target for name, target in targets.items() if target},
        before_period=asked.before_text,
        define=lambda kpi: figures.definition(kpi, filters),
        source=figures.of_card(filters),
    )


def courses(asked: Asked, filters: Filters, names: Sequence[str]) -> Mapping[str, Course]:
    """Each KPI over the last twelve months of the period."""
    if not names:
        return {}
    span = months_up_to(asked.period.until)
    months = [name for name, _days in buckets(span, "month")]
    found: dict[str, dict[str | None, Result]] = {}
    for one in data.ask(names, filters.during(span.since, span.until), ("month",)):
        found.setdefault(one.kpi, {})[one.by["month"]] = one
    return {
        name: Course(
            tuple(of[month].value if month in of else None for month in months),
            partial=months[-1] in of and of[months[-1]].partial,
        )
        for name, of in found.items()
    }
