"""Rows in memory, each with the places of its values: what a filter keeps of them, by what.

What is kept of a large store is some tens of thousands of sums, or one number a case. To look through
these here takes a tenth of what a select takes, most of which goes into asking.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.model import NOT_CONFIGURED
from kpi.periods import Period, buckets
from kpi.query.groups import key_label
from kpi.query.question import Question

Places = NDArray[np.int64]
#: Per dimension its values: texts, None where unknown, and hours of the week as whole numbers.
Values = Mapping[str, tuple[Any, ...]]
#: A filter: the values kept of each dimension.
Where = Sequence[tuple[str, frozenset[str | None]]]
#: Of each row the place of its key in what these are called.
Keyed = tuple[NDArray[Any], NDArray[Any]]
#: So many values are looked for one by one.
_FEW = 8
#: Of so many filters it is known what they keep.
_LAST = 3
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Coded:
    """Of each row its values; the arrays are of one length.

    Attributes:
        codes: per dimension the place of its value in `values`.
        values: per dimension those there are; None is unknown.
    """

    codes: Mapping[str, NDArray[np.int16]]
    values: Values
    #: What the last filters keep of all rows: a page asks a dozen questions with one.
    _kept: OrderedDict[Hashable, Places] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )

    def tells(self, question: Question) -> bool:
        """Whether what a question is kept to, and told apart by, is known of the rows."""
        asked = {*question.dimensions, *(name for name, _values in question.where)}
        return asked <= set(self.codes)

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

    def called(self, question: Question, name: str) -> list[str | None]:
        """What the question calls each value of a dimension: some are not configured."""
        known = question.configured.get(name)
        return [
            value if value is None or known is None or value in known else NOT_CONFIGURED
            for value in self.values[name]
        ]

    def keyed(self, question: Question, name: str, rows: slice | Places) -> Keyed:
        """Rows by a dimension, its keys as a select brings them."""
        called = self.called(question, name)
        # Several that are not configured are one group.
        names = {value: place for place, value in enumerate(dict.fromkeys(called))}
        codes = self.codes[name][rows]
        if len(names) < len(called):
            codes = np.array([names[value] for value in called], dtype=np.int16)[codes]
        return codes, np.array(list(names), dtype=object)


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


def together(keyed: Iterable[Keyed], rows: int) -> tuple[Places, Groups]:
    """The number of each row's group by several keys, and what the groups are called."""
    code: Places | None = None
    called = []
    for own, names in keyed:
        code = own.astype(np.int64) if code is None else code * len(names) + own
        called.append(names)
    return np.zeros(rows, dtype=np.int64) if code is None else code, Groups(tuple(called))


def parts(grain: str, first: int, last: int) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """Each part of the time from one day to another: what it is called, and the day it begins on."""
    if grain == "day":
        days = np.arange(first, last + 1, dtype=np.int32)
        return days.astype("datetime64[D]"), days
    told = Period(_EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last))
    every = list(buckets(told, grain))
    names = np.array([name for name, _part in every], dtype=object)
    return names, np.array([number_of(part.since) for _name, part in every])


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


def length(rows: slice | Places, every: int) -> int:
    """How many rows these are of every one."""
    return len(range(*rows.indices(every))) if isinstance(rows, slice) else len(rows)


def number_of(day: date) -> np.int32:
    """Days since 1970."""
    # Of another type than the days that are looked through, all of these would be copied first.
    return np.int32((day - _EPOCH).days)
