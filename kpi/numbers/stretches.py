"""Weeks in which a share differed from what it was otherwise: what moved within a long period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import INDICATIVE, Kind
from kpi.numbers.answering import ask
from kpi.numbers.problem import find
from kpi.periods import Period, buckets
from kpi.results import driver
from kpi.stats import wilson

if TYPE_CHECKING:
    from kpi.store import Store

#: Weeks looked at before the period, so that its first weeks have something to differ from.
_BEFORE = timedelta(weeks=8)
#: Ended no more weeks ago than this: it is said to last.
_TAIL = 2
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Stretch:
    """Weeks in a row in which a KPI of a process differed surely from all its other weeks.

    Attributes:
        kpi, process: what differed, and of which process (None: unknown).
        since, until: the first and the last week (ISO names).
        lasting: whether it goes on: the last week is the last there is, or nearly.
        inside, outside: value and 95 % interval in these weeks and in the others, percent.
    """

    kpi: str
    process: str | None
    since: str
    until: str
    lasting: bool
    inside: Interval
    outside: Interval

    @property
    def strength(self) -> float:
        """How far apart, in widths of the intervals; 0 where these overlap."""
        (now, low, high), (before, low_before, high_before) = self.inside, self.outside
        if low <= high_before and low_before <= high:
            return 0.0
        return abs(now - before) / ((high - low + high_before - low_before) or 1.0)


def stretches(
    store: Store, names: Sequence[str], filters: Filters, scope: Scope = EVERYTHING
) -> list[Stretch]:
    """The surest stretch of each share and process that reaches into the period of `filters`.

    Raises:
        AskProblem: as `ask`; `filters` must name a period.
    """
    if filters.since is None or filters.until is None:
        raise ValueError("stretches are of a period that is named")
    kpis = [name for name in names if find(name).kind is Kind.SHARE]
    start, end = filters.since - _BEFORE, filters.until
    weeks = [
        name
        for name, days in buckets(Period(start, end), "week")
        # A week that is not whole would seem to differ by its days alone.
        if days.days == 7
    ]
    series: dict[tuple[str, str | None], dict[str, tuple[float, float]]] = {}
    for one in ask(store, kpis, filters.during(start, end), ("process", "week"), scope):
        week = one.by["week"]
        if week is not None and not one.partial:
            own = series.setdefault((one.kpi, one.by["process"]), {})
            own[week] = (one.numerator or 0.0, one.denominator or 0.0)
    found = []
    for (kpi, process), own in series.items():
        known = [week for week in weeks if week in own]
        made = _stretch(kpi, process, known, [own[week] for week in known])
        if made is not None and made.until >= _week(filters) and made.strength:
            found.append(made)
    return found


def _week(filters: Filters) -> str:
    assert filters.since is not None
    return "{:04d}-W{:02d}".format(*filters.since.isocalendar()[:2])


def _stretch(
    kpi: str, process: str | None, weeks: Sequence[str], series: Sequence[tuple[float, float]]
) -> Stretch | None:
    runs = [one for up in (True, False) if (one := driver.run(series, up)) is not None]
    best = max(runs, key=lambda one: one.sureness, default=None)
    if best is None:
        return None
    first, last = best.first, best.last
    if first == 0 and last < len(series) - 1:
        # What was otherwise at first is told as what it became.
        first, last = last + 1, len(series) - 1
    inside = _share(series[first : last + 1])
    outside = _share([*series[:first], *series[last + 1 :]])
    if inside is None or outside is None:
        return None
    lasting = last >= len(series) - 1 - _TAIL
    return Stretch(kpi, process, weeks[first], weeks[last], lasting, inside, outside)


def _share(weeks: Sequence[tuple[float, float]]) -> Interval | None:
    hits, rows = (sum(one[place] for one in weeks) for place in (0, 1))
    interval = wilson(hits, rows)
    if interval is None or rows < INDICATIVE:
        return None
    return 100 * hits / rows, 100 * interval[0], 100 * interval[1]
