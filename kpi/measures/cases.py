"""Speed and flow of cases: K1, K2 and K4 of the KPI sheet."""

from __future__ import annotations

from kpi.measures.words import CASE, Columns, Condition, closed, every, timed, untimed, withdrawn
from kpi.model import Better, Driver, Extra, Kind, Kpi, Moment, Unit
from kpi.text import N_


def _norm_passed(c: Columns, at: Moment) -> Condition:
    return timed(c) & (c.deadline_at <= at.latest)


def _within_norm(c: Columns, at: Moment) -> Condition:
    return _norm_passed(c, at) & (c.closed_at <= c.deadline_at)


def _hours_passed(c: Columns, at: Moment) -> Condition:
    return timed(c) & (c.deadline_48_at <= at.latest)


def _within_hours(c: Columns, at: Moment) -> Condition:
    return _hours_passed(c, at) & (c.closed_at <= c.deadline_48_at)


def _due_passed(c: Columns, at: Moment) -> Condition:
    return timed(c) & (c.due_at <= at.latest)


def _within_due(c: Columns, at: Moment) -> Condition:
    return _due_passed(c, at) & (c.closed_at <= c.due_at)


WITHDRAWN = Extra(
    "withdrawn",
    N_("Withdrawn by the customer"),
    lambda c, _: withdrawn(c),
    lambda c, _: every(c),
    Unit.PERCENT,
)
LEFT_OUT = Extra("left_out", N_("Left out of timings"), lambda c, _: untimed(c))

WITHIN_NORM = Kpi(
    name="within_norm",
    id="K1",
    title=N_("Within norm"),
    definition=N_(
        "Of the cases whose deadline has passed: the share that was closed by then. "
        "The deadline is the opening, moved into working time, plus the norm of the process."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=90,
    source="prepared_cases",
    reads=("cases",),
    date="opened_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    numerator=_within_norm,
    denominator=_norm_passed,
    leaves_out=N_(
        "Cases that are not due yet, withdrawn cases, and cases closed without a time or before "
        "they were opened. An open case past its deadline is a miss."
    ),
    headline=1,
    driver=Driver(("department",)),
    extras=(
        Extra(
            "within_48_hours",
            N_("Within 48 hours"),
            _within_hours,
            _hours_passed,
            Unit.PERCENT,
        ),
        WITHDRAWN,
        LEFT_OUT,
    ),
)

WITHIN_DUE = Kpi(
    name="within_due",
    id="K1",
    title=N_("Within own date"),
    definition=N_(
        "Of the cases whose target date in the source has passed: the share that was closed by "
        "then. Kept apart from the norm, for such a date can be moved."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="prepared_cases",
    reads=("cases",),
    date="opened_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    numerator=_within_due,
    denominator=_due_passed,
    leaves_out=N_(
        "Cases without a target date or not due yet, withdrawn cases, and cases closed without a "
        "time or before they were opened."
    ),
    extras=(
        Extra(
            "without_date",
            N_("Without a target date"),
            lambda c, _: timed(c) & c.due_at.is_(None),
        ),
        WITHDRAWN,
        LEFT_OUT,
    ),
)

LEAD_TIME = Kpi(
    name="lead_time",
    id="K2",
    title=N_("Lead time, open cases included"),
    definition=N_(
        "Within how many days half of the cases opened in the period are closed, reckoning with "
        "those that are still open."
    ),
    unit=Unit.DAYS,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases",),
    date="opened_day",
    kind=Kind.SURVIVAL,
    dimensions=CASE,
    additive=False,
    leaves_out=N_(
        "Cases closed without a time or before they were opened. Withdrawn cases count up to the "
        "moment they were withdrawn."
    ),
    headline=2,
    driver=Driver(("department",)),
)

LEAD_TIME_CLOSED = Kpi(
    name="lead_time_closed",
    id="K2",
    title=N_("Lead time, closed"),
    definition=N_(
        "Median number of days from opening to close of the cases closed in the period: what most "
        "source systems report. It looks better than it is while old cases stay open."
    ),
    unit=Unit.DAYS,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases",),
    date="closed_day",
    kind=Kind.QUANTILE,
    dimensions=CASE,
    additive=False,
    where=lambda c, _: closed(c),
    leaves_out=N_("Open and withdrawn cases, and cases closed before they were opened."),
)

BACKLOG = Kpi(
    name="backlog",
    id="K4",
    title=N_("Backlog"),
    definition=N_(
        "Cases open at the end of the period (or on the as-of date, where that is earlier)."
    ),
    unit=Unit.COUNT,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases",),
    date="opened_day",
    kind=Kind.STOCK,
    dimensions=CASE,
    leaves_out=N_("Cases closed without a time, and cases whose state is not known."),
    # Who works them off starts with those whose norm comes first.
    options={"shown_with": ("deadline_at",)},
)

KPIS = (WITHIN_NORM, WITHIN_DUE, LEAD_TIME, LEAD_TIME_CLOSED, BACKLOG)
