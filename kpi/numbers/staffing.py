"""Hours staffed per day: known per date and process, never per hour of the day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers.periods import period_of
from kpi.query.hours import staffed_hours
from kpi.query.question import Question
from kpi.results.hours import Staffing

if TYPE_CHECKING:
    from kpi.store import Store

#: Whose as-of bounds what is told of offered contacts, and so of the hours held against them.
_OFFERED = "offered_per_hour"


def staffed(store: Store, filters: Filters, scope: Scope = EVERYTHING) -> dict[date, float]:
    """Hours staffed per day of the period, up to as-of, of the processes that the filters keep.

    A day of which nothing is known is not there. Other filters than the process do not count:
    nobody is staffed for one channel or one kind of customer.
    """
    kpi = KPIS[_OFFERED]
    period = period_of(store, kpi, filters)
    if period is None:
        return {}
    moment = Moment(store.as_of(kpi.reads))
    question = Question(
        kpi, period, (), ("day",), scope, moment, store.settings.time_zone,
    )  # fmt: skip
    staffing = Staffing.of(question, store.columns(staffed_hours(question)))
    processes = frozenset(filters.values("process")) or None
    if scope.processes is not None:
        processes = scope.processes & processes if processes else scope.processes
    found = {day: staffing.known(day, processes) for day in staffing.hours if day is not None}
    return {date.fromisoformat(day): hours for day, hours in found.items() if hours}
