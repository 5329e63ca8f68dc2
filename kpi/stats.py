"""Intervals, quantiles and survival: pure functions of counts, vectorised over groups.

No scipy in the product: the few distributions needed are computed here and held against scipy and
lifelines in the tests. All intervals are 95 % unless a `z` or `level` says otherwise.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.student import Z95, student_t
from kpi.tally import Floats, Tally, Whole, merged

#: Running sums over many groups leave rounding in the last digits.
_TINY = 1e-9


def wilson(hits: float, n: float, z: float = Z95) -> tuple[float, float] | None:
    """Wilson score interval of a proportion, 0-1; None when n is 0.

    Source: E. B. Wilson, JASA 22 (1927), 209-212.
    """
    if n <= 0:
        return None
    p, z2 = hits / n, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = 0.0 if hits <= 0 else max(0.0, centre - half)
    high = 1.0 if hits >= n else min(1.0, centre + half)
    return low, high


def newcombe(
    hits: float, n: float, other_hits: float, other_n: float
) -> tuple[float, float, float] | None:
    """Difference of two proportions (first minus other) with Newcombe's hybrid score interval.

    Returns (difference, low, high), each -1..1; None when either n is 0. Source: R. G. Newcombe,
    Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    first, other = wilson(hits, n), wilson(other_hits, other_n)
    if first is None or other is None:
        return None
    p, q = hits / n, other_hits / other_n
    below = math.hypot(p - first[0], other[1] - q)
    above = math.hypot(first[1] - p, q - other[0])
    return p - q, p - q - below, p - q + above


def mean_interval(n: int, total: float, squares: float) -> tuple[float, float, float] | None:
    """Mean of n values with Student's t interval, from their sum and sum of squares.

    Returns (mean, low, high); low and high are nan when n is 1, None when n is 0.
    """
    if n <= 0:
        return None
    mean = total / n
    if n == 1:
        return mean, math.nan, math.nan
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    half = student_t(n - 1) * math.sqrt(variance / n)
    return mean, mean - half, mean + half


def welch(
    n: int, total: float, squares: float, other_n: int, other_total: float, other_squares: float
) -> tuple[float, float, float] | None:
    """Difference of two means (first minus other) with Welch's interval, from their sums.

    Returns (difference, low, high); low and high are nan when either n is 1 or nothing varies,
    None when either n is 0. Source: B. L. Welch, Biometrika 34 (1947), 28-35.
    """
    if n <= 0 or other_n <= 0:
        return None
    mean, other = total / n, other_total / other_n
    difference = mean - other
    if n == 1 or other_n == 1:
        return difference, math.nan, math.nan
    part = max(0.0, (squares - n * mean * mean) / (n - 1)) / n
    rest = max(0.0, (other_squares - other_n * other * other) / (other_n - 1)) / other_n
    if part + rest == 0:
        return difference, math.nan, math.nan
    freedom = (part + rest) ** 2 / (part**2 / (n - 1) + rest**2 / (other_n - 1))
    half = student_t(freedom) * math.sqrt(part + rest)
    return difference, difference - half, difference + half


@lru_cache(maxsize=4096)
def median_ranks(n: int) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics that bound a median with at least 95 %.

    Exact binomial up to 1,000 values, its normal approximation above; None below six values,
    where no two ranks reach 95 %. Source: Conover, Practical Nonparametric Statistics, 3.2.
    """
    if n < 6:
        return None
    if n > 1000:
        low = math.floor(n / 2 - Z95 * math.sqrt(n) / 2)
    else:
        total, chosen, low = 0, 1, 0
        limit = 2**n / 40
        while total + chosen <= limit:
            total += chosen
            low += 1
            chosen = chosen * (n - low + 1) // low
    return low, n - low + 1


@dataclass(frozen=True)
class Durations:
    """Durations of many groups, sorted by group and length, equal ones counted together.

    Attributes:
        start: first position of each group in the arrays below; one more closes the last group.
        length: durations, in any unit.
        events: how many ended at that length.
        censored: how many were last seen, not ended, at that length.
    """

    start: Whole
    length: Floats
    events: Floats
    censored: Floats

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.start) - 1

    @classmethod
    def of(
        cls,
        group: Whole,
        length: Floats,
        events: Floats,
        censored: Floats | None = None,
        groups: int | None = None,
    ) -> Durations:
        """Sort and merge rows (group number from 0, length, how many ended, how many censored)."""
        if censored is None:
            censored = np.zeros(len(length))
        if groups is None:
            groups = int(group.max()) + 1 if len(group) else 0
        order = _by_group_and_length(group, length, groups)
        group, length = group[order], length[order]
        events, censored = events[order], censored[order]
        if len(group):
            first = np.flatnonzero(
                np.r_[True, (group[1:] != group[:-1]) | (length[1:] != length[:-1])]
            )
            events = np.add.reduceat(events, first)
            censored = np.add.reduceat(censored, first)
            group, length = group[first], length[first]
        start = np.searchsorted(group, np.arange(groups + 1))
        return cls(start.astype(np.int64), length, events, censored)

    @classmethod
    def apart(cls, ended: Sequence[Tally], censored: Sequence[Tally]) -> Durations:
        """The same of tallies: per group of those that ended, and of those last seen not ended."""
        parts = [merged(of_ended, gone) for of_ended, gone in zip(ended, censored, strict=True)]
        sizes = [0, *(len(length) for length, _events, _censored in parts)]
        none = np.zeros(0)
        length, events, gone = (
            np.concatenate([none, *(part[place] for part in parts)]) for place in range(3)
        )
        return cls(np.cumsum(sizes), length, events, gone)


def _by_group_and_length(group: Whole, length: Floats, groups: int) -> Whole:
    """The order of rows by group and length; quick where the groups come in their order."""
    if not len(group) or np.any(group[1:] < group[:-1]):
        return np.asarray(np.lexsort((length, group)), dtype=np.int64)
    start = np.searchsorted(group, np.arange(groups + 1))
    parts = [low + np.argsort(length[low:high]) for low, high in itertools.pairwise(start)]
    return np.asarray(np.concatenate(parts), dtype=np.int64)


def quantiles(durations: Durations, shares: tuple[float, ...]) -> list[Floats]:
    """Plain quantiles of the events per group, interpolated linearly (as quantile_cont does).

    One array per share, nan for a group without events. Source: Hyndman and Fan, type 7.
    """
    total = _group_sums(durations, durations.events)
    ends = np.cumsum(durations.events)
    before = _before(ends, durations)
    found: list[Floats] = []
    for share in shares:
        rank = (total - 1) * share
        lower = _at_rank(durations, ends, before, np.floor(rank))
        upper = _at_rank(durations, ends, before, np.ceil(rank))
        part = rank - np.floor(rank)
        found.append(np.where(total > 0, lower + (upper - lower) * part, np.nan))
    return found


def _group_sums(durations: Durations, values: Floats) -> Floats:
    sums = _sums_before(values)
    return np.asarray(sums[durations.start[1:]] - sums[durations.start[:-1]], dtype=np.float64)


def _sums_before(values: Floats) -> Floats:
    """Before each value the sum of those before it, and at last that of all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _before(ends: Floats, durations: Durations) -> Floats:
    """Events in all groups before each group."""
    return np.asarray(np.r_[0.0, ends][durations.start[:-1]], dtype=np.float64)


def _at_rank(durations: Durations, ends: Floats, before: Floats, rank: Floats) -> Floats:
    """Length of the event at `rank` (from 0) of each group; anything for an empty group."""
    if not len(durations.length):
        return np.full(durations.groups, np.nan)
    place = np.searchsorted(ends, before + np.maximum(rank, 0), side="right")
    return np.asarray(durations.length[np.minimum(place, len(durations.length) - 1)])


@dataclass(frozen=True)
class Survival:
    """Kaplan-Meier per group: at each length the share not yet ended, and its 95 % band."""

    durations: Durations
    share: Floats
    low: Floats
    high: Floats

    def reached(self, share: float) -> Floats:
        """First length at which no more than `share` is left, per group; nan if never."""
        return self._first(self.share, share)

    def reached_interval(self, share: float) -> tuple[Floats, Floats]:
        """Interval of `reached`: where the band's lower and upper edge come down to `share`.

        Source: Brookmeyer and Crowley, Biometrics 38 (1982), 29-41.
        """
        return self._first(self.low, share), self._first(self.high, share)

    def _first(self, curve: Floats, share: float) -> Floats:
        start, length = self.durations.start, self.durations.length
        below = np.flatnonzero(curve <= share + _TINY)
        if not len(below):
            return np.full(self.durations.groups, np.nan)
        place = np.searchsorted(below, start[:-1])
        found = below[np.minimum(place, len(below) - 1)]
        inside = (place < len(below)) & (found >= start[:-1]) & (found < start[1:])
        return np.asarray(np.where(inside, length[found], np.nan), dtype=np.float64)


def kaplan_meier(durations: Durations, z: float = Z95) -> Survival:
    """Product-limit estimate per group, with Greenwood's variance and a log-log band.

    A censored row counts as present at its own length. Where everybody left has ended (share 0)
    the band is not defined and is nan. Source: Kalbfleisch and Prentice, The Statistical Analysis
    of Failure Time Data, 1.4.
    """
    gone = durations.events + durations.censored
    total = _group_sums(durations, gone)
    sums = _sums_before(gone)
    sizes = np.diff(durations.start)
    offset = np.repeat(sums[durations.start[:-1]], sizes)
    at_risk = np.repeat(total, sizes) - (sums[:-1] - offset)
    events = durations.events
    last = events >= at_risk
    left = np.where(last, 1.0, at_risk - events)
    log_share = _running(durations, np.where(last, 0.0, np.log(left / np.maximum(at_risk, 1.0))))
    variance = _running(durations, np.where(last, 0.0, events / (np.maximum(at_risk, 1.0) * left)))
    # Where the last ones end the share is 0 from there on: it is the group's last length.
    share = np.where(last, 0.0, np.exp(log_share))
    some = (log_share < 0) & ~last
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(some, z * np.sqrt(variance) / np.abs(log_share), 0.0)
        low = np.where(last, np.nan, np.where(some, share ** np.exp(spread), 1.0))
        high = np.where(last, np.nan, np.where(some, share ** np.exp(-spread), 1.0))
    return Survival(durations, share, low, high)


def _running(durations: Durations, values: Floats) -> Floats:
    """Running sum that starts anew with each group."""
    sums = _sums_before(values)
    offset = np.repeat(sums[durations.start[:-1]], np.diff(durations.start))
    return np.asarray(sums[1:] - offset, dtype=np.float64)


def median_interval(tally: Tally) -> tuple[float, float]:
    """Order-statistics interval of the median of the numbers of a tally; nan below six."""
    ranks = median_ranks(tally.n)
    if ranks is None:
        return math.nan, math.nan
    low, high = tally.ranked([rank - 1 for rank in ranks])
    return low, high


def plain_quantiles(ordered: NDArray[Any], shares: tuple[float, ...]) -> list[float]:
    """Quantiles of one sorted array, interpolated linearly; nan when it is empty."""
    if not len(ordered):
        return [math.nan] * len(shares)
    found = []
    for share in shares:
        rank = (len(ordered) - 1) * share
        low = math.floor(rank)
        high = min(low + 1, len(ordered) - 1)
        found.append(float(ordered[low] + (ordered[high] - ordered[low]) * (rank - low)))
    return found
