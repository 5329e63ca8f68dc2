"""Contacts as understood: process, chain, first report, category, cause and who caused it."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.sql import Expression, yes
from kpi.store.prepare.cases import COMPLAINT, COMPLAINT_PROCESS, TIP
from kpi.store.prepare.chains import Chains, hold_chains
from kpi.store.prepare.customers import DIMENSIONS, profile_on
from kpi.store.prepare.legs import collapsed, hold_legs, hold_members
from kpi.store.prepare.silences import refill_case_contacts
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, hold_spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

FAULT_PROCESS = "fault"
#: Kinds of reason that the definitions speak of by name: asking how it stands, and sending what
#: was asked for, which is no repeat.
STATUS, DOCUMENT = "status", "document"
UNNECESSARY = "unnecessary"
#: Causes that follow from the rule that made a contact unnecessary (default configuration).
OTHER_REPEAT, PRODUCT_FAILED = "other_repeat", "product_failed"
_SECONDS_AN_HOUR = 3600.0


class Held(NamedTuple):
    """What was held of contacts while they were filled: see `hold_legs` and `hold_members`."""

    legs: sa.Table
    members: sa.Table
    contacts: sa.Table


def refill_contacts(
    steps: Steps, words: sa.Table, known_as: sa.Table, profiles: sa.Table, merges: sa.Table
) -> Held:
    """Fill PREPARED_CONTACTS, PREPARED_LEGS and PREPARED_CASE_CONTACTS."""
    legs = hold_legs(steps, words, known_as, merges)
    members = hold_members(steps, legs)
    steps.refill(
        table("prepared_legs"),
        {"leg_id": members.c.leg_id, "contact_id": members.c.contact_id},
        members,
    )
    contacts = steps.make("contacts_understood", _understood(steps, words, legs, members))
    chainable = sa.select(contacts).where(contacts.c.chainable).subquery("chainable")
    chains = hold_chains(steps, chainable)
    first = steps.make("first_of_case", _first_of_case(contacts))
    _refill(steps, words, profiles, contacts, chains, first)
    refill_case_contacts(steps, contacts)
    return Held(legs, members, contacts)


def _understood(steps: Steps, words: sa.Table, legs: sa.Table, members: sa.Table) -> sa.Select[Any]:
    """Contacts with process and reason understood, and what their case and reason say."""
    contacts = collapsed(words, legs, members).subquery("collapsed")
    day = contacts.c.started_day
    process = look_up(words, "process", contacts.c.process, day)
    reason = look_up(words, "reason", contacts.c.reason, day)
    cases, reasons = table("prepared_cases"), hold_spans(steps, "reasons")
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
        column
        for column in contacts.c
        if column.name not in {"process", "reason", "customer_id", "direction"}
    ]
    customer = sa.func.coalesce(contacts.c.customer_id, cases.c.customer_id)
    inbound = contacts.c.direction == "in"
    return sa.select(
        *kept,
        inbound.label("inbound"),
        customer.label("customer_id"),
        # Who sends in a document that was asked for is not coming back.
        sa.and_(
            yes(inbound),
            contacts.c.answered,
            customer.is_not(None),
            sa.not_(yes(reasons.c.kind == DOCUMENT)),
        ).label("chainable"),
        own_process.label("process"),
        reason.understood.label("reason"),
        cases.c.department,
        cases.c.promised_for,
        of_fault_or_complaint.label("of_fault_or_complaint"),
        reasons.c.kind,
        reasons.c.category.label("default_category"),
        reasons.c.cause.label("default_cause"),
    ).select_from(
        contacts.outerjoin(cases, cases.c.case_id == contacts.c.case_id)
        .outerjoin(process.words, process.condition)
        .outerjoin(reason.words, reason.condition)
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
            yes(contacts.c.inbound),
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
    chains: Chains,
    first: sa.Table,
) -> None:
    day = contacts.c.started_day
    given = look_up(words, "cause", contacts.c.cause, day)
    caused_by = look_up(words, "department", contacts.c.causing_department, day)
    moment = look_up(words, "moment", contacts.c.moment, day)
    passed_on = look_up(words, "department", contacts.c.transferred_to, day)
    chain, by_reason = chains
    repeat = yes(chain.c.position > 1)
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
                    (why.in_(["after_promise", "reason"]), contacts.c.default_cause),
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
            passed_on.understood.label("passed_on_to"),
            *_places("chain", contacts, chain),
            *_places("reason_chain", contacts, by_reason),
        )
        .select_from(
            contacts.outerjoin(chain, chain.c.contact_id == contacts.c.contact_id)
            .outerjoin(by_reason, by_reason.c.contact_id == contacts.c.contact_id)
            .outerjoin(first, first.c.contact_id == contacts.c.contact_id)
            .outerjoin(given.words, given.condition)
            .outerjoin(caused_by.words, caused_by.condition)
            .outerjoin(moment.words, moment.condition)
            .outerjoin(passed_on.words, passed_on.condition)
        )
        .subquery("decided")
    )
    _write(steps, profiles, decided)


def _places(name: str, contacts: sa.Table, chain: sa.Table) -> list[sa.Label[Any]]:
    """The place of contacts in chains; who can be in one but is not linked to another is alone."""

    def or_alone(found: Expression, alone: Expression) -> Expression:
        return sa.func.coalesce(found, sa.case((contacts.c.chainable, alone)))

    return [
        or_alone(chain.c.chain_id, contacts.c.contact_id).label(f"{name}_id"),
        or_alone(chain.c.position, sa.literal(1)).label(f"{name}_position"),
        or_alone(chain.c.length, sa.literal(1)).label(f"{name}_length"),
    ]


def _write(steps: Steps, profiles: sa.Table, decided: sa.Subquery) -> None:
    profile = profiles.alias("profile")
    causes = hold_spans(steps, "causes")
    rates = hold_spans(steps, "hour_rates")
    own, general = rates.alias("own_rate"), rates.alias("rate_of_all_channels")
    day = decided.c.started_day
    # A cause that is configured without a department (a promise not kept, closed too early) is of
    # the department that has the case: it promised, it closed.
    department = sa.case(
        (
            decided.c.understood_category == UNNECESSARY,
            sa.func.coalesce(
                decided.c.given_department,
                causes.c.department,
                sa.case((causes.c.cause.is_not(None), decided.c.department)),
            ),
        )
    )
    kept = (
        "contact_id", "case_id", "process", "reason", "channel", "department", "customer_id",
        "inbound", "answered", "abandoned", "live", "started_at", "started_day", "hour", "weekday",
        "inside_opening", "first_report", "legs", "transfers", "misrouted", "wait_s", "handle_s", "unit_cost",
        "chain_id", "chain_position", "chain_length", "reason_chain_id", "reason_chain_position",
        "reason_chain_length", "import_id",
    )  # fmt: skip
    steps.refill(
        table("prepared_contacts"),
        {
            **{name: decided.c[name] for name in kept},
            **{name: profile.c[name] for name in DIMENSIONS},
            "category": decided.c.understood_category,
            "category_from": decided.c.why,
            "cause": decided.c.understood_cause,
            "causing_department": department,
            "is_complaint": yes(decided.c.kind == COMPLAINT),
            "moment": decided.c.understood_moment,
            "transferred_to": decided.c.passed_on_to,
            "time_cost": decided.c.handle_s
            * sa.func.coalesce(own.c.rate, general.c.rate)
            / _SECONDS_AN_HOUR,
        },
        decided.outerjoin(profile, profile_on(profile, decided.c.customer_id, day))
        .outerjoin(
            causes, sa.and_(causes.c.cause == decided.c.understood_cause, counts_on(causes, day))
        )
        .outerjoin(
            own,
            sa.and_(own.c.channel == decided.c.channel, own.c.channel != "", counts_on(own, day)),
        )
        .outerjoin(general, sa.and_(general.c.channel == "", counts_on(general, day))),
    )
