"""What changes while somebody is a customer: new or long, few or many products, caller or not.

Each is a span of days per customer, so that whatever happens on a day finds what the customer was
then. Spans are made of the days on which something changes, never of all days.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.schema.columns import CHANGING, LASTING
from kpi.sql import BEGINNING, END, Expression, add_days, day_of, text_or_null, the_day
from kpi.store.prepare.cases import is_merged
from kpi.store.prepare.customers import hold_lasting, known_customer
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.tables import table

NEW, LONG = "new", "long"
FEW, MANY = "few", "many"
#: New up to and including so many days after the first; many from so many products; who was in
#: touch in so many days before is a caller.
NEW_DAYS, MANY_PRODUCTS, CALLER_DAYS = 90, 3, 365

#: What a customership period tells of its end, besides when.
_LEAVING = ("voluntary", "left_day")


class Changes(NamedTuple):
    """Spans of days in which a customer's products and calling stay the same.

    Attributes:
        spans: customer_id, from_day, until_day, products, caller; only of customers who ever had a
            product or were in touch, of those without holes. None: there are none.
        products, caller: whether holdings and contacts are loaded; else nobody knows.
    """

    spans: sa.Table | None
    products: bool
    caller: bool


def hold_changes(steps: Steps, known_as: sa.Table, merges: sa.Table) -> Changes:
    """What holdings and contacts tell of customers, by day."""
    customers, holdings, contacts = (
        _loaded(steps, name) for name in ("customers", "holdings", "contacts")
    )
    moved: list[sa.Select[Any]] = []
    if customers and holdings:
        moved += _products(known_as)
    if customers and contacts:
        moved += _calling(steps, known_as, merges)
    if not moved:
        return Changes(None, holdings, contacts)
    moves = steps.make("customer_moves", sa.union_all(*moved))
    return Changes(steps.make("customer_changes", _spans(moves)), holdings, contacts)


def _loaded(steps: Steps, name: str) -> bool:
    there = sa.exists(sa.select(sa.literal(1)).select_from(table(name)))
    return bool(steps.connection.execute(sa.select(there)).scalar())


def _move(customer: Expression, day: Expression, products: int, calls: int) -> Any:
    return sa.select(
        customer.label("customer_id"),
        day.label("day"),
        sa.literal(products).label("products"),
        sa.literal(calls).label("calls"),
    )


def _products(known_as: sa.Table) -> list[sa.Select[Any]]:
    """One more product on the day that one begins, one less on the day that it has ended."""
    holdings = table("holdings")
    customer = known_customer(known_as, holdings.c.customer_id)
    source = holdings.outerjoin(customer.names, customer.condition)
    in_force = (
        holdings.c.annulled_at.is_(None),
        sa.or_(holdings.c.ended.is_(None), holdings.c.ended > holdings.c.started),
        customer.customer.is_not(None),
    )
    begun = _move(customer.customer, holdings.c.started, 1, 0)
    ended = _move(customer.customer, holdings.c.ended, -1, 0)
    return [
        begun.select_from(source).where(*in_force),
        ended.select_from(source).where(*in_force, holdings.c.ended.is_not(None)),
    ]


def _calling(steps: Steps, known_as: sa.Table, merges: sa.Table) -> list[sa.Select[Any]]:
    """Begins and ends of being a caller: from the day after a contact, for a year.

    Every leg and message from the customer is one. Who is in touch again within the year goes on
    being a caller, so few days are left.
    """
    own = _days_in_touch(known_as, merges).subquery("days_in_touch")
    over: dict[str, Any] = {"partition_by": own.c.customer_id, "order_by": own.c.day}
    beside = sa.select(
        *own.c,
        sa.func.lag(own.c.day).over(**over).label("earlier"),
        sa.func.lead(own.c.day).over(**over).label("later"),
    ).subquery("beside")
    year = sa.literal(CALLER_DAYS)
    begins = sa.or_(beside.c.earlier.is_(None), beside.c.day > add_days(beside.c.earlier, year))
    ends = sa.or_(beside.c.later.is_(None), beside.c.later > add_days(beside.c.day, year))
    bounds = steps.make(
        "calling_bounds",
        sa.select(
            beside.c.customer_id, beside.c.day, begins.label("begins"), ends.label("ends")
        ).where(sa.or_(begins, ends)),
    )
    # The day itself does not count: a contact does not make its own customer a caller.
    first = add_days(bounds.c.day, sa.literal(1))
    after = add_days(bounds.c.day, sa.literal(CALLER_DAYS + 1))
    return [
        _move(bounds.c.customer_id, first, 0, 1).where(bounds.c.begins),
        _move(bounds.c.customer_id, after, 0, -1).where(bounds.c.ends),
    ]


def _days_in_touch(known_as: sa.Table, merges: sa.Table) -> sa.Select[Any]:
    contacts, cases = table("contacts"), table("cases")
    started = to_local(contacts.c.started_at)
    own = known_customer(known_as, contacts.c.customer_id)
    of_case = known_customer(known_as, cases.c.customer_id)
    case_id = sa.func.coalesce(merges.c.into, text_or_null(contacts.c.case_id))
    customer = sa.func.coalesce(own.customer, of_case.customer)
    day = day_of(started.time)
    return (
        sa.select(customer.label("customer_id"), day.label("day"))
        .distinct()
        .select_from(
            contacts.outerjoin(started.offsets, started.condition)
            .outerjoin(own.names, own.condition)
            .outerjoin(merges, merges.c.case_id == contacts.c.case_id)
            .outerjoin(cases, sa.and_(cases.c.case_id == case_id, sa.not_(is_merged(cases))))
            .outerjoin(of_case.names, of_case.condition)
        )
        .where(contacts.c.direction == "in", customer.is_not(None), day.is_not(None))
    )


def _spans(moves: sa.Table) -> sa.Select[Any]:
    """Running sums over the days on which something moves, and of these the days that matter."""
    start = _move(moves.c.customer_id, the_day(BEGINNING), 0, 0).distinct()
    every = sa.union_all(sa.select(*moves.c), start).subquery("every_move")
    by_day = (
        sa.select(
            every.c.customer_id,
            every.c.day,
            sa.func.sum(every.c.products).label("products"),
            sa.func.sum(every.c.calls).label("calls"),
        )
        .group_by(every.c.customer_id, every.c.day)
        .subquery("moves_by_day")
    )
    over: dict[str, Any] = {"partition_by": by_day.c.customer_id, "order_by": by_day.c.day}
    many = sa.func.sum(by_day.c.products).over(**over) >= MANY_PRODUCTS
    told = sa.select(
        by_day.c.customer_id,
        by_day.c.day,
        sa.case((many, MANY), else_=FEW).label("products"),
        (sa.func.sum(by_day.c.calls).over(**over) > 0).label("caller"),
    ).subquery("told")
    over = {"partition_by": told.c.customer_id, "order_by": told.c.day}
    compared = sa.select(
        *told.c,
        sa.func.lag(told.c.products).over(**over).label("products_before"),
        sa.func.lag(told.c.caller).over(**over).label("caller_before"),
    ).subquery("compared")
    changed = (
        sa.select(compared)
        .where(
            sa.or_(
                compared.c.products_before.is_(None),
                compared.c.products != compared.c.products_before,
                compared.c.caller != compared.c.caller_before,
            )
        )
        .subquery("changed")
    )
    return sa.select(
        changed.c.customer_id,
        changed.c.day.label("from_day"),
        sa.func.lead(changed.c.day, 1, the_day(END))
        .over(partition_by=changed.c.customer_id, order_by=changed.c.day)
        .label("until_day"),
        changed.c.products,
        changed.c.caller,
    )


def hold_profiles(steps: Steps, changes: Changes) -> sa.Table:
    """What a customer was on each day: spans of days without holes, few for most customers."""
    found = _apart(hold_lasting(steps), changes).subquery("told_apart")
    wanted = ("customer_id", "from_day", "until_day", *LASTING, *CHANGING)
    return steps.make("profiles", sa.select(*(found.c[name] for name in wanted)))


def refill_phases(steps: Steps, changes: Changes, profiles: sa.Table) -> None:
    """Fill PREPARED_PHASES and PREPARED_PROFILES: customers, cut where they change."""
    named = {"to_day": "until_day"}
    filled = table("prepared_profiles")
    steps.refill(
        filled,
        {name: profiles.c[named.get(name, name)] for name in filled.c.keys()},  # noqa: SIM118
        profiles,
    )
    periods = table("prepared_customers")
    whole = (
        sa.select(
            *(periods.c[name] for name in ("customer_id", "since_day", *_LEAVING, *LASTING)),
            periods.c.until_day.label("period_until"),
            periods.c.since_day.label("from_day"),
            sa.func.coalesce(periods.c.until_day, the_day(END)).label("until_day"),
        )
        .where(sa.or_(periods.c.until_day.is_(None), periods.c.until_day > periods.c.since_day))
        .subquery("periods")
    )
    found = _apart(whole, changes).subquery("told_apart")
    kept = ("customer_id", "since_day", "from_day", *_LEAVING, *LASTING, *CHANGING)
    steps.refill(
        table("prepared_phases"),
        {
            **{name: found.c[name] for name in kept},
            "until_day": found.c.period_until,
            "to_day": sa.func.nullif(found.c.until_day, the_day(END)),
        },
        found,
    )


def _apart(spans: sa.FromClause, changes: Changes) -> sa.Select[Any]:
    """`spans` (customer_id, since_day, from_day, until_day and more), cut where something changes.

    The columns of CHANGING come to them.
    """
    turns = add_days(spans.c.since_day, sa.literal(NEW_DAYS + 1))
    more = [column for column in spans.c if column.name not in {"from_day", "until_day"}]
    pieces = sa.union_all(
        sa.select(
            *more,
            spans.c.from_day,
            sa.func.least(spans.c.until_day, turns).label("until_day"),
            sa.literal(NEW).label("tenure"),
        ).where(spans.c.from_day < turns),
        sa.select(
            *more,
            sa.func.greatest(spans.c.from_day, turns),
            spans.c.until_day,
            sa.literal(LONG),
        ).where(spans.c.until_day > turns),
    ).subquery("pieces")
    kept = [column for column in pieces.c if column.name not in {"from_day", "until_day"}]
    own = changes.spans
    few: Expression = sa.literal(FEW) if changes.products else sa.cast(sa.null(), sa.Text())
    never: Expression = sa.false() if changes.caller else sa.cast(sa.null(), sa.Boolean())
    if own is None:
        return sa.select(
            *kept,
            pieces.c.from_day,
            pieces.c.until_day,
            few.label("products"),
            never.label("caller"),
        )
    overlap = sa.and_(
        own.c.customer_id == pieces.c.customer_id,
        own.c.from_day < pieces.c.until_day,
        own.c.until_day > pieces.c.from_day,
    )
    from_day = sa.func.coalesce(own.c.from_day, pieces.c.from_day)
    until_day = sa.func.coalesce(own.c.until_day, pieces.c.until_day)
    return sa.select(
        *kept,
        sa.func.greatest(pieces.c.from_day, from_day).label("from_day"),
        sa.func.least(pieces.c.until_day, until_day).label("until_day"),
        (sa.func.coalesce(own.c.products, few) if changes.products else few).label("products"),
        (sa.func.coalesce(own.c.caller, never) if changes.caller else never).label("caller"),
    ).select_from(pieces.outerjoin(own, overlap))
