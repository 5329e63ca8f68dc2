"""How far the channels lie apart: the best against the worst, small ones left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from kpi import stats
from kpi.model import Note, Result
from kpi.query.question import Key, Question
from kpi.query.sums import DENOMINATOR, NUMERATOR, SQUARES
from kpi.results import notes
from kpi.results.keys import count, number, order
from kpi.results.notes import Value, result
from kpi.text import N_

EXPLORATORY = Note(N_("exploratory: channels are used for different things"))
Sums = Mapping[Key, Mapping[str, Any]]
#: Of a channel: amount, number of rows, and sum of squares (0 where it is a share).
Part = tuple[float, int, float]
#: The same per group and channel.
Parts = dict[Key, dict[str, Part]]


def gap_results(question: Question, shares: Sums, grades: Sums) -> list[Result]:
    """The largest share minus the smallest over the channels, in points, per key.

    Args:
        question: what is asked, without the channel.
        shares: sums of the share per key and channel, the channel last in the key.
        grades: the same of the grade, told beside it.
    """
    least: int = question.kpi.options["least"]
    by_group, by_grade = _parts(shares, least), _parts(grades, least)
    values: dict[Key, Value] = {}
    for key in dict.fromkeys(_groups(shares)):
        values[key] = _value(by_group.get(key, {}), by_grade.get(key, {}), least)
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _groups(sums: Sums) -> list[Key]:
    return [key[:-1] for key, row in sums.items() if count(row[DENOMINATOR])]


def _parts(sums: Sums, least: int) -> Parts:
    """Channels that are known and large enough."""
    found: Parts = {}
    for key, row in sums.items():
        n, channel = count(row[DENOMINATOR]), key[-1]
        if channel is not None and n >= least:
            amount, squares = number(row[NUMERATOR]), number(row.get(SQUARES))
            found.setdefault(key[:-1], {})[channel] = (amount or 0.0, n, squares or 0.0)
    return found


def _ends(parts: Mapping[str, Part]) -> tuple[str, str] | None:
    """The channels with the largest and the smallest mean; None with fewer than two."""
    if len(parts) < 2:
        return None
    ranked = sorted(parts, key=lambda channel: (parts[channel][0] / parts[channel][1], channel))
    return ranked[-1], ranked[0]


def _value(shares: Mapping[str, Part], grades: Mapping[str, Part], least: int) -> Value:
    n = sum(rows for _, rows, _ in shares.values())
    told: dict[str, Any] = dict.fromkeys(
        ("highest", "lowest", "grade_gap", "grade_gap_low", "grade_gap_high")
    )
    graded = _ends(grades)
    if graded is not None:
        told |= _grade_gap(*(grades[channel] for channel in graded))
    ends = _ends(shares)
    if ends is None:
        few = Note.of(N_("fewer than two channels with {least} cases or more"), least=least)
        return Value(None, n, notes=(few,), extras=told)
    told["highest"], told["lowest"] = ends
    found = stats.newcombe(*shares[ends[0]][:2], *shares[ends[1]][:2])
    assert found is not None  # both have rows
    difference, low_bound, high_bound = (100 * part for part in found)
    return Value(difference, n, low_bound, high_bound, notes=(EXPLORATORY,), extras=told)


def _grade_gap(high: Part, low: Part) -> dict[str, float | None]:
    (total, n, squares), (other, other_n, other_squares) = high, low
    found = stats.welch(n, total, squares, other_n, other, other_squares)
    assert found is not None  # both have rows
    names = ("grade_gap", "grade_gap_low", "grade_gap_high")
    return {name: None if math.isnan(v) else v for name, v in zip(names, found, strict=True)}
