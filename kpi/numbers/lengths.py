"""How long cases lasted, kept in memory by the day they were opened.

Sums per day cannot tell it: half of the cases is no sum. Of a large store the lengths of all its cases
are kept, some twenty bytes each, so that the filters of every page are answered in hundredths of a
second. Anything else, and whatever is asked before they are there, is counted from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from kpi.filters import GRAINS
from kpi.measures import KPIS
from kpi.model import NOT_CONFIGURED, Kind, Moment
from kpi.numbers.daily_sums import LEAST
from kpi.periods import buckets
from kpi.query import spans
from kpi.query.daily import NARROW
from kpi.query.groups import key_label, source
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: The KPI whose lengths are kept.
_KPI = KPIS["lead_time"]
#: Of more cases than this they are not kept: it would be some hundreds of megabytes.
MOST = 12_000_000
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class _Lengths:
    """Every case that was opened by `latest`, by day; the arrays are of one length.

    Attributes:
        latest: as-of, at which those still open are as long as they have lasted.
        day: days since 1970, ascending.
        codes: per dimension the place of its value in `values`.
        values: per dimension those there are; None is unknown.
        ending: as `query.spans.ending` has it.
        seconds: how long it lasted; nan where that cannot be timed.
    """

    latest: datetime
    day: NDArray[np.int32]
    codes: Mapping[str, NDArray[np.int16]]
    values: Mapping[str, tuple[str | None, ...]]
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


def kept_lengths(store: Store, question: Question) -> bool:
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
    values = {}
    for name in NARROW:
        found = store.rows(sa.select(source(_KPI.source).c[name].label("value")).distinct())
        values[name] = tuple(sorted((row["value"] for row in found), key=lambda one: one or ""))
        if len(found) > np.iinfo(np.int16).max:
            return None
    columns = store.columns(spans.lengths(_KPI, at, values))
    day = columns["day"].astype("datetime64[D]").astype(np.int32)
    order = np.argsort(day, kind="stable")
    return _Lengths(
        at.latest,
        day[order],
        {name: columns[name].astype(np.int16)[order] for name in NARROW},
        values,
        columns["ending"].astype(np.int8)[order],
        columns["seconds"].astype(np.float64)[order],
    )


def _columns(kept: _Lengths, question: Question) -> Columns:
    period = question.period
    low = int(np.searchsorted(kept.day, _number(period.since), "left"))
    high = int(np.searchsorted(kept.day, _number(period.until), "right"))
    rows = slice(low, high) if (asked := _asked(kept, question, low, high)) is None else asked
    group = kept.ending[rows].astype(np.int64)
    labels: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for name in question.by:
        own, called = _key(kept, question, name, rows)
        group = group * len(called) + own
        labels.append((own, called))
    order, first = _groups(group)
    seconds = np.empty(len(first), dtype=object)
    seconds[:] = np.split(kept.seconds[rows][order], first[1:]) if len(first) else []
    one = order[first]
    return {
        **{key_label(place): called[own[one]] for place, (own, called) in enumerate(labels)},
        "ending": kept.ending[rows][one].astype(np.int64),
        "seconds": seconds,
        "n": np.diff(np.r_[first, len(order)]),
    }


def _number(day: date) -> np.int32:
    # Of another type than the days that are looked through, all of these would be copied first.
    return np.int32((day - _EPOCH).days)


def _asked(kept: _Lengths, question: Question, low: int, high: int) -> NDArray[np.int64] | None:
    """The rows between that are kept by the filters and in sight; None: all of them."""
    where: list[tuple[str, frozenset[str]]] = [
        (name, frozenset(values)) for name, values in question.where
    ]
    if question.scope.processes is not None:
        where.append(("process", question.scope.processes))
    if not where:
        return None
    there = np.ones(high - low, dtype=bool)
    for name, wanted in where:
        fits = np.array([(value or "") in wanted for value in kept.values[name]], dtype=bool)
        there &= fits[kept.codes[name][low:high]]
    return low + np.flatnonzero(there)


def _key(
    kept: _Lengths, question: Question, name: str, rows: Any
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of each row the place of its key in what these are called, as a select brings them."""
    if name in GRAINS:
        every = list(buckets(question.period, name))
        starts = np.array([_number(part.since) for _name, part in every])
        place = np.searchsorted(starts, kept.day[rows], side="right") - 1
        if name == "day":
            return place, np.array([part.since for _name, part in every], dtype="datetime64[D]")
        return place, np.array([called for called, _part in every], dtype=object)
    known = question.configured.get(name)
    called = [
        value if value is None or known is None or value in known else NOT_CONFIGURED
        for value in kept.values[name]
    ]
    return kept.codes[name][rows], np.array(called, dtype=object)


def _groups(group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order that puts rows of one group together, and where in it each group begins."""
    if len(group) and group.max() <= np.iinfo(np.int16).max:
        # Numbers as small as these are sorted without comparing them.
        group = group.astype(np.int16)
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    return order, np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
