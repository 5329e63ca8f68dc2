"""Contacts held against the channel strategy, and transactions done online or by telephone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import Expression, folded, text_or_null, yes
from kpi.store.prepare.customers import DIMENSIONS
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, hold_spans, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

PREFERRED, SUPPORTING, DISCOURAGED, OTHER = "preferred", "supporting", "discouraged", "other"
#: The channel that counts as calling.
PHONE = "phone"
#: What sources call the two totals (folded).
ONLINE_TOTALS = ("online transactions", "online", "online transacties", "transacties online")
CALL_TOTALS = ("calls", "phone calls", "gesprekken", "telefoontjes", "telefoon")


def refill_steering(steps: Steps) -> None:
    """Fill PREPARED_STEERING: contacts whose reason has a strategy for such a customer."""
    contacts = table("prepared_contacts")
    places = steps.make("strategy_places", _places(steps, contacts))
    own, general = places, places.alias("for_all_customers")

    def fits(strategy: sa.FromClause) -> Expression:
        return sa.and_(
            strategy.c.reason == contacts.c.reason,
            strategy.c.channel == _named(contacts.c.channel),
            counts_on(strategy, contacts.c.started_day),
        )

    strategy = sa.func.coalesce(own.c.place, general.c.place)
    steps.refill(
        table("prepared_steering"),
        {"contact_id": contacts.c.contact_id, "strategy": strategy},
        contacts.outerjoin(
            own,
            sa.and_(
                fits(own), own.c.value_class == contacts.c.value_class, own.c.value_class != ""
            ),
        ).outerjoin(general, sa.and_(fits(general), general.c.value_class == "")),
        strategy.is_not(None),
    )


def _places(steps: Steps, contacts: sa.Table) -> sa.Select[Any]:
    """What each strategy says of each channel there is: few rows, for texts are slow to search."""
    strategy = hold_spans(steps, "channel_strategy")
    used = sa.select(_named(contacts.c.channel).label("channel")).distinct().subquery("used")
    wanted = sa.func.concat(",", sa.func.replace(used.c.channel, " ", ""), ",")

    def listed(column: str) -> Expression:
        among = sa.func.concat(",", sa.func.replace(strategy.c[column], " ", ""), ",")
        return sa.and_(used.c.channel != "", sa.func.strpos(among, wanted) > 0)

    place = sa.case(
        *((listed(name), name) for name in (PREFERRED, SUPPORTING, DISCOURAGED)), else_=OTHER
    )
    names = ("reason", "value_class", "valid_from", "valid_until")
    return sa.select(
        *(strategy.c[name] for name in names), used.c.channel, place.label("place")
    ).select_from(strategy.join(used, sa.true()))


def _named(channel: Expression) -> Expression:
    return sa.func.coalesce(channel, "")


def refill_transactions(steps: Steps, words: sa.Table) -> None:
    """Fill PREPARED_TRANSACTIONS: the same transactions, online and by telephone."""
    totals = steps.make("transaction_totals", _totals(words))
    both = sa.union_all(sa.select(totals), _contacts(steps, totals)).subquery("transactions")
    filled = table("prepared_transactions")
    steps.refill(filled, {column.name: both.c[column.name] for column in filled.c}, both)


def _totals(words: sa.Table) -> sa.Select[Any]:
    """Periods and break-downs of which both totals are known; the whole only without parts."""
    totals, contacts = table("totals"), table("prepared_contacts")
    metric = folded(totals.c.metric)

    def summed(metrics: tuple[str, ...]) -> Expression:
        return sa.func.sum(sa.case((metric.in_(metrics), totals.c.value)))

    pairs = (
        sa.select(
            totals.c.period_start,
            totals.c.dimension,
            summed(ONLINE_TOTALS).label("online"),
            summed(CALL_TOTALS).label("calls"),
            sa.func.max(totals.c.import_id).label("import_id"),
        )
        .where(metric.in_((*ONLINE_TOTALS, *CALL_TOTALS)))
        .group_by(totals.c.period_start, totals.c.dimension)
        .subquery("pairs")
    )
    known = sa.and_(pairs.c.online.is_not(None), pairs.c.calls.is_not(None))
    parts = sa.func.max(sa.case((sa.and_(known, pairs.c.dimension != ""), 1), else_=0)).over(
        partition_by=pairs.c.period_start
    )
    told = sa.select(*pairs.c, known.label("known"), parts.label("parts")).subquery("told")
    reason = look_up(words, "reason", told.c.dimension, told.c.period_start)
    reasons = spans("reasons")
    return (
        sa.select(
            sa.func.concat(
                "total ", sa.cast(told.c.period_start, sa.Text()), " ", told.c.dimension
            ).label("transaction_id"),
            told.c.period_start.label("day"),
            reasons.c.process,
            reason.understood.label("reason"),
            # Nobody knows of whom a total is.
            *(sa.cast(sa.null(), contacts.c[name].type).label(name) for name in DIMENSIONS),
            told.c.online,
            told.c.calls,
            sa.true().label("from_totals"),
            told.c.import_id,
        )
        .select_from(
            told.outerjoin(reason.words, reason.condition).outerjoin(
                reasons,
                sa.and_(
                    reasons.c.reason == reason.understood, counts_on(reasons, told.c.period_start)
                ),
            )
        )
        .where(told.c.known, sa.or_(told.c.dimension != "", told.c.parts == 0))
    )


def _contacts(steps: Steps, totals: sa.Table) -> sa.Select[Any]:
    """Inbound contacts about what is done both ways, and of which there are no totals."""
    contacts, channels = table("prepared_contacts"), hold_spans(steps, "channels")
    online = yes(channels.c.online)
    called = yes(contacts.c.channel == PHONE)
    rows = (
        sa.select(
            contacts.c.contact_id,
            contacts.c.started_day,
            contacts.c.process,
            text_or_null(contacts.c.reason).label("reason"),
            *(contacts.c[name] for name in DIMENSIONS),
            sa.case((online, 1.0), else_=0.0).label("online"),
            sa.case((sa.and_(called, sa.not_(online)), 1.0), else_=0.0).label("calls"),
            contacts.c.import_id,
        )
        .select_from(
            contacts.outerjoin(
                channels,
                sa.and_(
                    channels.c.channel == contacts.c.channel,
                    counts_on(channels, contacts.c.started_day),
                ),
            )
        )
        .where(contacts.c.inbound, contacts.c.reason.is_not(None), sa.or_(online, called))
        .subquery("online_and_calls")
    )
    # Few reasons: to know them first is cheaper than to carry their sums along with every contact.
    both_ways = steps.make(
        "reasons_both_ways",
        sa.select(rows.c.reason)
        .where(~sa.exists().where(totals.c.reason == rows.c.reason))
        .group_by(rows.c.reason)
        .having(sa.func.sum(rows.c.online) > 0, sa.func.sum(rows.c.calls) > 0),
    )
    return sa.select(
        sa.func.concat("contact ", rows.c.contact_id).label("transaction_id"),
        rows.c.started_day.label("day"),
        rows.c.process,
        rows.c.reason,
        *(rows.c[name] for name in DIMENSIONS),
        rows.c.online,
        rows.c.calls,
        sa.false().label("from_totals"),
        rows.c.import_id,
    ).join_from(rows, both_ways, both_ways.c.reason == rows.c.reason)
