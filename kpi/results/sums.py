"""Sums to values: shares, means and amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kpi import stats
from kpi.model import Kind, Note, Result
from kpi.query.question import Key, Question
from kpi.query.sums import AFTER, DENOMINATOR, NUMERATOR, ROWS, SQUARES, column, extra_names
from kpi.results import answers, notes
from kpi.results.keys import Columns, count, keys, number, order
from kpi.results.notes import Value, result
from kpi.text import N_

Sums = dict[str, Any]


def split(question: Question, position: int, columns: Columns) -> dict[Key, Sums]:
    """The sums of the question at `position` of a batch, per key."""
    prefix = column(position, "")
    own = [name for name in columns if name.startswith(prefix)]
    names = [name.removeprefix(prefix) for name in own]
    # As plain numbers: each is looked at several times.
    rows = zip(*(columns[name].tolist() for name in own), strict=True)
    return {
        key: dict(zip(names, row, strict=True))
        for key, row in zip(keys(question.by, columns), rows, strict=True)
    }


def results(question: Question, sums: dict[Key, Sums], said: tuple[Note, ...] = ()) -> list[Result]:
    """One result per key that has rows; one without a value when there are none.

    `said` are notes that go with every value.
    """
    taking_part = {key: row for key, row in sums.items() if count(row[ROWS])}
    if not taking_part:
        return _empty(question, sums)
    makers = {
        Kind.SHARE: _share,
        Kind.DISTINCT: _share,
        Kind.MEAN: _mean,
        Kind.NPS: _nps,
        Kind.RATIO: _ratio,
        Kind.SUM: _sum,
    }
    make = makers[question.kpi.kind]
    wholes = dict(_wholes(question, taking_part))
    found = {key: make(question, row, wholes.get(key)) for key, row in taking_part.items()}
    if said:
        found = {key: replace(value, notes=(*value.notes, *said)) for key, value in found.items()}
    return [result(question, key, found[key]) for key in order(found)]


def _empty(question: Question, sums: dict[Key, Sums]) -> list[Result]:
    unknown = sum(count(row.get("x_unknown_direction_num")) for row in sums.values())
    if unknown:
        said = Note.of(N_("{n} contacts left out: their direction is not known"), n=unknown)
        return notes.empty(question, (notes.NOTHING, said))
    return notes.empty(question)


def _wholes(question: Question, sums: dict[Key, Sums]) -> Iterator[tuple[Key, float]]:
    """Per key what it is a share of, for a KPI that divides a whole over some dimensions."""
    over = question.kpi.options.get("shares_within")
    if not over:
        return
    kept = [place for place, name in enumerate(question.by) if name not in over]
    totals: dict[Key, float] = {}
    for key, row in sums.items():
        rest = tuple(key[place] for place in kept)
        totals[rest] = totals.get(rest, 0) + count(row[DENOMINATOR])
    for key in sums:
        yield key, totals[tuple(key[place] for place in kept)]


def _share(question: Question, row: Sums, whole: float | None) -> Value:
    hits = count(row[NUMERATOR])
    n = count(row[DENOMINATOR]) if whole is None else int(whole)
    told, said = extras(question, row)
    said = (*said, *answers.low_response(question, hits, n))
    interval = stats.wilson(hits, n)
    if interval is None:
        return Value(None, n, numerator=hits, denominator=n, notes=said, extras=told)
    return Value(
        100 * hits / n,
        n,
        100 * interval[0],
        100 * interval[1],
        hits,
        n,
        said,
        told,
    )


def _mean(question: Question, row: Sums, _: float | None) -> Value:
    n, total = count(row[DENOMINATOR]), number(row[NUMERATOR])
    told, said = extras(question, row)
    found = stats.mean_interval(n, total or 0.0, number(row[SQUARES]) or 0.0)
    if found is None:
        return Value(None, n, denominator=n, notes=said, extras=told)
    mean, low, high = (number(part) for part in found)
    return Value(mean, n, low, high, total, n, said, told)


def _nps(question: Question, row: Sums, _: float | None) -> Value:
    n, net = count(row[DENOMINATOR]), count(row[NUMERATOR])
    told, said = extras(question, row)
    found = answers.nps(n, net, count(row[SQUARES]))
    if found is None:
        return Value(None, n, denominator=n, notes=said, extras=told)
    value, low, high = found
    return Value(value, n, low, high, net, n, said, told)


def _ratio(question: Question, row: Sums, _: float | None) -> Value:
    total, n = number(row[NUMERATOR]), count(row[DENOMINATOR])
    told, said = extras(question, row)
    value = total / n if total is not None and n else None
    said = (*said, *(() if n else (notes.NO_DENOMINATOR,)))
    return Value(value, n, numerator=total, denominator=n, notes=said, extras=told)


def _sum(question: Question, row: Sums, _: float | None) -> Value:
    n, total = count(row[DENOMINATOR]), number(row[NUMERATOR])
    told, said = extras(question, row)
    if n and total is None:
        said = (*said, Note(N_("no cost is configured for these channels")))
    # Nothing unnecessary costs nothing; something without a known cost is not known.
    value = 0.0 if total is None and not n else total
    return Value(value, n, numerator=total, notes=said, extras=told)


def extras(question: Question, row: Sums) -> tuple[dict[str, float | None], tuple[Note, ...]]:
    """What is told beside a value, and the notes that follow from it."""
    told: dict[str, float | None] = {}
    for extra in question.kpi.extras:
        if not (extra.shown or extra.amount):
            continue
        numerator, denominator = extra_names(extra)
        if extra.amount:
            total = number(row[numerator])
            of = number(row[denominator]) if extra.denominator else 1.0
            told[extra.name] = total / of if total is not None and of else None
        elif extra.denominator is None:
            told[extra.name] = count(row[numerator])
        else:
            n = count(row[denominator])
            told[extra.name] = 100 * count(row[numerator]) / n if n else None
    said = [*_coverage(question, told), *_own_scales(question, row)]
    remark = question.kpi.options.get("remark")
    if remark:
        said.append(Note(remark))
    return told, (*said, *notes.after_as_of(count(row.get(AFTER))))


def _coverage(question: Question, told: dict[str, float | None]) -> Iterator[Note]:
    name = question.kpi.options.get("coverage")
    share = told.get(name) if name else None
    if share is not None and share < notes.COVERAGE_PERCENT:
        yield Note.of(N_("coverage {percent}%"), percent=round(share))


def _own_scales(question: Question, row: Sums) -> Iterator[Note]:
    name = question.kpi.options.get("own_scales")
    if name is None:
        return
    [extra] = (one for one in question.kpi.extras if one.name == name)
    if 0 < count(row[extra_names(extra)[0]]) < count(row[DENOMINATOR]):
        yield Note(N_("several processes, each on its own scale"))
