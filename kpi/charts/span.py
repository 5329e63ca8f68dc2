"""The periods of a figure over time: their names, which of them are named below it, the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kpi import formats
from kpi.charts.axis import some
from kpi.charts.point import Point
from kpi.model import Result
from kpi.periods import Period, add_months, buckets

#: From so many days on, the names below are those of months.
_DAYS_BY_NAME = 45


@dataclass(frozen=True)
class Span:
    """What is drawn: a period, cut up by a grain into buckets with these names, oldest first."""

    period: Period
    grain: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, period: Period, grain: str) -> Span:
        """Every bucket that the period touches."""
        return cls(period, grain, tuple(name for name, _days in buckets(period, grain)))

    @property
    def full(self) -> list[str]:
        """The buckets, each named in full."""
        return [formats.bucket(name, self.grain, year=True) for name in self.names]

    def labels(self, most: int = 13) -> list[str]:
        """Names for below the axis; empty where there is no room for one."""
        words = {i: formats.bucket(name, self.grain) for i, name in enumerate(self.names)}
        if self.grain == "day" and len(self.names) > _DAYS_BY_NAME:
            firsts = {i: name[:7] for i, name in enumerate(self.names) if name.endswith("-01")}
            words = {i: formats.bucket(month, "month") for i, month in firsts.items()}
        found = [""] * len(self.names)
        year = ""
        for place in some(sorted(words), most):
            now = self.names[place][:4]
            found[place] = words[place] if now == year else f"{words[place]}<br>{now}"
            year = now
        return found

    def year_before(self) -> Span:
        """The same buckets a year before, one for one: weeks and days by their weekday."""
        if self.grain in {"day", "week"}:
            back = timedelta(days=364)
            return Span.of(Period(self.period.since - back, self.period.until - back), self.grain)
        whole = self.period.year_before()
        since = add_months(self.period.since, -12)
        return Span.of(Period(since, max(since, whole.until)), self.grain)

    def points(self, results: Sequence[Result | None], labels: Sequence[str]) -> list[Point]:
        """A point per bucket; one without a result has no value."""
        return [
            Point(label, full, None, key=name)
            if one is None
            else Point(
                label, full, one.value, one.low, one.high, one.n, partial=one.partial, key=name
            )
            for label, full, one, name in zip(labels, self.full, results, self.names, strict=True)
        ]
