"""The course of retention: the share that is still a customer after each quarter of a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers.periods import period_of
from kpi.numbers.problem import check
from kpi.query import retention as of_retention
from kpi.query.question import Question
from kpi.results.retention import YEAR_DAYS, Curve, curves

if TYPE_CHECKING:
    from kpi.store import Store

#: Quarters of a year that are told.
QUARTERS = 20


def retention_curves(
    store: Store, filters: Filters, by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[Curve]:
    """From joining on up to five years, by quarter; of one group per value of `by` (one at most).

    Raises:
        AskProblem: `by` does not tell retention apart.
    """
    kpi = KPIS["survival"]
    check(kpi, by, filters.where)
    period = period_of(store, kpi, filters)
    if period is None:
        return []
    moment = Moment(store.as_of(kpi.reads))
    question = Question(
        kpi, period, filters.where, tuple(by), scope, moment, store.settings.time_zone
    )
    [found] = store.rows(of_retention.first_leaving())
    columns = store.columns(of_retention.tenures(question))
    tenures = tuple(quarter * YEAR_DAYS / 4 for quarter in range(QUARTERS + 1))
    return curves(question, columns, found["first_day"], tenures)
