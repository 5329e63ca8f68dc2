"""Lead times: medians and ninetieth percentiles, of the closed and with the open ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.model import Note, Result, Unit
from kpi.query.question import Key, Question
from kpi.query.spans import CLOSED, OPEN, UNTIMED, WITHDRAWN
from kpi.results import notes
from kpi.results.keys import Columns, grouped, number, order
from kpi.results.notes import Value, result
from kpi.text import N_

SECONDS_A_DAY = 86_400
SECONDS_AN_HOUR = 3_600
NOT_REACHED = Note(N_("not reached: too many are still open"))


def closed_results(question: Question, columns: Columns) -> list[Result]:
    """Plain median and p90 of what was closed, per key; the median in working hours beside it.

    A KPI in seconds (waiting) is told in seconds and has no working hours.
    """
    group, keys = grouped(question.by, columns)
    if not keys:
        return notes.empty(question)
    short = question.kpi.unit is Unit.SECONDS
    length = columns["seconds"].astype(float) / (1 if short else SECONDS_A_DAY)
    weight = columns["n"].astype(float)
    durations = stats.Durations.of(group, length, weight, groups=len(keys))
    median, p90 = stats.quantiles(durations, (0.5, 0.9))
    low, high = stats.median_interval(durations)
    total = _sums(group, weight, len(keys))
    timed = ~np.isnan(columns["working"].astype(float))
    hours = columns["working"].astype(float) / SECONDS_AN_HOUR
    at_work = stats.Durations.of(group[timed], hours[timed], weight[timed], groups=len(keys))
    [working] = stats.quantiles(at_work, (0.5,))
    values = {
        key: Value(
            number(median[place]),
            int(total[place]),
            number(low[place]),
            number(high[place]),
            denominator=int(total[place]),
            extras={"p90": number(p90[place])}
            | ({} if short else {"working_hours": number(working[place])}),
        )
        for place, key in enumerate(keys)
    }
    return [result(question, key, values[key]) for key in order(values)]


def survival_results(question: Question, columns: Columns) -> list[Result]:
    """Kaplan-Meier median and p90 of what was opened, per key."""
    group, keys = grouped(question.by, columns)
    if not keys:
        return notes.empty(question)
    ending = columns["ending"].astype(int)
    weight = columns["n"].astype(float)
    timed = ending != UNTIMED
    days = columns["seconds"][timed].astype(float) / SECONDS_A_DAY
    ended = np.where(ending == CLOSED, weight, 0.0)
    durations = stats.Durations.of(
        group[timed], days, ended[timed], (weight - ended)[timed], groups=len(keys)
    )
    curve = stats.kaplan_meier(durations)
    median, p90 = curve.reached(0.5), curve.reached(0.1)
    low, high = curve.reached_interval(0.5)
    by_ending = {
        state: _sums(group, np.where(ending == state, weight, 0.0), len(keys))
        for state in (OPEN, CLOSED, WITHDRAWN, UNTIMED)
    }
    values: dict[Key, Value] = {}
    for place, key in enumerate(keys):
        counted = {state: int(found[place]) for state, found in by_ending.items()}
        n = counted[OPEN] + counted[CLOSED] + counted[WITHDRAWN]
        value = number(median[place])
        values[key] = Value(
            value,
            n,
            number(low[place]),
            number(high[place]),
            numerator=counted[CLOSED],
            denominator=n,
            notes=(NOT_REACHED,) if n and value is None else (),
            extras={
                "p90": number(p90[place]),
                "open": counted[OPEN],
                "withdrawn": 100 * counted[WITHDRAWN] / n if n else None,
                "left_out": counted[UNTIMED],
            },
        )
    return [result(question, key, values[key]) for key in order(values)]


def _sums(
    group: NDArray[np.int64], weight: NDArray[np.float64], groups: int
) -> NDArray[np.float64]:
    sums: NDArray[np.float64] = np.bincount(group, weights=weight, minlength=groups).astype(float)
    return sums
