"""An owner's desk in numbers: working time between moments, ages of open cases, who took how long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.results.durations import spread, tally
from kpi.results.keys import rows
from kpi.tally import NOTHING

Columns = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]
_HOUR = 3600.0
#: Points of a curve that can be told apart on screen.
_MOST_DRAWN = 120
#: Upper bounds, in days, of the classes of age; the last class has none.
AGES = (2, 5, 10, 20)


def working_hours(days: Columns, since: NDArray[Any], until: NDArray[Any]) -> Floats:
    """Open hours of a calendar from each moment of `since` to that of `until` (UTC).

    `days` are its open days in order: opens_at, open_hours, open_hours_before. What lies outside
    them counts nothing.
    """
    if not len(days["opens_at"]):
        return np.zeros(len(since))
    return np.maximum(0.0, _open_until(days, until) - _open_until(days, since))


def hours_between(days: Columns, since: datetime, until: datetime) -> float:
    """The same for one pair of moments."""
    return float(working_hours(days, np.array([since], "M8[us]"), np.array([until], "M8[us]"))[0])


def _open_until(days: Columns, moments: NDArray[Any]) -> Floats:
    """Open hours before each moment, by the calendar's own count."""
    opens = days["opens_at"].astype("datetime64[us]")
    hours = days["open_hours"].astype(float)
    before = days["open_hours_before"].astype(float)
    at = moments.astype("datetime64[us]")
    place = np.searchsorted(opens, at, side="right") - 1
    inside = np.maximum(place, 0)
    elapsed = (at - opens[inside]) / np.timedelta64(1, "us") / (1e6 * _HOUR)
    found = before[inside] + np.clip(elapsed, 0.0, hours[inside])
    return np.asarray(np.where(place < 0, before[0], found), dtype=np.float64)


@dataclass(frozen=True)
class Stay:
    """How long one department (None: unknown) had the cases it got.

    Attributes:
        n: how many times it got one.
        hours: working hours that it had them, all together.
        share: percent of the working hours of all departments.
        p50, p90: working hours that half and nine of ten stays took at most.
    """

    department: str | None
    n: int
    hours: float
    share: float
    p50: float
    p90: float


def stays(columns: Columns, days: Columns) -> list[Stay]:
    """Per department how long it had its cases, the most working time first."""
    had = {
        department: np.sort(working_hours(days, _moments(entered), _moments(left)))
        for department, entered, left in zip(
            columns["department"], columns["entered"], columns["left"], strict=True
        )
    }
    total = sum(float(own.sum()) for own in had.values())
    found = []
    for department in sorted(had, key=lambda one: (one is None, one or "")):
        own = had[department]
        p50, p90 = stats.plain_quantiles(own, (0.5, 0.9))
        together = float(own.sum())
        share = 100 * together / total if total else 0.0
        found.append(Stay(department, len(own), together, share, p50, p90))
    return sorted(found, key=lambda one: -one.hours)


def _moments(values: Any) -> NDArray[np.datetime64]:
    """Moments as an array of an engine has them, none of them missing."""
    return np.asarray(np.ma.getdata(values), dtype="datetime64[us]")


@dataclass(frozen=True)
class Age:
    """Open cases of one class of age: from `least` days on, below `most` (None: no end)."""

    least: int
    most: int | None
    n: int
    late: int


def deadlines(columns: Columns, as_of: datetime, until: datetime) -> tuple[int, int, int]:
    """How many open cases are past their deadline, reach it by `until`, and reach it later."""
    known = columns["deadline_at"].astype("datetime64[us]")
    known = known[~np.isnat(known)]
    late = int((known <= np.datetime64(as_of, "us")).sum())
    by_then = int((known <= np.datetime64(until, "us")).sum())
    return late, by_then - late, len(known) - by_then


def ages(columns: Columns, as_of: datetime) -> list[Age]:
    """Open cases by how long they are open, and how many of each are past their deadline."""
    at = np.datetime64(as_of, "us")
    # One without a deadline (not a time) is past none.
    late = columns["deadline_at"].astype("datetime64[us]") <= at
    opened = columns["opened_at"].astype("datetime64[us]")
    days = (at - opened).astype("timedelta64[us]").astype(np.int64) / 86_400e6
    bounds = (0, *AGES)
    found = []
    for least, most in zip(bounds, (*AGES, None), strict=True):
        mask = days >= least if most is None else (days >= least) & (days < most)
        found.append(Age(least, most, int(mask.sum()), int(late[mask].sum())))
    return found


@dataclass(frozen=True)
class Curve:
    """Within how many days which share (percent) was closed; `n` cases stand behind it."""

    days: Floats
    share: Floats
    n: int
    #: How many are known to have taken longer than each of `days`.
    after: NDArray[np.int64]

    def within(self, days: float) -> float:
        """The share (percent) that was closed within so many days."""
        place = bisect_right(self.days, days)
        return float(self.share[place - 1]) if place else 0.0

    def longer(self, days: float) -> int:
        """How many are known to have taken longer than so many days."""
        place = bisect_right(self.days, days)
        return int(self.after[place - 1]) if place else self.n

    def drawn(self, also: Sequence[float] = ()) -> tuple[Sequence[float], Sequence[float]]:
        """Days and share in few enough points for a picture: the first at each step, and the last.

        `also`: days that are a point of it as well.
        """
        steps = np.floor(self.share / 100 * _MOST_DRAWN)
        first = np.r_[True, steps[1:] != steps[:-1]]
        first[-1] = True
        days = sorted({0.0, *self.days[first].tolist(), *also})
        return days, [self.within(one) for one in days]


def closed_curve(columns: Columns) -> Curve | None:
    """Of the cases closed in a period: the share that took no longer than so many days."""
    took = NOTHING
    for row in range(rows(columns)):
        took = took.with_(tally(columns, row))
    n, gone = took.n, np.cumsum(took.times)
    if not n:
        return None
    return Curve(took.values / 86_400, 100 * gone / n, n, np.rint(n - gone).astype(np.int64))


def opened_curve(columns: Columns) -> Curve | None:
    """Of the cases opened in a period, open ones included: the share closed (Kaplan-Meier)."""
    durations = spread(columns, [0] * rows(columns), 1)
    n = int((durations.events + durations.censored).sum())
    if not n:
        return None
    found = stats.kaplan_meier(durations)
    gone = np.cumsum(durations.events + durations.censored)
    return Curve(durations.length, 100 * (1 - found.share), n, np.rint(n - gone).astype(np.int64))
