"""The five largest complaints, each with its cause and who solves it until when."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

from kpi import formats
from kpi.bulletin import sentences_top
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


def complaints(store: Store, wanted: Wanted, now: datetime) -> View:
    """Complaint reasons by distinct complaint cases."""
    top = top_complaints(store, Filters(), wanted.scope(store), n=LINES)
    title = _("Top {n} complaints").format(n=LINES)
    rows = [row for row in top.rows if row.n] if top else []
    if top is None or not rows:
        as_of = top.as_of if top else None
        old = words.old(store, as_of, now)
        foot = words.foot(store, as_of, old=old)
        act = _("Reasons with fewer than ten cases are not shown.") if top else words.load()
        if top and wanted.processes:
            act = words.choose()
        if top:
            act = sentences_top.apart(top) or act
        return View("complaints", title, foot=foot, why=_why(top), act=act, old=old)
    most = longest([row.n for row in rows])
    few = _("Each other configured reason had fewer than ten.") if len(rows) < LINES else ""
    note = " ".join(said for said in (sentences_top.apart(top), few) if said)
    on = words.today(store, now, top.now.until)
    lines = Lines(tuple(_line(store, row, most, top, on) for row in rows), note)
    if not top.compared:
        said = _("{days} days up to {day}; no earlier ones to compare with yet")
    elif top.weeks > 1:
        said = _("{days} days up to {day}, against the weekly average of the {weeks} weeks before")
    else:
        said = _("{days} days up to {day}, against the {days} days before")
    about = said.format(days=top.now.days, day=formats.day_short(top.now.until), weeks=top.weeks)
    old = words.old(store, top.as_of, now)
    foot = words.foot(store, top.as_of, old=old)
    return View("complaints", title, about, foot, lines, old=old)


def _line(store: Store, row: TopRow, most: float, top: Top, on: date) -> Line:
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
        change = replace(change, word=_("more") if row.change > 0 else _("fewer"), good=None)
    if not row.told or row.previous * weeks < TOO_FEW:
        # The amount would tell a count below ten to whoever subtracts.
        return replace(change, amount="", word=f"{change.arrow} {change.word}")
    return change


def _why(top: Top | None) -> str:
    if top is None:
        return _("No cases have been loaded yet, so no complaints are known.")
    return _("No complaint reason had ten or more cases in the last weeks.")
