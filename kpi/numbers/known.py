"""From which day on what a KPI counts is told whole: an extract begins somewhere.

What began before it and was over is not in it. So before the first who is known to have left nobody
seems to have left; and of the cases opened before the first that is known to have closed only those
are there that were still open: the slow ones.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kpi import query
from kpi.model import Kind, Kpi
from kpi.numbers.answering import first_fact
from kpi.numbers.once import once
from kpi.periods import Period
from kpi.query.retention import first_leaving
from kpi.results.notes import LEAVING_SLACK

if TYPE_CHECKING:
    from kpi.store import Store

#: Kinds that count over time: a period before the data begin would seem to have had little.
VOLUMES = frozenset({Kind.COUNT, Kind.PER_HOUR, Kind.PER_CUSTOMERS, Kind.SUM, Kind.HELPED})
#: Kinds that count who left: before the first who is known to have left, nobody seems to have.
_LEAVING = frozenset({Kind.CHURN, Kind.MOVEMENT})
#: Dates of KPIs that follow cases from their opening.
_OPENING = frozenset({"opened_day", "entered_day"})


def known_from(store: Store, kpi: Kpi) -> date | None:
    """The first day from which leaving, or closing, is known; None where neither is counted."""
    if kpi.kind in _LEAVING:
        [found] = once(store, ("leaving",), lambda: store.rows(first_leaving()))
        left: date | None = found["first_day"]
        return left
    if kpi.date in _OPENING and kpi.kind not in VOLUMES:
        [found] = once(
            store,
            ("extent", "prepared_cases", "closed_day"),
            lambda: store.rows(query.extent("prepared_cases", "closed_day")),
        )
        closed: date | None = found["first"]
        return closed
    return None


def known_whole(store: Store, kpi: Kpi, span: Period) -> bool:
    """Whether a period can be compared with: the data tell of it from its beginning, or nearly."""
    if kpi.kind in VOLUMES:
        first = first_fact(store, kpi)
        return first is not None and first <= span.since
    first = known_from(store, kpi)
    if kpi.kind in _LEAVING:
        return first is not None and _nearly(first, span.since)
    return first is None or (_nearly(first, span.since) and first <= span.until)


def _nearly(first: date, since: date) -> bool:
    # Leaving is rare and closing takes time: the first weeks without say nothing yet.
    return first - since <= LEAVING_SLACK
