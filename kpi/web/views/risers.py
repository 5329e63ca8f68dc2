"""Reasons of contact and of complaint that rose beyond chance in the last seven days."""

from __future__ import annotations

from datetime import date, datetime

from kpi import formats
from kpi.bulletin.wall import Line, Lines, View, longest
from kpi.formats import Change
from kpi.i18n import _
from kpi.model import NOT_CONFIGURED
from kpi.numbers.lately import rising
from kpi.results.lately import Riser
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

LINES = 5


def risers(store: Store, wanted: Wanted, now: datetime) -> View:
    """The largest first; nothing where nothing rose beyond chance."""
    found = rising(store, wanted.scope(store))
    title = _("What rises")
    if found is None:
        return View(
            "risers", title, why=_("Nothing has been loaded yet."), act=words.load()
        )  # fmt: skip
    old = words.old(store, found.as_of, now)
    foot = words.foot(store, found.as_of, old=old)
    on = words.today(store, now, found.week.until)
    about = _("{days} days up to {day}, against the weeks before").format(
        days=found.week.days, day=formats.day_short(found.week.until)
    )
    rows = [row for row in found.risers if row.reason not in {None, NOT_CONFIGURED}][:LINES]
    if not found.compared:
        return View(
            "risers", title, about, foot, old=old,
            why=_("There are fewer than four weeks to compare with."), act=words.load(),
        )  # fmt: skip
    if not rows:
        return View(
            "risers", title, about, foot, calm=True, old=old,
            why=_("No reason rose by more than chance."),
            act=_("Reasons with fewer than ten contacts a week are not judged."),
        )  # fmt: skip
    most = longest([row.n for row in rows])
    lines = [_line(store, place, row, most, on) for place, row in enumerate(rows, 1)]
    note = _("No other reason rose by more than chance.") if len(lines) < LINES else ""
    return View("risers", title, about, foot, Lines(tuple(lines), note), old=old)


def _line(store: Store, place: int, row: Riser, most: float, on: date) -> Line:
    cause = words.cause_of(store, row.reason, on)
    title = words.reason_title(store, row.reason)
    change, said = Change("▲", "", f"▲ {_('more')}", None), ""
    if row.usual is not None:
        change = Change("▲", formats.number(row.more), "", None)
        said = _("usually {n}").format(n=formats.number(row.usual))
    return Line(
        place,
        title,
        formats.number(row.n),
        row.n / most,
        change,
        words.cause_title(store, cause, title),
        words.solving(store, row.reason, cause, on),
        None if row.usual is None else row.usual / most,
        said,
        _("complaints") if row.complaints else _("contacts"),
    )
