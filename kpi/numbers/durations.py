"""Durations of what was closed, and waiting times, held in memory by their day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay, in_order
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store


@dataclass(frozen=True)
class _Durations:
    """What was closed, by its day; and what was measured of it, nan where that is not known."""

    rows: ByDay
    measured: dict[str, NDArray[np.float64]]


def _read(kpi: Kpi, store: Store, at: Moment) -> _Durations | None:
    read = by_day.read(store, in_memory.closed(kpi, at))
    if read is None:
        return None
    rows, found = read
    return _Durations(rows, {name: each.astype(np.float64) for name, each in found.items()})


#: Per KPI of this kind.
DURATIONS = {
    kpi.name: InMemory(kpi, partial(_read, kpi))
    for kpi in KPIS.values()
    if kpi.kind is Kind.QUANTILE
}


def from_durations(store: Store, question: Question) -> Columns | None:
    """What `query.spans.closed_durations` brings; None where it is to be asked of the store."""
    held = DURATIONS[question.kpi.name].telling(store, question)
    if held is None:
        return None
    rows = held.rows.rows(question)
    code, groups = held.rows.groups(question, rows)
    order, first = in_order(code)
    found = {name: by_day.apart(each[rows][order], first) for name, each in held.measured.items()}
    nothing = np.full(len(first), None, dtype=object)
    return {**groups.keys(code[order[first]]), "working": nothing, **found}
