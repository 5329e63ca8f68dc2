"""The entries of a funnel held in memory: what each entity did after it, and its contacts.

To find them joins every event with every other of its entity, for each period and bucket anew. Of a
large store that is done once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from kpi.access import EVERYTHING
from kpi.filters import GRAINS
from kpi.numbers.by_day import Places
from kpi.numbers.memory import LEAST, MOST
from kpi.periods import Period, buckets
from kpi.query.funnel import FunnelQuestion, contacts_of, entries
from kpi.query.groups import key_label
from kpi.results.keys import NEVER, Columns, microseconds
from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store import Store

#: What the steps and contacts of any funnel are read from, besides the events.
_BESIDE = ("prepared_cases", "prepared_contacts")
#: Of what is held no period is asked.
_ANY = Period(date(2000, 1, 1), date(2000, 1, 1))
_PLACES = np.int64(1 << 32)


@dataclass(frozen=True)
class _Contacts:
    """Contacts by whose they are and when; `key` ascends.

    Attributes:
        times: every moment at which there was one, ascending, in microseconds.
        key: of each contact the number of its owner and the place of its moment in `times`.
    """

    times: NDArray[np.int64]
    key: NDArray[np.int64]

    def before(self, owner: Places, moments: NDArray[np.int64], side: Any = "left") -> Places:
        """How many contacts there are of earlier owners, and of these before (or at) a moment."""
        place = np.searchsorted(self.times, moments, side)
        return np.searchsorted(self.key, owner * _PLACES + place)

    def around(
        self, owner: Places, steps: Sequence[NDArray[np.int64]], window_seconds: float
    ) -> tuple[Places, ...]:
        """`before` each step, and at the end of the window; all in order of step."""
        window = np.int64(round(window_seconds * 1e6))
        end = self.before(owner, steps[0] + window, "right")
        return (*(np.minimum(self.before(owner, each), end) for each in steps), end)


@dataclass(frozen=True)
class _Entries:
    """Entries in the order of their entity and moment; the arrays are of one length.

    Attributes:
        entity: its number.
        owner: whose contacts count, as a number; -1 where nobody knows.
        steps: when each step was taken, in microseconds; `NEVER` where it was not.
        around: where its contacts are, as `_Contacts.around` has it.
    """

    entity: NDArray[np.int32]
    owner: NDArray[np.int32]
    steps: tuple[NDArray[np.int64], ...]
    contacts: _Contacts
    around: tuple[NDArray[np.int32], ...]


#: Per store, of each funnel: of which state of the tables, and its entries (None: too few or many).
_held: WeakKeyDictionary[Store, dict[FunnelQuestion, tuple[str, _Entries | None]]]
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
    read = _read(store, key) if fits else None
    if _state(store, question) != state:
        # What came meanwhile may be in it or not: the next look tells.
        return False
    held[key] = (state, read)
    return read is not None


def rows_held(
    store: Store, question: FunnelQuestion, *, contacts: bool
) -> tuple[Columns, Sequence[Columns]] | None:
    """What `funnel_rows` brings, and `funnel_contacts` of each step; None: ask the store.

    An entity is a row of its own here.
    """
    plain = (
        not question.where and question.scope.processes is None and set(question.by) <= {*GRAINS}
    )
    state, held = _held.get(store, {}).get(_funnel(question), ("", None))
    if not plain or held is None or state != _state(store, question):
        return None
    first, owner = _first(held, question)
    steps = [each[first] for each in held.steps]
    bucket, names = _buckets(question, steps[0])
    columns: dict[str, NDArray[Any]] = {"t0": steps[0].astype("datetime64[us]")}
    for place in range(1, len(steps)):
        gap = (steps[place] - steps[place - 1]) / 1e6
        columns[f"gap_{place}"] = np.where(steps[place] == NEVER, np.nan, gap)
    columns["n"] = np.ones(len(first), dtype=np.int64)
    if question.by:
        columns[key_label(0)] = names[bucket]
    if not contacts:
        return columns, []
    around = _around(held, question, first, owner)
    told = []
    for place, each in enumerate(steps):
        taken = np.flatnonzero((each != NEVER) & (owner >= 0))
        begin, end = around[place][taken], around[place + 1][taken]
        counted = _different(bucket[taken], begin, end, len(names))
        there = np.flatnonzero(counted) if question.by else slice(None)
        by = {key_label(0): names[there]} if question.by else {}
        told.append({**by, "n": counted[there]})
    return columns, told


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


def _read(store: Store, question: FunnelQuestion) -> _Entries:
    # Imported here: nothing else of a page needs pandas.
    import pandas as pd

    found, contacts = store.columns(entries(question)), store.columns(contacts_of(question))
    own = found["entity" if question.entity == "case" else "customer"]
    # In order, so that of several customers of one entity the same is chosen as elsewhere.
    owners, _names = pd.factorize(np.concatenate([own, contacts["owner"]]), sort=True)
    entity, _names = pd.factorize(found["entity"])
    entered = microseconds(found["t0"])
    order = np.lexsort((entered, entity))
    began = microseconds(contacts["started_at"])
    times = np.unique(began)
    key = owners[len(own) :] * _PLACES + np.searchsorted(times, began)
    contacts_known = _Contacts(times, np.sort(key))
    owner = owners[: len(own)][order].astype(np.int64)
    steps = tuple(microseconds(found[f"t{place}"])[order] for place in range(len(question.steps)))
    around = contacts_known.around(owner, steps, question.window_seconds)
    return _Entries(
        entity[order].astype(np.int32),
        owner.astype(np.int32),
        steps,
        contacts_known,
        # Half of the memory, and there are never so many contacts.
        tuple(each.astype(np.int32) for each in around),
    )


def _first(held: _Entries, question: FunnelQuestion) -> tuple[Places, Places]:
    """The first entry of each entity in the period, and whose contacts count."""
    since, until = (
        _number(moment)
        for moment in (
            question.period.starts_at(question.zone), question.period.ends_at(question.zone)
        )
    )  # fmt: skip
    inside = np.flatnonzero((held.steps[0] >= since) & (held.steps[0] < until))
    entity = held.entity[inside]
    begins = np.flatnonzero(np.r_[True, entity[1:] != entity[:-1]][: len(entity)])
    if not len(begins):
        return inside, inside
    # Who it is may be known of a later entry in the period only.
    owner = held.owner[inside].astype(np.int64)
    known = np.minimum.reduceat(np.where(owner < 0, NEVER, owner), begins)
    return inside[begins], np.where(known == NEVER, -1, known)


def _number(moment: Any) -> np.int64:
    return np.datetime64(moment, "us").astype(np.int64)


def _buckets(question: FunnelQuestion, entered: NDArray[np.int64]) -> tuple[Places, NDArray[Any]]:
    """In which bucket each entry is, and what the buckets are called."""
    if not question.by:
        return np.zeros(len(entered), dtype=np.int64), np.array([None], dtype=object)
    every = list(buckets(question.period, question.by[0]))
    starts = np.array([_number(part.starts_at(question.zone)) for _name, part in every])
    place = np.searchsorted(starts, entered, side="right") - 1
    if question.by[0] == "day":
        return place, np.array([part.since for _name, part in every], dtype="datetime64[D]")
    return place, np.array([name for name, _part in every], dtype=object)


def _around(
    held: _Entries, question: FunnelQuestion, first: Places, owner: Places
) -> tuple[NDArray[np.int32], ...]:
    """Where the contacts of each entry are, whoever it turned out to be."""
    found = tuple(each[first] for each in held.around)
    other = np.flatnonzero(owner != held.owner[first])
    if len(other):
        steps = [each[first[other]] for each in held.steps]
        anew = held.contacts.around(owner[other], steps, question.window_seconds)
        for each, own in zip(found, anew, strict=True):
            each[other] = own
    return found


def _different(
    bucket: Places, begin: NDArray[np.int32], end: NDArray[np.int32], buckets: int
) -> Places:
    """How many different contacts from place to place, per bucket."""
    many = np.maximum(end - begin, 0)
    # Each contact by its place: two entities of one customer have them in common.
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    places = np.repeat(begin, many) + within
    every = np.int64(max(int(end.max(initial=0)), 1))
    marks = np.unique(np.repeat(bucket, many) * every + places)
    return np.bincount(marks // every, minlength=buckets)
