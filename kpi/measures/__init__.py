"""Every KPI, declared once and collected here.

Scorecard, trend, drill, wall, alerts, command line, definitions and docs loop over `KPIS`; adding
one costs a declaration, a worked example and a translation.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpi.measures import (
    cases,
    chain,
    channels,
    contacts,
    customers,
    departments,
    handling,
    holdings,
    moments,
    reach,
    surveys,
    texts,
)
from kpi.model import Kind, Kpi


def collect(*groups: Iterable[Kpi]) -> dict[str, Kpi]:
    """KPIs by name, in declared order.

    Raises:
        ValueError: when a name is declared twice.
    """
    found: dict[str, Kpi] = {}
    for group in groups:
        for kpi in group:
            if kpi.name in found:
                raise ValueError(f"the KPI {kpi.name} is declared twice")
            found[kpi.name] = kpi
    return found


#: Every KPI by name, in the order in which they are shown.
KPIS: dict[str, Kpi] = collect(
    cases.KPIS,
    departments.KPIS,
    handling.KPIS,
    contacts.KPIS,
    reach.KPIS,
    surveys.KPIS,
    texts.KPIS,
    moments.KPIS,
    customers.KPIS,
    holdings.KPIS,
    channels.KPIS,
    chain.KPIS,
)


def headlines() -> list[Kpi]:
    """The KPIs of the scorecard, in order: seven at most."""
    chosen = [kpi for kpi in KPIS.values() if kpi.headline is not None]
    return sorted(chosen, key=lambda kpi: kpi.headline or 0)


def asked_by_show() -> list[Kpi]:
    """The KPIs that have one value per group (a funnel has steps, and its own command)."""
    return [kpi for kpi in KPIS.values() if kpi.kind is not Kind.FUNNEL]


__all__ = ["KPIS", "asked_by_show", "collect", "headlines"]
