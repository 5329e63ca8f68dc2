"""Sums per day held in memory: those that the filters of every page are answered from.

They are some tens of thousands of rows a source, some hundreds of thousands where they are told apart
by reasons or hours, whatever the number of contacts. The store holds the same, and answers what they
do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Places, number_of
from kpi.numbers.marks import renumbered
from kpi.query import in_memory
from kpi.query.daily import Kept, Sum
from kpi.query.question import Key, Question
from kpi.query.sums import Days, asked
from kpi.results.keys import keys

if TYPE_CHECKING:
    from kpi.store import Store

Every = tuple[Kept, ...]
#: Of sums with more rows than this none are held: to look through them is no quicker than to ask.
MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Held:
    """Sums that were made together.

    Attributes:
        kept: which they are.
        rows: their days and values.
        slots: of each the sums, 0 where there is none; and in which rows there is one (None: in all).
    """

    kept: Kept
    rows: ByDay
    slots: Mapping[int, tuple[NDArray[np.float64], NDArray[np.bool_] | None]]

    def answer(self, question: Question, wanted: Sequence[Sum]) -> dict[Key, dict[str, Any]]:
        """The sums of a question by key, as `query.sums` would give them; nan where none is."""
        rows = self.rows.rows(question)
        code, groups = self.rows.groups(question, rows)
        count, numbers = groups.possible, np.arange(groups.possible)
        if question.by and count > len(code):
            # Most combinations of many values have no row.
            numbers, code = renumbered(code)
            count = len(numbers)
        told = int(np.searchsorted(self.rows.day[rows], number_of(question.last_told), "right"))
        parts = {
            Days.ALL: slice(None), Days.TOLD: slice(None, told), Days.LATER: slice(told, None)
        }  # fmt: skip
        found = {
            one.name: self._summed(one, rows, code, count, parts[one.days])
            for one in wanted
            if asked(one.name, question)
        }
        if not question.by:
            # The whole is there always.
            return {(): {name: float(values[0]) for name, values in found.items()}}
        there = np.flatnonzero(np.bincount(code, minlength=count))
        columns = (values[there].tolist() for values in found.values())
        every = zip(
            keys(question.by, groups.keys(numbers[there])), zip(*columns, strict=True), strict=True
        )
        return {
            key: dict(zip(found, row, strict=True))
            for key, row in every
            # A key that has rows of other sums only brings nothing here.
            if any(value == value for value in row)
        }

    def _summed(
        self, one: Sum, rows: slice | Places, code: NDArray[np.int64], count: int, part: slice
    ) -> NDArray[np.float64]:
        values, known = self.slots[self.kept.slots[one.fingerprint]]
        own = code[part]
        total = np.bincount(own, values[rows][part], count).astype(np.float64)
        there = own if known is None else own[known[rows][part]]
        total[np.bincount(there, minlength=count) == 0] = np.nan
        return total


#: Per store: of what is kept in it, and that by its number.
_held: WeakKeyDictionary[Store, tuple[Every, dict[int, Held]]] = WeakKeyDictionary()


def hold_sums(store: Store) -> int:
    """Hold what the store keeps and was not held yet; gives of how many sources.

    Nobody waits for it: until then they are read from the store.
    """
    now = store.daily.now()
    if not now:
        _held.pop(store, None)
        return 0
    if held(store, now) is not None:
        return 0
    rows = {row["kept"]: row["n"] for row in store.rows(in_memory.sums_kept())}
    few = [kept for kept in now if rows.get(kept.number, 0) <= MOST_ROWS]
    found = {kept.number: own for kept in few if (own := _read(store, kept)) is not None}
    if store.daily.now() is not now:
        # Thrown away meanwhile: then what was read may be nothing.
        return 0
    _held[store] = (now, found)
    return len(found)


def held(store: Store, now: Every) -> Mapping[int, Held] | None:
    """What is held of all that is kept now, by number; None where that is another."""
    of, found = _held.get(store, ((), {}))
    return found if of is now else None


def _read(store: Store, kept: Kept) -> Held | None:
    read = by_day.read(store, in_memory.sums(kept))
    if read is None:
        return None
    rows, found = read
    slots = {}
    for slot in kept.slots.values():
        values = found[f"s{slot}"].astype(np.float64)
        known = ~np.isnan(values)
        slots[slot] = (np.where(known, values, 0.0), None if known.all() else known)
    return Held(kept, rows, slots)
