"""Numbers of rows: a period in which nothing happened has 0 of it, not nothing."""

from __future__ import annotations

from datetime import date

from kpi.filters import GRAINS
from kpi.model import Result
from kpi.query.question import Key, Question
from kpi.query.sums import ROWS
from kpi.results import notes
from kpi.results.keys import count, order
from kpi.results.notes import Value, result
from kpi.results.sums import Sums, extras


def count_results(
    question: Question, sums: dict[Key, Sums], first_fact: date | None
) -> list[Result]:
    """How many rows there are per key; groups that have rows have 0 in periods without them.

    Nothing is said of periods before the first fact, nor of those that as-of has not reached.
    """
    values = {key: _value(question, row) for key, row in sums.items() if count(row[ROWS])}
    groups = {_without_grain(question, key) for key in values}
    if not question.dimensions:
        groups.add(())
    for group in groups:
        for name, days in question.spans():
            key = _with_bucket(question, group, name)
            told = first_fact is not None and first_fact <= min(days.until, question.last_told)
            if told and key not in values:
                values[key] = _value(question, sums.get(key))
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _value(question: Question, row: Sums | None) -> Value:
    n = count(row[ROWS]) if row else 0
    told, said = extras(question, row) if row else ({}, ())
    return Value(float(n), n, numerator=n, notes=said, extras=told)


def _without_grain(question: Question, key: Key) -> Key:
    return tuple(part for name, part in zip(question.by, key, strict=True) if name not in GRAINS)


def _with_bucket(question: Question, group: Key, bucket: str | None) -> Key:
    parts = iter(group)
    return tuple(bucket if name in GRAINS else next(parts) for name in question.by)
