"""Lead times: medians and ninetieth percentiles, of the closed and with the open ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.model import Note, Result, Unit
from kpi.query.question import Key, Question
from kpi.query.spans import CLOSED, OPEN, UNTIMED, WITHDRAWN
from kpi.results import notes
from kpi.results.keys import Columns, keys, number, order
from kpi.results.notes import Value, result
from kpi.tally import NOTHING, Tally
from kpi.text import N_

SECONDS_A_DAY = 86_400
SECONDS_AN_HOUR = 3_600
NOT_REACHED = Note(N_("not reached: too many are still open"))


def closed_results(question: Question, columns: Columns) -> list[Result]:
    """Plain median and p90 of what was closed, per key; the median in working hours beside it.

    A KPI in seconds (waiting) is told in seconds and has no working hours.
    """
    short = question.kpi.unit is Unit.SECONDS
    values: dict[Key, Value] = {}
    for row, key in enumerate(keys(question.by, columns)):
        length = tally(columns, row).over(1 if short else SECONDS_A_DAY)
        n = length.n
        if not n:
            continue
        median, p90 = length.quantiles(0.5, 0.9)
        low, high = stats.median_interval(length)
        [working] = tally(columns, row, "working").over(SECONDS_AN_HOUR).quantiles(0.5)
        values[key] = Value(
            median,
            n,
            number(low),
            number(high),
            denominator=n,
            extras={"p90": p90} | ({} if short else {"working_hours": number(working)}),
        )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def tally(columns: Columns, row: int, name: str = "seconds") -> Tally:
    """The values of an array in a row, without the nulls in it; what is held in memory is counted already."""
    found = columns[name][row]
    return found if isinstance(found, Tally) else Tally.of(_each(found))


def _each(found: Any) -> NDArray[np.float64]:
    if found is None or np.ndim(found) == 0:
        # Not measured at all: a null in the place of an array.
        return np.zeros(0)
    if type(found) is np.ndarray and found.dtype == np.float64:
        values: NDArray[np.float64] = found
    else:
        values = np.ma.filled(np.ma.asarray(found, dtype=float), np.nan)
    missing = np.isnan(values)
    return values[~missing] if missing.any() else values


def spread(columns: Columns, group: Sequence[int], groups: int) -> stats.Durations:
    """What `kpi.query.spans.durations` brings, in days; `group` says whose each row is."""
    ended, censored = [NOTHING] * groups, [NOTHING] * groups
    for row, whose in enumerate(group):
        how = columns["ending"][row]
        if how != UNTIMED:
            of = ended if how == CLOSED else censored
            of[whose] = of[whose].with_(tally(columns, row))
    return stats.Durations.apart(
        *([one.over(SECONDS_A_DAY) for one in of] for of in (ended, censored))
    )


def survival_results(question: Question, columns: Columns) -> list[Result]:
    """Kaplan-Meier median and p90 of what was opened, per key."""
    own = keys(question.by, columns)
    distinct = list(dict.fromkeys(own))
    if not distinct:
        return notes.empty(question)
    place_of = {key: place for place, key in enumerate(distinct)}
    counted: dict[Key, dict[int, int]] = {key: dict.fromkeys(range(4), 0) for key in distinct}
    for row, key in enumerate(own):
        counted[key][int(columns["ending"][row])] += int(columns["n"][row])
    durations = spread(columns, [place_of[key] for key in own], len(distinct))
    curve = stats.kaplan_meier(durations)
    median, p90 = curve.reached(0.5), curve.reached(0.1)
    low, high = curve.reached_interval(0.5)
    values: dict[Key, Value] = {}
    for key, place in place_of.items():
        of = counted[key]
        n = of[OPEN] + of[CLOSED] + of[WITHDRAWN]
        value = number(median[place])
        values[key] = Value(
            value,
            n,
            number(low[place]),
            number(high[place]),
            numerator=of[CLOSED],
            denominator=n,
            notes=(NOT_REACHED,) if n and value is None else (),
            extras={
                "p90": number(p90[place]),
                "open": of[OPEN],
                "withdrawn": 100 * of[WITHDRAWN] / n if n else None,
                "left_out": of[UNTIMED],
            },
        )
    return [result(question, key, values[key]) for key in order(values)]
