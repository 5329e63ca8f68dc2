"""The five largest complaints, each with its cause and who solves it until when."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from kpi import formats
from kpi.bulletin.wall import Line, Lines, View, longest
from kpi.filters import Filters
from kpi.formats import Change
from kpi.i18n import _
from kpi.model import TOO_FEW, Better, Unit
from kpi.numbers import top_complaints
from kpi.results.top import Top, TopRow
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

LINES = 5
#: Standard errors beyond which a difference between two counts is called better or worse.
_SURE = 1.96


def complaints(store: Store, wanted: Wanted, _now: datetime) -> View:
    """Complaint reasons by distinct complaint cases."""
    top = top_complaints(store, Filters(), wanted.scope, n=LINES)
    title = _("Top {n} complaints").format(n=LINES)
    rows = [row for row in top.rows if row.n] if top else []
    if top is None or not rows:
        foot = words.foot(store, top.as_of) if top else ""
        act = words.choose() if top and wanted.processes else words.load()
        return View("complaints", title, foot=foot, why=_why(top), act=act)
    most = longest([row.n for row in rows])
    few = _("Other reasons had fewer than ten complaints.") if len(rows) < LINES else ""
    lines = Lines(tuple(_line(store, row, most, top) for row in rows), few)
    if not top.compared:
        said = _("{days} days up to {day}; no earlier ones to compare with yet")
    elif top.weeks > 1:
        said = _("{days} days up to {day}, against the weekly average of the {weeks} weeks before")
    else:
        said = _("{days} days up to {day}, against the {days} days before")
    about = said.format(days=top.now.days, day=formats.day_short(top.now.until), weeks=top.weeks)
    return View("complaints", title, about, words.foot(store, top.as_of), lines)


def _line(store: Store, row: TopRow, most: float, top: Top) -> Line:
    on = top.now.until
    cause = words.cause_of(store, row.reason, on)
    title = words.reason_title(store, row.reason)
    return Line(
        row.place,
        title,
        formats.number(row.n),
        row.n / most,
        _change(row, top.weeks) if top.compared else None,
        words.cause_title(store, cause, title),
        words.solving(store, row.reason, cause, on),
    )


def _change(row: TopRow, weeks: int) -> Change | None:
    change = formats.change(row.n, row.previous, Unit.COUNT, Better.DOWN)
    if change is None or not change.amount:
        # "The same" tells what was before as well as an amount does.
        return change if row.told and row.previous * weeks >= TOO_FEW else None
    # Counts vary by about their root, an average over weeks by less.
    if abs(row.change) < _SURE * math.sqrt(row.n + row.previous / weeks):
        change = replace(change, word=_("more") if row.change > 0 else _("less"), good=None)
    if not row.told or row.previous * weeks < TOO_FEW:
        # The amount would tell a count below ten to whoever subtracts.
        return replace(change, amount="")
    return change


def _why(top: Top | None) -> str:
    if top is None:
        return _("No cases have been loaded yet, so no complaints are known.")
    return _("No complaint reason had ten or more cases in the last weeks.")
