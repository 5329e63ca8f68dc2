"""From legs and messages to contacts.

Transfer legs with one root are one contact. So is a thread of an asynchronous conversation
(e-mail, portal, letter, social: configured channels on which nobody waits, but not the desk):
messages of the same case, or without a case of the same root, each at most 24 hours after the one
before, whichever way they went. A root with any other leg in it is a transferred contact, and no
thread.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.calendar import OPENING_CALENDAR
from kpi.sql import Expression, day_of, elapsed_seconds, first_known, part_of, text_or_null, yes
from kpi.store.prepare.customers import known_customer
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, hold_spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

#: The channel where nobody waits on a line and yet every visit is a contact of its own.
DESK = "desk"
#: Longest silence within a thread, seconds.
THREAD_GAP = 24 * 3600
#: What a contact has of its legs: of each the value of the first leg that has one.
OF_FIRST_KNOWN = (
    "case_id", "customer_id", "process", "reason", "direction", "category", "cause",
    "causing_department", "moment", "transferred_to",
)  # fmt: skip
#: What it has of its first leg, whether that has a value or not.
OF_FIRST = (
    "contact_id", "channel", "live", "unit_cost", "started_at", "started_day", "weekday", "hour",
    "inside_opening", "wait_s",
)  # fmt: skip


def hold_legs(steps: Steps, words: sa.Table, known_as: sa.Table, merges: sa.Table) -> sa.Table:
    """Every leg with its channel as understood, its local time, and whether it was answered."""
    contacts, channels = table("contacts"), hold_spans(steps, "channels")
    started = to_local(contacts.c.started_at)
    local = (
        sa.select(*contacts.c, started.time.label("local"))
        .select_from(contacts.outerjoin(started.offsets, started.condition))
        .subquery("contacts_local")
    )
    day = day_of(local.c.local)
    channel = look_up(words, "channel", local.c.channel, day)
    customer = known_customer(known_as, local.c.customer_id)
    parts = [local.c.talk_s, local.c.hold_s, local.c.wrap_s]
    handle = sa.case(
        (
            sa.or_(*(part.is_not(None) for part in parts)),
            sum(
                (sa.func.coalesce(part, 0.0) for part in parts[1:]), sa.func.coalesce(parts[0], 0.0)
            ),
        ),
        else_=local.c.handle_s,
    )
    live, gave_up = yes(channels.c.live), yes(local.c.abandoned)
    attended = sa.and_(sa.or_(local.c.answered_at.is_not(None), yes(handle > 0)), sa.not_(gave_up))
    hour = part_of(local.c.local, "hour")
    minute = hour * 60 + part_of(local.c.local, "minute")
    opening = (
        sa.select(table("calendar_days"))
        .where(table("calendar_days").c.calendar == OPENING_CALENDAR)
        .subquery("opening")
    )
    return steps.make(
        "legs",
        sa.select(
            local.c.contact_id,
            sa.func.coalesce(text_or_null(local.c.root_id), local.c.contact_id).label("root_id"),
            sa.func.coalesce(merges.c.into, text_or_null(local.c.case_id)).label("case_id"),
            customer.customer.label("customer_id"),
            local.c.process,
            local.c.reason,
            local.c.direction,
            local.c.category,
            local.c.cause,
            local.c.causing_department,
            local.c.moment,
            channel.understood.label("channel"),
            live.label("live"),
            yes(sa.and_(sa.not_(channels.c.live), channels.c.channel != DESK)).label("in_thread"),
            channels.c.unit_cost,
            local.c.started_at,
            day.label("started_day"),
            part_of(day, "isodow").label("weekday"),
            hour.label("hour"),
            yes(
                sa.and_(
                    opening.c.working,
                    minute >= opening.c.opens_minute,
                    minute < opening.c.closes_minute,
                )
            ).label("inside_opening"),
            local.c.wait_s,
            handle.label("handle_s"),
            # Where nobody waits on the line, received counts.
            sa.or_(sa.not_(live), attended).label("answered"),
            sa.and_(live, gave_up).label("abandoned"),
            text_or_null(local.c.transferred_to).label("transferred_to"),
            text_or_null(local.c.transferred_to).is_not(None).label("transferred"),
            local.c.import_id,
        ).select_from(
            local.outerjoin(merges, merges.c.case_id == local.c.case_id)
            .outerjoin(customer.names, customer.condition)
            .outerjoin(channel.words, channel.condition)
            .outerjoin(
                channels,
                sa.and_(channels.c.channel == channel.understood, counts_on(channels, day)),
            )
            .outerjoin(opening, opening.c.day == day)
        ),
    )


def hold_members(steps: Steps, legs: sa.Table) -> sa.Table:
    """Legs that are one contact with others: the first leg of theirs, and their rank in it.

    Columns: leg_id, contact_id (of the first), rank (from 1), legs, is_thread. A leg that is a
    contact by itself has no row, so that the many are not paid for by the few.
    """
    named = steps.make(
        "roots_named",
        sa.select(legs.c.root_id).where(legs.c.root_id != legs.c.contact_id).distinct(),
    )
    roots = steps.make("roots", _roots(named, legs))
    groups = sa.union_all(_transferred(legs, roots), _threads(legs, roots)).subquery(
        "contact_groups"
    )
    same = [groups.c.is_thread, groups.c.key, groups.c.number]
    # A thread is a contact of the customer from their first message on, even where the
    # organisation wrote first.
    not_inbound = sa.case(
        (sa.and_(groups.c.is_thread, yes(groups.c.direction == "in")), 0), else_=1
    )
    order = [not_inbound, groups.c.started_at, groups.c.contact_id]
    ranked = sa.select(
        groups.c.contact_id.label("leg_id"),
        sa.func.first_value(groups.c.contact_id)
        .over(partition_by=same, order_by=order)
        .label("contact_id"),
        sa.func.row_number().over(partition_by=same, order_by=order).label("rank"),
        sa.func.count().over(partition_by=same).label("legs"),
        groups.c.is_thread,
    ).subquery("ranked")
    return steps.make("members", sa.select(ranked).where(ranked.c.legs > 1))


def _roots(named: sa.Table, legs: sa.Table) -> sa.Select[Any]:
    """Roots of more than one leg: whether they are a thread, and the first case they are about."""
    rank = sa.func.row_number().over(
        partition_by=legs.c.root_id, order_by=[legs.c.started_at, legs.c.contact_id]
    )
    candidates = (
        sa.select(legs.c.root_id, legs.c.in_thread, legs.c.case_id, rank.label("rank"))
        .join_from(legs, named, named.c.root_id == legs.c.root_id)
        .subquery("root_legs")
    )
    return sa.select(
        candidates.c.root_id,
        sa.func.bool_and(candidates.c.in_thread).label("is_thread"),
        first_known(candidates.c.case_id, candidates.c.rank).label("case_id"),
    ).group_by(candidates.c.root_id)


def _transferred(legs: sa.Table, roots: sa.Table) -> sa.Select[Any]:
    return sa.select(
        legs.c.contact_id,
        legs.c.started_at,
        legs.c.direction,
        legs.c.root_id.label("key"),
        sa.literal(0).label("number"),
        sa.false().label("is_thread"),
    ).join_from(legs, roots, sa.and_(roots.c.root_id == legs.c.root_id, sa.not_(roots.c.is_thread)))


def _threads(legs: sa.Table, roots: sa.Table) -> sa.Select[Any]:
    case_id = sa.func.coalesce(legs.c.case_id, roots.c.case_id)
    # A case and a root may have the same id: the prefix keeps them apart.
    key = sa.case(
        (case_id.is_not(None), sa.func.concat("case ", case_id)),
        (roots.c.root_id.is_not(None), sa.func.concat("root ", legs.c.root_id)),
    )
    messages = (
        sa.select(legs.c.contact_id, legs.c.started_at, legs.c.direction, key.label("key"))
        .select_from(legs.outerjoin(roots, roots.c.root_id == legs.c.root_id))
        .where(legs.c.in_thread, sa.func.coalesce(roots.c.is_thread, sa.true()), key.is_not(None))
        .subquery("messages")
    )
    in_order: dict[str, Any] = {
        "partition_by": messages.c.key,
        "order_by": [messages.c.started_at, messages.c.contact_id],
    }
    gap = elapsed_seconds(
        sa.func.lag(messages.c.started_at).over(**in_order), messages.c.started_at
    )
    begins = sa.select(*messages.c, sa.case((gap <= THREAD_GAP, 0), else_=1).label("begins"))
    numbered = begins.subquery("message_gaps")
    return sa.select(
        numbered.c.contact_id,
        numbered.c.started_at,
        numbered.c.direction,
        numbered.c.key,
        sa.func.sum(numbered.c.begins)
        .over(
            partition_by=numbered.c.key,
            order_by=[numbered.c.started_at, numbered.c.contact_id],
            rows=(None, 0),
        )
        .label("number"),
        sa.true().label("is_thread"),
    )


def collapsed(words: sa.Table, legs: sa.Table, members: sa.Table) -> sa.CompoundSelect[Any]:
    """One row per contact, codes still as they came: single legs as they are, others together."""
    single = (
        sa.select(
            *(legs.c[name] for name in (*OF_FIRST_KNOWN, *OF_FIRST)),
            legs.c.answered,
            legs.c.abandoned,
            legs.c.handle_s,
            sa.literal(1).label("legs"),
            sa.case((legs.c.transferred, 1), else_=0).label("transfers"),
            sa.false().label("misrouted"),
            legs.c.import_id,
        )
        .select_from(legs.outerjoin(members, members.c.leg_id == legs.c.contact_id))
        .where(members.c.leg_id.is_(None))
    )
    return sa.union_all(single, _together(words, legs, members))


def _together(words: sa.Table, legs: sa.Table, members: sa.Table) -> sa.Select[Any]:
    first = members.c.rank == 1

    def of_first(column: Expression) -> Expression:
        # A boolean has no maximum in PostgreSQL.
        if isinstance(column.type, sa.Boolean):
            return sa.func.bool_or(sa.and_(first, column))
        return sa.func.max(sa.case((first, column)))

    answered = sa.func.bool_or(legs.c.answered)
    handed_over = sa.func.sum(sa.case((legs.c.transferred, 1), else_=0))
    count = sa.func.count()
    is_thread = sa.func.bool_or(members.c.is_thread)
    process = look_up(words, "process", legs.c.process, legs.c.started_day)
    # Two processes among the legs it was transferred to: one of them is not where it ended.
    targets = sa.case((sa.not_(first), process.understood))
    return (
        sa.select(
            *(first_known(legs.c[name], members.c.rank).label(name) for name in OF_FIRST_KNOWN),
            *(of_first(legs.c[name]).label(name) for name in OF_FIRST),
            answered.label("answered"),
            # Giving up while being transferred is no giving up of the contact: it was answered.
            sa.and_(sa.not_(answered), sa.func.bool_or(legs.c.abandoned)).label("abandoned"),
            sa.func.sum(legs.c.handle_s).label("handle_s"),
            count.label("legs"),
            sa.case(
                (is_thread, handed_over),
                else_=sa.func.greatest(handed_over, count - 1),
            ).label("transfers"),
            sa.and_(sa.not_(is_thread), sa.func.count(targets.distinct()) > 1).label("misrouted"),
            sa.func.max(legs.c.import_id).label("import_id"),
        )
        .select_from(
            legs.join(members, members.c.leg_id == legs.c.contact_id).outerjoin(
                process.words, process.condition
            )
        )
        .group_by(members.c.contact_id)
    )
