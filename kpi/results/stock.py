"""Stocks: how many were open at the end of each period, and how old they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kpi import stats
from kpi.filters import GRAINS
from kpi.model import Result
from kpi.query.question import Key, Question
from kpi.results import notes
from kpi.results.durations import SECONDS_A_DAY
from kpi.results.keys import Columns, grouped, keys, order
from kpi.results.notes import Value, result


@dataclass(frozen=True)
class At:
    """A moment of counting.

    Attributes:
        name: of the bucket that ends there; None without a grain.
        moment: naive UTC.
        inclusive: at as-of, what happened at that very moment has happened; at a period's end
            what happens at that moment belongs to the next.
    """

    name: str | None
    moment: datetime
    inclusive: bool


def moments(question: Question) -> list[At]:
    """When to count: at each bucket's end, or at as-of where that is earlier."""
    found = []
    for name, days in question.spans():
        end = days.ends_at(question.zone)
        at_as_of = question.as_of is not None and question.as_of < end
        found.append(At(name, question.moment.latest if at_as_of else end, at_as_of))
    return found


def stock_results(
    question: Question, times: list[At], spans: Columns, groups: Columns
) -> list[Result]:
    """One result per group that had a case by then, and moment."""
    firsts = groups["first_at"].astype("datetime64[us]")
    had = {
        key: first
        for key, first in zip(keys(question.dimensions, groups), firsts, strict=True)
        if not np.isnat(first)
    }
    if not had or not times:
        return notes.empty(question)
    group, own = grouped(question.dimensions, spans)
    opened = spans["opened_at"].astype("datetime64[us]").astype(np.int64)
    ended_at = spans["ended_at"].astype("datetime64[us]")
    ended = np.where(np.isnat(ended_at), np.iinfo(np.int64).max, ended_at.astype(np.int64))
    by_opening = np.lexsort((opened, group))
    group, opened, ended = group[by_opening], opened[by_opening], ended[by_opening]
    starts = np.searchsorted(group, np.arange(len(own) + 1))
    number_of = {key: place for place, key in enumerate(own)}
    values: dict[Key, Value] = {}
    for at in times:
        moment = np.datetime64(at.moment, "us")
        t = int(moment.astype(np.int64))
        there = (opened <= t) & (ended > t) if at.inclusive else (opened < t) & (ended >= t)
        for key, first in had.items():
            if first > moment:
                continue
            place = number_of.get(key)
            part = slice(0, 0) if place is None else slice(starts[place], starts[place + 1])
            # Opened in order, so ages come youngest first when read backwards.
            ages = (t - opened[part][there[part]])[::-1] / (1e6 * SECONDS_A_DAY)
            p50, p90 = stats.plain_quantiles(ages, (0.5, 0.9))
            n = len(ages)
            values[_full_key(question, key, at.name)] = Value(
                float(n),
                n,
                numerator=n,
                extras={"p50": p50 if n else None, "p90": p90 if n else None},
            )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _full_key(question: Question, key: Key, bucket: str | None) -> Key:
    dimensions = iter(key)
    return tuple(bucket if name in GRAINS else next(dimensions) for name in question.by)
