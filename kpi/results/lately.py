"""What rose beyond chance, and how today compares with the same weekday before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpi.model import TOO_FEW
from kpi.periods import Period
from kpi.results.apart import told

#: Weeks that say what is usual, and the fewest of them that can.
WEEKS, FEWEST = 8, 4
#: The surge rule of the KPI sheet, for weeks as for days.
SURE = 3.0

Parts = Mapping[str | None, int]
Seen = frozenset[str] | None


@dataclass(frozen=True)
class Riser:
    """A reason that rose: its number in the last week, and the mean of the weeks before.

    `usual` is None where it may not be told.
    """

    reason: str | None
    n: int
    mean: float
    usual: float | None
    complaints: bool = False

    @property
    def more(self) -> float:
        """By how much it is more than usual."""
        return self.n - self.mean


def beyond_chance(n: int, weeks: Sequence[int]) -> bool:
    """Whether `n` is far more than usual: x > mean + 3 sqrt(max(mean, s^2)), and ten or more."""
    if len(weeks) < FEWEST or n < TOO_FEW:
        return False
    mean = sum(weeks) / len(weeks)
    spread = sum((one - mean) ** 2 for one in weeks) / (len(weeks) - 1)
    return n > mean + SURE * math.sqrt(max(mean, spread))


def risers(
    rows: Iterable[tuple[str | None, str | None, date, int]],
    period: Period,
    first: date,
    seen: Seen = None,
    *,
    complaints: bool = False,
) -> list[Riser]:
    """What rose, most first.

    Args:
        rows: process, reason, day and number.
        period: the last week and the weeks before it; its last seven days are the week.
        first: the first day there are data of: weeks before it say nothing of what is usual.
        seen: processes in sight.
        complaints: whether complaints are counted.
    """
    weeks = period.days // 7
    # Whole weeks there are data of, before the last one.
    there = min(weeks - 1, max(0, ((period.until - first).days - 6) // 7))
    counts: dict[str | None, dict[str | None, list[int]]] = {}
    for process, reason, day, n in rows:
        back = (period.until - day).days // 7
        if 0 <= back <= there:
            of_reason = counts.setdefault(reason, {})
            of_reason.setdefault(process, [0] * weeks)[back] += n
    found = []
    for reason, parts in counts.items():
        now = told({process: by_week[0] for process, by_week in parts.items()}, seen)
        if now is None:
            continue
        before = {process: sum(by_week[1:]) for process, by_week in parts.items()}
        inside = [by_week for process, by_week in parts.items() if seen is None or process in seen]
        weekly = [sum(by_week[back] for by_week in inside) for back in range(1, there + 1)]
        if not beyond_chance(now, weekly):
            continue
        mean = sum(weekly) / len(weekly)
        usual = mean if told(before, seen) is not None else None
        found.append(Riser(reason, now, mean, usual, complaints))
    return sorted(found, key=lambda one: (-one.more, one.reason or ""))


@dataclass(frozen=True)
class Sofar:
    """A count of today up to now; `mean` of the same weekday before up to the same clock time.

    Either is None where there is none, or where it may not be told.
    """

    n: int | None
    mean: float | None = None

    @property
    def beyond(self) -> bool:
        """Whether the difference is more than chance (counts vary by about their root)."""
        if self.n is None or self.mean is None:
            return False
        return abs(self.n - self.mean) > SURE * math.sqrt(max(self.mean, 1.0))


def sofar(
    by_day: Mapping[date, Parts], today: date, before: Sequence[date], seen: Seen = None
) -> Sofar:
    """Over the processes in sight; `by_day` holds per day the count of each process."""
    n = told(by_day.get(today, {}), seen)
    sums: dict[str | None, int] = {}
    for day in before:
        for process, count in by_day.get(day, {}).items():
            sums[process] = sums.get(process, 0) + count
    total = told(sums, seen)
    return Sofar(n, total / len(before) if total is not None and before else None)


@dataclass(frozen=True)
class Mood:
    """Texts by sentiment, of the processes in sight."""

    negative: int
    neutral: int
    positive: int

    @property
    def n(self) -> int:
        """Texts with a sentiment."""
        return self.negative + self.neutral + self.positive

    @property
    def counts_told(self) -> bool:
        """Whether numbers may stand beside the shares: else a small part follows from them."""
        return all(n == 0 or n >= TOO_FEW for n in (self.negative, self.neutral, self.positive))
