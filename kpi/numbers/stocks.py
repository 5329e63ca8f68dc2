"""When each case of a backlog began and ended, held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Places
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Key, Question
from kpi.results import keys
from kpi.results.stock import Spells

if TYPE_CHECKING:
    from kpi.store import Store


@dataclass(frozen=True)
class _Spells:
    """Cases in the order in which they were opened; the arrays are of one length."""

    rows: ByDay
    opened: NDArray[np.int64]
    ended: NDArray[np.int64]


def _read(store: Store, at: Moment) -> _Spells | None:
    read = by_day.read(store, in_memory.spells(KPIS["backlog"], at))
    if read is None:
        return None
    rows, found = read
    opened = keys.microseconds(found["opened_at"])
    order = np.argsort(opened, kind="stable")
    return _Spells(
        rows.reordered(order), opened[order], keys.microseconds(found["ended_at"])[order]
    )


SPELLS = InMemory(KPIS["backlog"], _read)


def from_spells(store: Store, question: Question, first: datetime, last: datetime) -> Spells | None:
    """Cases that may be open at some moment from `first` to `last`; None: ask the store."""
    held = SPELLS.telling(store, question)
    if held is None:
        return None
    at_first, at_last = (
        keys.microseconds(np.array([one], "datetime64[us]"))[0] for one in (first, last)
    )
    kept = held.rows.kept(question, 0, int(np.searchsorted(held.opened, at_last, "right")))
    ended = held.ended[kept]
    # Of hundreds of thousands few are open still, or were at the first of the moments.
    there = np.flatnonzero(ended >= at_first)
    opened = held.opened[_among(kept, there)]
    if not question.dimensions:
        begun: dict[Key, int] = {(): int(held.opened[_among(kept, 0)])} if len(ended) else {}
        return Spells.of(np.zeros(len(there), dtype=np.int64), opened, ended[there], begun)
    code, groups = held.rows.groups(question, kept, question.dimensions)
    # The first of each group: what is written last stands.
    first_of = np.full(groups.possible, -1, dtype=np.int64)
    first_of[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    known = np.flatnonzero(first_of >= 0)
    number = np.full(groups.possible, -1, dtype=np.int64)
    number[known] = np.arange(len(known))
    return Spells.of(
        number[code[there]],
        opened,
        ended[there],
        {
            name: int(held.opened[_among(kept, first_of[place])])
            for name, place in zip(
                keys.keys(question.dimensions, groups.keys(known)), known, strict=True
            )
        },
    )


def _among(kept: slice | Places, places: Any) -> Any:
    """Where among all rows these places among the kept ones are."""
    return places + kept.start if isinstance(kept, slice) else kept[places]
