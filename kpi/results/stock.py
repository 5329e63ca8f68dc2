"""Stocks: how many were open at the end of each period, and how old they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.filters import GRAINS
from kpi.model import Result
from kpi.query.question import Key, Question
from kpi.results import notes
from kpi.results.durations import SECONDS_A_DAY
from kpi.results.keys import NEVER, Columns, grouped, keys, microseconds, order
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


@dataclass(frozen=True)
class Spells:
    """What may be open at the moments asked, in order of group and opening; times in microseconds.

    Attributes:
        starts: where in the arrays each group begins, and where the last ends.
        opened, ended: of each; of one that has not ended the end of time.
        first: of every group that had one by the last moment, when the first of all was opened.
    """

    starts: NDArray[np.int64]
    opened: NDArray[np.int64]
    ended: NDArray[np.int64]
    first: Mapping[Key, int]

    @classmethod
    def of(
        cls,
        group: NDArray[np.int64],
        opened: NDArray[np.int64],
        ended: NDArray[np.int64],
        first: Mapping[Key, int],
    ) -> Spells:
        """From what is in the order of opening, each with the number of its group in `first`."""
        if len(first) < np.iinfo(np.int16).max:
            # Numbers as small as these are sorted without comparing them.
            group = group.astype(np.int16)
        by_group = np.argsort(group, kind="stable")
        starts = np.searchsorted(group[by_group], np.arange(len(first) + 1))
        return cls(starts, opened[by_group], ended[by_group], first)

    @classmethod
    def read(cls, question: Question, spans: Columns, groups: Columns) -> Spells:
        """From what `query.spans.stock` and `stock_groups` bring."""
        times = microseconds(groups["first_at"])
        had = {
            key: int(first)
            for key, first in zip(keys(question.dimensions, groups), times, strict=True)
            if first != NEVER
        }
        group, own = grouped(question.dimensions, spans)
        place = {key: number for number, key in enumerate(had)}
        number = np.array([place.get(key, -1) for key in own], dtype=np.int64)[group]
        opened, ended = microseconds(spans["opened_at"]), microseconds(spans["ended_at"])
        by_time = np.argsort(opened, kind="stable")
        # Of two selects: a case that came or went between them may have no group.
        by_time = by_time[number[by_time] >= 0]
        return cls.of(number[by_time], opened[by_time], ended[by_time], had)


def stock_results(question: Question, times: list[At], spells: Spells) -> list[Result]:
    """One result per group that had a case by then, and moment."""
    opened, ended = spells.opened, spells.ended
    values: dict[Key, Value] = {}
    for at in times:
        t = int(np.datetime64(at.moment, "us").astype(np.int64))
        there = (opened <= t) & (ended > t) if at.inclusive else (opened < t) & (ended >= t)
        for place, (key, first) in enumerate(spells.first.items()):
            if first > t:
                continue
            part = slice(spells.starts[place], spells.starts[place + 1])
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
