"""Customers who come, stay, leave and complain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.filters import GRAINS
from kpi.measures.words import CUSTOMER
from kpi.model import Note, Result
from kpi.periods import Period, buckets
from kpi.query.customers import of_customers
from kpi.query.question import Key, Question
from kpi.query.sums import BASE, ROWS
from kpi.results import notes
from kpi.results.keys import Columns, count, grouped, keys, order
from kpi.results.notes import Value, result
from kpi.results.sums import Sums, extras
from kpi.text import N_

NO_CUSTOMERS = Note(N_("no customers are known in this period"))
_DAY = timedelta(days=1)
_FLOW = ("came", "went", "new", "lost")


@dataclass(frozen=True)
class Movements:
    """Who ever came and went, per group (the rows) and day on which anybody did (the columns).

    Attributes:
        groups: their keys.
        days: in their order, each once.
        counts: the four of `Flow`, by name.
        begins: the first day of each group.
    """

    groups: tuple[Key, ...]
    days: NDArray[np.datetime64]
    counts: dict[str, NDArray[np.int32]]
    begins: NDArray[np.datetime64]

    @classmethod
    def of(cls, by: tuple[str, ...], columns: Columns) -> Movements:
        """Read what `flow` selects, told apart by `by`."""
        days, day = np.unique(columns["day"].astype("datetime64[D]"), return_inverse=True)
        place, groups = grouped(by, columns)
        # Half of the memory, for these are kept as long as the data are the same.
        counts = {name: np.zeros((len(groups), len(days)), np.int32) for name in _FLOW}
        for name, each in counts.items():
            np.add.at(each, (place, day), columns[name].astype(np.int32))
        first = np.full(len(groups), len(days) - 1)
        np.minimum.at(first, place, day)
        return cls(tuple(groups), days, counts, days[first])

    def during(self, name: str, groups: NDArray[np.int64], period: Period) -> NDArray[np.int64]:
        """Of groups the counts of each day of a period; all before it on the day before it."""
        since, until = np.datetime64(period.since, "D"), np.datetime64(period.until, "D")
        low, high = np.searchsorted(self.days, since), np.searchsorted(self.days, until, "right")
        every = self.counts[name][groups]
        told = np.zeros((len(groups), period.days + 1), dtype=np.int64)
        told[:, 0] = every[:, :low].sum(axis=1)
        told[:, 1 + (self.days[low:high] - since).astype(np.int64)] = every[:, low:high]
        return told


@dataclass(frozen=True)
class Flow:
    """Customers per group and day; the rows of all four start the day before the period.

    `came` and `went` are into and out of the group, `new` and `lost` becoming a customer and
    leaving: a group like "new customers" is left by staying.
    """

    question: Question
    groups: dict[Key, int]
    came: NDArray[np.int64]
    went: NDArray[np.int64]
    new: NDArray[np.int64]
    lost: NDArray[np.int64]

    @classmethod
    def of(cls, question: Question, every: Movements) -> Flow:
        """Those of the question's period, in the groups that there are by its end."""
        there = np.flatnonzero(every.begins <= np.datetime64(question.period.until, "D"))
        groups = {every.groups[group]: place for place, group in enumerate(there)}
        counts = {name: every.during(name, there, question.period) for name in _FLOW}
        return cls(question, groups, **counts)

    def place(self, day: date) -> int:
        """Column of a day."""
        return (day - self.question.period.since).days + 1

    def there(self, group: int, day: date) -> int:
        """Customers on `day`: they came by then and had not gone."""
        last = self.place(day) + 1
        return int(self.came[group, :last].sum() - self.went[group, :last].sum())

    def during(self, group: int, days: Period) -> tuple[int, int]:
        """How many became a customer and how many left."""
        part = slice(self.place(days.since), self.place(days.until) + 1)
        return int(self.new[group, part].sum()), int(self.lost[group, part].sum())

    def mean(self, group: int, days: Period) -> float:
        """Customer-days divided by days."""
        there = np.cumsum(self.came[group] - self.went[group])
        part = there[self.place(days.since) : self.place(days.until) + 1]
        return float(part.mean())

    def announced(self, group: int, days: Period) -> tuple[int, int]:
        """How many of those came and went after as-of: known beforehand, not yet true."""
        later = Period(max(days.since, self.question.last_told + _DAY), date.max).within(days)
        return self.during(group, later) if later else (0, 0)

    def cells(self) -> Iterator[tuple[Key, int, Period]]:
        """Every combination of group and bucket: its key, the group's number, its days.

        What as-of has not reached is left out, unless something in it is known already.
        """
        question = self.question
        spans: list[tuple[str | None, Period]] = [(None, question.period)]
        if question.grain is not None:
            spans = list(buckets(question.period, question.grain))
        for key, group in self.groups.items():
            for name, days in spans:
                reached = days.since <= question.last_told
                if reached or any(self.during(group, days)):
                    yield full_key(question, key, name), group, days


def full_key(question: Question, key: Key, bucket: str | None) -> Key:
    """The key of a group of customers in a bucket, in the order asked."""
    parts = iter(key)
    return tuple(bucket if name in GRAINS else next(parts) for name in question.by)


def movement_results(question: Question, flow: Flow, first: date | None) -> list[Result]:
    """New, lost, net or closing, per group and bucket; `first`: the first day anybody left."""
    counts = question.kpi.options["counts"]
    values: dict[Key, Value] = {}
    for key, group, days in flow.cells():
        new, lost = flow.during(group, days)
        opening, closing = flow.there(group, days.since - _DAY), flow.there(group, days.until)
        value, n = {
            "new": (new, new),
            "lost": (lost, lost),
            "net": (new - lost, new + lost),
            "closing": (closing, closing),
        }[counts]
        came, went = flow.announced(group, days)
        later = {"new": came, "lost": went}.get(counts, came + went)
        values[key] = Value(
            float(value),
            n,
            numerator=value,
            notes=(
                *notes.after_as_of(later),
                *(notes.nobody_left(first, days) if counts in {"lost", "net"} else ()),
            ),
            extras={"opening": opening, "new": new, "lost": lost},
        )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def churn_results(
    question: Question, flow: Flow, leavers: Columns, first_leaving: date | None
) -> list[Result]:
    """Lost of those there were at the start, per group and bucket."""
    until = leavers["until_day"].astype("datetime64[D]")
    number, chosen = (leavers[name].astype(np.int64) for name in ("n", "chosen"))
    own, named = grouped(of_customers(question).by, leavers)
    group_of = np.array([flow.groups.get(key, -1) for key in named], dtype=np.int64)[own]
    values: dict[Key, Value] = {}
    for key, group, days in flow.cells():
        first, last = np.datetime64(days.since, "D"), np.datetime64(days.until, "D")
        lost = (group_of == group) & (until >= first) & (until <= last)
        base, closing = flow.there(group, days.since - _DAY), flow.there(group, days.until)
        hits, by_choice = int(number[lost].sum()), int(chosen[lost].sum())
        later = int(number[lost & (until > np.datetime64(question.last_told, "D"))].sum())
        found = _churn(base, closing, hits, by_choice, flow.during(group, days)[1])
        said = (*notes.after_as_of(later), *notes.nobody_left(first_leaving, days))
        values[key] = replace(found, notes=said)
    if not values:
        return notes.empty(question, (NO_CUSTOMERS,))
    return [result(question, key, values[key]) for key in order(values)]


def _churn(base: int, closing: int, hits: int, by_choice: int, lost: int) -> Value:
    interval = stats.wilson(hits, base)
    mean = (base + closing) / 2
    told = {
        "voluntary": 100 * by_choice / base if base else None,
        # The variant on the average base: all lost / the mean of opening and closing.
        "average_base": 100 * lost / mean if mean else None,
    }
    if interval is None:
        return Value(None, base, numerator=hits, denominator=base, extras=told)
    return Value(
        100 * hits / base,
        base,
        100 * interval[0],
        100 * interval[1],
        hits,
        base,
        extras=told,
    )


def complaint_results(
    question: Question, sums: dict[Key, Sums], flow: Flow, first_fact: date | None
) -> list[Result]:
    """Rows per so many customers; each group is held against its own customers where it has them."""
    per: int = question.kpi.options["per"]
    # So many days for which it is told: a month of 31 days and one of 28 are held alike.
    month: float | None = question.kpi.options.get("days")
    seen = {key for key, row in sums.items() if count(row[ROWS])}
    groups = {_without_grain(question, key) for key in seen}
    if not question.dimensions and any(count(row.get(BASE)) for row in sums.values()):
        groups.add(())
    spans = [
        (name, days, told_days)
        for name, days in question.spans()
        if (told_days := days.told(question.as_of, question.zone)) is not None
    ]
    # Of all reasons the customers are the same: of each stretch they are counted once.
    mean_of = cache(flow.mean)
    values: dict[Key, Value] = {}
    for group in groups:
        own = flow.groups.get(_of_customer(question, group))
        for name, days, told_days in spans:
            key = full_key(question, group, name)
            if key not in seen and first_fact is not None and days.until < first_fact:
                continue
            row = sums.get(key)
            n = count(row[ROWS]) if row else 0
            mean = mean_of(own, told_days) if own is not None else 0.0
            told, said = extras(question, row) if row else ({}, ())
            if name is None and first_fact is not None and first_fact > days.since:
                said = (*said, notes.begins(first_fact))
            length = month / told_days.days if month else 1
            values[key] = Value(
                per * n / mean * length if mean else None,
                n,
                numerator=n,
                denominator=mean,
                notes=said if mean else (*said, NO_CUSTOMERS),
                extras=told,
            )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _without_grain(question: Question, key: Key) -> Key:
    return tuple(part for name, part in zip(question.by, key, strict=True) if name not in GRAINS)


def _of_customer(question: Question, group: Key) -> Key:
    """The part of a group's key that tells customers apart."""
    named = zip(question.dimensions, group, strict=True)
    return tuple(part for name, part in named if name in CUSTOMER)


def churn_after_results(
    question: Question, after: Columns, everybody: Columns | None, with_case: Columns | None
) -> list[Result]:
    """Left soon after a case, per key, beside those without such a case."""
    by = of_customers(question).by
    all_of = _counts(by, everybody) if everybody is not None else {}
    of_those = _counts(question.by, with_case) if with_case is not None else {}
    values: dict[Key, Value] = {}
    for key, (n, hits) in _counts(question.by, after).items():
        interval = stats.wilson(hits, n)
        assert interval is not None  # a key without customers is not selected
        values[key] = Value(
            100 * hits / n,
            n,
            100 * interval[0],
            100 * interval[1],
            hits,
            n,
            extras=_beside(
                (n, hits),
                all_of.get(_of_customer(question, _without_grain(question, key))),
                of_those.get(key, (0, 0)),
            ),
        )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _counts(by: tuple[str, ...], columns: Columns) -> dict[Key, tuple[int, int]]:
    return {
        key: (count(columns["n"][row]), count(columns["hits"][row]))
        for row, key in enumerate(keys(by, columns))
        if count(columns["n"][row])
    }


def _beside(
    own: tuple[int, int], everybody: tuple[int, int] | None, with_case: tuple[int, int]
) -> dict[str, float | None]:
    """Customers without such a case, and the difference with its interval."""
    told: dict[str, float | None] = dict.fromkeys(
        ("without", "without_n", "difference", "difference_low", "difference_high")
    )
    if everybody is None:
        return told
    n, hits = everybody[0] - with_case[0], everybody[1] - with_case[1]
    found = stats.newcombe(own[1], own[0], hits, n)
    told["without_n"] = n
    if found is not None:
        difference, low, high = found
        told |= {
            "without": 100 * hits / n,
            "difference": 100 * difference,
            "difference_low": 100 * low,
            "difference_high": 100 * high,
        }
    return told
