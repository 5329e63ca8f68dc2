"""Plain counts per day of what a KPI counts: what a rush is seen in.

A number per hour open, or per thousand customers, says nothing of a Saturday on which we are closed,
nor of a day that the customers' extract does not tell of. How many there were is known all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Expression, Kind, Kpi
from kpi.numbers.answering import Asking, ask
from kpi.numbers.problem import check
from kpi.numbers.questions import question_of
from kpi.query.question import Key
from kpi.query.sums import ROWS
from kpi.results.keys import count
from kpi.results.surge import WEEKS, Surge, surges

if TYPE_CHECKING:
    from kpi.store import Store

#: What incoming contacts are counted by.
VOLUME = "offered_per_hour"
_COUNTED = frozenset({Kind.COUNT, Kind.PER_HOUR, Kind.PER_CUSTOMERS})
#: What is counted where the KPI itself leaves out what came outside opening hours.
_ALL: Mapping[str, Expression] = {VOLUME: lambda c, _: c.inbound}


def own_tables(kpi: Kpi) -> tuple[str, ...]:
    """The fact table whose rows are counted; of a KPI that is no count, all it reads."""
    own = kpi.source.removeprefix("prepared_")
    return (own,) if kpi.kind in _COUNTED and own in kpi.reads else kpi.reads


def counts(
    store: Store, name: str, filters: Filters, by: Sequence[str], scope: Scope = EVERYTHING
) -> dict[Key, float]:
    """How many there were per combination of `by`, where there were any.

    Of a KPI that is no count, its numerator.

    Raises:
        AskProblem: a filter does not apply to this KPI.
    """
    kpi = KPIS[name]
    if kpi.kind in _COUNTED:
        check(kpi, by, filters.where)
        counted = replace(
            kpi, kind=Kind.COUNT, reads=own_tables(kpi), where=_ALL.get(name, kpi.where),
            numerator=None, denominator=None, extras=(),
        )  # fmt: skip
        asking = Asking(store)
        question = question_of(store, counted, filters, tuple(by), scope)
        assert question is not None
        sums = asking.sums([question])[question]
        return {key: float(n) for key, row in sums.items() if (n := count(row[ROWS]))}
    found = ask(store, [name], filters, tuple(by), scope)
    return {tuple(one.by[part] for part in by): one.numerator for one in found if one.numerator}


def daily_counts(
    store: Store, name: str, filters: Filters, scope: Scope = EVERYTHING
) -> dict[date, float]:
    """How many there were on each day that there were any.

    Raises:
        AskProblem: a filter does not apply to this KPI.
    """
    found = counts(store, name, filters, ("day",), scope)
    return {date.fromisoformat(day): n for (day,), n in found.items() if day}


def contact_surges(
    store: Store, filters: Filters, scope: Scope = EVERYTHING
) -> dict[str | None, list[Surge]]:
    """Per process the days in the period of `filters` on which far more contacts came than usual."""
    if filters.since is None or filters.until is None:
        raise ValueError("surges are of a period that is named")
    # Twice the weeks: what was a surge before the period is no part of what is usual in it.
    span = filters.during(filters.since - timedelta(weeks=2 * WEEKS), filters.until)
    by_process: dict[str | None, dict[date, float]] = {}
    for (process, day), n in counts(store, VOLUME, span, ("process", "day"), scope).items():
        if day:
            by_process.setdefault(process, {})[date.fromisoformat(day)] = n
    found = {
        process: surges(of_process, filters.since, filters.until)
        for process, of_process in by_process.items()
    }
    return {process: listed for process, listed in found.items() if listed}


def newest_fact(store: Store, kpi: Kpi) -> date | None:
    """The last day on which there is any of what is counted."""
    [extent] = store.rows(query.extent(kpi.source, kpi.date))
    last: date | None = extent["last"]
    return last
