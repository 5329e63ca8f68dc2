"""Contacts, and those that should not be: K8 to K12 and K14 of the KPI sheet."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.measures.words import (
    CASE,
    CAUSED,
    CONTACT,
    UNKNOWN_DIRECTION,
    WEEK,
    Columns,
    Condition,
    a_week_old,
    categorised,
    every,
    follow_up,
    handled,
    unnecessary,
)
from kpi.model import Better, Driver, Extra, Kind, Kpi, Moment, Unit
from kpi.sql import elapsed_seconds
from kpi.text import N_

CONTACTS_PER_HOUR = Kpi(
    name="contacts_per_hour",
    id="K14",
    title=N_("Contacts per hour"),
    definition=N_("Answered inbound contacts inside opening hours, per hour open."),
    unit=Unit.PER_HOUR,
    better=Better.CONTEXT,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.PER_HOUR,
    dimensions=(*CAUSED, "weekday_hour"),
    where=lambda c, _: c.inside_opening & handled(c),
    leaves_out=N_(
        "Outbound contacts, contacts of unknown direction, unanswered ones and those outside "
        "opening hours."
    ),
    headline=4,
    extras=(UNKNOWN_DIRECTION,),
    options={"kept_by": (("weekday_hour",),)},
)

OFFERED_PER_HOUR = Kpi(
    name="offered_per_hour",
    id="K14",
    title=N_("Offered contacts per hour"),
    definition=N_("All inbound contacts inside opening hours, answered or not, per hour open."),
    unit=Unit.PER_HOUR,
    better=Better.CONTEXT,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.PER_HOUR,
    dimensions=(*CAUSED, "weekday_hour"),
    where=lambda c, _: c.inside_opening & c.inbound,
    leaves_out=N_(
        "Outbound contacts, contacts of unknown direction and those outside opening hours."
    ),
    extras=(UNKNOWN_DIRECTION,),
    options={"kept_by": (("weekday_hour",),)},
)


def _share_of(category: str, title: str) -> Extra:
    return Extra(
        category,
        title,
        lambda c, _: c.category == category,
        lambda c, _: categorised(c),
        Unit.PERCENT,
        listed=True,
    )


COVERAGE = Extra(
    "coverage",
    N_("Share with a category"),
    lambda c, _: categorised(c),
    lambda c, _: every(c),
    Unit.PERCENT,
)

AVOIDABLE = Kpi(
    name="avoidable",
    id="K8",
    title=N_("Avoidable contacts"),
    definition=N_(
        "Of the answered inbound contacts that have a category: the share that was unnecessary. "
        "Customers would rather not have had to make them."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: unnecessary(c),
    denominator=lambda c, _: categorised(c),
    leaves_out=N_("Contacts without a category: “Share with a category” says how many have one."),
    headline=5,
    driver=Driver(("cause", "causing_department"), "causer"),
    extras=(
        COVERAGE,
        _share_of("valuable", N_("Valuable contacts")),
        _share_of("hygiene", N_("Hygiene contacts")),
        UNKNOWN_DIRECTION,
    ),
    options={"coverage": "coverage"},
)

AVOIDABLE_FOLLOW_UP = Kpi(
    name="avoidable_follow_up",
    id="K8",
    title=N_("Avoidable follow-up"),
    definition=N_(
        "Avoidable contacts without the first report of a fault or complaint: what came after it "
        "and was not needed."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c) & follow_up(c),
    numerator=lambda c, _: unnecessary(c),
    denominator=lambda c, _: categorised(c),
    leaves_out=N_("First reports, and contacts without a category."),
    extras=(COVERAGE, UNKNOWN_DIRECTION),
    options={"coverage": "coverage"},
)

AVOIDABLE_COST = Kpi(
    name="avoidable_cost",
    id="K9",
    title=N_("Cost of avoidable"),
    definition=N_(
        "Unnecessary contacts times the cost of a contact by their channel. What they cost, not "
        "what leaving them out would save."
    ),
    unit=Unit.EURO,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SUM,
    dimensions=(*CAUSED, "weekday_hour"),
    where=lambda c, _: handled(c),
    numerator=lambda c, _: sa.case((unnecessary(c), c.unit_cost)),
    denominator=lambda c, _: unnecessary(c),
    leaves_out=N_("Contacts through a channel without a configured cost."),
    extras=(
        Extra(
            "costed",
            N_("Share with a known cost"),
            lambda c, _: unnecessary(c) & c.unit_cost.is_not(None),
            lambda c, _: unnecessary(c),
            Unit.PERCENT,
        ),
    ),
    options={"costs": "channels", "kept_by": (("cause", "causing_department"),)},
)

AVOIDABLE_COST_MARGINAL = Kpi(
    name="avoidable_cost_marginal",
    id="K9",
    title=N_("Cost of avoidable, marginal"),
    definition=N_(
        "The time spent on unnecessary contacts times the cost of an hour. What it takes of "
        "people's time, not what leaving them out would save."
    ),
    unit=Unit.EURO,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SUM,
    dimensions=(*CAUSED, "weekday_hour"),
    where=lambda c, _: handled(c),
    numerator=lambda c, _: sa.case((unnecessary(c), c.time_cost)),
    denominator=lambda c, _: unnecessary(c),
    leaves_out=N_("Contacts of which the handle time or the hourly rate is not known."),
    extras=(
        Extra(
            "costed",
            N_("Share with a known cost"),
            lambda c, _: unnecessary(c) & c.time_cost.is_not(None),
            lambda c, _: unnecessary(c),
            Unit.PERCENT,
        ),
    ),
    options={"costs": "hours", "kept_by": (("cause", "causing_department"),)},
)

CAUSER = Kpi(
    name="causer",
    id="K10",
    title=N_("Causer"),
    definition=N_(
        "Of the unnecessary contacts: the share of each cause and causing department. Unknown "
        "causes stay visible."
    ),
    unit=Unit.PERCENT,
    better=Better.CONTEXT,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CAUSED,
    where=lambda c, _: handled(c) & unnecessary(c),
    numerator=lambda c, _: every(c),
    denominator=lambda c, _: every(c),
    leaves_out=N_("Contacts that are valuable, hygiene or without a category."),
    options={
        "shares_within": ("cause", "causing_department"),
        "kept_by": (("department", "causing_department"),),
    },
)


ANONYMOUS = Extra("anonymous", N_("Anonymous contacts"), lambda c, _: c.customer_id.is_(None))
#: How far chains go: their contacts by their place.
PLACES = (
    Extra(
        "second", N_("Second contacts of a chain"), lambda c, _: c.chain_position == 2, listed=True
    ),
    Extra(
        "third", N_("Third contacts of a chain"), lambda c, _: c.chain_position == 3, listed=True
    ),
    Extra(
        "later",
        N_("Fourth and later contacts of a chain"),
        lambda c, _: c.chain_position > 3,
        listed=True,
    ),
)


REPEAT_CONTACTS = Kpi(
    name="repeat_contacts",
    id="K11",
    title=N_("Repeat traffic"),
    definition=N_(
        "Contacts that follow an earlier one of the same customer about the same process within "
        "seven days, through whatever channel, as a share of contacts."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    target=15,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: c.chain_position > 1,
    denominator=lambda c, _: c.chain_position.is_not(None),
    leaves_out=N_("Anonymous contacts, and documents that we asked for."),
    driver=Driver(("reason",)),
    extras=(ANONYMOUS, *PLACES, UNKNOWN_DIRECTION),
)

REPEAT_CONTACTS_SAME_REASON = Kpi(
    name="repeat_contacts_same_reason",
    id="K11",
    title=N_("Repeat traffic, same reason"),
    definition=N_(
        "As repeat traffic, but only where the reason is the same too. Agents often code a repeat "
        "differently, so this counts too few."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: c.reason_chain_position > 1,
    denominator=lambda c, _: c.reason_chain_position.is_not(None),
    leaves_out=N_("Anonymous contacts, and documents that we asked for."),
    extras=(ANONYMOUS, UNKNOWN_DIRECTION),
)


def _case_closed(c: Columns) -> Condition:
    """No case, or one that was closed within seven days of the contact."""
    in_time = elapsed_seconds(c.started_at, c.case_closed_at) <= WEEK.total_seconds()
    return sa.not_(c.case_known) | sa.func.coalesce(in_time, sa.false())


def _first(c: Columns, at: Moment) -> Condition:
    return (c.chain_position == 1) & a_week_old(c, at)


def _first_same_reason(c: Columns, at: Moment) -> Condition:
    return (c.reason_chain_position == 1) & a_week_old(c, at)


FIRST_CONTACT_RESOLUTION = Kpi(
    name="first_contact_resolution",
    id="K12",
    title=N_("Right first time"),
    definition=N_(
        "Of the questions that a customer first raised in the period: the share that took one "
        "contact, with its case (where there is one) closed within seven days."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=80,
    source="contacts_with_cases",
    reads=("contacts", "cases"),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    ahead=WEEK,
    numerator=lambda c, at: _first(c, at) & (c.chain_length == 1) & _case_closed(c),
    denominator=_first,
    leaves_out=N_(
        "Anonymous contacts, and questions raised less than seven days before the as-of date."
    ),
    headline=6,
    driver=Driver(("reason",)),
    extras=(ANONYMOUS, UNKNOWN_DIRECTION),
)

FIRST_CONTACT_RESOLUTION_SAME_REASON = Kpi(
    name="first_contact_resolution_same_reason",
    id="K12",
    title=N_("Right first time, same reason"),
    definition=N_("As right first time, but only contacts with the same reason count as repeats."),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="contacts_with_cases",
    reads=("contacts", "cases"),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    ahead=WEEK,
    numerator=lambda c, at: (
        _first_same_reason(c, at) & (c.reason_chain_length == 1) & _case_closed(c)
    ),
    denominator=_first_same_reason,
    leaves_out=N_(
        "Anonymous contacts, and questions raised less than seven days before the as-of date."
    ),
    extras=(ANONYMOUS, UNKNOWN_DIRECTION),
)

CUSTOMERS_PER_HOUR = Kpi(
    name="customers_per_hour",
    id="K14",
    title=N_("Customers helped per hour"),
    definition=N_(
        "Customers for whom a case was closed or a contact settled at once, each once a day, per "
        "staffed hour where hours are known, else per hour open."
    ),
    unit=Unit.PER_HOUR,
    better=Better.UP,
    source="prepared_cases",
    reads=("cases", "contacts"),
    date="closed_day",
    kind=Kind.HELPED,
    dimensions=CASE,
    additive=False,
    leaves_out=N_("Contacts and cases without a known customer."),
)

KPIS = (
    AVOIDABLE,
    AVOIDABLE_FOLLOW_UP,
    AVOIDABLE_COST,
    AVOIDABLE_COST_MARGINAL,
    CAUSER,
    REPEAT_CONTACTS,
    REPEAT_CONTACTS_SAME_REASON,
    FIRST_CONTACT_RESOLUTION,
    FIRST_CONTACT_RESOLUTION_SAME_REASON,
    CONTACTS_PER_HOUR,
    OFFERED_PER_HOUR,
    CUSTOMERS_PER_HOUR,
)
