"""Who left, held in memory by the day they did: a title about customers asks a dozen times for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Places, number_of
from kpi.numbers.memory import InMemory
from kpi.periods import Period, buckets, days_of
from kpi.query import in_memory
from kpi.query.groups import YES_NO
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

Days = NDArray[np.int32]
#: Of more groups and days than this the select counts.
_CELLS = 1 << 24
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class _Leavers:
    """Each stretch of the customership of who left; days since 1970."""

    rows: ByDay
    since: Days
    begins: Days
    ends: Days
    chosen: NDArray[np.bool_]


def _read(store: Store, _at: Moment) -> _Leavers | None:
    read = by_day.read(store, in_memory.leavers())
    if read is None:
        return None
    rows, found = read
    since, begins, ends = (
        found[name].astype("datetime64[D]").astype(np.int32) for name in ("since", "begins", "ends")
    )
    return _Leavers(rows, since, begins, ends, found["chosen"].astype(bool))


LEAVERS = InMemory(KPIS["churn"], _read, ("prepared_phases",))


def from_leavers(store: Store, question: Question) -> Columns | None:
    """What `query.customers.leavers` brings; None where it is to be asked of the store."""
    held = LEAVERS.telling(store, question)
    if held is None or any(_other_words(name, values) for name, values in question.where):
        return None
    apart = replace(question, by=question.dimensions)
    rows = held.rows.rows(apart)
    code, groups = held.rows.groups(apart, rows)
    until = held.rows.day[rows]
    if not len(until):
        return {**groups.keys(np.zeros(0, np.int64)), **_of_nobody()}
    # The days ascend; a period may begin centuries before the first of them.
    since, length = int(until[0]), int(until[-1]) - int(until[0]) + 1
    if groups.possible * length > _CELLS:
        return None
    first = _bucket_starts(question, until)
    # What they were on the eve decides, whatever they became before they left.
    there = (held.since[rows] < first) & (held.begins[rows] < first) & (held.ends[rows] >= first)
    at = code[there] * length + (until[there] - since)
    n = np.bincount(at)
    chosen = np.bincount(at[held.chosen[rows][there]], minlength=len(n))
    some = np.flatnonzero(n)
    return {
        **groups.keys(some // length),
        "until_day": (some % length + since).astype("datetime64[D]"),
        "n": n[some],
        "chosen": chosen[some],
    }


def _of_nobody() -> Columns:
    none = np.zeros(0, np.int64)
    return {"until_day": none.astype("datetime64[D]"), "n": none, "chosen": none}


def _other_words(name: str, values: tuple[str, ...]) -> bool:
    """Whether yes or no are asked for in words that a select reads and this does not."""
    return name in in_memory.YES_OR_NO and not set(values) <= {*YES_NO, ""}


def _bucket_starts(question: Question, until: Days) -> Any:
    """The first day of the bucket that each day lies in, as far as it lies in the period."""
    if question.grain is None:
        return number_of(question.period.since)
    if question.grain == "day":
        return until
    first, last = (_EPOCH + timedelta(days=int(until[place])) for place in (0, -1))
    names = [name for name, _days in buckets(Period(first, last), question.grain)]
    begins = [number_of(days_of(name, question.grain).since) for name in names]
    starts = np.maximum(np.array(begins, np.int32), number_of(question.period.since))
    place: Places = np.searchsorted(starts, until, "right") - 1
    return starts[place]
