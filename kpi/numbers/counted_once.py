"""Customers that count once however often they come, held in memory by the day they came.

They do not add up over days: of each row it is held whose it is, as a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay, Places
from kpi.numbers.marks import distinct
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Key, Question
from kpi.query.sums import DENOMINATOR, NUMERATOR
from kpi.results.keys import keys

if TYPE_CHECKING:
    from kpi.store import Store

NOBODY = {NUMERATOR: 0, DENOMINATOR: 0}


@dataclass(frozen=True)
class _Once:
    """Rows by day, whose each is, and in which of the two numbers it counts."""

    rows: ByDay
    who: NDArray[np.int32]
    counts: dict[str, NDArray[np.bool_]]
    everybody: int


def _read(store: Store, at: Moment) -> _Once | None:
    read = by_day.read(store, in_memory.counted_once(KPIS["three_contacts"], at))
    if read is None:
        return None
    rows, found = read
    who = found["who"].astype(np.int32)
    counts = {NUMERATOR: found["num"].astype(bool), DENOMINATOR: found["den"].astype(bool)}
    return _Once(rows, who, counts, int(who.max(initial=-1)) + 1)


ONCE = InMemory(KPIS["three_contacts"], _read)


def counted_once(store: Store, question: Question) -> dict[Key, dict[str, int]] | None:
    """How many different ones are in the numerator and the denominator, by key; None: ask the store.

    Keys without any are not in it.
    """
    held = ONCE.telling(store, question)
    if held is None:
        return None
    rows = held.rows.rows(question)
    # There is one time grain at most.
    if set(question.by) <= set(GRAINS):
        stretches, groups = held.rows.stretches(question, rows)
        found = _by_stretch(held, rows, stretches)
    else:
        code, groups = held.rows.groups(question, rows)
        found = _by_group(held, rows, code, groups.possible)
    there = np.flatnonzero(sum(found.values()))
    names = keys(question.by, groups.keys(there)) if question.by else [()] * len(there)
    return {
        key: {name: int(each[place]) for name, each in found.items()}
        for key, place in zip(names, there, strict=True)
    }


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
