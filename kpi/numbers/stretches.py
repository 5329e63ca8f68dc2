"""Weeks or months in which a number differed from what it was otherwise: what moved, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import INDICATIVE, Kind, Kpi
from kpi.numbers.problem import find
from kpi.numbers.told import told_of
from kpi.periods import Period, buckets, days_of
from kpi.results import driver
from kpi.stats import wilson

if TYPE_CHECKING:
    from kpi.store import Store

#: How far back is looked, so that the first weeks of a period have something to differ from: long
#: before a short period, a little before a long one.
_BEFORE, _BEFORE_LONG, _LONG = timedelta(weeks=26), timedelta(weeks=8), 190
#: Weeks that ended no longer ago than this are said to last: chance may have ended them. Of months
#: each is too long for that.
_TAIL = {"week": 2}
#: From this part of all periods on, what it was at first is a time to compare with.
_FIRST = 0.2
#: A run that begins in this first part of all periods began with them.
_EDGE = 0.1
#: What is a number of rows of another number, and how that is said.
FACTORS = {Kind.SHARE: 100.0, Kind.CHURN: 100.0, Kind.PER_CUSTOMERS: 1000.0}
#: Fewest hits of a rate that a stretch is made of; a share has its rows.
_HITS = 20
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Side:
    """The periods inside a stretch, or all others: hits, how many periods, value and interval."""

    hits: float
    periods: int
    value: float
    low: float
    high: float

    @property
    def each(self) -> float:
        """Hits per period."""
        return self.hits / self.periods if self.periods else 0.0


@dataclass(frozen=True)
class Stretch:
    """Periods in a row in which a KPI of a group differed surely from all its other periods.

    Attributes:
        kpi, group: what differed, and of which value of the dimension asked (None: unknown).
        since, until: the first and the last period (names of the grain).
        lasting: whether it goes on: the last period is the last there is, or nearly.
        sure: whether that is sure: it is the last there is.
        inside, outside: what it was in these periods and in the others.
    """

    kpi: str
    group: str | None
    since: str
    until: str
    lasting: bool
    inside: Side
    outside: Side
    sure: bool = True

    @property
    def strength(self) -> float:
        """How far apart, in widths of the intervals; 0 where these overlap."""
        now, then = self.inside, self.outside
        if now.low <= then.high and then.low <= now.high:
            return 0.0
        return abs(now.value - then.value) / ((now.high - now.low + then.high - then.low) or 1.0)


def stretches(
    store: Store,
    names: Sequence[str],
    filters: Filters,
    scope: Scope = EVERYTHING,
    *,
    by: str = "process",
    grain: str = "week",
    back: timedelta | None = None,
    ahead: date | None = None,
) -> list[Stretch]:
    """The surest stretch of each KPI and group that reaches into the period of `filters`.

    Args:
        store, names, filters, scope: as in `ask`; KPIs that are no share or rate are passed over,
            and `filters` must name a period.
        by: the dimension whose groups are looked at.
        grain: week or month.
        back: how long before the period is looked at too.
        ahead: up to when after it.

    Raises:
        AskProblem: as `ask`.
    """
    if filters.since is None or filters.until is None:
        raise ValueError("stretches are of a period that is named")
    kpis = {kpi.name: kpi for kpi in map(find, names) if kpi.kind in FACTORS}
    if back is None:
        back = _BEFORE_LONG if (filters.until - filters.since).days > _LONG else _BEFORE
    reach = Period(filters.since, filters.until)
    span = Period(filters.since - back, max(filters.until, ahead or filters.until))
    # One that is not whole would seem to differ by its days alone.
    whole = [name for name, days in buckets(span, grain) if days.days == days_of(name, grain).days]
    series: dict[tuple[str, str | None], dict[str, tuple[float, float]]] = {}
    asked = filters.during(span.since, span.until)
    for kpi, (group, name), told in told_of(store, list(kpis.values()), asked, (by, grain), scope):
        if name is not None:
            series.setdefault((kpi, group), {})[name] = told
    begun = _begun(kpis, series)
    found = []
    order = list(kpis)
    for (kpi, group), own in sorted(
        series.items(), key=lambda one: (order.index(one[0][0]), one[0][1] is None, one[0][1] or "")
    ):
        known = [name for name in whole if name in own and name >= begun[kpi]]
        made = _stretch(kpis[kpi], group, known, [own[name] for name in known])
        there = known
        while made is not None and not _reaches(made, reach, grain):
            # What lies apart from the period hides nothing in it, and was not usual either.
            there = [name for name in there if not made.since <= name <= made.until]
            made = _stretch(kpis[kpi], group, there, [own[name] for name in there])
        if made is not None and made.strength:
            after = len(known) - 1 - known.index(made.until)
            lasting = after <= _TAIL.get(grain, 0)
            found.append(replace(made, lasting=lasting, sure=not after))
    return found


def _reaches(one: Stretch, period: Period, grain: str) -> bool:
    first, last = days_of(one.since, grain).since, days_of(one.until, grain).until
    return first <= period.until and last >= period.since


def _begun(
    kpis: Sequence[str] | dict[str, Kpi],
    series: dict[tuple[str, str | None], dict[str, tuple[float, float]]],
) -> dict[str, str]:
    """The first period in which each KPI has a hit in any group: nothing is known of those before."""
    found = dict.fromkeys(kpis, "9999")
    for (kpi, _group), own in series.items():
        hit = min((name for name, (hits, _rows) in own.items() if hits), default="9999")
        found[kpi] = min(found[kpi], hit)
    return found


def _stretch(
    kpi: Kpi, group: str | None, names: Sequence[str], series: Sequence[tuple[float, float]]
) -> Stretch | None:
    runs = [one for one in driver.runs(series) if one is not None]
    best = max(runs, key=lambda one: one.sureness, default=None)
    if best is None:
        return None
    first, last = best.first, best.last
    if first <= _EDGE * len(series) and _FIRST * len(series) <= last + 1 < len(series):
        # What was otherwise at first is told as what it became; a short beginning is just that.
        first, last = last + 1, len(series) - 1
    first, last = _whole(kpi, series, first, last)
    inside, outside = _sides(kpi, series, first, last)
    if inside is None or outside is None:
        return None
    if kpi.kind is not Kind.SHARE and max(inside.hits, outside.hits) < _HITS:
        return None
    return Stretch(kpi.name, group, names[first], names[last], False, inside, outside)


def _whole(
    kpi: Kpi, series: Sequence[tuple[float, float]], first: int, last: int
) -> tuple[int, int]:
    """With the periods right before and after that surely differ the same way as well.

    The surest run leaves out the last of a rush that dies down, and with that it would be called
    over while it is not.
    """
    inside, outside = _sides(kpi, series, first, last)
    if inside is None or outside is None:
        return first, last
    higher = inside.value > outside.value

    def differs(place: int) -> bool:
        one = _side(kpi, series[place : place + 1])
        return one is not None and (one.low > outside.high if higher else one.high < outside.low)

    while first > 0 and differs(first - 1):
        first -= 1
    while last + 1 < len(series) and differs(last + 1):
        last += 1
    return first, last


def _sides(
    kpi: Kpi, series: Sequence[tuple[float, float]], first: int, last: int
) -> tuple[Side | None, Side | None]:
    return (
        _side(kpi, series[first : last + 1]),
        _side(kpi, [*series[:first], *series[last + 1 :]]),
    )


def _side(kpi: Kpi, periods: Sequence[tuple[float, float]]) -> Side | None:
    hits, rows = (sum(one[place] for one in periods) for place in (0, 1))
    interval = wilson(hits, rows)
    if interval is None or rows < INDICATIVE:
        return None
    factor = FACTORS[kpi.kind]
    low, high = (factor * one for one in interval)
    return Side(hits, len(periods), factor * hits / rows, low, high)
