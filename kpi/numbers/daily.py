"""Plain counts per day of what a KPI counts: what a rush is seen in.

A number per hour open, or per thousand customers, says nothing of a Saturday on which we are closed,
nor of a day that the customers' extract does not tell of. How many there were is known all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Expression, Kind, Kpi
from kpi.numbers.answering import Asking, ask
from kpi.numbers.problem import check

if TYPE_CHECKING:
    from kpi.store import Store

_COUNTED = frozenset({Kind.COUNT, Kind.PER_HOUR, Kind.PER_CUSTOMERS})
#: What is counted where the KPI itself leaves out what came outside opening hours.
_ALL: Mapping[str, Expression] = {"offered_per_hour": lambda c, _: c.inbound}


def own_tables(kpi: Kpi) -> tuple[str, ...]:
    """The fact table whose rows are counted; of a KPI that is no count, all it reads."""
    own = kpi.source.removeprefix("prepared_")
    return (own,) if kpi.kind in _COUNTED and own in kpi.reads else kpi.reads


def daily_counts(
    store: Store, name: str, filters: Filters, scope: Scope = EVERYTHING
) -> dict[date, float]:
    """How many there were on each day that there were any; of no count, the KPI's numerator.

    Raises:
        AskProblem: a filter does not apply to this KPI.
    """
    kpi = KPIS[name]
    if kpi.kind in _COUNTED:
        check(kpi, ("day",), filters.where)
        counted = replace(
            kpi, kind=Kind.COUNT, reads=own_tables(kpi), where=_ALL.get(name, kpi.where),
            numerator=None, denominator=None, extras=(),
        )  # fmt: skip
        asking = Asking(store)
        question = asking.question(counted, filters, ("day",), scope)
        assert question is not None
        found = asking.answer(question, asking.sums([question])[question])
    else:
        found = ask(store, [name], filters, ("day",), scope)
    return {
        date.fromisoformat(one.by["day"]): one.numerator
        for one in found
        if one.by["day"] and one.numerator
    }


def newest_fact(store: Store, kpi: Kpi) -> date | None:
    """The last day on which there is any of what is counted."""
    [extent] = store.rows(query.extent(kpi.source, kpi.date))
    last: date | None = extent["last"]
    return last
