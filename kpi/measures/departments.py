"""Cases as they go from department to department, and what is done on them: K1b and K3."""

from __future__ import annotations

from kpi.measures.words import CASE, closed, every
from kpi.model import Better, Driver, Extra, Kind, Kpi, Unit
from kpi.text import N_

WITHIN_NORM_DEPARTMENT = Kpi(
    name="within_norm_department",
    id="K1b",
    title=N_("Within norm per department"),
    definition=N_(
        "Of the times that a department got a case and its own deadline has passed: the share in "
        "which it had closed it or handed it over by then. The clock starts anew for each "
        "department, with the norm of the process."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=90,
    source="prepared_segments",
    reads=("cases", "chain_events"),
    date="entered_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    numerator=lambda c, at: (c.deadline_at <= at.latest) & (c.left_at <= c.deadline_at),
    denominator=lambda c, at: c.deadline_at <= at.latest,
    leaves_out=N_(
        "Departments whose deadline has not passed, withdrawn cases, and cases closed without a "
        "time or before they were opened. Without recorded hand-overs the department of the case "
        "had it all along."
    ),
    driver=Driver(("department",)),
    extras=(
        Extra(
            "handed_over",
            N_("Share that came by a hand-over"),
            lambda c, _: c.position > 1,
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
    ),
)

FLOW_EFFICIENCY = Kpi(
    name="flow_efficiency",
    id="K3",
    title=N_("Touch time"),
    definition=N_(
        "Of the lead time of closed cases in working hours: the share in which somebody worked on "
        "them. Work of several people at the same time counts once."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="cases_with_work",
    reads=("cases", "chain_events"),
    date="closed_day",
    kind=Kind.PART,
    dimensions=CASE,
    where=lambda c, _: closed(c),
    numerator=lambda c, _: c.work_seconds,
    denominator=lambda c, _: c.working_seconds,
    leaves_out=N_(
        "Open and withdrawn cases, cases of which no work is recorded (“Share with recorded "
        "work” says how many have some), and work outside working hours."
    ),
    extras=(
        Extra(
            "coverage",
            N_("Share with recorded work"),
            lambda c, _: c.work_seconds.is_not(None),
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
        Extra(
            "waiting",
            N_("Waiting for the customer, share of the lead time"),
            lambda c, _: c.waiting_seconds,
            lambda c, _: c.working_seconds,
            Unit.PERCENT,
            amount=True,
        ),
    ),
    options={"coverage": "coverage"},
)

KPIS = (WITHIN_NORM_DEPARTMENT, FLOW_EFFICIENCY)
