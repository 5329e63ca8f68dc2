"""The words of a number: what a KPI is, and what a result is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: A row expression: takes the columns of the source table (and the `Moment` of asking) and gives
#: an SQLAlchemy Core expression. Typed loosely here so that this module needs no engine.
Expression = Callable[..., Any]


class Unit(StrEnum):
    """Unit of a value; percentages are 0-100 and lead times days."""

    PERCENT = "%"
    DAYS = "d"
    COUNT = "n"
    PER_HOUR = "per hour"
    PER_THOUSAND = "per 1,000 customers"
    GRADE = "1-10"
    EURO = "€"
    SECONDS = "s"
    POINTS = "points"
    NPS = "NPS"
    PER_HUNDRED_MONTH = "per 100 customers a month"
    RATIO = "ratio"


class Better(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    CONTEXT = "context"


class Kind(StrEnum):
    """How sums become a value; each kind is one function in `kpi.results`."""

    #: numerator / denominator × 100, Wilson interval.
    SHARE = "share"
    #: sum / count, t interval.
    MEAN = "mean"
    #: plain median and p90 of a duration, order-statistics interval.
    QUANTILE = "quantile"
    #: Kaplan-Meier median and p90, log-log band.
    SURVIVAL = "survival"
    #: number of rows open at a moment.
    STOCK = "stock"
    #: numerator / opening hours of the period.
    PER_HOUR = "per_hour"
    #: distinct numerator / mean customers × a factor.
    PER_CUSTOMERS = "per_customers"
    #: a plain count of rows.
    COUNT = "count"
    #: computed by a named function of `kpi.measures` (churn after, funnel …).
    CUSTOM = "custom"


@dataclass(frozen=True)
class Kpi:
    """One KPI, declared once; scorecard, trend, drill, wall, command line and docs loop over these.

    Attributes:
        name: machine name, as on the command line and in the URL.
        id: row of the KPI sheet ("K1").
        title: English message id of the title.
        definition: English message id: one or two sentences a manager understands.
        unit, better: of the value.
        target: sample target; a configured one wins. None: no target.
        source: prepared table it sums ("prepared_cases").
        reads: fact tables whose as-of bounds it ("cases",).
        date: column of `source` that puts a row in a period ("opened_day").
        kind: how sums become a value.
        where: rows that take part; numerator, denominator: row conditions or amounts.
        dimensions: names it can be grouped and filtered by, besides time.
        additive: whether numerators and denominators of parts sum to the whole's.
        leaves_out: English message id: what is not in it, and why.
        headline: place on the scorecard, from 1; None: not a headline.
        options: the kind's own settings.
    """

    name: str
    id: str
    title: str
    definition: str
    unit: Unit
    better: Better
    source: str
    reads: tuple[str, ...]
    date: str
    kind: Kind
    dimensions: tuple[str, ...]
    where: Expression | None = None
    numerator: Expression | None = None
    denominator: Expression | None = None
    target: float | None = None
    additive: bool = True
    leaves_out: str = ""
    headline: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)


#: Fewer than this: no colour, no ranking, and no value at all on walls, digests and mails.
TOO_FEW = 10
#: Fewer than this (and at least TOO_FEW): "indicative".
INDICATIVE = 30


@dataclass(frozen=True)
class Result:
    """One number: one KPI for one combination of `by`.

    `value` is None where there is none (an empty denominator, a median not reached). `low` and
    `high` bound it with 95 % confidence where the kind has an interval. `note` is an English
    message ("too few (n = 3)", "partial period", …), None otherwise. `extras` are the KPI's own
    (`p90`, `coverage`, `mean`, …). `as_of` is naive UTC; the command line shows it local.
    """

    kpi: str
    by: Mapping[str, str | None]
    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    unit: Unit = Unit.PERCENT
    as_of: datetime | None = None
    note: str | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def too_few(self) -> bool:
        """Whether it rests on fewer than ten rows."""
        return self.n < TOO_FEW
