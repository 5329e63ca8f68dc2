"""Rows in memory by day, each with the places of its values: what a filter keeps of them, by what.

What is kept of a large store is some tens of thousands of sums, or one number a case. To look through
these here takes a tenth of what a select takes, most of which goes into asking.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.model import NOT_CONFIGURED
from kpi.periods import Period, buckets
from kpi.query.groups import key_label
from kpi.query.in_memory import Wanted
from kpi.query.question import Question
from kpi.results.keys import Columns
from kpi.stats import beginnings

if TYPE_CHECKING:
    from kpi.store import Store

Places = NDArray[np.int64]
#: Per dimension its values: texts, None where unknown, and hours of the week as whole numbers.
Values = Mapping[str, tuple[Any, ...]]
#: Of how many values of one dimension the rows are held: each is a comparison for every row.
MOST_VALUES = 300
#: So many values are looked for one by one.
_FEW = 8
#: A filter: the values kept of each dimension.
Where = Sequence[tuple[str, frozenset[str | None]]]
#: Of so many filters it is known what they keep.
_LAST = 3
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class ByDay:
    """Of each row its day and values; the arrays are of one length.

    Attributes:
        day: days since 1970, ascending.
        codes: per dimension the place of its value in `values`.
        values: per dimension those there are; None is unknown.
    """

    day: NDArray[np.int32]
    codes: Mapping[str, NDArray[np.int16]]
    values: Values
    #: What the last filters keep of all rows: a page asks a dozen questions with one.
    _kept: OrderedDict[Hashable, Places] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )

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
        return cls(day[order], codes, values), order

    def tells(self, question: Question) -> bool:
        """Whether what a question is kept to, and told apart by, is known of the rows."""
        asked = {*question.dimensions, *(name for name, _values in question.where)}
        return asked <= set(self.codes)

    def rows(self, question: Question) -> slice | Places:
        """Those of the question's period that its filters and scope keep."""
        return self.kept(question, *self.between(question.period))

    def kept(self, question: Question, low: int, high: int) -> slice | Places:
        """The rows from `low` to before `high` that the question's filters and scope keep."""
        # The empty text asks for what is unknown; a scope never means that.
        where = [
            (name, frozenset(one or None for one in values)) for name, values in question.where
        ]
        seen = question.scope.processes
        if seen is not None:
            if not seen:
                return slice(low, low)
            # What has no process is seen whole (`query.groups.in_scope`).
            where += [("process", frozenset(seen))] if "process" in self.codes else []
        if not where:
            return slice(low, high)
        kept = self._remembered(where)
        first, after = np.searchsorted(kept, (low, high))
        return kept[first:after]

    def _remembered(self, where: Where) -> Places:
        """Of all rows those that a filter keeps; of the last few filters it is known."""
        key = tuple(where)
        kept = self._kept.get(key)
        if kept is not None:
            with suppress(KeyError):
                self._kept.move_to_end(key)
            return kept
        kept = self._kept[key] = self._of_all(where)
        if len(self._kept) > _LAST:
            # Another thread may have let go of the last one.
            with suppress(KeyError):
                self._kept.popitem(last=False)
        return kept

    def _of_all(self, where: Where) -> Places:
        """Of all rows those that are kept."""
        # A page about one process is kept to it whatever else is chosen there.
        first, *others = sorted(where, key=lambda one: one[0] != "process")
        if not others:
            return np.flatnonzero(self._fit(*first, slice(None)))
        kept = self._remembered([first])
        for name, wanted in others:
            kept = kept[self._fit(name, wanted, kept)]
        return kept

    def _fit(
        self, name: str, wanted: Collection[str | None], rows: slice | Places
    ) -> NDArray[np.bool_]:
        """Which of some rows have one of the wanted values."""
        fits = [place for place, value in enumerate(self.values[name]) if value in wanted]
        return _among(self.codes[name][rows], fits, len(self.values[name]))

    def between(self, period: Period) -> tuple[int, int]:
        """The first row of a period, and the first after it."""
        low = np.searchsorted(self.day, number_of(period.since), "left")
        return int(low), int(np.searchsorted(self.day, number_of(period.until), "right"))

    def reordered(self, order: Places) -> ByDay:
        """The rows in another order in which their days ascend."""
        codes = {name: each[order] for name, each in self.codes.items()}
        return ByDay(self.day[order], codes, self.values)

    def groups(
        self, question: Question, rows: slice | Places, by: Sequence[str] | None = None
    ) -> tuple[Places, Groups]:
        """The number of each row's group by the question's `by`, and what the groups are called."""
        code: Places | None = None
        called = []
        for name in question.by if by is None else by:
            own, names = self._key(question, name, rows)
            code = own.astype(np.int64) if code is None else code * len(names) + own
            called.append(names)
        if code is None:
            code = np.zeros(_length(rows, len(self.day)), dtype=np.int64)
        return code, Groups(tuple(called))

    def called(self, question: Question, name: str) -> list[str | None]:
        """What the question calls each value of a dimension: some are not configured."""
        known = question.configured.get(name)
        return [
            value if value is None or known is None or value in known else NOT_CONFIGURED
            for value in self.values[name]
        ]

    def _key(
        self, question: Question, name: str, rows: slice | Places
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Of each row the place of its key in what these are called, as a select brings them."""
        if name in GRAINS:
            return self._time(name, rows)
        called = self.called(question, name)
        # Several that are not configured are one group.
        names = {value: place for place, value in enumerate(dict.fromkeys(called))}
        codes = self.codes[name][rows]
        if len(names) < len(called):
            codes = np.array([names[value] for value in called], dtype=np.int16)[codes]
        return codes, np.array(list(names), dtype=object)

    def _time(self, grain: str, rows: slice | Places) -> tuple[NDArray[Any], NDArray[Any]]:
        ends, names = self._stretches(grain, rows)
        return np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0)), names

    def stretches(self, question: Question, rows: slice | Places) -> tuple[Places, Groups]:
        """Of what is told apart by one time grain, or by nothing: where among the rows each part ends."""
        if not question.by:
            return np.array([_length(rows, len(self.day))]), Groups(())
        ends, names = self._stretches(question.by[0], rows)
        return ends, Groups((names,))

    def _stretches(self, grain: str, rows: slice | Places) -> tuple[Places, NDArray[Any]]:
        """Where among the rows each part of the time that they are in ends, and what it is called."""
        there = range(*rows.indices(len(self.day))) if isinstance(rows, slice) else rows
        if not len(there):
            return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=object)
        first, last = int(self.day[there[0]]), int(self.day[there[-1]])
        # A period may begin centuries before the first row.
        told = Period(_EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last))
        if grain == "day":
            names = np.arange(first, last + 1).astype("datetime64[D]")
            begins = np.arange(first, last + 1, dtype=np.int32)
        else:
            every = list(buckets(told, grain))
            names = np.array([name for name, _part in every], dtype=object)
            begins = np.array([number_of(part.since) for _name, part in every])
        # The days ascend: where a part begins among all rows tells where it does among these.
        at = np.searchsorted(self.day, begins)
        if isinstance(rows, slice):
            begun = np.maximum(at - there[0], 0)
        else:
            begun = np.searchsorted(rows, at)
        return np.r_[begun[1:], len(there)], names


@dataclass(frozen=True)
class Groups:
    """What groups are called: per part of `by` the names of its places."""

    called: tuple[NDArray[Any], ...]

    @property
    def possible(self) -> int:
        """How many there may be: mostly fewer have a row."""
        return int(np.prod([len(names) for names in self.called], dtype=np.int64))

    def keys(self, numbers: Places) -> dict[str, NDArray[Any]]:
        """The key columns of groups by their numbers, as a select brings them."""
        found = {}
        for place in reversed(range(len(self.called))):
            names = self.called[place]
            found[key_label(place)] = names[numbers % len(names)]
            numbers = numbers // len(names)
        return found


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


def _among(codes: NDArray[np.int16], wanted: Sequence[int], values: int) -> NDArray[np.bool_]:
    """Which of `codes` are one of `wanted`."""
    if 0 < len(wanted) <= _FEW:
        # To compare is ten times as quick as to look each up.
        found: NDArray[np.bool_] = codes == np.int16(wanted[0])
        for one in wanted[1:]:
            found |= codes == np.int16(one)
        return found
    fits = np.zeros(values, dtype=bool)
    fits[wanted] = True
    return fits[codes]


def _length(rows: slice | Places, every: int) -> int:
    """How many rows these are of every one."""
    return len(range(*rows.indices(every))) if isinstance(rows, slice) else len(rows)


def number_of(day: date) -> np.int32:
    """Days since 1970."""
    # Of another type than the days that are looked through, all of these would be copied first.
    return np.int32((day - _EPOCH).days)


def in_order(code: Places) -> tuple[Places, Places]:
    """The order that puts rows of one number together, and where in it each number begins."""
    if len(code) and code.max() <= np.iinfo(np.int16).max:
        # Numbers as small as these are sorted without comparing them.
        code = code.astype(np.int16)
    order = np.argsort(code, kind="stable")
    return order, beginnings(code[order])


def apart(values: NDArray[Any], first: Places) -> NDArray[Any]:
    """Values in order, as one array for each number that `in_order` found."""
    found = np.empty(len(first), dtype=object)
    found[:] = np.split(values, first[1:]) if len(first) else []
    return found
