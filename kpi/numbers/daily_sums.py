"""Sums kept per day: questions answered from them, and the making of those that are missing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Moment
from kpi.numbers.counted_once import NOBODY, ONCE, counted_once
from kpi.numbers.held_sums import held
from kpi.numbers.memory import LEAST
from kpi.numbers.periods import period_of
from kpi.numbers.questions import moment_of
from kpi.query import daily
from kpi.query.groups import source
from kpi.query.question import Key, Question
from kpi.results import sums

if TYPE_CHECKING:
    from kpi.store import Store

log = logging.getLogger("ketenzicht.numbers")

#: In which state each store was looked through to the end.
_looked: WeakKeyDictionary[Store, tuple[str, int]] = WeakKeyDictionary()


def from_kept(store: Store, batch: Sequence[Question]) -> dict[Question, dict[Key, dict[str, Any]]]:
    """The sums of the questions that kept sums answer; the others are not in it.

    They are alike but for their periods (`query.over_periods`): of sums that are not held in memory one
    select brings them all.
    """
    now = store.daily.now()
    if not now:
        return {}
    own: dict[int, list[tuple[Question, Sequence[daily.Sum]]]] = {}
    by_number = {kept.number: kept for kept in now}
    in_memory = held(store, now) or {}
    found = {}
    for question in batch:
        wanted = store.daily.sums_of(question.kpi, question.moment)
        kept = None if wanted is None else daily.where_kept(question, wanted, now)
        if wanted is None or kept is None or not _counts_once(store, question):
            continue
        if kept.number in in_memory:
            found[question] = in_memory[kept.number].answer(question, wanted)
        else:
            own.setdefault(kept.number, []).append((question, wanted))
    for number, asked in own.items():
        made = daily.from_kept(asked, by_number[number])
        columns = made.columns(store.columns(made.select))
        for position, (question, _wanted) in enumerate(asked):
            found[question] = {
                key: row
                for key, row in sums.split(question, position, columns).items()
                # A key that only another period has brings nothing here; the whole is there always.
                if not key or any(value == value for value in row.values())
            }
    for question in [one for one in found if one.kpi.kind is Kind.DISTINCT]:
        once = counted_once(store, question)
        if once is None:
            del found[question]
        else:
            for key, row in found[question].items():
                row.update(once.get(key, NOBODY))
    # Thrown away meanwhile: then what was found may be nothing.
    return found if store.daily.now() is now else {}


def is_kept(store: Store, question: Question) -> bool:
    """Whether kept sums answer a question."""
    now = store.daily.now()
    if not now or not daily.can_be_kept(question.kpi):
        return False
    wanted = store.daily.sums_of(question.kpi, question.moment)
    kept = None if wanted is None else daily.where_kept(question, wanted, now)
    return kept is not None and _counts_once(store, question)


def _counts_once(store: Store, question: Question) -> bool:
    """Whether what does not add up is known too: who is counted once."""
    return question.kpi.kind is not Kind.DISTINCT or bool(ONCE.telling(store, question))


def keep_daily_sums(store: Store, least: int = LEAST) -> int:
    """Make the daily sums that are missing, a source a transaction; gives of how many sources.

    Args:
        store: nobody waits for it: until a source is done its questions are answered from its rows.
        least: sources with fewer rows than this are left.
    """
    state = store.state
    if _looked.get(store) == (state, least):
        return 0
    made = 0
    for (name, _date), kpis in by_source().items():
        version = store.data_version
        asked: list[tuple[Kpi, Moment]] = []
        for kpi in kpis:
            period = period_of(store, kpi, Filters.of())
            if period is not None:
                asked.append((kpi, moment_of(store, kpi, period.until)))
        if not asked or _complete(store, asked):
            continue
        [rows] = store.rows(sa.select(sa.func.count().label("n")).select_from(source(name)))
        if rows["n"] < least or version != store.data_version:
            continue
        made += store.keep_daily_sums(version, daily.makings(asked, store.daily.spell))
    _looked[store] = (state, least)
    return made


def by_source() -> dict[tuple[str, str], list[Kpi]]:
    """The KPIs whose sums can be kept, by source and date; what is on the first page first."""
    found: dict[tuple[str, str], list[Kpi]] = {}
    for kpi in sorted(KPIS.values(), key=lambda one: (one.headline is None, one.headline or 0)):
        if daily.can_be_kept(kpi):
            found.setdefault((kpi.source, kpi.date), []).append(kpi)
    return found


def _complete(store: Store, asked: Sequence[tuple[Kpi, Moment]]) -> bool:
    """Whether all sums of these KPIs are kept already."""
    kpi = asked[0][0]
    there = {
        fingerprint
        for kept in store.daily.now() or ()
        if (kept.source, kept.date) == (kpi.source, kpi.date)
        for fingerprint in kept.slots
    }
    wanted = [store.daily.sums_of(one, at) for one, at in asked]
    return all(one is None or {each.fingerprint for each in one} <= there for one in wanted)
