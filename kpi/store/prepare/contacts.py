"""Contacts as understood: process, chain, first report, category, cause and who caused it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.calendar import OPENING_CALENDAR
from kpi.sql import Expression, yes
from kpi.store.prepare.cases import COMPLAINT, COMPLAINT_PROCESS, TIP
from kpi.store.prepare.chains import hold_chains
from kpi.store.prepare.customers import DIMENSIONS, profile_on
from kpi.store.prepare.legs import hold_collapsed, hold_legs, hold_members
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

FAULT_PROCESS = "fault"
#: Kinds of reason that the definitions speak of by name: asking how it stands, and sending what
#: was asked for, which is no repeat.
STATUS, DOCUMENT = "status", "document"
UNNECESSARY = "unnecessary"
#: Causes that follow from the rule that made a contact unnecessary (default configuration).
OTHER_REPEAT, PRODUCT_FAILED = "other_repeat", "product_failed"


def refill_contacts(
    steps: Steps, words: sa.Table, known_as: sa.Table, profiles: sa.Table, merges: sa.Table
) -> None:
    """Fill PREPARED_CONTACTS and PREPARED_LEGS."""
    legs = hold_legs(steps, words, known_as, merges)
    members = hold_members(steps, legs)
    steps.refill(
        table("prepared_legs"),
        {"leg_id": members.c.leg_id, "contact_id": members.c.contact_id},
        members,
    )
    collapsed = hold_collapsed(steps, legs, members)
    contacts = steps.make("contacts_understood", _understood(words, collapsed))
    chainable = (
        sa.select(contacts)
        .where(
            yes(contacts.c.direction == "in"),
            contacts.c.answered,
            contacts.c.customer_id.is_not(None),
            sa.not_(yes(contacts.c.kind == DOCUMENT)),
        )
        .subquery("chainable")
    )
    chains = hold_chains(steps, "chains", chainable, ["customer_id", "process"])
    by_reason = hold_chains(steps, "reason_chains", chainable, ["customer_id", "process", "reason"])
    first = steps.make("first_of_case", _first_of_case(contacts))
    _refill(steps, words, profiles, contacts, chains, by_reason, first)


def _understood(words: sa.Table, collapsed: sa.Table) -> sa.Select[Any]:
    """Contacts with process and reason understood, and what their case and reason say."""
    day = collapsed.c.started_day
    process = look_up(words, "process", collapsed.c.process, day)
    reason = look_up(words, "reason", collapsed.c.reason, day)
    cases, reasons = table("prepared_cases"), spans("reasons")
    case_process = cases.c.process
    own_process = sa.func.coalesce(process.understood, case_process, reasons.c.process)
    # What the case is decides; a contact whose case was not loaded speaks for itself.
    of_fault_or_complaint = sa.case(
        (
            cases.c.case_id.is_not(None),
            sa.or_(
                yes(case_process == FAULT_PROCESS),
                cases.c.is_complaint,
            ),
        ),
        else_=sa.and_(
            yes(own_process.in_([FAULT_PROCESS, COMPLAINT_PROCESS])),
            sa.not_(yes(reasons.c.kind == TIP)),
        ),
    )
    kept = [
        column for column in collapsed.c if column.name not in {"process", "reason", "customer_id"}
    ]
    return sa.select(
        *kept,
        sa.func.coalesce(collapsed.c.customer_id, cases.c.customer_id).label("customer_id"),
        own_process.label("process"),
        reason.understood.label("reason"),
        cases.c.department,
        cases.c.promised_for,
        of_fault_or_complaint.label("of_fault_or_complaint"),
        reasons.c.kind,
        reasons.c.category.label("default_category"),
        reasons.c.cause.label("default_cause"),
    ).select_from(
        collapsed.outerjoin(process.words, process.condition)
        .outerjoin(reason.words, reason.condition)
        .outerjoin(cases, cases.c.case_id == collapsed.c.case_id)
        .outerjoin(reasons, sa.and_(reasons.c.reason == reason.understood, counts_on(reasons, day)))
    )


def _first_of_case(contacts: sa.Table) -> sa.Select[Any]:
    """The contacts that report a fault or a complaint: the customer's first about the case."""
    place = sa.func.row_number().over(
        partition_by=contacts.c.case_id, order_by=[contacts.c.started_at, contacts.c.contact_id]
    )
    placed = (
        sa.select(contacts.c.contact_id, contacts.c.of_fault_or_complaint, place.label("place"))
        .where(
            contacts.c.case_id.is_not(None),
            yes(contacts.c.direction == "in"),
            contacts.c.answered,
        )
        .subquery("placed")
    )
    return sa.select(placed.c.contact_id).where(placed.c.place == 1, placed.c.of_fault_or_complaint)


def _refill(
    steps: Steps,
    words: sa.Table,
    profiles: sa.Table,
    contacts: sa.Table,
    chains: sa.Table,
    by_reason: sa.Table,
    first: sa.Table,
) -> None:
    day = contacts.c.started_day
    given = look_up(words, "cause", contacts.c.cause, day)
    caused_by = look_up(words, "department", contacts.c.causing_department, day)
    moment = look_up(words, "moment", contacts.c.moment, day)
    repeat = yes(chains.c.position > 1)
    report = first.c.contact_id.is_not(None)
    late = sa.and_(
        yes(contacts.c.kind == STATUS), yes(contacts.c.started_at > contacts.c.promised_for)
    )
    # The order of the KPI sheet: the first that applies decides.
    why = sa.case(
        (contacts.c.category.is_not(None), "code"),
        (repeat, "repeat"),
        (late, "after_promise"),
        (report, "first_report"),
        (contacts.c.default_category.is_not(None), "reason"),
    )
    category = sa.case(
        (why == "code", contacts.c.category),
        (why == "reason", contacts.c.default_category),
        (why.is_not(None), UNNECESSARY),
    )
    cause = sa.case(
        (
            category == UNNECESSARY,
            sa.func.coalesce(
                given.understood,
                sa.case(
                    (why == "repeat", OTHER_REPEAT),
                    (why == "first_report", PRODUCT_FAILED),
                    (why == "reason", contacts.c.default_cause),
                ),
            ),
        )
    )
    decided = (
        sa.select(
            contacts,
            repeat.label("repeat"),
            report.label("first_report"),
            why.label("why"),
            category.label("understood_category"),
            cause.label("understood_cause"),
            caused_by.understood.label("given_department"),
            moment.understood.label("understood_moment"),
            *(
                chain.c[column].label(f"{prefix}{column}")
                for prefix, chain in (("in_", chains), ("same_", by_reason))
                for column in ("chain_id", "position", "length")
            ),
        )
        .select_from(
            contacts.outerjoin(chains, chains.c.contact_id == contacts.c.contact_id)
            .outerjoin(by_reason, by_reason.c.contact_id == contacts.c.contact_id)
            .outerjoin(first, first.c.contact_id == contacts.c.contact_id)
            .outerjoin(given.words, given.condition)
            .outerjoin(caused_by.words, caused_by.condition)
            .outerjoin(moment.words, moment.condition)
        )
        .subquery("decided")
    )
    _write(steps, profiles, decided)


def _write(steps: Steps, profiles: sa.Table, decided: sa.Subquery) -> None:
    profile = profiles.alias("profile")
    causes, channels = spans("causes"), spans("channels")
    days, opening = table("days"), table("calendar_days").alias("opening")
    day = decided.c.started_day
    department = sa.case(
        (
            decided.c.understood_category == UNNECESSARY,
            sa.func.coalesce(decided.c.given_department, causes.c.department),
        )
    )
    columns: dict[str, Expression] = {
        **{
            name: decided.c[name]
            for name in (
                "contact_id", "case_id", "process", "reason", "channel", "department",
                "customer_id", "answered", "abandoned", "live", "started_at", "started_day",
                "hour", "first_report", "legs", "transfers", "wait_s", "handle_s", "import_id",
            )
        },
        **{name: profile.c[name] for name in DIMENSIONS},
        "inbound": decided.c.direction == "in",
        "weekday": days.c.weekday,
        "inside_opening": yes(
            sa.and_(
                opening.c.working,
                decided.c.minute >= opening.c.opens_minute,
                decided.c.minute < opening.c.closes_minute,
            )
        ),
        "category": decided.c.understood_category,
        "category_from": decided.c.why,
        "cause": decided.c.understood_cause,
        "causing_department": department,
        "is_complaint": yes(decided.c.kind == COMPLAINT),
        "unit_cost": channels.c.unit_cost,
        "moment": decided.c.understood_moment,
        "chain_id": decided.c.in_chain_id,
        "chain_position": decided.c.in_position,
        "chain_length": decided.c.in_length,
        "reason_chain_id": decided.c.same_chain_id,
        "reason_chain_position": decided.c.same_position,
        "reason_chain_length": decided.c.same_length,
    }  # fmt: skip
    source = (
        decided.outerjoin(profile, profile_on(profile, decided.c.customer_id, day))
        .outerjoin(
            causes,
            sa.and_(causes.c.cause == decided.c.understood_cause, counts_on(causes, day)),
        )
        .outerjoin(
            channels, sa.and_(channels.c.channel == decided.c.channel, counts_on(channels, day))
        )
        .outerjoin(days, days.c.day == day)
        .outerjoin(
            opening,
            sa.and_(opening.c.calendar == OPENING_CALENDAR, opening.c.day == day),
        )
    )
    steps.refill(table("prepared_contacts"), columns, source)
