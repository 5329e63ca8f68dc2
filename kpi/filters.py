"""What is asked: one typed, frozen object that the URL, the command line and links all use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

#: Dimensions of `--by` and `--where` besides time grains; a KPI names those that apply to it.
DIMENSIONS = (
    "process",
    "channel",
    "reason",
    "cause",
    "causing_department",
    "department",
    "segment",
    "value_class",
    "has_portal",
    "tenure",
    "products",
    "caller",
    "source",
    "transferred_to",
)
GRAINS = ("day", "week", "month", "quarter")
#: Every name `--by` knows.
BY = (*GRAINS, "weekday_hour", *DIMENSIONS)

#: Days that can be asked for: local times around them are moments that a computer can tell.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


class Comparison(StrEnum):
    """What a value is held against."""

    PREVIOUS = "previous"
    YEAR = "year"
    #: The whole organisation over the same period: everything that the question leaves out too.
    WHOLE = "whole"
    NONE = "none"


Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Filters:
    """A period and the values kept per dimension.

    `since` and `until` are local dates, both included; None means the default period (the last
    twelve complete months up to as-of). `where` is sorted and free of duplicates, so that equal
    questions are equal objects; the empty text stands for "unknown" (null).
    """

    since: date | None = None
    until: date | None = None
    where: Where = ()
    comparison: Comparison = Comparison.PREVIOUS

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"the period ends ({self.until}) before it begins ({self.since})")
        unknown = {name for name, _ in self.where} - set(DIMENSIONS)
        if unknown:
            raise ValueError(f"cannot filter by {', '.join(sorted(unknown))}")
        object.__setattr__(self, "where", _normal(dict(self.where)))

    @classmethod
    def of(
        cls,
        since: date | None = None,
        until: date | None = None,
        comparison: Comparison = Comparison.PREVIOUS,
        **where: Iterable[str],
    ) -> Filters:
        """`Filters.of(process=["fault"], channel=["phone"])`."""
        return cls(since, until, _normal(where), comparison)

    def values(self, dimension: str) -> tuple[str, ...]:
        """Values kept of `dimension`; empty means all."""
        return dict(self.where).get(dimension, ())

    def keeping(self, dimension: str, values: Iterable[str]) -> Filters:
        """The same question with `dimension` limited to `values` (none: all)."""
        return replace(self, where=_normal({**dict(self.where), dimension: values}))

    def during(self, since: date, until: date) -> Filters:
        """The same question over another period."""
        return replace(self, since=since, until=until)

    def to_query(self) -> dict[str, list[str]]:
        """URL parameters; only what differs from the default."""
        query = {name: list(values) for name, values in self.where}
        if self.since:
            query["since"] = [self.since.isoformat()]
        if self.until:
            query["until"] = [self.until.isoformat()]
        if self.comparison is not Comparison.PREVIOUS:
            query["compare"] = [self.comparison.value]
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, Iterable[str]]) -> tuple[Filters, list[str]]:
        """Read URL parameters; what cannot be understood is left out and named, never raised."""
        refused: list[str] = []

        def day(name: str) -> date | None:
            for text in query.get(name, ()):
                try:
                    found = date.fromisoformat(text)
                except ValueError:
                    refused.append(f"{name}={text}")
                    continue
                if EARLIEST <= found <= LATEST:
                    return found
                refused.append(f"{name}={text}")
            return None

        since, until = day("since"), day("until")
        if since and until and since > until:
            refused.append(f"since={since}&until={until}")
            since = until = None
        comparison = Comparison.PREVIOUS
        for text in query.get("compare", ()):
            try:
                comparison = Comparison(text)
            except ValueError:
                refused.append(f"compare={text}")
        where = {name: query[name] for name in DIMENSIONS if name in query}
        return cls(since, until, _normal(where), comparison), refused


def _normal(where: Mapping[str, Iterable[str]]) -> Where:
    kept = {name: tuple(sorted(set(values))) for name, values in where.items()}
    return tuple((name, kept[name]) for name in DIMENSIONS if kept.get(name))
