"""In, out and backlog of one process: per period, and how the backlog came to be what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin.sentences_avoidable import listed
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import Point
from kpi.charts.lines import OTHERS, Series, lines
from kpi.charts.span import Span
from kpi.charts.theme import GOOD, INK
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result, Unit
from kpi.results.rows import EVERY
from pages.shared import data, drill, figures, page
from pages.shared.asked import Asked
from pages.shared.trends import usual_grain

#: The figure of cases in and out.
_FLOW = "cases-flow"
#: A backlog of more than so many times what comes in would make in and out flat lines.
_FLAT = 4


def show(asked: Asked) -> None:
    """Opened and closed in each period, and what was open at its end."""
    span = Span.of(asked.period, usual_grain(asked.period))
    grain = span.grain
    found: dict[str, dict[str | None, Result]] = {}
    for one in data.ask(("lead_time", "lead_time_closed", "backlog"), asked.filters, (grain,)):
        found.setdefault(one.kpi, {})[one.by[grain]] = one
    opened = [_counted(found.get("lead_time", {}).get(name)) for name in span.names]
    closed = [_counted(found.get("lead_time_closed", {}).get(name)) for name in span.names]
    backlog = [found.get("backlog", {}).get(name) for name in span.names]
    if not any(one is not None and one.n for one in (*opened, *closed)):
        return
    page.section(_("In, out and open"))
    total_in, total_out = (_total(opened), _total(closed))
    labels = span.labels()
    drawn = [
        ("lead_time", _("opened cases"), opened, INK),
        ("lead_time_closed", _("closed cases"), closed, GOOD),
    ]
    stock = [_sure(one) for one in backlog]
    if _beside(stock, [*opened, *closed]):
        drawn.append(("backlog", _("open at the end"), stock, OTHERS[0]))
    figure = lines(
        [
            Series(title, _named(name, span.points(results, labels)), colour)
            for name, title, results, colour in drawn
        ],
        Unit.COUNT,
    )
    points = {
        f"{name} {period}": drill.Point(
            _all(one),
            f"{title} · {formats.bucket(period, grain, year=True)}",
            _part(one),
        )
        for name, title, _results, _colour in drawn
        for period, one in found.get(name, {}).items()
        if _n(one)
    }
    page.chart(
        figure,
        _in_out(total_in, total_out, _at_start(asked), _at_end(backlog)),
        lambda: _table(asked, span, found),
        _FLOW,
        drill.choose(_FLOW),
        tell=(KPIS["backlog"], asked.filters),
        below=drill.below(asked.filters, _FLOW, points),
    )


def _table(asked: Asked, span: Span, found: Mapping[str, Mapping[str | None, Result]]) -> Table:
    """One row a period, each number with its rows."""
    rows: list[list[Value]] = [
        [
            span.full[place],
            _cases(asked, found.get("lead_time", {}).get(name)),
            _cases(asked, found.get("lead_time_closed", {}).get(name)),
            _stock(asked, found.get("backlog", {}).get(name)),
        ]
        for place, name in enumerate(span.names)
    ]
    return table(
        _("In, out and open"),
        [
            _("Period"),
            Column(_("Opened"), figures=True),
            Column(_("Closed"), figures=True),
            Column(_("Open at the end"), figures=True),
        ],
        rows,
        note=_(
            "Open at the end is open before, plus opened, minus closed and minus what was withdrawn "
            "or has no usable time of closing."
        ),
    )


def _named(name: str, points: Sequence[Point]) -> tuple[Point, ...]:
    """Points whose keys say which line they are of."""
    return tuple(replace(point, key=f"{name} {point.key}") for point in points)


def _sure(one: Result | None) -> Result | None:
    """A stock is counted, not estimated: few open cases are no reason to draw it grey."""
    return None if one is None or one.value is None else replace(one, n=max(one.n, TOO_FEW))


def _beside(stock: Sequence[Result | None], flow: Sequence[Result | None]) -> bool:
    """Whether the backlog can stand on the scale of in and out without making them flat."""
    highest, most = (
        max((one.value or 0 for one in found if one is not None), default=0)
        for found in (stock, flow)
    )
    return 0 < highest <= _FLAT * most


def _at_end(backlog: Sequence[Result | None]) -> int | None:
    """How many cases were open at the end of the last period; None where that is not known."""
    last = backlog[-1] if backlog else None
    return None if last is None or last.value is None else int(last.value)


def _at_start(asked: Asked) -> int | None:
    """How many cases were open on the evening before the period; None where that is not known."""
    day = asked.period.since - timedelta(days=1)
    found = data.ask(("backlog",), asked.filters.during(day, day))
    return None if not found or found[0].value is None else int(found[0].value)


def _in_out(opened: int, closed: int, start: int | None = None, left: int | None = None) -> str:
    """From the backlog at the start to that at the end, so that the numbers add up."""
    parts = [
        ngettext("{n} case opened", "{n} cases opened", opened).format(n=formats.number(opened)),
        _("{n} closed").format(n=formats.number(closed)),
    ]
    gone = -1 if start is None or left is None else start + opened - closed - left
    if start is None or left is None or gone < 0:
        # Without all of them there is no sum to make.
        text = _("In this period {what}. Withdrawn cases are neither; they leave the backlog too.")
        return text.format(what=listed(parts))
    parts.append(
        _("{n} withdrawn or without a usable time of closing").format(n=formats.number(gone))
        if gone
        else _("none withdrawn")
    )
    numbers = {"start": formats.number(start), "left": formats.number(left)}
    numbers["n"] = formats.number(abs(left - start))
    if left > start:
        said = _("The backlog grew from {start} to {left}, {n} more: {what}.")
    elif left < start:
        said = _("The backlog shrank from {start} to {left}, {n} fewer: {what}.")
    else:
        said = _("The backlog is {left} at the end, as at the start: {what}.")
    return said.format(what=listed(parts), **numbers)


def _counted(one: Result | None) -> Result | None:
    """The number of cases behind a result, as a result of its own."""
    if one is None:
        return None
    found = _all(one)
    return replace(found, n=max(found.n, TOO_FEW))


def _n(one: Result) -> int:
    """How many cases there are, also those that take no part in the KPI."""
    return one.n + int(one.extras.get("left_out") or 0)


def _all(one: Result) -> Result:
    """The same about the number of cases itself."""
    n, extras = _n(one), {**one.extras, "left_out": 0}
    return replace(one, value=float(n), low=None, high=None, n=n, extras=extras, unit=Unit.COUNT)


def _part(one: Result) -> str:
    """All cases that were opened, also those that take no part in the lead time."""
    return EVERY if one.extras.get("left_out") else ""


def _total(found: Sequence[Result | None]) -> int:
    return int(sum(one.value or 0 for one in found if one is not None))


def _cases(asked: Asked, one: Result | None) -> Value:
    """All cases of a period, also those that take no part in the KPI."""
    if one is None or not _n(one):
        return "0"
    if not _part(one):
        return figures.shown(asked.filters, one, "n")
    said = formats.number(_n(one))
    return Shown(said, source=figures.source(asked.filters, one, EVERY, EVERY))


def _stock(asked: Asked, one: Result | None) -> Value:
    return "0" if one is None or one.value is None else figures.shown(asked.filters, one)
