"""Totals that exist only per period (D36): what was delivered, and what of it counts in a KPI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.periods import Period
from kpi.query.totals import totals_in
from kpi.store.prepare.channels import CALL_TOTALS, ONLINE_TOTALS

if TYPE_CHECKING:
    from kpi.store import Store

#: The KPI that takes totals as well.
TAKES_TOTALS = "online_share"
_METRICS = frozenset({*CALL_TOTALS, *ONLINE_TOTALS})


@dataclass(frozen=True)
class Total:
    """One metric of one part, over the totals whose period begins in what was asked.

    Attributes:
        metric: as it came.
        part: the value of its dimension, as it came; empty for the whole.
        values: per total the day on which its period begins, and its value; oldest first.
        kpi: the KPI in which such totals count; empty where this metric stands by itself.
        counted: how many of them do: online without calls (or the other way round), or a whole
            beside its parts, does not.
    """

    metric: str
    part: str
    values: tuple[tuple[date, float], ...]
    kpi: str
    counted: int

    @property
    def value(self) -> float:
        """Their sum."""
        return sum(value for _day, value in self.values)


def totals(store: Store, period: Period, scope: Scope = EVERYTHING) -> list[Total]:
    """Every metric that was delivered as a total, by metric and part.

    Nobody knows of which process a total is: who may see some processes only, sees none.
    """
    if scope.processes is not None:
        return []
    rows = store.rows(totals_in(period))
    return [
        _total(*key, list(group))
        for key, group in groupby(rows, lambda row: (row["metric"], row["dimension"]))
    ]


def _total(metric: str, part: str, rows: list[dict[str, Any]]) -> Total:
    kpi = TAKES_TOTALS if rows[0]["folded"] in _METRICS else ""
    return Total(
        metric,
        part or "",
        tuple((row["period_start"], float(row["value"])) for row in rows),
        kpi,
        sum(bool(row["counted"]) for row in rows) if kpi else 0,
    )
