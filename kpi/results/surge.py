"""Days on which there was far more than usual.

Usual is the same weekday of the last eight weeks; a surge is x > mean + 3 sqrt(max(mean, s^2)) and
x >= 10 (KPI sheet, signals).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
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
    first = min(counts)
    apart: set[date] = set()
    found: list[Surge] = []
    day = max(since - timedelta(weeks=WEEKS), first + timedelta(weeks=WEEKS))
    while day <= until:
        earlier = [day - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
        usual = [counts.get(one, 0.0) for one in earlier if one not in apart]
        count = counts.get(day, 0.0)
        if count >= LEAST and len(usual) >= 2:
            mean = sum(usual) / len(usual)
            variance = sum((one - mean) ** 2 for one in usual) / (len(usual) - 1)
            if count > mean + 3 * math.sqrt(max(mean, variance)):
                apart.add(day)
                if day >= since:
                    found.append(Surge(day, day, count, mean))
        day += timedelta(days=1)
    return _joined(found)


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
