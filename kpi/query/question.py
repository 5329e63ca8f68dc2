"""One question: a KPI, over a period, kept to some values, by some dimensions, within a scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from kpi.access import Scope
from kpi.filters import GRAINS, Where
from kpi.model import Kpi, Moment
from kpi.periods import Period, buckets

#: Keys of a dimension's groups, in the order of `by`; None is unknown.
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Question:
    """All that decides a number besides the data.

    Attributes:
        kpi: what is asked.
        period: local days.
        where: values kept per dimension; the empty text stands for unknown.
        by: dimensions and at most one time grain, in the order of the answer's keys.
        scope: what may be seen.
        moment: as-of, and what is decided over everything loaded.
        zone: time zone of local days.
        configured: per coded dimension the values that configuration knows; others are shown
            together. Filled for screens only.
    """

    kpi: Kpi
    period: Period
    where: Where
    by: tuple[str, ...]
    scope: Scope
    moment: Moment
    zone: str
    configured: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.kpi.name, self.period, self.where, self.by, self.scope))

    @cached_property
    def grain(self) -> str | None:
        """The time grain among `by`."""
        return next((name for name in self.by if name in GRAINS), None)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """`by` without the time grain."""
        return tuple(name for name in self.by if name not in GRAINS)

    @property
    def as_of(self) -> datetime | None:
        """Up to when the facts tell (naive UTC)."""
        return self.moment.as_of

    @property
    def told(self) -> Period | None:
        """The part of the period that as-of has reached."""
        return self.period.told(self.as_of, self.zone)

    @cached_property
    def last_told(self) -> date:
        """The last day that as-of has reached, not beyond the period."""
        return _last_told(self.period, self.as_of, self.zone)

    def spans(self) -> list[tuple[str | None, Period]]:
        """The buckets of the grain that as-of has reached, cut to the period; else the whole."""
        if self.grain is None:
            return [(None, self.period)]
        told = self.told
        if told is None:
            return []
        found: list[tuple[str | None, Period]] = []
        for name, days in buckets(self.period, self.grain):
            if days.since > told.until:
                break
            found.append((name, days))
        return found


@lru_cache(maxsize=1024)
def _last_told(period: Period, as_of: datetime | None, zone: str) -> date:
    told = period.told(as_of, zone)
    return told.until if told else date.min
