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
from kpi.periods import Period
from kpi.query.question import Question


@dataclass(frozen=True)
class Blocks:
    """Where the rows of each block are.

    Attributes:
        of: the values of each block.
        start: its first row; one more closes the last.
        day: of each row, days since 1970, ascending in a block.
    """

    of: Coded
    start: Places
    day: NDArray[np.int32]

    @classmethod
    def put(cls, rows: ByDay) -> tuple[Blocks, Places]:
        """Rows put into blocks; and where each of them was."""
        keyed = (
            (each, np.array(rows.values[name], dtype=object)) for name, each in rows.codes.items()
        )
        alike, _groups = together(keyed, len(rows.day))
        order = np.argsort(alike, kind="stable")
        _each, first = np.unique(alike[order], return_index=True)
        codes = {name: each[order[first]] for name, each in rows.codes.items()}
        return cls(Coded(codes, rows.values), np.append(first, len(order)), rows.day[order]), order

    def tells(self, question: Question) -> bool:
        """Whether what a question is kept to, and told apart by, is known of the rows."""
        return self.of.tells(question)

    def whole(self, question: Question) -> Pieces:
        """All rows that the question's filters and scope keep, of any day, by its dimensions."""
        every = np.arange(len(self.start) - 1)
        blocks = every[self.of.kept(question, 0, len(every))]
        keyed = (self.of.keyed(question, name, blocks) for name in question.dimensions)
        return Pieces(self.start[blocks], self.start[blocks + 1], *together(keyed, len(blocks)))

    def kept(self, question: Question) -> Pieces:
        """The rows of the question's period that its filters and scope keep, by its keys."""
        every = np.arange(len(self.start) - 1)
        blocks = every[self.of.kept(question, 0, len(every))]
        low, high = self._between(blocks, question.period)
        some = np.flatnonzero(low < high)
        blocks, low, high = blocks[some], low[some], high[some]
        time, names = np.zeros(0), np.zeros(0)
        if question.grain is not None and len(blocks):
            names, begins = parts(
                question.grain, int(self.day[low].min()), int(self.day[high - 1].max())
            )
            cuts = [
                first + np.searchsorted(self.day[first:after], begins)
                for first, after in zip(low.tolist(), high.tolist(), strict=True)
            ]
            blocks, time = np.repeat(blocks, len(begins)), np.tile(np.arange(len(begins)), len(low))
            high = np.concatenate(
                [np.append(own[1:], end) for own, end in zip(cuts, high, strict=True)]
            )
            low = np.concatenate(cuts)
        keyed = (
            (time, names) if name in GRAINS else self.of.keyed(question, name, blocks)
            for name in question.by
        )
        return Pieces(low, high, *together(keyed, len(blocks)))

    def _between(self, blocks: Places, period: Period) -> tuple[Places, Places]:
        """Of each block its first row in a period, and the first after it."""
        since, until = number_of(period.since), number_of(period.until)
        low, high = self.start[blocks], self.start[blocks + 1]
        for at, (begin, end) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
            day = self.day[begin:end]
            low[at] = begin + np.searchsorted(day, since, "left")
            high[at] = begin + np.searchsorted(day, until, "right")
        return low, high


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
