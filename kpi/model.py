"""The words of a number: what a KPI is, and what a result is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from kpi.text import N_

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
    """How sums become a value; each kind is one question in `kpi.query` and one in `kpi.results`."""

    #: numerator / denominator × 100, Wilson interval.
    SHARE = "share"
    #: the same over distinct values of a column (customers), not over rows.
    DISTINCT = "distinct"
    #: one amount as a share of another × 100, no interval.
    PART = "part"
    #: sum / count, t interval.
    MEAN = "mean"
    #: promoters minus detractors, of those who answered, × 100.
    NPS = "nps"
    #: number of rows; none is 0 where the data tell so.
    COUNT = "count"
    #: a sum of amounts over rows (euro).
    SUM = "sum"
    #: plain median and p90 of a duration, order-statistics interval.
    QUANTILE = "quantile"
    #: Kaplan-Meier median and p90, log-log band.
    SURVIVAL = "survival"
    #: Kaplan-Meier over tenure: the share that stays a year.
    RETENTION = "retention"
    #: sum of amounts / sum of amounts, neither of them counted.
    RATIO = "ratio"
    #: number of rows open at a moment.
    STOCK = "stock"
    #: numerator / opening hours of the period.
    PER_HOUR = "per_hour"
    #: distinct numerator / mean customers × a factor.
    PER_CUSTOMERS = "per_customers"
    #: customership periods that begin or end in a period, and what is left.
    MOVEMENT = "movement"
    #: customers lost of those there were at the start.
    CHURN = "churn"
    #: customers who left soon after a case, against those without one.
    CHURN_AFTER = "churn_after"
    #: distinct customers helped a day / staffed or opening hours.
    HELPED = "helped"
    #: the best channel minus the worst, in points, Newcombe interval.
    GAP = "gap"
    #: pairs of running actions with opposite directions.
    CONFLICTS = "conflicts"
    #: steps of a funnel; asked by its own command.
    FUNNEL = "funnel"


#: Kinds of which a quarter has more than each of its weeks (where they are no rate per month).
_GROWING = frozenset(
    {Kind.DISTINCT, Kind.COUNT, Kind.SUM, Kind.PER_CUSTOMERS, Kind.MOVEMENT, Kind.CHURN}
)


@dataclass(frozen=True)
class Moment:
    """What an expression may need to know of the asking besides the row.

    Attributes:
        as_of: up to when the facts tell (naive UTC); None when nothing is known.
        survey_level: the one level of survey that counts (contact, process or relation).
        survey_scales: scale of satisfaction per process (None: of answers without a process).
    """

    as_of: datetime | None = None
    survey_level: str | None = None
    survey_scales: tuple[tuple[str | None, str], ...] = ()

    @property
    def latest(self) -> datetime:
        """`as_of`, or the end of time: to compare with."""
        return self.as_of or datetime(9999, 12, 31)


@dataclass(frozen=True)
class Extra:
    """A number told beside the value, summed over the same rows.

    Attributes:
        name: its name in the record ("coverage").
        title: English message id.
        numerator: condition or amount summed.
        denominator: None gives the plain sum; else the share in percent.
        unit: of the extra.
        shown: false for what only decides a note.
        everywhere: over all rows of the source, also those that take no part in the KPI.
        amount: numerator and denominator are amounts: the sum, or the ratio of the sums.
        listed: its rows can be asked for by its name, as a part of the KPI; a share then is one of
            what the KPI is counted of.
    """

    name: str
    title: str
    numerator: Expression
    denominator: Expression | None = None
    unit: Unit = Unit.COUNT
    shown: bool = True
    everywhere: bool = False
    amount: bool = False
    listed: bool = False


@dataclass(frozen=True)
class Driver:
    """Where a change of a KPI is looked for first.

    Attributes:
        by: dimensions whose groups share the change between them.
        kpi: whose numerators these groups have, where the KPI itself is not told apart by them;
            empty for its own.
    """

    by: tuple[str, ...]
    kpi: str = ""


@dataclass(frozen=True)
class Note:
    """A remark beside a number: an English message id with named placeholders, and its values."""

    message: str
    values: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, message: str, **values: Any) -> Note:
        """`Note.of(N_("too few (n = {n})"), n=3)`."""
        return cls(message, tuple(sorted(values.items())))

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The remark in words; `translate` is `kpi.i18n._` where it is shown."""
        return translate(self.message).format(**dict(self.values))


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
        where: rows that take part; numerator, denominator: row conditions or amounts. A share
            without denominator is one of all rows that take part.
        dimensions: names it can be grouped and filtered by, besides time.
        additive: whether numerators and denominators of parts sum to the whole's.
        leaves_out: English message id: what is not in it, and why.
        headline: place on the scorecard, from 1; None: not a headline.
        ahead: how far it looks beyond a row's date; until then its value is not known.
        driver: where a change is looked for first; None: nowhere in particular.
        extras: what is told beside the value.
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
    ahead: timedelta = timedelta(0)
    driver: Driver | None = None
    extras: tuple[Extra, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def grows(self) -> bool:
        """Whether a longer period makes it larger by itself: what it should be is of one length."""
        return self.kind in _GROWING and not self.options.get("days")


#: Stands for all values that configuration does not know, where they are shown together.
NOT_CONFIGURED = N_("(not configured)")

#: Fewer than this: no colour, no ranking, and no value at all on walls, digests and mails.
TOO_FEW = 10
#: Fewer than this (and at least TOO_FEW): "indicative".
INDICATIVE = 30


@dataclass(frozen=True)
class Result:
    """One number: one KPI for one combination of `by`.

    `value` is None where there is none (an empty denominator, a median not reached). `low` and
    `high` bound it with 95 % confidence where the kind has an interval. `notes` are remarks ("too
    few (n = 3)", "partial period", …), `note` the same in English. `extras` are the KPI's own
    (`p90`, `coverage`, `mean`, …). `as_of` is naive UTC; the command line shows it local.
    `since` and `until` are the local days it covers, both included.
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
    notes: tuple[Note, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    partial: bool = False

    @property
    def note(self) -> str | None:
        """All remarks in English; None when there are none."""
        return self.note_in(str)

    def note_in(self, translate: Callable[[str], str]) -> str | None:
        """All remarks, each through `translate` (`kpi.i18n._`); None when there are none."""
        return "; ".join(note.text(translate) for note in self.notes) or None

    @property
    def too_few(self) -> bool:
        """Whether it rests on fewer than ten rows."""
        return self.n < TOO_FEW
