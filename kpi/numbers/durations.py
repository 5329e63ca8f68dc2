"""Durations of what was closed, and waiting times, held in memory by their day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Moment
from kpi.numbers import by_day
from kpi.numbers.blocks import Blocks
from kpi.numbers.memory import InMemory
from kpi.numbers.ranked import Ranked
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store


@dataclass(frozen=True)
class _Durations:
    """What was closed, by its day; and what was measured of it."""

    rows: Blocks
    measured: dict[str, Ranked]


def _read(kpi: Kpi, store: Store, at: Moment) -> _Durations | None:
    read = by_day.read(store, in_memory.closed(kpi, at))
    if read is None:
        return None
    rows, found = read
    blocks, order = Blocks.put(rows)
    measured = {name: Ranked.of(each[order].astype(np.float64)) for name, each in found.items()}
    return _Durations(blocks, measured)


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
    kept = held.rows.kept(question)
    found = {name: each.tallies(kept) for name, each in held.measured.items()}
    number = found["seconds"][0]
    nothing = np.full(len(number), None, dtype=object)
    tallies = {name: each for name, (_number, _kind, each, _n) in found.items()}
    return {**kept.groups.keys(number), "working": nothing, **tallies}
