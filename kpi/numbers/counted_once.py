"""Customers that count once however often they come, held in memory by the day they came.

They do not add up over days: of each row it is held whose it is, as a number. What the filters of every
page ask, of all, of one process or one channel, is told by who came before (`Firsts`); the rest by
marking whoever there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Groups, Places, number_of
from kpi.numbers.firsts import Firsts
from kpi.numbers.marks import distinct
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.daily import NARROW
from kpi.query.question import Key, Question
from kpi.query.sums import DENOMINATOR, NUMERATOR
from kpi.results.keys import keys

if TYPE_CHECKING:
    from kpi.store import Store

NOBODY = {NUMERATOR: 0, DENOMINATOR: 0}
#: More combinations than this are counted together: one by one they would take longer.
_MOST_PARTS = 1000


@dataclass(frozen=True)
class _Once:
    """Rows by day, whose each is, and in which of the two numbers it counts.

    Attributes:
        firsts: per number, by what it is told apart by, who had come before.
    """

    rows: ByDay
    who: NDArray[np.int32]
    counts: Mapping[str, NDArray[np.bool_]]
    everybody: int
    firsts: Mapping[tuple[str, ...], Mapping[str, Firsts]]


def _read(store: Store, at: Moment) -> _Once | None:
    read = by_day.read(store, in_memory.counted_once(KPIS["three_contacts"], at))
    if read is None:
        return None
    rows, found = read
    who = found["who"].astype(np.int32)
    counts = {NUMERATOR: found["num"].astype(bool), DENOMINATOR: found["den"].astype(bool)}
    everybody = int(who.max(initial=-1)) + 1
    narrow = [some for n in range(len(NARROW) + 1) for some in combinations(NARROW, n)]
    firsts = {}
    for names in narrow:
        part, parts = np.zeros(len(who), dtype=np.int64), 1
        for name in names:
            part = part * len(rows.values[name]) + rows.codes[name]
            parts *= len(rows.values[name])
        firsts[names] = {
            name: Firsts.of(rows.day[kept], part[kept], parts, who[kept], everybody)
            for name, kept in counts.items()
        }
    return _Once(rows, who, counts, everybody, firsts)


ONCE = InMemory(KPIS["three_contacts"], _read)


def counted_once(store: Store, question: Question) -> dict[Key, dict[str, int]] | None:
    """How many different ones are in the numerator and the denominator, by key; None: ask the store.

    Keys without any are not in it.
    """
    held = ONCE.telling(store, question)
    if held is None:
        return None
    by_firsts = _by_firsts(held, question)
    if by_firsts is not None:
        found, groups = by_firsts
    # There is one time grain at most.
    elif set(question.by) <= set(GRAINS):
        rows = held.rows.rows(question)
        stretches, groups = held.rows.stretches(question, rows)
        found = _by_stretch(held, rows, stretches)
    else:
        rows = held.rows.rows(question)
        code, groups = held.rows.groups(question, rows)
        found = _by_group(held, rows, code, groups.possible)
    there = np.flatnonzero(sum(found.values()))
    names = keys(question.by, groups.keys(there)) if question.by else [()] * len(there)
    return {
        key: {name: int(each[place]) for name, each in found.items()}
        for key, place in zip(names, there, strict=True)
    }


def _by_firsts(held: _Once, question: Question) -> tuple[dict[str, Places], Groups] | None:
    """By who came before, and what the groups are called; None where that does not tell it."""
    wanted = dict(question.where)
    names = tuple(name for name in NARROW if name in wanted or name in question.by)
    asked = {*wanted, *question.dimensions}
    several = any(len(values) != 1 for values in wanted.values())
    if set(names) != asked or several or question.scope.processes is not None:
        return None
    spans = question.spans()
    # Per part of `by` what its groups are called, and of each the place of its value or its days.
    parts: dict[str, tuple[list[object], list[int]]] = {}
    for name in names:
        every = held.rows.called(question, name)
        if len(set(every)) < len(every):
            # Several that are not configured are one group: who came in two of them counts once.
            return None
        kept = [wanted[name][0] or None] if name in wanted else held.rows.values[name]
        at = [place for place, value in enumerate(held.rows.values[name]) if value in kept]
        parts[name] = [every[place] for place in at], at
    if question.grain:
        as_days = question.grain == "day"
        told: list[object] = [days.since if as_days else name for name, days in spans]
        parts[question.grain] = told, list(range(len(spans)))
    called = tuple(_objects(parts[name][0]) for name in question.by)
    groups = Groups(called)
    if groups.possible > _MOST_PARTS:
        return None
    found = {name: np.zeros(groups.possible, dtype=np.int64) for name in held.firsts[names]}
    # What is kept to one value is no part of `by`, but one of the rows.
    outer = [name for name in names if name not in question.by]
    if not all(parts[name][1] for name in outer):
        return found, groups
    for number, places in enumerate(product(*(parts[name][1] for name in question.by))):
        at_one = {name: parts[name][1][0] for name in outer}
        at_one |= dict(zip(question.by, places, strict=True))
        part = 0
        for name in names:
            part = part * len(held.rows.values[name]) + at_one[name]
        days = spans[at_one[question.grain]][1] if question.grain else question.period
        low, high = int(number_of(days.since)), int(number_of(days.until))
        for name, firsts in held.firsts[names].items():
            found[name][number] = firsts.between(part, low, high)
    return found, groups


def _objects(values: list[object]) -> NDArray[Any]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _by_stretch(held: _Once, rows: slice | Places, ends: Places) -> dict[str, Places]:
    """Per stretch of the rows how many different ones: a mark for each of everybody, used again."""
    who = held.who[rows]
    marks = np.zeros(held.everybody, dtype=bool)
    found = {}
    for name, counts in held.counts.items():
        kept = counts[rows]
        every = kept.all()
        numbers = np.zeros(len(ends), dtype=np.int64)
        first = 0
        for place, end in enumerate(ends):
            if first < end:
                marks[who[first:end] if every else who[first:end][kept[first:end]]] = True
                numbers[place] = np.count_nonzero(marks)
                marks.fill(False)
            first = end
        found[name] = numbers
    return found


def _by_group(held: _Once, rows: slice | Places, code: Places, possible: int) -> dict[str, Places]:
    """Per group how many different ones: to sort pairs takes a tenth of marking each of a table."""
    pairs = code * held.everybody + held.who[rows]
    found = {}
    for name, counts in held.counts.items():
        kept = counts[rows]
        own = distinct(pairs if kept.all() else pairs[kept]) // held.everybody
        found[name] = np.bincount(own, minlength=possible)
    return found
