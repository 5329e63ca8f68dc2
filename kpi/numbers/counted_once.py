"""Customers that count once however often they come, held in memory by the day they came.

They do not add up over days: of each row it is held whose it is, as a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay, Places
from kpi.numbers.marks import counted, distinct, marked
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Key, Question
from kpi.query.sums import DENOMINATOR, NUMERATOR
from kpi.results.keys import keys

if TYPE_CHECKING:
    from kpi.store import Store

NOBODY = {NUMERATOR: 0, DENOMINATOR: 0}
#: More marks than this, one for each group and customer, are counted by sorting.
_MARKS = 1 << 28


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
    code, groups = held.rows.groups(question, rows)
    who = held.who[rows]
    # A reason is of one process: most combinations of several dimensions have nobody to mark.
    some = np.flatnonzero(np.bincount(code, minlength=groups.possible))
    if len(some) < groups.possible:
        place_of = np.zeros(groups.possible, dtype=np.int64)
        place_of[some] = np.arange(len(some))
        code = place_of[code]
    found = {
        name: _different(code, who, counts[rows], len(some), held.everybody)
        for name, counts in held.counts.items()
    }
    there = np.flatnonzero(sum(found.values()))
    names = keys(question.by, groups.keys(some[there])) if question.by else [()] * len(there)
    return {
        key: {name: int(each[place]) for name, each in found.items()}
        for key, place in zip(names, there, strict=True)
    }


def _different(
    code: Places, who: NDArray[np.int32], counts: NDArray[np.bool_], groups: int, everybody: int
) -> Places:
    """Per group how many different ones of the rows that count."""
    if not counts.all():
        code, who = code[counts], who[counts]
    if groups * everybody > _MARKS:
        pairs = distinct(code * everybody + who)
        return np.bincount(pairs // everybody, minlength=groups)
    return counted(marked(code, who, groups, everybody))
