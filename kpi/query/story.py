"""One case, contact or customer by its id: what is known of it, each from its own table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.tables import table

#: Most other cases and contacts of one customer.
MOST = 200


def case(case_id: str) -> sa.Select[Any]:
    """The case as understood, with the status and outcome of its source."""
    own, raw = table("prepared_cases"), table("cases")
    return (
        sa.select(*own.c, raw.c.status, raw.c.outcome)
        .select_from(own.join(raw, raw.c.case_id == own.c.case_id))
        .where(own.c.case_id == case_id)
    )


def contact(contact_id: str) -> sa.Select[Any]:
    """The contact, also by the id of one of its legs or messages."""
    own, legs = table("prepared_contacts"), table("prepared_legs")
    of_leg = sa.select(legs.c.contact_id).where(legs.c.leg_id == contact_id)
    return sa.select(*own.c).where(
        sa.or_(own.c.contact_id == contact_id, own.c.contact_id.in_(of_leg))
    )


def contacts_of_case(case_id: str) -> sa.Select[Any]:
    """Every contact about the case, to and from the customer."""
    own = table("prepared_contacts")
    return sa.select(*own.c).where(own.c.case_id == case_id).order_by(own.c.started_at)


def contacts_of_chain(chain_id: str) -> sa.Select[Any]:
    """The contacts of a chain of repeats."""
    own = table("prepared_contacts")
    return sa.select(*own.c).where(own.c.chain_id == chain_id).order_by(own.c.started_at)


def events(case_id: str) -> sa.Select[Any]:
    """What happened in the chain: statuses, work, hand-overs, moments, notes."""
    own = table("chain_events")
    return (
        sa.select(
            own.c.occurred_at, own.c.ended_at, own.c.kind, own.c.value, own.c.department,
            own.c.event_id,
        )
        .where(own.c.case_id == case_id)
        .order_by(own.c.occurred_at, own.c.event_id)
    )  # fmt: skip


def stays(case_id: str) -> sa.Select[Any]:
    """The departments that had the case, one after the other."""
    own = table("prepared_segments")
    return sa.select(*own.c).where(own.c.case_id == case_id).order_by(own.c.position)


def answers(case_id: str | None, contact_ids: Sequence[str]) -> sa.Select[Any]:
    """Survey answers about the case or one of these contacts."""
    raw, own = table("surveys"), table("prepared_surveys")
    about: sa.ColumnElement[bool] = raw.c.contact_id.in_(list(contact_ids))
    if case_id is not None:
        # Compared with nothing it would be every answer that is about no case.
        about = sa.or_(about, raw.c.case_id == case_id)
    return (
        sa.select(
            raw.c.response_id, raw.c.metric, raw.c.score, raw.c.responded_at, raw.c.moment,
            raw.c.level, own.c.valid,
        )
        .select_from(
            raw.join(
                own,
                (own.c.response_id == raw.c.response_id) & (own.c.metric == raw.c.metric),
            )
        )
        .where(about, raw.c.responded_at.is_not(None))
        .order_by(raw.c.responded_at, raw.c.response_id, raw.c.metric)
    )  # fmt: skip


def other_cases(customer_id: str) -> sa.Select[Any]:
    """The cases of a customer, the latest first."""
    own = table("prepared_cases")
    return (
        sa.select(*own.c)
        .where(own.c.customer_id == customer_id)
        .order_by(own.c.opened_at.desc(), own.c.case_id)
        .limit(MOST)
    )


def other_contacts(customer_id: str) -> sa.Select[Any]:
    """The contacts of a customer that are about no case, the latest first."""
    own = table("prepared_contacts")
    return (
        sa.select(*own.c)
        .where(own.c.customer_id == customer_id, own.c.case_id.is_(None))
        .order_by(own.c.started_at.desc(), own.c.contact_id)
        .limit(MOST)
    )
