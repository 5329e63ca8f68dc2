"""Chains and funnels: K31 of the KPI sheet."""

from __future__ import annotations

from kpi.measures.words import CUSTOMER
from kpi.model import Better, Kind, Kpi, Unit
from kpi.text import N_

FUNNEL = Kpi(
    name="funnel",
    id="K31",
    title=N_("Funnel"),
    definition=N_(
        "How many came in at the first step in the period, and how many of them took each next "
        "step in order, no later than the window after they came in."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="web_events",
    reads=("web_events",),
    date="at",
    kind=Kind.FUNNEL,
    dimensions=CUSTOMER,
    additive=False,
    leaves_out=N_("Steps out of order, and steps after the window."),
    options={"window_days": 14},
)

KPIS = (FUNNEL,)
