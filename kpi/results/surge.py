"""Days on which there was far more than usual.

Usual is the same weekday of the last eight weeks; a surge is x > mean + 3 sqrt(max(mean, s^2)) and
x >= 10 (KPI sheet, signals).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

WEEKS = 8
_BACK = timedelta(weeks=WEEKS)
LEAST = 10
#: A surge is worth telling by itself from this many times the usual, when it lies so many standard
#: deviations above it: there are some hundreds of days to choose from.
TIMES, APART = 1.8, 4.0
#: Surges that lie no more days apart are told as one.
NEAR = timedelta(days=7)


@dataclass(frozen=True)
class Surge:
    """Days in a row, `since` to `until`, with `count` where `usual` would have been expected."""

    since: date
    until: date
    count: float
    usual: float

    @property
    def times(self) -> float:
        """How many times the usual; infinite where nothing is usual."""
        return self.count / self.usual if self.usual else math.inf

    @property
    def news(self) -> bool:
        """Whether it is told where nobody asked for it."""
        return TIMES <= self.times < math.inf and self.apart > APART

    @property
    def apart(self) -> float:
        """How many standard deviations it lies above the usual.

        Of square roots (Anscombe, 1948): of two a day, eleven is not so rare as eleven less two in
        roots of two would have it; and what is usual is itself known from a few weeks only.
        """
        roots = math.sqrt(self.count + 3 / 8) - math.sqrt(self.usual + 3 / 8)
        return 2 * roots / math.sqrt(1 + 1 / WEEKS)


def surges(counts: Mapping[date, float], since: date, until: date) -> list[Surge]:
    """The surges from `since` to `until`; days in a row are one.

    `counts` holds a number per day that there was any; days without count as 0. Judged are days
    with eight weeks of counts before them. A day that was a surge itself is no part of what is
    usual: else one outage would hide the next.
    """
    if not counts:
        return []
    start = max(since - timedelta(weeks=WEEKS), min(counts) + timedelta(weeks=WEEKS))
    if start > until:
        return []
    # From eight weeks before the first day judged.
    first = start - _BACK
    there = [0.0] * ((until - first).days + 1)
    for day, count in counts.items():
        place = (day - first).days
        if 0 <= place < len(there):
            there[place] = count
    apart: set[int] = set()
    again: set[int] = set()
    found: list[Surge] = []
    maybe = _maybe(there)
    for place in range(_BACK.days, len(there)):
        if not maybe[place - _BACK.days] and place not in again:
            continue
        usual = [there[one] for one in range(place - _BACK.days, place, 7) if one not in apart]
        if not _beyond(there[place], usual):
            continue
        apart.add(place)
        again.update(range(place + 7, place + _BACK.days + 1, 7))
        day = first + timedelta(days=place)
        if day >= since:
            found.append(Surge(day, day, there[place], sum(usual) / len(usual)))
    return _joined(found)


def _maybe(there: Sequence[float]) -> list[bool]:
    """Of each day from eight weeks after the first, whether it is a surge unless one before it is.

    All at once, a little generously: a year of days by each of eight others is what takes time.
    """
    every = np.asarray(there)
    days = len(every) - _BACK.days
    before = np.stack([every[7 * back : 7 * back + days] for back in range(WEEKS)])
    mean = before.mean(axis=0)
    bound = mean + 3 * np.sqrt(np.maximum(mean, before.var(axis=0, ddof=1)))
    judged = every[_BACK.days :]
    found: list[bool] = ((judged >= LEAST) & (judged > bound * (1 - 1e-9))).tolist()
    return found


def _beyond(count: float, usual: Sequence[float]) -> bool:
    """Whether a day's count is a surge over those of the same weekday before it."""
    if count < LEAST or len(usual) < 2:
        return False
    mean = sum(usual) / len(usual)
    variance = sum((one - mean) ** 2 for one in usual) / (len(usual) - 1)
    return count > mean + 3 * math.sqrt(max(mean, variance))


def _joined(found: list[Surge]) -> list[Surge]:
    joined: list[Surge] = []
    for one in found:
        if not joined or one.since - joined[-1].until != timedelta(days=1):
            joined.append(one)
            continue
        last = joined.pop()
        joined.append(Surge(last.since, one.until, last.count + one.count, last.usual + one.usual))
    return joined


def stories(
    found: Mapping[str | None, Sequence[Surge]],
) -> list[tuple[str | None, list[Surge]]]:
    """What is news of each group, those near together as one, by how much more came than usual."""
    told = [
        (key, days) for key, each in found.items() for days in _near([o for o in each if o.news])
    ]
    return sorted(told, key=lambda story: -sum(one.count - one.usual for one in story[1]))


def _near(found: Sequence[Surge]) -> list[list[Surge]]:
    near: list[list[Surge]] = []
    for one in sorted(found, key=lambda each: each.since):
        if near and one.since - near[-1][-1].until <= NEAR:
            near[-1].append(one)
        else:
            near.append([one])
    return near
