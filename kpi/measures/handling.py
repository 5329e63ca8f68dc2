"""How cases and questions are handled: K5, K6, K13, K37, K38, and who comes back a third time."""

from __future__ import annotations

from kpi.measures.contacts import ANONYMOUS
from kpi.measures.words import (
    CASE,
    CONTACT,
    UNKNOWN_DIRECTION,
    Columns,
    Condition,
    closed,
    every,
    handled,
)
from kpi.model import Better, Extra, Kind, Kpi, Moment, Unit
from kpi.sql import elapsed_seconds
from kpi.text import N_

#: A contact is settled at once without a case, or when its case closes within this many seconds.
SETTLED_SECONDS = 24 * 3600


def _promise_passed(c: Columns, at: Moment) -> Condition:
    return c.promised_for <= at.latest


PROMISE_KEPT = Kpi(
    name="promise_kept",
    id="K38",
    title=N_("Promise kept"),
    definition=N_(
        "Of the closed cases whose promised moment has passed: the share that was closed by the "
        "moment that the customer was told."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=95,
    source="prepared_cases",
    reads=("cases",),
    date="closed_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    where=lambda c, _: closed(c),
    numerator=lambda c, at: _promise_passed(c, at) & (c.closed_at <= c.promised_for),
    denominator=_promise_passed,
    leaves_out=N_(
        "Cases without a promise or whose promised moment is still to come, and withdrawn cases. "
        "An open case counts when it is closed."
    ),
    extras=(
        Extra("without_promise", N_("Without a promise"), lambda c, _: c.promised_for.is_(None)),
    ),
)

FIRST_LINE = Kpi(
    name="first_line",
    id="K13",
    title=N_("Solved in first line"),
    definition=N_(
        "Of the closed cases: the share that was never with the second line. The line that the "
        "source gives decides; without one the departments that the case was with."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="cases_with_work",
    reads=("cases", "chain_events"),
    date="closed_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    where=lambda c, _: closed(c),
    numerator=lambda c, _: c.first_line,
    denominator=lambda c, _: every(c),
    leaves_out=N_(
        "Open and withdrawn cases, and those without a day of closing to trust (no time, or one "
        "before the opening). It says nothing of how many contacts were needed: that is right first "
        "time."
    ),
    extras=(
        Extra(
            "line_known",
            N_("Share with a line from the source"),
            lambda c, _: c.line.is_not(None),
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
    ),
    options={"counts_rows_of": "chain_events"},
)


def _settled(c: Columns, _: Moment) -> Condition:
    """Needs no case, or its case was closed within 24 hours of the contact."""
    return c.case_id.is_(None) | (
        elapsed_seconds(c.started_at, c.case_closed_at) <= SETTLED_SECONDS
    )


SETTLED_AT_ONCE = Kpi(
    name="settled_at_once",
    id="K13",
    title=N_("Settled at once"),
    definition=N_(
        "Of the answered inbound contacts: the share that needed no case, or whose case was closed "
        "within 24 hours."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="contacts_with_cases",
    reads=("contacts", "cases"),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=_settled,
    denominator=lambda c, _: every(c),
    leaves_out=N_("Contacts that were not answered, outbound ones and those of unknown direction."),
    extras=(
        Extra(
            "without_case",
            N_("Share without a case"),
            lambda c, _: c.case_id.is_(None),
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
        UNKNOWN_DIRECTION,
    ),
)

CONTACTS_PER_CASE = Kpi(
    name="contacts_per_case",
    id="K6",
    title=N_("Contacts per case"),
    definition=N_(
        "Inbound contacts that are linked to the cases closed in the period, whenever they were, "
        "per closed case."
    ),
    unit=Unit.COUNT,
    better=Better.DOWN,
    source="closings_and_contacts",
    reads=("cases", "contacts"),
    date="day",
    kind=Kind.MEAN,
    dimensions=CASE,
    where=lambda c, _: c.is_case,
    numerator=lambda c, _: c.contacts_in,
    denominator=lambda c, _: every(c),
    leaves_out=N_(
        "Contacts from us to the customer, and contacts that are not linked to a case: the share "
        "linked says how many are. Messages of one conversation are one contact. Cases without a "
        "day of closing to trust (no time, or one before the opening)."
    ),
    extras=(
        Extra(
            "linked",
            N_("Share of the inbound contacts in the period that is linked to a case"),
            lambda c, _: c.linked,
            lambda c, _: ~c.is_case,
            Unit.PERCENT,
            everywhere=True,
        ),
    ),
    options={"counts_rows_of": "contacts"},
)

THREE_CONTACTS = Kpi(
    name="three_contacts",
    id="K11",
    title=N_("Three times or more"),
    definition=N_(
        "Of the customers in touch with us in the period: the share that came a third time or more "
        "about the same process, each time within seven days."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    target=2,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.DISTINCT,
    dimensions=CONTACT,
    additive=False,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: c.chain_position > 2,
    denominator=lambda c, _: c.chain_position.is_not(None),
    leaves_out=N_("Anonymous contacts, and documents that we asked for."),
    extras=(ANONYMOUS, UNKNOWN_DIRECTION),
    options={"distinct": "customer_id"},
)

CONTEXT_KEPT = Kpi(
    name="context_kept",
    id="K37",
    title=N_("Linked follow-up"),
    definition=N_(
        "Of the contacts that follow an earlier one of the same customer about the same process: "
        "the share linked to a case that was there already. A proxy for not having to tell the "
        "story again."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="contacts_with_cases",
    reads=("contacts", "cases"),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c) & (c.chain_position > 1),
    numerator=lambda c, _: c.case_opened_at < c.started_at,
    denominator=lambda c, _: every(c),
    leaves_out=N_(
        "First contacts, anonymous contacts, and documents that we asked for. A case that the "
        "contact itself opened is no case that was there already."
    ),
    extras=(UNKNOWN_DIRECTION,),
    options={"remark": N_("a proxy: linked, which is not yet known to who answers")},
)

SILENT_CASES = Kpi(
    name="silent_cases",
    id="K5",
    title=N_("No customer contact for 5 working days"),
    definition=N_(
        "Open cases at the end of the period (or on the as-of date, where that is earlier) whose customer "
        "has had no contact with us, in either direction, for more than five working days."
    ),
    unit=Unit.COUNT,
    better=Better.DOWN,
    target=0,
    source="silences",
    reads=("cases", "contacts"),
    date="opened_day",
    kind=Kind.STOCK,
    dimensions=CASE,
    where=lambda c, _: every(c),
    leaves_out=N_(
        "Cases closed without a time, and cases whose state is not known. Internal notes and "
        "changes of status are no contact."
    ),
    options={"counts_rows_of": "contacts", "among": "prepared_cases"},
)

KPIS = (
    SILENT_CASES,
    CONTACTS_PER_CASE,
    FIRST_LINE,
    SETTLED_AT_ONCE,
    PROMISE_KEPT,
    THREE_CONTACTS,
    CONTEXT_KEPT,
)
