"""When each case of a backlog began and ended, held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.blocks import Blocks
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results import keys
from kpi.results.stock import Spells

if TYPE_CHECKING:
    from kpi.store import Store


@dataclass(frozen=True)
class _Spells:
    """Cases, those of a block in the order in which they were opened; the arrays are of one length."""

    rows: Blocks
    opened: NDArray[np.int64]
    ended: NDArray[np.int64]


def _read(store: Store, at: Moment) -> _Spells | None:
    read = by_day.read(store, in_memory.spells(KPIS["backlog"], at))
    if read is None:
        return None
    rows, found = read
    opened = keys.microseconds(found["opened_at"])
    order = np.argsort(opened, kind="stable")
    blocks, placed = Blocks.put(rows.reordered(order))
    order = order[placed]
    return _Spells(blocks, opened[order], keys.microseconds(found["ended_at"])[order])


SPELLS = InMemory(KPIS["backlog"], _read)


def from_spells(store: Store, question: Question, first: datetime, last: datetime) -> Spells | None:
    """Cases that may be open at some moment from `first` to `last`; None: ask the store."""
    held = SPELLS.telling(store, question)
    if held is None:
        return None
    at_first, at_last = (
        keys.microseconds(np.array([one], "datetime64[us]"))[0] for one in (first, last)
    )
    kept = held.rows.whole(question)
    opened, ended = kept.taken(held.opened), kept.taken(held.ended)
    # Of hundreds of thousands few are open still, or were at the first of the moments.
    there = np.flatnonzero(ended >= at_first)
    there = there[opened[there] <= at_last]
    there = there[np.argsort(opened[there], kind="stable")]
    # Of every group its first case, open still or not.
    begun = held.opened[kept.low]
    first_of = np.full(kept.groups.possible, keys.NEVER, dtype=np.int64)
    np.minimum.at(first_of, kept.code, begun)
    known = np.flatnonzero(first_of <= at_last)
    number = np.full(kept.groups.possible, -1, dtype=np.int64)
    number[known] = np.arange(len(known))
    by = question.dimensions
    names = keys.keys(by, kept.groups.keys(known)) if by else [()] * len(known)
    return Spells.of(
        number[kept.code_at(there)],
        opened[there],
        ended[there],
        dict(zip(names, first_of[known].tolist(), strict=True)),
    )
