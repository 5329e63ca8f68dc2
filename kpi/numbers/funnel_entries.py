"""Funnels answered from their entries held in memory.

To find them joins every event with every other of its entity, for each period and bucket anew. Of a
large store that is done once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from kpi.access import EVERYTHING
from kpi.filters import GRAINS
from kpi.numbers.coded import Places
from kpi.numbers.funnel_memory import Entries, number_of, read
from kpi.numbers.marks import distinct
from kpi.numbers.memory import LEAST, MOST
from kpi.periods import Period, buckets
from kpi.query.funnel import FunnelQuestion, contacts_of
from kpi.query.groups import key_label
from kpi.results.durations import SECONDS_A_DAY
from kpi.results.funnel_counts import Counted, mature_until
from kpi.results.keys import keys
from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store import Store

#: What the steps and contacts of any funnel are read from, besides the events.
_BESIDE = ("prepared_cases", "prepared_contacts")
#: Of what is held no period is asked.
_ANY = Period(date(2000, 1, 1), date(2000, 1, 1))
#: Per store, of each funnel: of which state of the tables, and its entries (None: too few or many).
_held: WeakKeyDictionary[Store, dict[FunnelQuestion, tuple[str, Entries | None]]]
_held = WeakKeyDictionary()


def hold_entries(
    store: Store, question: FunnelQuestion, least: int = LEAST, most: int = MOST
) -> bool:
    """Hold the entries of a funnel where they are not held of what the store has now.

    Args:
        store: nobody waits for it.
        question: whatever its period, and what it is told apart by.
        least: of fewer events nothing is held.
        most: nor of more than this.
    """
    key, state = _funnel(question), _state(store, question)
    held = _held.setdefault(store, {})
    if held.get(key, ("", None))[0] == state:
        return False
    rows = (sa.select(sa.func.count().label("n")).select_from(of) for of in _tables(key))
    events, contacts = (store.rows(select)[0]["n"] for select in rows)
    fits = max(least, 1) <= events <= most and contacts <= most
    found = read(store, key) if fits else None
    if _state(store, question) != state:
        # What came meanwhile may be in it or not: the next look tells.
        return False
    held[key] = (state, found)
    return found is not None


def counted_held(
    store: Store, question: FunnelQuestion, as_of: datetime | None, *, beside: bool
) -> Counted | None:
    """What `kpi.results.funnel_counts.counted` makes of the store's rows; None: ask the store."""
    held = _of(store, question)
    if held is None or not set(question.by) <= {*GRAINS}:
        return None
    low, high = held.between(question.period, question.zone)
    bounds, names = _buckets(held, question, low, high)
    reached = held.passed(low, high)
    late = int(np.searchsorted(held.steps[0], number_of(mature_until(question, as_of)), "right"))
    # A bucket that nobody came in in is no group.
    parts = [np.searchsorted(each, bounds) for each in reached]
    there = np.flatnonzero(np.diff(parts[0])) if question.by else np.zeros(1, dtype=np.int64)
    if not len(there):
        there, names = np.zeros(1, dtype=np.int64), np.array([None], dtype=object)
    groups = keys(question.by, {key_label(0): names[there]}) if question.by else [()]
    counts = [np.diff(each)[there] for each in parts]
    young = [np.diff(np.searchsorted(each, np.maximum(bounds, late)))[there] for each in reached]
    medians = [np.full(len(there), np.nan)] * len(reached)
    if not beside:
        return Counted(groups, counts, young, medians, None)
    for place, ends in enumerate(parts[1:], 1):
        gaps = held.gaps(reached, place)
        found = (_median(gaps[begin:end]) for begin, end in pairwise(ends))
        medians[place] = np.array(list(found))[there]
    told = _contacts(held, reached, low, high, bounds)
    return Counted(groups, counts, young, medians, [each[there] for each in told])


def latest_held(
    store: Store,
    question: FunnelQuestion,
    place: int,
    *,
    lost: bool,
    most: int,
    entered: Period | None,
) -> list[datetime] | None:
    """When the latest `most` of those came in that `funnel_entities` lists; None: not known here."""
    held = _of(store, question)
    if held is None:
        return None
    low, high = held.between(question.period, question.zone)
    begin, end = low, high
    if entered is not None:
        since, until = held.between(entered, question.zone)
        begin, end = max(low, since), min(high, until)
    found = held.latest(low, begin, end, place, lost=lost, most=most)
    moments = distinct(held.steps[0][found])
    told: list[datetime] = moments.astype("datetime64[us]").tolist()
    return told


def _of(store: Store, question: FunnelQuestion) -> Entries | None:
    """What is held of a funnel that is kept to nothing, if the store still has the same."""
    if question.where or question.scope.processes is not None:
        return None
    state, held = _held.get(store, {}).get(_funnel(question), ("", None))
    return held if held is not None and state == _state(store, question) else None


def _funnel(question: FunnelQuestion) -> FunnelQuestion:
    """The funnel alone, whatever is asked of it."""
    return replace(question, period=_ANY, by=(), where=(), scope=EVERYTHING)


def keep_only(store: Store, questions: Collection[FunnelQuestion]) -> None:
    """Let go of the entries of all other funnels: their steps were others."""
    wanted = {_funnel(question) for question in questions}
    held = _held.setdefault(store, {})
    for key in [key for key in held if key not in wanted]:
        held.pop(key, None)


def _tables(question: FunnelQuestion) -> tuple[sa.FromClause, sa.FromClause]:
    """The events of a funnel, and the contacts that are read with them."""
    return table(_source(question)), contacts_of(question).subquery("contacts_of_entries")


def _source(question: FunnelQuestion) -> str:
    return "web_events" if question.entity == "web" else "chain_events"


def _state(store: Store, question: FunnelQuestion) -> str:
    return store.state_of((_source(question), *_BESIDE))


def _buckets(
    held: Entries, question: FunnelQuestion, low: int, high: int
) -> tuple[Places, NDArray[Any]]:
    """Where each bucket begins among the entries, one more at the end; and what they are called."""
    if not question.by:
        return np.array([low, high]), np.array([None], dtype=object)
    every = list(buckets(question.period, question.by[0]))
    starts = [number_of(part.starts_at(question.zone)) for _name, part in every]
    bounds = np.r_[low + np.searchsorted(held.steps[0][low:high], starts), high]
    if question.by[0] == "day":
        return bounds, np.array([part.since for _name, part in every], dtype="datetime64[D]")
    return bounds, np.array([name for name, _part in every], dtype=object)


def _median(gaps: NDArray[np.int64]) -> float:
    """The middle of some microseconds, in days, as `stats.quantiles` has it; nan of none."""
    if not len(gaps):
        return float("nan")
    lower, upper = (len(gaps) - 1) // 2, len(gaps) // 2
    ordered = np.partition(gaps, (lower, upper))
    low, high = (float(ordered[place]) / 1e6 / SECONDS_A_DAY for place in (lower, upper))
    return low + (high - low) * ((len(gaps) - 1) * 0.5 - lower)


def _contacts(
    held: Entries, reached: Sequence[Places], low: int, high: int, bounds: Places
) -> list[Places]:
    """Per step how many different contacts each bucket has after it and before the next one."""
    owner = held.owners(low, high)
    told = []
    for place, every in enumerate(reached):
        own = owner[every - low]
        taken = every[own >= 0]
        own = own[own >= 0]
        begin, end = held.around[place][taken], held.around[place + 1][taken]
        other = np.flatnonzero(own != held.owner[taken])
        if len(other):
            steps = [each[taken[other]] for each in held.steps]
            window = held.window_seconds
            anew = held.contacts.around(own[other].astype(np.int64), steps, window)
            begin[other], end[other] = anew[place], anew[place + 1]
        bucket = np.searchsorted(bounds, taken, "right") - 1
        told.append(_different(bucket, begin, end, len(bounds) - 1))
    return told


def _different(
    bucket: Places, begin: NDArray[np.int32], end: NDArray[np.int32], buckets: int
) -> Places:
    """How many different contacts from place to place, per bucket."""
    some = np.flatnonzero(end > begin)
    bucket, begin = bucket[some], begin[some]
    many = end[some] - begin
    # Each contact by its place: two entities of one customer have them in common.
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    places = np.repeat(begin, many) + within
    every = np.int64(max(int(end.max(initial=0)), 1))
    marks = distinct(np.repeat(bucket, many) * every + places)
    return np.bincount(marks // every, minlength=buckets)
