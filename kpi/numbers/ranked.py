"""One number of each row in memory, as the place of it among those there are.

Lengths are whole seconds, mostly of minutes: a million have some ten thousand values. To count how often
each is there takes a quarter of what sorting them takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.numbers.blocks import Pieces
from kpi.numbers.coded import Places
from kpi.tally import Floats, Tally, beginnings

#: Counters for each row at most; of more, sorting is quicker.
_ROOM = 1


@dataclass(frozen=True)
class Ranked:
    """A number of each row, and of what kind the row is.

    Attributes:
        values: the numbers there are, ascending; and nan at last.
        place: of each row where its own is in them, those of the second kind after all of the first.
    """

    values: Floats
    place: NDArray[np.int32]
    kinds: int

    @classmethod
    def of(cls, numbers: Floats, kind: NDArray[np.int32] | int = 0, kinds: int = 1) -> Ranked:
        """Of numbers, nan where one is not known; `kind` is below `kinds`."""
        values, place = np.unique(numbers, return_inverse=True, equal_nan=True)
        if not len(values) or not np.isnan(values[-1]):
            values = np.append(values, np.nan)
        return cls(values, (kind * len(values) + place).astype(np.int32), kinds)

    def tallies(self, kept: Pieces) -> tuple[Places, Places, NDArray[np.object_], Places]:
        """Per group and kind that has rows: the group's number, the kind, the tally, and how many rows.

        Those whose number is not known are among how many, and not in the tally.
        """
        each, times = self._counted(kept)
        number, place = np.divmod(each, len(self.values))
        first = beginnings(number)
        ends = np.append(first, len(number))[1:]
        found = np.empty(len(first), dtype=object)
        many = np.zeros(len(first), dtype=np.int64)
        for at, (low, high) in enumerate(zip(first.tolist(), ends.tolist(), strict=True)):
            many[at] = times[low:high].sum()
            unknown = place[high - 1] == len(self.values) - 1
            known = slice(low, high - 1 if unknown else high)
            found[at] = Tally(self.values[place[known]], times[known].astype(np.float64))
        return *np.divmod(number[first], self.kinds), found, many

    def _counted(self, kept: Pieces) -> tuple[Places, Places]:
        """Which places of which group there are, those of one after those of another, and how many."""
        room = self.kinds * len(self.values)
        possible = room * kept.groups.possible
        # Numbers half as wide are sorted in half the time.
        key = kept.of_each(room, np.int32 if possible <= np.iinfo(np.int32).max else np.int64)
        if not len(key):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        key += kept.taken(self.place)
        if possible <= _ROOM * len(key):
            counts = np.bincount(key, minlength=possible)
            each = np.flatnonzero(counts)
            return each, counts[each]
        key.sort()
        first = beginnings(key)
        return key[first].astype(np.int64), np.diff(first, append=len(key))
