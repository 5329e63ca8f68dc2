"""Chains, funnels and what holds them together: K30, K31, K35 and K36 of the KPI sheet."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.measures.words import CASE, CUSTOMER, every
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

CHANNEL_GAP = Kpi(
    name="channel_gap",
    id="K30",
    title=N_("Channel gap"),
    definition=N_(
        "Share within norm of the channel with the largest share minus that of the channel with "
        "the smallest, over the channels with 30 cases or more. Exploratory."
    ),
    unit=Unit.POINTS,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases",),
    date="opened_day",
    kind=Kind.GAP,
    dimensions=("process", "reason", "department", *CUSTOMER),
    additive=False,
    leaves_out=N_(
        "Channels with fewer than 30 cases, cases without a channel, and what within norm leaves "
        "out."
    ),
    options={"of": ("within_norm", "grade"), "over": "channel", "least": 30},
)

CHAIN_COVERAGE = Kpi(
    name="chain_coverage",
    id="K35",
    title=N_("Measurable chain steps"),
    definition=N_(
        "Of the contact moments that cases are known to have passed: the share of which there is "
        "an event. A case has passed a moment when a later one happened, or when it was closed."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="passages_of_cases",
    reads=("cases", "chain_events"),
    date="opened_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    where=lambda c, _: sa.not_(c.optional),
    numerator=lambda c, _: c.measured,
    denominator=lambda c, _: every(c),
    leaves_out=N_(
        "Optional moments, moments that settle a case as long as no later one happened, and "
        "processes without a configured chain."
    ),
    options={"counts_rows_of": "chain_events"},
)

CONFLICTS = Kpi(
    name="conflicts",
    id="K36",
    title=N_("Conflicting aims"),
    definition=N_(
        "Pairs of running improvement actions that want opposite things, up and down, of the same "
        "KPI or contact moment, at the same time."
    ),
    unit=Unit.COUNT,
    better=Better.DOWN,
    source="actions",
    # Actions have no as-of of their own: they are looked at up to where the cases tell.
    reads=("cases",),
    date="starts_on",
    kind=Kind.CONFLICTS,
    dimensions=("process",),
    additive=False,
    leaves_out=N_("Actions that do not run, and actions of two different processes."),
)

KPIS = (FUNNEL, CHANNEL_GAP, CHAIN_COVERAGE, CONFLICTS)
