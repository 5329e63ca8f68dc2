"""Retention: the share still a customer as the years go by, per group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi import formats, numbers
from kpi.bulletin import Table, sentences_sections, table
from kpi.bulletin.sentences_sections import Named
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import Point
from kpi.charts.lines import Series, colours, lines
from kpi.charts.theme import INK, QUIET
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.model import TOO_FEW, Result, Unit
from kpi.results.retention import Curve
from pages.shared import customers_groups, data, drill, figures, page
from pages.shared.chips import UNKNOWN

KPI = KPIS["survival"]
_YEAR = 4
#: The figure of the curves.
_CURVES = "retention"


def show(filters: Filters, split: str) -> None:
    """The curve per group of a lasting cross-section (else of all), and the table of years."""
    page.section(_(KPI.title))
    by = (split,) if split in customers_groups.LASTING else ()
    found = data.cached(
        "retention", (filters, by),
        lambda: numbers.retention_curves(data.store(), filters, by, data.SCOPE),
    )  # fmt: skip
    [whole] = data.ask((KPI.name,), filters)
    results = {one.by[split]: one for one in data.ask((KPI.name,), filters, by)} if by else {}
    sentence = sentences_sections.of_retention(
        [
            Named(customers_groups.named(split, group), one)
            for group, one in results.items()
            if group is not None
        ],
        whole,
    )
    told = [one for one in found if one.n >= TOO_FEW and any(one.points[1:])]
    if not told:
        page.text(sentence)
        return
    if split and not by:
        page.quiet(
            _(
                "What changes while one is a customer tells nothing of how long one stays: all together."
            )
        )
    points = {
        point.key: drill.Point(
            replace(one, value=point.value, low=point.low, high=point.high),
            f"{_title(split, curve.group)} · {point.full}",
        )
        for curve in told
        for one in [results.get(curve.group) if by else whole]
        for point in _points(curve, _longest(told))
        if one is not None and point.value is not None
    }
    page.chart(
        _figure(told, split),
        sentence,
        lambda: rows_of(filters, found, results, whole, split),
        _CURVES,
        drill.choose(_CURVES),
        tell=(KPI, filters),
        below=drill.below(filters, _CURVES, points),
    )
    page.quiet(f"{_(KPI.definition)} {left_out(KPI)}")


def _figure(told: Sequence[Curve], split: str) -> object:
    painted = colours([one.group or "all" for one in told], {"all": INK}, QUIET)
    series = [
        Series(_title(split, one.group), tuple(_points(one, _longest(told))), colour)
        for one, colour in zip(told, painted, strict=True)
    ]
    return lines(series, Unit.PERCENT)


def _longest(told: Sequence[Curve]) -> int:
    """The last quarter of a year that is known of any."""
    return max(
        (place for one in told for place, point in enumerate(one.points) if point), default=0
    )


def _points(one: Curve, longest: int) -> list[Point]:
    made = []
    for place, point in enumerate(one.points[: longest + 1]):
        years = place / _YEAR
        label = _("{n} yr").format(n=place // _YEAR) if place % _YEAR == 0 else ""
        full = _("after {years} years").format(
            years=formats.number(years, 0 if place % _YEAR == 0 else 2)
        )
        if point is None:
            made.append(Point(label, full, None))
            continue
        low, high = (None if b is None else 100 * b for b in (point.low, point.high))
        key = f"{one.group or UNKNOWN} {place}"
        made.append(Point(label, full, 100 * point.share, low, high, one.n, key=key))
    return made


def _title(split: str, group: str | None) -> str:
    return customers_groups.title(split, group) if split in customers_groups.LASTING else _("All")


def rows_of(
    filters: Filters,
    found: Sequence[Curve],
    results: dict[str | None, Result],
    whole: Result,
    split: str,
) -> Table:
    """One row a group: followed, left, and the share after one, two and five years."""
    rows = [
        _row(filters, _title(split, one.group), results[one.group])
        for one in found
        if one.group in results
    ]
    return table(
        _(KPI.title),
        [
            _("Customers"),
            Column(_("Followed"), figures=True),
            Column(_("Left"), figures=True),
            Column(_("After 1 year"), figures=True),
            Column(_("After 2 years"), figures=True),
            Column(_("After 5 years"), figures=True),
        ],
        [*rows, _row(filters, _("Total"), whole, "strong")],
    )


def _row(filters: Filters, name: str, one: Result, mark: str = "") -> list[Value]:
    few = one.too_few
    return [
        Shown(name, mark=mark),
        figures.shown(filters, one, "n"),
        figures.shown(filters, one, "numerator"),
        formats.NOTHING
        if few
        else figures.shown(filters, one, under=formats.interval(one.low, one.high, Unit.PERCENT)),
        *(
            formats.NOTHING
            if few
            else Shown(
                formats.percent(one.extras.get(year)), source=figures.beside(filters, one, year)
            )
            for year in ("year_2", "year_5")
        ),
    ]
