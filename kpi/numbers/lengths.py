"""How long cases lasted, held in memory by the day they were opened.

Sums per day cannot tell it: half of the cases is no sum. Of a large store the lengths of all its cases
are held, some twenty bytes each, so that the filters of every page are answered in hundredths of a
second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay, in_order
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: In how many ways a case can have ended.
ENDINGS = 4


@dataclass(frozen=True)
class _Lengths:
    """Every case that was opened by as-of; the arrays are of one length.

    Attributes:
        rows: by the day they were opened.
        ending: as `query.spans.ending` has it.
        seconds: how long it lasted; nan where that cannot be timed.
    """

    rows: ByDay
    ending: NDArray[np.int8]
    seconds: NDArray[np.float64]


def _read(store: Store, at: Moment) -> _Lengths | None:
    read = by_day.read(store, in_memory.lengths(KPIS["lead_time"], at))
    if read is None:
        return None
    rows, found = read
    return _Lengths(rows, found["ending"].astype(np.int8), found["seconds"].astype(np.float64))


LENGTHS = InMemory(KPIS["lead_time"], _read)


def from_lengths(store: Store, question: Question) -> Columns | None:
    """What `query.spans.durations` brings; None where it is to be asked of the store."""
    held = LENGTHS.telling(store, question)
    if held is None:
        return None
    rows = held.rows.rows(question)
    code, groups = held.rows.groups(question, rows)
    ending = held.ending[rows]
    # Within each key by how it ended.
    order, first = in_order(code * ENDINGS + ending)
    one = order[first]
    return {
        **groups.keys(code[one]),
        "ending": ending[one].astype(np.int64),
        "seconds": by_day.apart(held.seconds[rows][order], first),
        "n": np.diff(first, append=len(order)),
    }
