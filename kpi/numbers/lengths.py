"""How long cases lasted, kept in memory by the day they were opened.

Sums per day cannot tell it: half of the cases is no sum. Of a large store the lengths of all its cases
are kept, some twenty bytes each, so that the filters of every page are answered in hundredths of a
second. Anything else, and whatever is asked before they are there, is counted from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Kind, Moment
from kpi.numbers.by_day import ByDay, in_order, values_of
from kpi.numbers.daily_sums import LEAST
from kpi.query import spans
from kpi.query.daily import NARROW
from kpi.query.groups import source
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: The KPI whose lengths are kept.
_KPI = KPIS["lead_time"]
#: In how many ways a case can have ended.
ENDINGS = 4
#: Of more cases than this they are not kept: it would be some hundreds of megabytes.
MOST = 12_000_000


@dataclass(frozen=True)
class _Lengths:
    """Every case that was opened by `latest`; the arrays are of one length.

    Attributes:
        latest: as-of, at which those still open are as long as they have lasted.
        cases: by the day they were opened.
        ending: as `query.spans.ending` has it.
        seconds: how long it lasted; nan where that cannot be timed.
    """

    latest: datetime
    cases: ByDay
    ending: NDArray[np.int8]
    seconds: NDArray[np.float64]


#: Per store: of which state, and the lengths; None where there are too few, or too many.
_kept: WeakKeyDictionary[Store, tuple[str, _Lengths | None]] = WeakKeyDictionary()


def keep_lengths(store: Store, least: int = LEAST, most: int = MOST) -> bool:
    """Keep how long every case lasted, where that is not kept of what the store holds now.

    Args:
        store: nobody waits for it.
        least: of fewer cases nothing is kept: they are counted as fast as they are asked.
        most: nor of more than this.
    """
    state = store.state
    if state == _kept.get(store, ("", None))[0]:
        return False
    [found] = store.rows(sa.select(sa.func.count().label("n")).select_from(source(_KPI.source)))
    lengths = _read(store) if max(least, 1) <= found["n"] <= most else None
    if store.state != state:
        # What came meanwhile may be in it or not: the next look tells.
        return False
    _kept[store] = (state, lengths)
    return lengths is not None


def answered_by_lengths(store: Store, question: Question) -> bool:
    """Whether `from_lengths` answers a question."""
    return _for(store, question) is not None


def from_lengths(store: Store, question: Question) -> Columns | None:
    """What `query.spans.durations` brings; None where it is to be asked of the store."""
    kept = _for(store, question)
    return None if kept is None else _columns(kept, question)


def _for(store: Store, question: Question) -> _Lengths | None:
    state, kept = _kept.get(store, ("", None))
    if kept is None or state != store.state or question.kpi.kind is not Kind.SURVIVAL:
        return None
    told_apart = {*question.dimensions, *(name for name, _values in question.where)}
    same = kept.latest == question.moment.latest and question.kpi.name == _KPI.name
    return kept if same and told_apart <= set(NARROW) else None


def _read(store: Store) -> _Lengths | None:
    at = Moment(store.as_of(_KPI.reads))
    of = source(_KPI.source).c
    values = values_of(store, {name: of[name] for name in NARROW})
    if values is None:
        return None
    columns = store.columns(spans.lengths(_KPI, at, values))
    placed = ByDay.of(columns, values)
    if placed is None:
        return None
    cases, order = placed
    return _Lengths(
        at.latest,
        cases,
        columns["ending"].astype(np.int8)[order],
        columns["seconds"].astype(np.float64)[order],
    )


def _columns(kept: _Lengths, question: Question) -> Columns:
    rows = kept.cases.rows(question)
    code, groups = kept.cases.groups(question, rows)
    # Within each key by how it ended.
    order, first = in_order(code * ENDINGS + kept.ending[rows])
    seconds = np.empty(len(first), dtype=object)
    seconds[:] = np.split(kept.seconds[rows][order], first[1:]) if len(first) else []
    one = order[first]
    return {
        **groups.keys(code[one]),
        "ending": kept.ending[rows][one].astype(np.int64),
        "seconds": seconds,
        "n": np.diff(np.r_[first, len(order)]),
    }
