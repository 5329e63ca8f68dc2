"""From a value to a result: what is noted beside it, and what a screen may not show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from kpi.model import INDICATIVE, TOO_FEW, Note, Result
from kpi.periods import Period, days_of
from kpi.query.question import Key, Question
from kpi.text import N_

NOTHING = Note(N_("nothing to count in this period"))
NOTHING_LOADED = Note(N_("nothing is loaded yet that this reads"))
NO_PERIOD = Note(N_("up to when the data tell is not known: give a period"))
NO_DENOMINATOR = Note(N_("nothing to divide by"))
PARTIAL = Note(N_("partial period"))
#: Of a KPI that looks ahead: what it looks for may still happen.
NOT_LONG_AGO = N_("the as-of date lies less than {days} days after the period began")
#: All that a screen is told of what rests on too few.
HIDDEN = Note(N_("too few"))
#: Below this share of categorised contacts there is a warning.
COVERAGE_PERCENT = 70
#: Leaving is rare: that nobody left in the first weeks says nothing yet.
LEAVING_SLACK = timedelta(days=31)


@dataclass(frozen=True)
class Value:
    """A number on its way to a `Result`; not-a-number is None already."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    notes: tuple[Note, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


def result(question: Question, key: Key, found: Value) -> Result:
    """The result of one group, with notes on small numbers and on a period that is not whole."""
    days, partial = covered(question, key)
    early = _too_early(question, days, found.n)
    made = Result(
        kpi=question.kpi.name,
        by=dict(zip(question.by, key, strict=True)),
        value=found.value,
        low=found.low,
        high=found.high,
        numerator=found.numerator,
        denominator=found.denominator,
        n=found.n,
        unit=question.kpi.unit,
        as_of=question.as_of,
        notes=(
            *(early or small(found.n)),
            *found.notes,
            *([PARTIAL] if partial and not early else []),
        ),
        extras=found.extras,
        since=days.since,
        until=days.until,
        partial=partial,
    )
    return hidden(made) if question.scope.screen and found.n < TOO_FEW else made


def _too_early(question: Question, days: Period, n: int) -> tuple[Note, ...]:
    """What is said where nothing can be counted yet, whatever happened in the period."""
    ahead, as_of = question.kpi.ahead, question.as_of
    if n or not ahead or as_of is None or days.starts_at(question.zone) <= as_of - ahead:
        return ()
    return (Note.of(NOT_LONG_AGO, days=ahead.days),)


def small(n: int) -> tuple[Note, ...]:
    """What is said of a small number of rows."""
    if n < TOO_FEW:
        return (Note.of(N_("too few (n = {n})"), n=n),)
    if n < INDICATIVE:
        return (Note.of(N_("indicative (n = {n})"), n=n),)
    return ()


def hidden(shown: Result) -> Result:
    """The result as a screen may show it: that it rests on too few, and nothing else."""
    return replace(
        shown,
        value=None,
        low=None,
        high=None,
        numerator=None,
        denominator=None,
        n=0,
        notes=(HIDDEN,),
        extras={},
    )


def covered(question: Question, key: Key) -> tuple[Period, bool]:
    """The days a group covers, and whether they are only part of its bucket or not all told."""
    grain, name = question.grain, None
    if grain is not None:
        name = key[question.by.index(grain)]
    ahead = question.kpi.ahead
    return _covered(question.period, grain, name, question.as_of, question.zone, ahead)


# Every group of a bucket covers the same days: a thousand results ask it fifty times over.
@lru_cache(maxsize=4096)
def _covered(
    period: Period,
    grain: str | None,
    name: str | None,
    as_of: datetime | None,
    zone: str,
    ahead: timedelta | None,
) -> tuple[Period, bool]:
    if grain is None or name is None:
        return period, not period.complete(as_of, zone)
    bucket = days_of(name, grain)
    days = bucket.within(period) or bucket
    # Of a KPI that looks ahead the last rows of a bucket are left out until that is over.
    told = as_of - ahead if as_of is not None and ahead else as_of
    return days, days != bucket or not days.complete(told, zone)


def empty(question: Question, notes: Iterable[Note] = (NOTHING,)) -> list[Result]:
    """The one record of an empty answer."""
    key: Key = (None,) * len(question.by)
    made = result(question, key, Value(None, 0))
    return [replace(made, notes=tuple(notes))]


def after_as_of(n: int) -> tuple[Note, ...]:
    """What is said of rows later than as-of."""
    return (Note.of(N_("{n} of it after the as-of date"), n=n),) if n else ()


def begins(day: date) -> Note:
    """What is said where the data begin inside the period."""
    return Note.of(N_("the data begin on {day}"), day=day.isoformat())


def nobody_left(first: date | None, days: Period) -> tuple[Note, ...]:
    """What is said where more than a month passes before the first who is known to leave.

    An extract holds who were there when it began: of who left before nobody tells.
    """
    if first is None or first - days.since <= LEAVING_SLACK:
        return ()
    return (Note.of(N_("nobody is known to have left before {day}"), day=first.isoformat()),)
