"""Numbers told as the values there are and how many times each: of a million lengths some thousands differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Values, ascending, no two alike; and how many times each. The arrays are of one length."""

    values: Floats
    times: Floats

    @classmethod
    def of(cls, numbers: Floats) -> Tally:
        """Numbers, none of them nan, counted."""
        ordered = np.sort(numbers)
        first = beginnings(ordered)
        return cls(ordered[first], np.diff(first, append=len(ordered)).astype(np.float64))

    @property
    def n(self) -> int:
        """How many numbers these are."""
        return int(self.times.sum())

    def over(self, unit: float) -> Tally:
        """The same in another, larger unit."""
        return Tally(self.values / unit, self.times)

    def with_(self, other: Tally) -> Tally:
        """The numbers of both."""
        values, own, others = merged(self, other)
        return Tally(values, own + others)

    def ranked(self, ranks: list[int]) -> list[float]:
        """The numbers at some ranks, from 0, of all in order."""
        ends = np.cumsum(self.times)
        places = np.searchsorted(ends, ranks, side="right")
        return [float(self.values[place]) for place in places]

    def quantiles(self, *shares: float) -> list[float]:
        """Quantiles, interpolated linearly as quantile_cont does; nan of no numbers.

        Source: Hyndman and Fan, type 7.
        """
        n = self.n
        if not n:
            return [math.nan] * len(shares)
        ranks = [(n - 1) * share for share in shares]
        lower = [math.floor(rank) for rank in ranks]
        found = self.ranked([*lower, *(min(low + 1, n - 1) for low in lower)])
        return [
            low + (high - low) * (rank - math.floor(rank))
            for rank, low, high in zip(ranks, found, found[len(ranks) :], strict=False)
        ]


#: Of no numbers at all.
NOTHING = Tally(np.zeros(0), np.zeros(0))


def merged(one: Tally, other: Tally) -> tuple[Floats, Floats, Floats]:
    """Each value there is in either, how many times in the one, and how many in the other."""
    if not len(other.values):
        return one.values, one.times, np.zeros(len(one.values))
    if not len(one.values):
        return other.values, np.zeros(len(other.values)), other.times
    values, added = one.values, other.values
    place = np.searchsorted(values, added)
    known = np.zeros(len(added), dtype=bool)
    inside = place < len(values)
    known[inside] = values[place[inside]] == added[inside]
    new = ~known
    # Where those that are in the second only come to stand among those of the first.
    there = place[new] + np.arange(np.count_nonzero(new))
    of_first = np.ones(len(values) + len(there), dtype=bool)
    of_first[there] = False
    every, own, others = np.empty(len(of_first)), np.zeros(len(of_first)), np.zeros(len(of_first))
    every[of_first], every[there] = values, added[new]
    own[of_first], others[there] = one.times, other.times[new]
    others[np.flatnonzero(of_first)[place[known]]] = other.times[known]
    return every, own, others


def beginnings(ordered: NDArray[Any]) -> Whole:
    """Where in values that are in order each new one begins."""
    begins = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return np.flatnonzero(begins)
