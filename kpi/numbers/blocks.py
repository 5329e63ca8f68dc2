"""Rows in memory that are alike in every dimension lie together, each block of them by day.

A filter keeps some blocks whole, and a period is a slice of each: nothing is looked through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Coded, Groups, Places, number_of, parts, together
from kpi.query.question import Question
from kpi.tally import beginnings


@dataclass(frozen=True)
class Blocks:
    """Where the rows of each block are.

    Attributes:
        of: the values of each block.
        start: its first row; one more closes the last.
        first, days: the first day that a row has (since 1970), and how many there are up to the last.
        place: of each row its block times `days` and how many days it is after `first`; ascending.
    """

    of: Coded
    start: Places
    first: int
    days: int
    place: NDArray[Any]

    @classmethod
    def put(cls, rows: ByDay) -> tuple[Blocks, Places]:
        """Rows put into blocks; and where each of them was."""
        keyed = (
            (each, np.array(rows.values[name], dtype=object)) for name, each in rows.codes.items()
        )
        alike, _groups = together(keyed, len(rows.day))
        order = np.argsort(alike, kind="stable")
        begins = beginnings(alike[order])
        codes = {name: each[order[begins]] for name, each in rows.codes.items()}
        start = np.append(begins, len(order))
        first, last = (int(rows.day[0]), int(rows.day[-1])) if len(order) else (0, 0)
        days = last - first + 1
        # Half as wide where that is enough, as it is for a thousand blocks of a thousand years.
        kind = np.int32 if len(begins) * days <= np.iinfo(np.int32).max else np.int64
        place = np.repeat((np.arange(len(begins)) * days).astype(kind), np.diff(start))
        place += rows.day[order] - np.int32(first)
        return cls(Coded(codes, rows.values), start, first, days, place), order

    def tells(self, question: Question) -> bool:
        """Whether what a question is kept to, and told apart by, is known of the rows."""
        return self.of.tells(question)

    def whole(self, question: Question) -> Pieces:
        """All rows that the question's filters and scope keep, of any day, by its dimensions."""
        blocks = self._blocks(question)
        keyed = (self.of.keyed(question, name, blocks) for name in question.dimensions)
        return Pieces(self.start[blocks], self.start[blocks + 1], *together(keyed, len(blocks)))

    def kept(self, question: Question) -> Pieces:
        """The rows of the question's period that its filters and scope keep, by its keys."""
        blocks = self._blocks(question)
        since, until = (
            int(number_of(day)) - self.first
            for day in (question.period.since, question.period.until)
        )
        low = self._begins(blocks, min(max(since, 0), self.days))
        high = self._begins(blocks, min(max(until + 1, 0), self.days))
        some = np.flatnonzero(low < high)
        blocks, low, high = blocks[some], low[some], high[some]
        time, names = np.zeros(0), np.zeros(0)
        if question.grain is not None and len(blocks):
            earliest = self.first + int((self.place[low] % self.days).min())
            latest = self.first + int((self.place[high - 1] % self.days).max())
            names, begins = parts(question.grain, earliest, latest)
            low = np.stack([self._begins(blocks, int(day) - self.first) for day in begins], axis=1)
            high = np.c_[low[:, 1:], high].ravel()
            blocks, time = np.repeat(blocks, len(begins)), np.tile(np.arange(len(begins)), len(low))
            low = low.ravel()
        keyed = (
            (time, names) if name in GRAINS else self.of.keyed(question, name, blocks)
            for name in question.by
        )
        return Pieces(low, high, *together(keyed, len(blocks)))

    def _blocks(self, question: Question) -> Places:
        """Those that the question's filters and scope keep."""
        every = np.arange(len(self.start) - 1)
        return every[self.of.kept(question, 0, len(every))]

    def _begins(self, blocks: Places, day: int) -> Places:
        """Of each block its first row from so many days after the first on."""
        # Of another type than the places, all of these would be copied first.
        return np.searchsorted(self.place, (blocks * self.days + day).astype(self.place.dtype))


@dataclass(frozen=True)
class Pieces:
    """Slices of the rows, of no row twice; and the number of the group that each is of."""

    low: Places
    high: Places
    code: Places
    groups: Groups

    def of_each(self, times: int, kind: type[np.signedinteger[Any]]) -> NDArray[Any]:
        """Of each row that is kept so many times the number of its group."""
        return np.repeat((self.code * times).astype(kind), self.high - self.low)

    def code_at(self, places: Places) -> Places:
        """The number of the group of some of the rows that are kept, by their places among these."""
        found: Places = self.code[np.searchsorted(np.cumsum(self.high - self.low), places, "right")]
        return found

    def taken(self, values: NDArray[Any]) -> NDArray[Any]:
        """What is kept of a number of each row."""
        if len(self.low) and (self.low[1:] == self.high[:-1]).all():
            return values[self.low[0] : self.high[-1]]
        found = [
            values[low:high]
            for low, high in zip(self.low.tolist(), self.high.tolist(), strict=True)
        ]
        return np.concatenate([values[:0], *found])
