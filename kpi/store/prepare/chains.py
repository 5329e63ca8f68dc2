"""Chains: contacts of one customer about one thing, each soon after the one before.

Most contacts are a chain by themselves. Only those with a neighbour near enough are numbered, and
of these again only they can be a chain of the same reason: two contacts near enough by customer,
process and reason are so by customer and process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.sql import elapsed_seconds
from kpi.store.prepare.steps import Steps

#: Longest time between two contacts of a chain: 7 × 24 hours, in seconds.
CHAIN_GAP = 7 * 24 * 3600


class Chains(NamedTuple):
    """Contacts in chains of two or more: contact_id, chain_id (its first contact), position, length."""

    by_process: sa.Table
    by_reason: sa.Table


def hold_chains(steps: Steps, contacts: sa.FromClause) -> Chains:
    """Chains of `contacts`: those that can be in one, all of a known customer.

    Unknown is taken as a value: contacts of a customer about unknown processes are about the same
    one.
    """
    by_process = _hold(steps, "chains", contacts, ["customer_id", "process"])
    chained = (
        sa.select(contacts)
        .join(by_process, by_process.c.contact_id == contacts.c.contact_id)
        .subquery("chained")
    )
    by_reason = _hold(steps, "reason_chains", chained, ["customer_id", "process", "reason"])
    return Chains(by_process, by_reason)


def _hold(steps: Steps, name: str, contacts: sa.FromClause, same: Sequence[str]) -> sa.Table:
    neighbours: dict[str, Any] = {
        "partition_by": [contacts.c[column] for column in same],
        "order_by": [contacts.c.started_at, contacts.c.contact_id],
    }
    started = contacts.c.started_at
    gaps = sa.select(
        contacts.c.contact_id,
        started,
        *(contacts.c[column] for column in same),
        elapsed_seconds(sa.func.lag(started).over(**neighbours), started).label("since"),
        elapsed_seconds(started, sa.func.lead(started).over(**neighbours)).label("until"),
    ).subquery("gaps")
    linked = steps.make(
        f"{name}_linked",
        sa.select(*gaps.c).where(
            sa.or_(gaps.c.since <= CHAIN_GAP, gaps.c.until <= CHAIN_GAP),
        ),
    )
    partition = [linked.c[column] for column in same]
    begins = sa.case((linked.c.since <= CHAIN_GAP, 0), else_=1)
    numbered = sa.select(
        linked.c.contact_id,
        linked.c.started_at,
        *partition,
        sa.func.sum(begins)
        .over(
            partition_by=partition,
            order_by=[linked.c.started_at, linked.c.contact_id],
            rows=(None, 0),
        )
        .label("number"),
    ).subquery("numbered")
    chain = [*(numbered.c[column] for column in same), numbered.c.number]
    order = [numbered.c.started_at, numbered.c.contact_id]
    return steps.make(
        name,
        sa.select(
            numbered.c.contact_id,
            sa.func.first_value(numbered.c.contact_id)
            .over(partition_by=chain, order_by=order)
            .label("chain_id"),
            sa.func.row_number().over(partition_by=chain, order_by=order).label("position"),
            sa.func.count().over(partition_by=chain).label("length"),
        ),
    )
