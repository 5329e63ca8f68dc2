"""Shares of amounts: how much of one amount another is, in percent.

There is no interval: rows weigh as much as their amounts, and what is divided is no count.
"""

from __future__ import annotations

from typing import Any

from kpi.model import Note, Result
from kpi.query.question import Key, Question
from kpi.query.sums import extra_names
from kpi.results import notes
from kpi.results.keys import Columns, count, keys, number, order
from kpi.results.notes import Value, result
from kpi.text import N_

NOT_MEASURED = Note(N_("nothing of it is recorded"))


def part_results(question: Question, columns: Columns) -> list[Result]:
    """One result per key that has rows."""
    found: dict[Key, Value] = {}
    for place, key in enumerate(keys(question.by, columns)):
        row = {name: values[place] for name, values in columns.items()}
        if count(row["rows"]):
            found[key] = _value(question, row)
    if not found:
        return notes.empty(question)
    return [result(question, key, found[key]) for key in order(found)]


def _value(question: Question, row: dict[str, Any]) -> Value:
    n, part, whole = count(row["n"]), number(row["num"]), number(row["den"])
    told: dict[str, float | None] = {}
    for extra in question.kpi.extras:
        names = extra_names(extra)
        of = number(row[names[1]]) if extra.denominator else None
        amount = number(row[names[0]])
        if extra.denominator is None:
            told[extra.name] = amount
        else:
            told[extra.name] = 100 * (amount or 0.0) / of if of else None
    said: list[Note] = []
    if not n:
        said.append(NOT_MEASURED)
    elif not whole:
        said.append(notes.NO_DENOMINATOR)
    covered = told.get(question.kpi.options.get("coverage", ""))
    if n and covered is not None and covered < notes.COVERAGE_PERCENT:
        said.append(Note.of(N_("coverage {percent}%"), percent=round(covered)))
    return Value(
        100 * (part or 0.0) / whole if n and whole else None,
        n,
        numerator=part,
        denominator=whole if n else None,
        notes=(*said, *notes.after_as_of(count(row["later"]))),
        extras=told,
    )
