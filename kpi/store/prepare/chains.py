"""Chains: contacts of one customer about one thing, each soon after the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.sql import elapsed_seconds
from kpi.store.prepare.steps import Steps

#: Longest time between two contacts of a chain: 7 × 24 hours, in seconds.
CHAIN_GAP = 7 * 24 * 3600


def hold_chains(steps: Steps, name: str, contacts: sa.Subquery, same: Sequence[str]) -> sa.Table:
    """The place of each of `contacts` in its chain.

    Args:
        steps: of this preparation.
        name: of the temporary table.
        contacts: those that can be in a chain, with contact_id, started_at and columns of `same`.
        same: what contacts of one chain have in common. Unknown is taken as a value: contacts of
            a customer about unknown processes are about the same one.

    Returns:
        contact_id, chain_id (its first contact), position (from 1), length.
    """
    common = [contacts.c[column] for column in same]
    in_order: dict[str, Any] = {
        "partition_by": common,
        "order_by": [contacts.c.started_at, contacts.c.contact_id],
    }
    gap = elapsed_seconds(
        sa.func.lag(contacts.c.started_at).over(**in_order), contacts.c.started_at
    )
    gaps = sa.select(
        contacts.c.contact_id,
        contacts.c.started_at,
        *common,
        sa.case((gap <= CHAIN_GAP, 0), else_=1).label("begins"),
    ).subquery("gaps")
    numbered = sa.select(
        *(column for column in gaps.c if column.name != "begins"),
        sa.func.sum(gaps.c.begins)
        .over(
            partition_by=[gaps.c[column] for column in same],
            order_by=[gaps.c.started_at, gaps.c.contact_id],
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
