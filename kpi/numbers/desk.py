"""What an owner works with from day to day: cases about to miss their norm, silent ones, who had them.

All as of the data, never as of the clock. Rows about one case are only for who may see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.calendar import DEFAULT_CALENDAR
from kpi.filters import Filters, Where
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers.durations import from_durations
from kpi.numbers.lasting import lasted
from kpi.numbers.problem import AskProblem
from kpi.numbers.still_open import still_open
from kpi.periods import Period
from kpi.query import desk as query
from kpi.query import spans
from kpi.query.question import Question
from kpi.results import desk as results
from kpi.results.desk import Age, Curve, Stay
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

#: Working days ahead that a case is "about to" miss its norm in.
AHEAD = 2
#: Rows shown at most.
MOST = 50
_FAR = timedelta(days=60)
#: Working time from a moment on needs the last open day before it, also after a few days off.
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """Open cases by their deadline.

    Attributes:
        as_of: the moment they are open at (UTC).
        until: the end of the working days ahead (UTC).
        late, due, later: how many are past their deadline, reach it by `until`, or after it.
        ages: all open cases, with a deadline or without, by age.
    """

    as_of: datetime
    until: datetime
    late: int
    due: int
    later: int
    ages: list[Age]


def due(store: Store, process: str, where: Where = (), scope: Scope = EVERYTHING) -> Due | None:
    """Open cases of a process and how many are about to miss its norm; None without cases."""
    _may(scope, process)
    as_of = store.as_of(("cases",))
    if as_of is None:
        return None
    asked = _kept(process, where)
    until = _ahead(store, process, as_of)
    columns = still_open(store, asked, as_of)
    late, soon, later = results.deadlines(columns, as_of, until)
    return Due(as_of, until, late, soon, later, results.ages(columns, as_of))


def about_to_miss(
    store: Store, process: str, found: Due, where: Where = (), scope: Scope = EVERYTHING
) -> list[dict[str, Any]]:
    """The cases that `found` counts as due, the nearest first, `MOST` at most.

    `left_hours` is how many working hours are left.

    Raises:
        AskProblem: rows about one case may not be seen.
    """
    _may_each(scope, process)
    if not found.due:
        return []
    rows = store.rows(query.due(_kept(process, where), found.as_of, found.until, MOST))
    days = _open_days(store, process, _day(store, found.as_of) - _WEEK, _day(store, found.until))
    for row in rows:
        row["left_hours"] = results.hours_between(days, found.as_of, row["deadline_at"])
    return rows


def overdue(
    store: Store, process: str, where: Where = (), scope: Scope = EVERYTHING
) -> list[dict[str, Any]]:
    """Open cases past their deadline, the longest first, `MOST` at most.

    `late_hours` is how many working hours they are past it.

    Raises:
        AskProblem: rows about one case may not be seen.
    """
    _may_each(scope, process)
    as_of = store.as_of(("cases",))
    if as_of is None:
        return []
    rows = store.rows(query.overdue(_kept(process, where), as_of, MOST))
    if rows:
        first = _day(store, rows[0]["deadline_at"]) - _WEEK
        days = _open_days(store, process, first, _day(store, as_of))
        for row in rows:
            row["late_hours"] = results.hours_between(days, row["deadline_at"], as_of)
    return rows


def silent(
    store: Store, process: str, where: Where = (), scope: Scope = EVERYTHING
) -> list[dict[str, Any]]:
    """Open cases without customer contact for five working days, the longest silent first.

    Raises:
        AskProblem: rows about one case may not be seen.
    """
    _may_each(scope, process)
    as_of = store.as_of(("cases", "contacts"))
    if as_of is None:
        return []
    return store.rows(query.silent(_kept(process, where), as_of, MOST))


def stays(store: Store, process: str, filters: Filters, scope: Scope = EVERYTHING) -> list[Stay]:
    """Per department how long it had the cases it got in the period of `filters`.

    In working hours of the process's calendar; who still has one has had it up to as-of.
    """
    _may(scope, process)
    as_of = store.as_of(("cases",))
    if as_of is None or filters.since is None or filters.until is None:
        return []
    asked = _kept(process, filters.where)
    columns = store.columns(query.stays(asked, filters.since, filters.until, as_of))
    if not len(columns["department"]):
        return []
    days = _open_days(store, process, filters.since - _WEEK, _day(store, as_of))
    return results.stays(columns, days)


def curves(
    store: Store, filters: Filters, scope: Scope = EVERYTHING
) -> tuple[Curve | None, Curve | None]:
    """Share closed by days since opening: of the cases closed in the period, and of those opened.

    The second reckons with the cases that are still open (Kaplan-Meier).
    """
    if filters.since is None or filters.until is None:
        raise ValueError("curves are of a period that is named")
    period = Period(filters.since, filters.until)

    def question(name: str) -> Question:
        kpi = KPIS[name]
        at = Moment(store.as_of(kpi.reads))
        zone = store.settings.time_zone
        return Question(kpi, period, filters.where, (), scope, at, zone)

    by_closing, by_opening = question("lead_time_closed"), question("lead_time")
    closed = from_durations(store, by_closing)
    if closed is None:
        closed = store.columns(spans.closed_durations(by_closing))
    opened = lasted(store, [by_opening])[by_opening]
    return results.closed_curve(closed), results.opened_curve(opened)


def _may(scope: Scope, process: str) -> None:
    if scope.screen or not scope.sees(process):
        raise AskProblem(_("This process is not yours to see."))


def _may_each(scope: Scope, process: str) -> None:
    """The same, of single cases."""
    _may(scope, process)
    if not scope.personal:
        raise AskProblem(_("Who they are is not yours to see; the numbers are."))


def _day(store: Store, moment: datetime) -> date:
    return to_local(moment, store.settings.time_zone).date()


def _kept(process: str, where: Where) -> Where:
    return (("process", (process,)), *(pair for pair in where if pair[0] != "process"))


def _ahead(store: Store, process: str, as_of: datetime) -> datetime:
    """The end of the last of the working days ahead."""
    zone = store.settings.time_zone
    today = _day(store, as_of)
    days = _open_days(store, process, today + timedelta(days=1), today + _FAR)["day"]
    last = days[min(AHEAD, len(days)) - 1].astype(object) if len(days) else today
    return Period(last, last).ends_at(zone)


def _open_days(store: Store, process: str, first: date, last: date) -> Any:
    row = store.configuration.row("processes", last, process=process)
    calendar = (row["calendar"] if row else None) or DEFAULT_CALENDAR
    found = store.columns(query.working_days(calendar, first, last))
    if len(found["day"]) or calendar == DEFAULT_CALENDAR:
        return found
    return store.columns(query.working_days(DEFAULT_CALENDAR, first, last))


__all__ = [
    "Age",
    "Curve",
    "Due",
    "Stay",
    "about_to_miss",
    "curves",
    "due",
    "overdue",
    "silent",
    "stays",
]
