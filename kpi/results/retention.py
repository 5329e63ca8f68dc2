"""How long customers stay: Kaplan-Meier over tenure, for what an extract can tell of it.

An extract holds the customers there were when it began, and none who left before. Who was there
already is followed from that day on only (left truncation); else long stays would weigh too much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.model import Note, Result
from kpi.query.question import Key, Question
from kpi.results import notes
from kpi.results.keys import Columns, grouped, order
from kpi.results.notes import Value, result
from kpi.student import Z95
from kpi.text import N_

YEAR_DAYS = 365.25
NOT_FOLLOWED = Note(N_("nobody has been followed for a year yet"))
Days = NDArray[np.int64]


@dataclass(frozen=True)
class Followed:
    """Customership periods as they were followed, one entry per group of equal ones.

    Attributes:
        entry: tenure in days from which on they were followed.
        length: tenure in days when they left, or up to which they are known to have stayed.
        left: whether they left at that tenure.
        n: how many.
    """

    entry: Days
    length: Days
    left: NDArray[np.bool_]
    n: Days

    @classmethod
    def of(
        cls, since: NDArray[np.datetime64], until: NDArray[np.datetime64], n: Days,
        start: date | None, last: date,
    ) -> Followed:  # fmt: skip
        """What is known by the end of the day `last`, of customers followed since `start`."""
        end = np.datetime64(last, "D")
        left = ~np.isnat(until) & (until <= end)
        length = (np.where(left, until, end) - since).astype(np.int64)
        entry = np.zeros(len(length), dtype=np.int64)
        if start is not None:
            entry = np.maximum(0, (np.datetime64(start, "D") - since).astype(np.int64))
        # Who was not yet a customer, or had gone before anybody looked, was not followed.
        kept = (since <= end) & (length >= entry)
        return cls(entry[kept], length[kept], left[kept], n[kept])


@dataclass(frozen=True)
class Stayed:
    """The share that stays longer than a tenure, 0-1, and its 95 % interval."""

    share: float
    low: float | None
    high: float | None


def stayed(followed: Followed, tenure: float) -> Stayed | None:
    """The share still a customer at `tenure` (days); None where nobody was followed so long.

    Product-limit estimate with Greenwood's variance and a log-log interval. Source: Kalbfleisch
    and Prentice, The Statistical Analysis of Failure Time Data, 1.4; left truncation: 1.3.
    """
    share, variance = 1.0, 0.0
    happened = followed.left & (followed.length <= tenure)
    ages, place = np.unique(followed.length[happened], return_inverse=True)
    gone = np.bincount(place, weights=followed.n[happened], minlength=len(ages))
    there = _up_to(followed.entry, followed.n, ages) - _up_to(followed.length, followed.n, ages - 1)
    for events, at_risk in zip(gone.tolist(), there.tolist(), strict=True):
        if events == at_risk:
            return Stayed(0.0, None, None)
        share *= 1 - events / at_risk
        variance += events / (at_risk * (at_risk - events))
    if not (followed.length >= math.floor(tenure)).any():
        return None
    if share == 1.0:
        return Stayed(1.0, 1.0, 1.0)
    spread = Z95 * math.sqrt(variance) / abs(math.log(share))
    return Stayed(share, share ** math.exp(spread), share ** math.exp(-spread))


def _up_to(values: Days, n: Days, bounds: Days) -> Days:
    """How many (counted by `n`) have a value of at most each of the bounds."""
    by_value = np.argsort(values)
    sums = np.concatenate([[0], np.cumsum(n[by_value])])
    found: Days = sums[np.searchsorted(values[by_value], bounds, side="right")]
    return found


def retention_results(question: Question, columns: Columns, start: date | None) -> list[Result]:
    """Still a customer after one year, with two and five beside it, per key.

    Args:
        question: what is asked; each bucket of its grain tells what was known at its end.
        columns: as `tenures` selects them.
        start: the day from which on customers who leave are known.
    """
    group, own = grouped(question.dimensions, columns)
    values: dict[Key, Value] = {}
    if own:
        since = columns["since_day"].astype("datetime64[D]")
        until = columns["until_day"].astype("datetime64[D]")
        n = columns["n"].astype(np.int64)
        for name, days in question.spans():
            last = min(days.until, question.last_told)
            for place, dimensions in enumerate(own):
                mine = group == place
                followed = Followed.of(since[mine], until[mine], n[mine], start, last)
                if len(followed.n):
                    values[_full_key(question, dimensions, name)] = _value(followed)
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _value(followed: Followed) -> Value:
    one, two, five = (stayed(followed, years * YEAR_DAYS) for years in (1, 2, 5))
    total = int(followed.n.sum())
    return Value(
        None if one is None else 100 * one.share,
        total,
        None if one is None or one.low is None else 100 * one.low,
        None if one is None or one.high is None else 100 * one.high,
        numerator=int(followed.n[followed.left].sum()),
        denominator=total,
        notes=(NOT_FOLLOWED,) if one is None else (),
        extras={
            "year_2": None if two is None else 100 * two.share,
            "year_5": None if five is None else 100 * five.share,
        },
    )


def _full_key(question: Question, key: Key, bucket: str | None) -> Key:
    parts = iter(key)
    return tuple(bucket if name in GRAINS else next(parts) for name in question.by)


@dataclass(frozen=True)
class Curve:
    """The share that stays at each of some tenures, of one group; None where not followed so long."""

    group: str | None
    n: int
    points: tuple[Stayed | None, ...]


def curves(
    question: Question, columns: Columns, start: date | None, tenures: tuple[float, ...]
) -> list[Curve]:
    """A curve per value of the one dimension asked (of all together without one), largest first.

    Args:
        question: what is asked, without a grain.
        columns: as `tenures` of `kpi.query.retention` selects them.
        start: the day from which on customers who leave are known.
        tenures: in days, rising.
    """
    group, own = grouped(question.dimensions, columns)
    if not own:
        return []
    since = columns["since_day"].astype("datetime64[D]")
    until = columns["until_day"].astype("datetime64[D]")
    n = columns["n"].astype(np.int64)
    made = []
    for place, key in enumerate(own):
        mine = group == place
        followed = Followed.of(since[mine], until[mine], n[mine], start, question.last_told)
        if len(followed.n):
            points = tuple(stayed(followed, tenure) for tenure in tenures)
            made.append(Curve(key[0] if key else None, int(followed.n.sum()), points))
    return sorted(made, key=lambda one: (-one.n, str(one.group)))
