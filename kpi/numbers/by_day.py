"""Rows in memory by their day: a period of them is a slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.numbers.coded import (
    Coded,
    Groups,
    Keyed,
    Places,
    Values,
    length,
    number_of,
    parts,
    together,
)
from kpi.periods import Period
from kpi.query.in_memory import Wanted
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: Of how many values of one dimension the rows are held: each is a comparison for every row.
MOST_VALUES = 300


@dataclass(frozen=True)
class ByDay(Coded):
    """Of each row its day and values.

    Attributes:
        day: days since 1970, ascending.
    """

    day: NDArray[np.int32]

    @classmethod
    def of(cls, columns: Columns, values: Values) -> tuple[ByDay, Places] | None:
        """From columns `day` and, per dimension, the places; and the order they are put in.

        None where a row has a value that came after `values` were read.
        """
        if any((columns[name] < 0).any() for name in values):
            return None
        day = columns["day"].astype("datetime64[D]").astype(np.int32)
        order = np.argsort(day, kind="stable")
        codes = {name: columns[name].astype(np.int16)[order] for name in values}
        return cls(codes, values, day[order]), order

    def rows(self, question: Question) -> slice | Places:
        """Those of the question's period that its filters and scope keep."""
        return self.kept(question, *self.between(question.period))

    def between(self, period: Period) -> tuple[int, int]:
        """The first row of a period, and the first after it."""
        low = np.searchsorted(self.day, number_of(period.since), "left")
        return int(low), int(np.searchsorted(self.day, number_of(period.until), "right"))

    def reordered(self, order: Places) -> ByDay:
        """The rows in another order in which their days ascend."""
        codes = {name: each[order] for name, each in self.codes.items()}
        return ByDay(codes, self.values, self.day[order])

    def groups(
        self, question: Question, rows: slice | Places, by: Sequence[str] | None = None
    ) -> tuple[Places, Groups]:
        """The number of each row's group by the question's `by`, and what the groups are called."""
        every = question.by if by is None else by
        keyed = (self.keyed(question, name, rows) for name in every)
        return together(keyed, length(rows, len(self.day)))

    def keyed(self, question: Question, name: str, rows: slice | Places) -> Keyed:
        """Rows by a dimension or a time grain."""
        if name not in GRAINS:
            return super().keyed(question, name, rows)
        ends, names = self._stretches(name, rows)
        return np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0)), names

    def stretches(self, question: Question, rows: slice | Places) -> tuple[Places, Groups]:
        """Of what is told apart by one time grain, or by nothing: where among the rows each part ends."""
        if not question.by:
            return np.array([length(rows, len(self.day))]), Groups(())
        ends, names = self._stretches(question.by[0], rows)
        return ends, Groups((names,))

    def _stretches(self, grain: str, rows: slice | Places) -> tuple[Places, NDArray[Any]]:
        """Where among the rows each part of the time that they are in ends, and what it is called."""
        there = range(*rows.indices(len(self.day))) if isinstance(rows, slice) else rows
        if not len(there):
            return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=object)
        first, last = int(self.day[there[0]]), int(self.day[there[-1]])
        # Not of the whole period: that may begin centuries before the first row.
        names, begins = parts(grain, first, last)
        # The days ascend: where a part begins among all rows tells where it does among these.
        at = np.searchsorted(self.day, begins)
        if isinstance(rows, slice):
            begun = np.maximum(at - there[0], 0)
        else:
            begun = np.searchsorted(rows, at)
        return np.r_[begun[1:], len(there)], names


def read(store: Store, wanted: Wanted) -> tuple[ByDay, dict[str, NDArray[Any]]] | None:
    """The rows by day, and what else is wanted of each by its name, in the same order.

    None where there are no rows, or so many values that to number them takes longer than it brings.
    """
    values = {}
    for name in wanted.dimensions:
        found = [row["value"] for row in store.rows(wanted.values(name, MOST_VALUES))]
        if not 0 < len(found) <= MOST_VALUES:
            return None
        values[name] = tuple(sorted(found, key=lambda one: (one is not None, one or "")))
    columns = store.columns(wanted.rows(values))
    placed = ByDay.of(columns, values)
    if placed is None:
        return None
    rows, order = placed
    return rows, {name: columns[name][order] for name in wanted.what}
