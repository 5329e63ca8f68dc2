"""Cases that are open as of the data, held in memory: some ten thousands among millions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.access import EVERYTHING
from kpi.filters import Where
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.memory import InMemory
from kpi.periods import Period
from kpi.query import desk as query
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

BACKLOG = KPIS["backlog"]


@dataclass(frozen=True)
class _Open:
    """Open cases by the day they were opened, of nobody's own; the arrays are of one length."""

    rows: ByDay
    opened: NDArray[np.datetime64]
    deadline: NDArray[np.datetime64]


def _read(store: Store, at: Moment) -> _Open | None:
    read = by_day.read(store, in_memory.still_open(BACKLOG, at))
    if read is None:
        return None
    rows, found = read
    return _Open(rows, found["opened_at"], found["deadline_at"])


OPEN = InMemory(BACKLOG, _read)


def still_open(store: Store, where: Where, as_of: datetime) -> Columns:
    """Cases open at `as_of`: opened_at and deadline_at, a deadline that there is not as "not a time"."""
    day = to_local(as_of, store.settings.time_zone).date()
    question = Question(
        BACKLOG, Period(day, day), where, (), EVERYTHING, Moment(as_of), store.settings.time_zone
    )
    held = OPEN.telling(store, question)
    if held is None:
        return store.columns(query.open_cases(where, as_of))
    kept = held.rows.kept(question, 0, len(held.opened))
    return {"opened_at": held.opened[kept], "deadline_at": held.deadline[kept]}
