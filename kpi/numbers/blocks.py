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

    def kept(self, question: Question) -> Pieces:
        """The rows of the question's period that its filters and scope keep, by its keys."""
        since, until = number_of(question.period.since), number_of(question.period.until)
        blocks = np.arange(len(self.start) - 1)[self.of.kept(question, 0, len(self.start) - 1)]
        low, high = np.zeros_like(blocks), np.zeros_like(blocks)
        for at, block in enumerate(blocks.tolist()):
            begin, end = self.start[block], self.start[block + 1]
            low[at] = begin + np.searchsorted(self.day[begin:end], since, "left")
            high[at] = begin + np.searchsorted(self.day[begin:end], until, "right")
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
        code, groups = together(keyed, len(blocks))
        return Pieces(low, high, code, groups)


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

    def taken(self, values: NDArray[Any]) -> NDArray[Any]:
        """What is kept of a number of each row."""
        found = [
            values[low:high]
            for low, high in zip(self.low.tolist(), self.high.tolist(), strict=True)
        ]
        return found[0] if len(found) == 1 else np.concatenate([values[:0], *found])
