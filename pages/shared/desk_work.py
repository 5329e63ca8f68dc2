"""Werkvoorraad: what comes in and goes out, how old the rest is, what is about to be late, who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin.sentences_avoidable import listed
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import Point
from kpi.charts.lines import OTHERS, Series, lines
from kpi.charts.span import Span
from kpi.charts.theme import look
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result, Unit
from kpi.numbers import desk
from kpi.numbers.desk import Due
from kpi.results.rows import EVERY
from pages.shared import case_links, data, desk_ages, drill, figures, page
from pages.shared.asked import Asked
from pages.shared.trends import usual_grain

#: From so many hours on, tenths of one say nothing.
_LONG = 100
#: The figure of cases in and out.
_FLOW = "cases-flow"
#: A backlog of more than so many times what comes in would make in and out flat lines.
_FLAT = 4


def show(asked: Asked) -> None:
    """The open work of one process."""
    assert asked.process is not None
    found = desk.due(data.store(), asked.process, asked.filters.where, data.SCOPE)
    if found is None:
        page.text(_("There are no cases yet: load an extract of the case system."))
        return
    # Under each other, and beside each other where the screen has room for both.
    with st.container(key="beside"):
        with st.container():
            _at_risk(asked, found)
        with st.container():
            _silent(asked)
    _flow(asked)
    desk_ages.show(asked, found)
    case_links.form(data.default_day())


def _at_risk(asked: Asked, found: Due) -> None:
    page.section(_("About to miss the norm"))
    page.text(_sentence(found))
    if found.rows:
        title, left = _("About to miss the norm"), _("Working time left")
        shown = _list(title, left, "left_hours", found.rows, found.due)
        page.table(shown, "at-risk", personal=True)
    if found.late and data.SCOPE.personal:
        title = ngettext(
            "{n} case past its norm", "{n} cases past their norm, the longest first", found.late
        ).format(n=formats.number(found.late))
        page.folded(lambda: _overdue(asked, found), "overdue", title, personal=True)


def _overdue(asked: Asked, found: Due) -> Table:
    assert asked.process is not None
    rows = desk.overdue(data.store(), asked.process, asked.filters.where, data.SCOPE)
    return _list(_("Past the norm"), _("Working time past it"), "late_hours", rows, found.late)


def _sentence(found: Due) -> str:
    soon = (
        ngettext(
            "{n} open case reaches its norm in the next two working days",
            "{n} open cases reach their norm in the next two working days",
            found.due,
        ).format(n=formats.number(found.due))
        if found.due
        else _("No open case reaches its norm in the next two working days")
    )
    late = ngettext("{n} is past it already", "{n} are past it already", found.late)
    later = ngettext("{n} has more time", "{n} have more time", found.later)
    others = ", ".join(
        text.format(n=formats.number(n))
        for text, n in ((late, found.late), (later, found.later))
        if n
    )
    return f"{'; '.join(filter(None, (soon, others)))} ({page.as_of(found.as_of)})."


def _list(title: str, head: str, hours: str, rows: Sequence[dict[str, Any]], total: int) -> Table:
    """One row a case; `hours`: which working time its last column tells, under `head`."""
    address = case_links.template("cases", data.default_day())
    heads: list[Column | str] = [
        Column(_("Case"), whole=True),
        _("Department"),
        _("Reason"),
        Column(_("Opened"), whole=True),
        Column(_("Norm"), whole=True),
        Column(
            head, figures=True,
            help=_("Only the hours that the calendar of this process is open count."),
        ),
    ]  # fmt: skip
    if address:
        heads.append(_("Source system"))
    note = ""
    if total > len(rows):
        note = _("The first {n} of {total}.").format(
            n=formats.number(len(rows)), total=formats.number(total)
        )
    return table(
        title,
        heads,
        [
            [
                case_links.case(row["case_id"]),
                data.title("department", row["department"]),
                data.title("reason", row["reason"]),
                _moment(row["opened_at"]),
                _moment(row["deadline_at"]),
                _("{hours} h").format(hours=formats.number(row[hours], int(row[hours] < _LONG))),
                *([case_links.in_source(address, row["case_id"])] if address else []),
            ]
            for row in rows
        ],
        note=note,
        tall=12 if len(rows) > 12 else 0,
    )


def _silent(asked: Asked) -> None:
    assert asked.process is not None
    page.section(_("No customer contact for 5 working days"))
    if not data.SCOPE.personal:
        page.quiet(_("Who they are is not yours to see; the numbers are."))
        return
    rows = desk.silent(data.store(), asked.process, asked.filters.where, data.SCOPE)
    if not rows:
        page.text(_("None: of every open case the customer heard something this week."))
        return
    as_of = data.store().as_of(("cases", "contacts"))
    more = len(rows) >= desk.MOST
    page.text(
        _("{n} or more open cases, the longest silent first ({as_of}).").format(
            n=formats.number(len(rows)), as_of=page.as_of(as_of)
        )
        if more
        else ngettext(
            "{n} open case ({as_of}).",
            "{n} open cases, the longest silent first ({as_of}).",
            len(rows),
        ).format(n=formats.number(len(rows)), as_of=page.as_of(as_of))
    )
    address = case_links.template("cases", data.default_day())
    heads: list[Column | str] = [
        Column(_("Case"), whole=True),
        _("Department"),
        _("Reason"),
        Column(_("Opened"), whole=True),
        Column(_("Last contact"), whole=True),
        Column(_("Silent for"), figures=True),
    ]
    if address:
        heads.append(_("Source system"))
    assert as_of is not None
    page.table(
        table(
            _("No customer contact for 5 working days"),
            heads,
            [
                [
                    case_links.case(row["case_id"]),
                    data.title("department", row["department"]),
                    data.title("reason", row["reason"]),
                    _moment(row["opened_at"]),
                    Shown(
                        _moment(row["last_contact_at"]),
                        under=_("at the opening")
                        if row["last_contact_at"] == row["opened_at"]
                        else "",
                    ),
                    formats.days((as_of - row["last_contact_at"]).total_seconds() / 86_400, 0),
                    *([case_links.in_source(address, row["case_id"])] if address else []),
                ]
                for row in rows
            ],
            tall=10 if len(rows) > 10 else 0,
        ),
        "silent",
        personal=True,
    )


def _flow(asked: Asked) -> None:
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
    of = look(st.context.theme.type or "light")
    labels = span.labels()
    drawn = [
        ("lead_time", _("opened cases"), opened, of.ink),
        ("lead_time_closed", _("closed cases"), closed, of.good),
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
        theme=st.context.theme.type or "light",
    )
    rows: list[list[Value]] = [
        [
            span.full[place],
            _cases(asked, found.get("lead_time", {}).get(name)),
            _cases(asked, found.get("lead_time_closed", {}).get(name)),
            _stock(asked, backlog[place]),
        ]
        for place, name in enumerate(span.names)
    ]
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
        table(
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
        ),
        _FLOW,
        drill.choose(_FLOW),
        tell=(KPIS["backlog"], asked.filters),
        below=drill.below(asked.filters, _FLOW, points),
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


def _moment(moment: datetime) -> str:
    return formats.moment(moment, data.zone())
