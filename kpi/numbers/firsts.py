"""Who counts once between two days: whoever came there and had not come before within these days.

So of each one's days it is held on which day he came before: how many different ones there were is then
how many of the rows between two days have an earlier day than the first of these. That is one comparison
of small numbers that lie beside each other, where a mark for everybody is one at random for each row.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.tally import beginnings

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Firsts:
    """Everybody's days in each part that the rows are told apart by: processes, say.

    Attributes:
        before: of each one's days in a part, in the order of parts and days, on which one he came there
            before: counted from the first day there is as 1; 0 is never.
        ends: where in `before` each day of each part begins, and where the last one ends.
        days: how many days each part has.
        first: the first of them, since 1970.
    """

    before: NDArray[np.unsignedinteger]
    ends: Whole
    days: int
    first: int

    @classmethod
    def of(
        cls, day: NDArray[np.int32], part: Whole, parts: int, who: NDArray[np.int32], everybody: int
    ) -> Firsts:
        """From rows by day, of each its part and whose it is.

        Args:
            day: since 1970, ascending.
            part: of each row the number of its part.
            parts: how many there are.
            who: of each row whose it is, as a number.
            everybody: how many these are.
        """
        first, last = (int(day[0]), int(day[-1])) if len(day) else (0, 0)
        days = last - first + 1
        small = part.astype(np.min_scalar_type(max(parts - 1, 0)))
        order = np.argsort(small, kind="stable")
        place = part[order] * days + (day[order] - first)
        begins = beginnings(place)
        numbers = np.zeros(parts * days, dtype=np.int64)
        latest: NDArray[np.unsignedinteger] = np.zeros(everybody, np.min_scalar_type(days))
        seen = np.zeros(everybody, dtype=np.int64)
        found, ordered, now = [latest[:0]], who[order], -1
        for begin, end in itertools.pairwise([*begins.tolist(), len(place)]):
            where, today = divmod(int(place[begin]), days)
            if where != now:
                latest.fill(0)
                now = where
            came = ordered[begin:end]
            # Who came several times that day came once.
            turn = np.arange(len(came))
            seen[came] = turn
            came = came[seen[came] == turn]
            found.append(latest[came])
            latest[came] = today + 1
            numbers[place[begin]] = len(came)
        return cls(np.concatenate(found), np.r_[0, np.cumsum(numbers)], days, first)

    def between(self, part: int, low: int, high: int) -> int:
        """How many different ones came in a part from one day to another, both among them."""
        begin = min(max(low - self.first, 0), self.days)
        after = min(max(high + 1 - self.first, 0), self.days)
        if begin >= after:
            return 0
        own = self.before[self.ends[part * self.days + begin] : self.ends[part * self.days + after]]
        return int(np.count_nonzero(own <= begin))
