"""Over which period a question is, when nobody said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpi import query
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Kpi
from kpi.numbers.problem import AskProblem, find
from kpi.periods import Period, add_months, complete_months, month_of
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

#: What there was to do. Customers go back to long before anything was kept about that.
_WORK = frozenset({"prepared_cases", "prepared_contacts"})


def default_period(store: Store, names: Sequence[str]) -> tuple[date, date]:
    """First and last day of the last twelve complete months up to the KPIs' earliest as-of.

    Where no month is complete yet, the months there are.

    Raises:
        AskProblem: nothing is loaded that these KPIs read.
    """
    kpis = [find(name) for name in names]
    known = [as_of for kpi in kpis if (as_of := store.as_of(kpi.reads)) is not None]
    period = _default(store, kpis, min(known, default=None))
    if period is None:
        raise AskProblem(_("Nothing is loaded yet that tells up to when."))
    return period.since, period.until


def first_day(store: Store) -> date | None:
    """The first day of which a case or a contact tells; None where there are none."""
    zone, found = store.settings.time_zone, []
    for of, column in {(kpi.source, kpi.date) for kpi in KPIS.values() if kpi.source in _WORK}:
        [extent] = store.rows(query.extent(of, column))
        if extent["first"] is not None:
            found.append(_day(extent["first"], zone))
    return min(found, default=None)


def period_of(store: Store, kpi: Kpi, filters: Filters) -> Period | None:
    """The period of a question: as asked, completed from as-of; None when nothing tells it."""
    if filters.since and filters.until:
        return Period(filters.since, filters.until)
    if filters.until:
        return Period(add_months(filters.until.replace(day=1), -11), filters.until)
    as_of = store.as_of(kpi.reads)
    if filters.since:
        last = to_local(as_of, store.settings.time_zone).date() if as_of else filters.since
        return Period(filters.since, max(last, filters.since))
    return _default(store, [kpi], as_of)


def _default(store: Store, kpis: Iterable[Kpi], as_of: datetime | None) -> Period | None:
    zone = store.settings.time_zone
    firsts, lasts = [], []
    for of, column in {(kpi.source, _date(kpi)) for kpi in kpis}:
        [extent] = store.rows(query.extent(of, column))
        if extent["first"] is not None:
            firsts.append(_day(extent["first"], zone))
            lasts.append(_day(extent["last"], zone))
    if as_of is None:
        # Customers have no fact times: then the latest day that they tell of.
        if not lasts:
            return None
        as_of = Period(max(lasts), max(lasts)).ends_at(zone)
    months = complete_months(as_of, zone)
    first = min(firsts, default=months.since)
    if first <= months.until:
        return months
    return Period(first.replace(day=1), max(month_of(as_of, zone).until, first))


def _date(kpi: Kpi) -> str:
    # A customership ends in the future when notice was given: its beginning is what is known.
    return "since_day" if kpi.source == "prepared_customers" else kpi.date


def _day(value: date | datetime, zone: str) -> date:
    # A moment is UTC: at local midnight on 1 January it is still the year before.
    return to_local(value, zone).date() if isinstance(value, datetime) else value
