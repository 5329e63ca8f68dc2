"""Customers who come and leave: the tiles, and per month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kpi import formats
from kpi.bulletin import sentences_customers as sentences
from kpi.bulletin import table
from kpi.bulletin.cards import tiles
from kpi.bulletin.scorecard import Cell, Course, Head, Process, scorecard
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Value
from kpi.charts.flow import flow
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Result, Unit
from kpi.numbers import Compared
from kpi.periods import buckets
from pages.shared import data, drill, figures, page, places
from pages.shared.asked import Asked
from pages.shared.components import bulletin
from pages.shared.customers_groups import point, span_of

NAMES = ("customers_new", "customers_lost", "customers_net", "customers_closing", "churn")
_ROW = None
#: The figure of who came and went.
_COURSE = "flow"


def show_tiles(asked: Asked, filters: Filters, compared: Sequence[Compared]) -> None:
    """Customers at the start, new, lost, on balance, at the end, and churn."""
    shown = [KPIS[one.now.kpi] for one in compared]
    targets = {kpi.name: data.target(kpi, None, asked.period.until) for kpi in shown}
    card = scorecard(
        shown,
        [Process(_ROW, "")],
        {(one.now.kpi, _ROW): one.now for one in compared},
        before={(one.now.kpi, _ROW): one.before for one in compared if one.before},
        courses={(name, _ROW): course for name, course in _courses(asked, filters).items()},
        targets={(name, _ROW): target for name, target in targets.items() if target},
        before_period=asked.before_text,
        define=lambda kpi: figures.definition(kpi, filters),
        source=figures.of_card(filters),
    )
    [row] = card.rows
    by_name = {one.now.kpi: one for one in compared}
    cells = [
        _opening(filters, by_name["customers_new"]),
        *(_cell(one, by_name) for one in row.cells),
    ]
    means = figures.definition("customers_new", filters)
    heads = (Head("opening", _("Customers at the start"), _opening_means(), means), *card.heads)
    row = replace(row, cells=tuple(cells), href=places.path("customers") + asked.query())
    bulletin(tiles(replace(card, heads=heads, rows=(row,)), row), "tiles", on_open=_stay)


def _stay(_process: str, _kpi: str) -> None:
    """A tile here opens nothing: what it leads to stands below."""


def _opening_means() -> str:
    return _("Customers on the day before the period begins.")


def _opening(filters: Filters, one: Compared) -> Cell:
    opening = one.now.extras.get("opening")
    was = one.before.extras.get("opening") if one.before else None
    return Cell(
        "opening",
        State.NO_TARGET,
        formats.number(opening),
        formats.change(opening, was, Unit.COUNT, Better.UP),
        certain=False,
        spark=Markup(""),
        facts=(),
        source=figures.beside(filters, one.now, "opening"),
    )


def _cell(cell: Cell, by_name: dict[str, Compared]) -> Cell:
    now = by_name[cell.kpi].now
    if cell.kpi != "churn":
        # What there are at a moment is the outcome of what came and went: those are judged.
        before = by_name[cell.kpi].before
        moves = cell.kpi in {"customers_new", "customers_lost"}
        cell = replace(cell, certain=moves and sentences.counts_differ(now, before))
    if cell.kpi == "customers_net" and now.value is not None:
        return replace(cell, value=sentences.signed(now.value), state=State.NO_TARGET)
    voluntary = now.extras.get("voluntary")
    if cell.kpi == "churn" and voluntary is not None and not cell.aim:
        share = formats.value(voluntary, Unit.PERCENT, now.low, now.high)
        return replace(cell, aim=_("{share} by own choice").format(share=share))
    return cell


def _courses(asked: Asked, filters: Filters) -> dict[str, Course]:
    found = _by_month(asked, filters, NAMES)
    months = [name for name, _days in buckets(span_of(asked), "month")]
    return {
        name: Course(
            tuple(of[month].value if month in of else None for month in months),
            partial=months[-1] in of and of[months[-1]].partial,
        )
        for name, of in found.items()
    }


def _by_month(asked: Asked, filters: Filters, names: Sequence[str]) -> dict[str, dict[str, Result]]:
    span = span_of(asked)
    found: dict[str, dict[str, Result]] = {}
    for one in data.ask(names, filters.during(span.since, span.until), ("month",)):
        if one.by["month"] is not None:
            found.setdefault(one.kpi, {})[str(one.by["month"])] = one
    return found


def show_course(asked: Asked, filters: Filters, compared: Sequence[Compared]) -> None:
    """New and lost per month."""
    page.section(_("New and lost per month"))
    found = _by_month(asked, filters, NAMES)
    months = [name for name, _days in buckets(span_of(asked), "month")]
    came, went = (
        [
            replace(point(month, months, found.get(name, {}).get(month)), key=f"{name} {month}")
            for month in months
        ]
        for name in ("customers_new", "customers_lost")
    )
    by_name = {one.now.kpi: one.now for one in compared}
    span = span_of(asked)

    points = {
        f"{name} {month}": drill.Point(
            one, f"{label} · {formats.bucket(month, 'month', year=True)}"
        )
        for name, label in (("customers_new", _("New")), ("customers_lost", _("Lost")))
        for month, one in found.get(name, {}).items()
    }

    page.chart(
        flow(came, went, came_label=_("New"), went_label=_("Lost")),
        f"{formats.period(asked.period.since, asked.period.until)}: "
        + sentences.of_flow(by_name.get("customers_new"), by_name.get("customers_lost")),
        lambda: table(
            _("New and lost per month"),
            [
                _("Month"),
                *(Column(_(KPIS[name].title), figures=True) for name in NAMES),
            ],
            [_row(asked, filters, month, found) for month in months],
            tall=14,
        ),
        _COURSE, drill.choose(_COURSE), tell=(KPIS["churn"], filters),
        below=drill.below(filters.during(span.since, span.until), _COURSE, points),
    )  # fmt: skip


def _row(
    asked: Asked, filters: Filters, month: str, found: dict[str, dict[str, Result]]
) -> list[Value]:
    span = span_of(asked)
    whole = filters.during(span.since, span.until)
    row: list[Value] = [formats.bucket(month, "month", year=True)]
    for name in NAMES:
        one = found.get(name, {}).get(month)
        if one is None:
            row.append(formats.NOTHING)
        elif name == "customers_net" and one.value is not None:
            row.append(figures.shown(whole, one, text=sentences.signed(one.value)))
        else:
            row.append(figures.shown(whole, one))
    return row
