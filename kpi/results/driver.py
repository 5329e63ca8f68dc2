"""What stands behind a change: the groups that share it, and the weeks in which it happened.

Pure arithmetic on sums. A share p = a / d changes by the sum over groups g of
a_g(now) / d(now) - a_g(before) / d(before): parts that add up exactly, whatever the mix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Key = tuple[str | None, ...]
Floats = NDArray[np.float64]

#: The largest part is worth naming from this share of what moved the same way.
TELLING = 0.3
#: And when it is this many times the next: of two that share it alike, "mostly" the one is not true.
AHEAD = 1.25
#: A run of weeks is told apart from the others from this log-likelihood ratio: about one chance in
#: a thousand for one run, and there are some hundreds of runs in half a year.
SURE = 11.0
#: Of runs that go on up to the last week there are some tens, not hundreds: this much makes one as
#: sure (in noise that is no more than noise either is found in fewer than one in a thousand), and
#: what has just begun is told weeks earlier.
SURE_NOW = 8.0


@dataclass(frozen=True)
class Part:
    """One group's part of a change; `amount` in the KPI's own unit."""

    key: Key
    amount: float


@dataclass(frozen=True)
class Run:
    """Places `first` to `last` (both included) of a series that lie apart from the others."""

    first: int
    last: int
    sureness: float


def parts(
    now: Mapping[Key, float], before: Mapping[Key, float], all_now: float, all_before: float,
    factor: float = 1.0,
) -> list[Part]:  # fmt: skip
    """Each group's part of `factor` * (sum(now) / all_now - sum(before) / all_before)."""
    if not all_now or not all_before:
        return []
    return [
        Part(
            key, factor * (now.get(key, 0.0) / all_now - before.get(key, 0.0) / all_before)
        )
        for key in dict.fromkeys((*now, *before))
    ]  # fmt: skip


def shifts(
    now: Mapping[Key, tuple[float, float]], before: Mapping[Key, tuple[float, float]]
) -> list[Part]:
    """For values that do not add up (a median): each group's own change, weighed by its rows now.

    Both map a group to its value and how many rows stand behind it; groups that were not there
    before have no change.
    """
    total = sum(n for _value, n in now.values())
    return [
        Part(key, n / total * (value - before[key][0]))
        for key, (value, n) in now.items()
        if key in before and total
    ]


def largest(found: Sequence[Part], change: float) -> Part | None:
    """The group that has most of what moved as the whole did; None where none stands out.

    Unknown groups (a key with None) explain nothing, but do count in the whole.
    """
    same_way = [part for part in found if part.amount * change > 0]
    moved = sum(abs(part.amount) for part in same_way)
    known = [part for part in same_way if part.key[0] is not None]
    sizes = [*sorted((abs(part.amount) for part in known), reverse=True), 0.0, 0.0]
    if not known or sizes[0] < max(TELLING * moved, AHEAD * sizes[1]):
        return None
    return max(known, key=lambda part: abs(part.amount))


def run(series: Sequence[tuple[float, float]], up: bool) -> Run | None:
    """The weeks whose share differs most surely from that of all others, in the direction asked."""
    higher, lower = runs(series)
    return higher if up else lower


def runs(series: Sequence[tuple[float, float]]) -> tuple[Run | None, Run | None]:
    """The weeks whose share is most surely higher than that of all others, and those where it is lower.

    `series` holds numerator and denominator per week. Every run of weeks, but not nearly all of
    them, is held against the rest by the likelihood ratio of two binomials; None when no run is
    sure. Source: Kulldorff, A spatial scan statistic (1997), in one dimension.
    """
    count = len(series)
    sums = np.zeros((2, count + 1))
    sums[:, 1:] = np.cumsum(np.array(series, dtype=np.float64).reshape(count, 2).T, axis=1)
    first, last = _every(count)
    (a, n), whole = sums[:, last + 1] - sums[:, first], sums[:, -1]
    b, m = whole[0] - a, whole[1] - n
    told = (n != 0) & (m != 0)
    if not told.all():
        first, last, a, n, b, m = (each[told] for each in (first, last, a, n, b, m))
    sureness = _likelihood(a, n) + _likelihood(b, m) - _likelihood(a + b, n + m)
    enough = np.where(last == count - 1, SURE_NOW, SURE)
    sure = np.flatnonzero(sureness >= enough)
    higher = a[sure] / n[sure] > b[sure] / m[sure]

    def surest(of: NDArray[np.int64]) -> Run | None:
        if not len(of):
            return None
        best = of[np.argmax(sureness[of])]
        return Run(int(first[best]), int(last[best]), float(sureness[best]))

    return surest(sure[higher]), surest(sure[~higher])


@lru_cache(maxsize=32)
def _every(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last place of each run among so many weeks, but of those of nearly all."""
    first, last = np.triu_indices(count)
    short = last - first < max(1, int(count * 0.8))
    return first[short], last[short]


def _likelihood(hits: Floats, rows: Floats) -> Floats:
    """The log-likelihood of shares at their best estimates."""
    share = hits / rows
    inside = (share > 0) & (share < 1)
    # Of none and of all of them it is 0, whatever is written in the place of that share.
    share[~inside] = 0.5
    found: Floats = hits * np.log(share) + (rows - hits) * np.log(1 - share)
    found[~inside] = 0.0
    return found
