"""Who left after a case, held in memory: closed cases by day, and the periods of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import Groups, Places, number_of
from kpi.numbers.marks import counted, marked
from kpi.numbers.memory import InMemory
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: More marks than this, one for each group and customer, would take more memory than they are worth.
_MARKS = 1 << 26
_NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class _Periods:
    """Every period of a customer; days since 1970, `_NEVER` where there is none."""

    who: NDArray[np.int32]
    since: NDArray[np.int32]
    until: NDArray[np.int32]
    left: NDArray[np.int32]

    def on(self, day: date) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Who was a customer on a day, and when they chose to leave."""
        there = (self.since <= number_of(day)) & (self.until >= number_of(day))
        return self.who[there], self.left[there]


@dataclass(frozen=True)
class _Cases:
    """Closed cases by day: whose, whether it can be told that they left after it, and whether so."""

    rows: ByDay
    who: NDArray[np.int32]
    told: NDArray[np.bool_]
    hit: NDArray[np.bool_]
    periods: _Periods
    everybody: int


def _read(store: Store, at: Moment) -> _Cases | None:
    read = by_day.read(store, in_memory.cases_of_customers(KPIS["churn_after"], at))
    if read is None:
        return None
    rows, found = read
    periods = store.columns(in_memory.customers())
    who = periods["who"].astype(np.int32)
    days = (_days(periods[name]) for name in ("since", "until", "left"))
    return _Cases(
        rows,
        found["who"].astype(np.int32),
        found["told"].astype(bool),
        found["hit"].astype(bool),
        _Periods(who, *days),
        int(who.max(initial=-1)) + 1,
    )


def _days(days: NDArray[Any]) -> NDArray[np.int32]:
    found = days.astype("datetime64[D]")
    return np.where(np.isnat(found), _NEVER, found.astype(np.int64)).astype(np.int32)


CHURNED = InMemory(KPIS["churn_after"], _read, ("prepared_customers",))


@dataclass(frozen=True)
class After:
    """The cases of a question, and what of their customers is asked."""

    question: Question
    cases: _Cases
    rows: slice | Places
    code: Places
    groups: Groups

    def after(self) -> Columns:
        """What `query.customers.churned_after` brings."""
        told = self.cases.told[self.rows]
        hit = self.cases.hit[self.rows]
        return self._columns(counted(self._marks(told)), counted(self._marks(hit)))

    def beside(self, on: date) -> tuple[Columns, Columns]:
        """What `query.customers.churned_without` and `churned_with` bring.

        No dimensions of customers are asked.
        """
        who, left = self.cases.periods.on(on)
        hits = self._hits(left, on)
        everybody = {"n": np.array([len(left)]), "hits": np.array([np.count_nonzero(hits)])}
        with_case = self._marks(np.ones(len(self.code), dtype=bool))
        if _twice(who):
            # Once for each way in which a customer left, as the select has it.
            who, left = np.unique(np.stack([who, left]), axis=1)
            there = with_case[:, who]
            return everybody, self._columns(counted(there), counted(there & self._hits(left, on)))
        return everybody, self._columns(
            counted(with_case & self._those(who)), counted(with_case & self._those(who[hits]))
        )

    def _those(self, who: NDArray[np.int32]) -> NDArray[np.bool_]:
        """A mark for each of them among everybody."""
        found = np.zeros(self.cases.everybody, dtype=bool)
        found[who] = True
        return found

    def _marks(self, counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Per group and customer whether there is a row that counts."""
        who = self.cases.who[self.rows][counts]
        return marked(self.code[counts], who, self.groups.possible, self.cases.everybody)

    def _hits(self, left: NDArray[np.int32], on: date) -> NDArray[np.bool_]:
        last = on + timedelta(days=self.question.kpi.options["days"])
        hits: NDArray[np.bool_] = (left >= number_of(on)) & (left <= number_of(last))
        return hits

    def _columns(self, n: Places, hits: Places) -> Columns:
        there = np.flatnonzero(n)
        return {**self.groups.keys(there), "n": n[there], "hits": hits[there]}


def from_cases(store: Store, question: Question) -> After | None:
    """Of a question who left after a case; None where it is to be asked of the store."""
    cases = CHURNED.telling(store, question)
    if cases is None:
        return None
    rows = cases.rows.rows(question)
    code, groups = cases.rows.groups(question, rows)
    if groups.possible * cases.everybody > _MARKS:
        return None
    return After(question, cases, rows, code, groups)


def _twice(who: NDArray[np.int32]) -> bool:
    return bool(np.bincount(who).max(initial=0) > 1)
