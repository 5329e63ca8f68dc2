"""Signals of a KPI over time: frozen limits from before the period, and what lies beyond them.

signals(store, "avoidable", Filters.of(since, until), by=("process",))
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import Kind, Kpi, Result, Unit
from kpi.numbers.answering import ask
from kpi.numbers.known import known_from
from kpi.numbers.periods import period_of
from kpi.numbers.problem import find
from kpi.periods import Period, add_months, buckets, days_of
from kpi.query.question import Key
from kpi.results.signals import PREFERRED, Charted, Control, Method, Observed, control

if TYPE_CHECKING:
    from kpi.store import Store

#: Longest period, in days, that is judged by week when nobody said.
_WEEKLY = 400
#: What limits follow the rows of, by kind.
_METHODS = {
    Kind.SHARE: Method.P,
    Kind.DISTINCT: Method.P,
    Kind.CHURN: Method.P,
    Kind.PER_HOUR: Method.U,
    Kind.PER_CUSTOMERS: Method.U,
}


def signals(
    store: Store,
    name: str,
    filters: Filters,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
    *,
    grain: str = "",
) -> dict[Key, Charted]:
    """Limits and signals over the period of `filters`, per combination of `by`.

    The limits are those of the periods before it, twenty where there are so many and twelve at
    least; else those of its own beginning. Periods that are not whole, and those that rest on fewer
    than ten rows, are passed over. A group with fewer than twelve others is left out.

    Args:
        store, name, filters, by, scope: as in `ask`; `by` without a time grain.
        grain: day, week, month or quarter; without it weeks, and months of a long period.
    """
    kpi = find(name)
    period = period_of(store, kpi, filters)
    if period is None:
        return {}
    grain = grain or ("week" if period.days <= _WEEKLY else "month")
    start = _back(period, grain)
    span = Period(start, period.until)
    names = [bucket for bucket, days in buckets(span, grain) if days.days == _whole(bucket, grain)]
    # What was before the extract began is no baseline: nobody seems to have left there.
    known = known_from(store, kpi) or date.min
    found: dict[Key, dict[str, Result]] = {}
    for one in ask(store, [name], filters.during(span.since, span.until), (*by, grain), scope):
        bucket = one.by[grain]
        if bucket is not None and not one.partial and _since(bucket, grain) >= known:
            found.setdefault(tuple(one.by[part] for part in by), {})[bucket] = one
    # No whole one of a period that is shorter: nothing of it is judged.
    asked = next(
        (i for i, one in enumerate(names) if _since(one, grain) >= period.since), len(names)
    )
    charts = {}
    for key, own in found.items():
        # Nothing is known of the time before the first of it.
        first = next((i for i, bucket in enumerate(names) if bucket in own), 0)
        there = names[first:]
        while there and there[-1] not in own:
            there = there[:-1]
        results = tuple(own.get(bucket) for bucket in there)
        made = chart(kpi, results, max(0, asked - first))
        if made is not None:
            charts[key] = Charted(grain, tuple(there), results, max(0, asked - first), made)
    return charts


def chart(kpi: Kpi, results: Sequence[Result | None], upto: int) -> Control | None:
    """The limits and signals of one series of results; None where they are too few."""
    bounded = kpi.unit is Unit.PERCENT
    signed = kpi.unit in {Unit.NPS, Unit.POINTS} or kpi.options.get("counts") == "net"
    return control(
        [_observed(one) for one in results],
        upto,
        method=_METHODS.get(kpi.kind),
        least=None if signed else 0.0,
        most=100.0 if bounded else None,
    )


def _observed(one: Result | None) -> Observed:
    if one is None or one.value is None or one.too_few:
        return Observed(None)
    return Observed(one.value, one.numerator, one.denominator)


def _back(period: Period, grain: str) -> date:
    """The first day of the periods that the baseline is sought in."""
    if grain == "day":
        return period.since - timedelta(days=PREFERRED)
    if grain == "week":
        monday = period.since - timedelta(days=period.since.isoweekday() - 1)
        return monday - timedelta(weeks=PREFERRED)
    months = PREFERRED * (3 if grain == "quarter" else 1)
    first = period.since.replace(day=1)
    if grain == "quarter":
        first = first.replace(month=first.month - (first.month - 1) % 3)
    return add_months(first, -months)


def _whole(bucket: str, grain: str) -> int:
    return days_of(bucket, grain).days


def _since(bucket: str, grain: str) -> date:
    return days_of(bucket, grain).since
