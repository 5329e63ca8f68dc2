"""A funnel (K31): per entity the moments at which it took each step, in order.

The first entry into the first step within the period; each next step is the entity's first event
of that step at or after the one before it (equal times count), no later than the window after the
entry. Taking the earliest each time never loses an entity: whatever comes later can only be worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kpi.access import Scope
from kpi.filters import GRAINS, Where
from kpi.periods import Period
from kpi.query.groups import Column, kept
from kpi.schema.columns import CHANGING
from kpi.sql import add_minutes, day_of, elapsed_seconds
from kpi.tables import table


@dataclass(frozen=True)
class FunnelQuestion:
    """What is asked of a funnel.

    Attributes:
        name: of the funnel; for web the one in web_events.
        process: for cases and customers: whose chain it is; None: of whatever process.
        steps: in order.
        entity: web, case or customer.
        period: local days in which the first step is entered.
        window_seconds: each step counts up to so long after the entry, that moment included.
        by: customer dimensions and a time grain of the entry; for cases also those of the case.
        where, scope, zone: as in `Question`.
    """

    name: str
    process: str | None
    steps: tuple[str, ...]
    entity: str
    period: Period
    window_seconds: float
    by: tuple[str, ...]
    where: Where
    scope: Scope
    zone: str


def events(question: FunnelQuestion) -> sa.Subquery:
    """Events of the funnel's steps: entity, customer, case, step, at, and the columns of `by`."""
    if question.entity == "web":
        return _web_events(question)
    return _chain_events(question)


def _web_events(question: FunnelQuestion) -> sa.Subquery:
    rows = table("web_events")
    known = sa.select(
        rows.c.entity_id.label("entity"),
        rows.c.customer_id.label("customer"),
        sa.cast(None, sa.Text()).label("case_id"),
        rows.c.step.label("step"),
        rows.c.at.label("at"),
    ).where(rows.c.funnel == question.name, rows.c.step.in_(question.steps))
    if question.scope.processes is not None and not question.scope.processes:
        known = known.where(sa.false())
    return _with_customer(question, known.subquery("steps_taken"))


def _chain_events(question: FunnelQuestion) -> sa.Subquery:
    rows, cases = table("chain_events"), table("prepared_cases")
    process = sa.func.coalesce(cases.c.process, rows.c.process)
    customer = sa.func.coalesce(cases.c.customer_id, rows.c.customer_id)
    conditions: list[Column] = [rows.c.value.in_(question.steps)]
    if question.process is not None:
        conditions.append(process == question.process)
    if question.scope.processes is not None:
        conditions.append(process.in_(sorted(question.scope.processes)))
    entity = rows.c.case_id if question.entity == "case" else customer
    own = [name for name in _split_by(question) if name in {"channel", "reason", "department"}]
    known = (
        sa.select(
            entity.label("entity"),
            customer.label("customer"),
            rows.c.case_id.label("case_id"),
            rows.c.value.label("step"),
            rows.c.occurred_at.label("at"),
            *(cases.c[name].label(name) for name in own),
        )
        .select_from(rows.outerjoin(cases, cases.c.case_id == rows.c.case_id))
        .where(*conditions, entity.is_not(None))
    )
    return _with_customer(question, known.subquery("steps_taken"))


def _split_by(question: FunnelQuestion) -> tuple[str, ...]:
    named = (*question.by, *(name for name, _ in question.where))
    return tuple(dict.fromkeys(name for name in named if name not in GRAINS))


def _with_customer(question: FunnelQuestion, known: sa.Subquery) -> sa.Subquery:
    """The same events with the customer's dimensions, kept to the filters."""
    wanted = [name for name in _split_by(question) if name not in {*known.c.keys(), *CHANGING}]
    if wanted:
        periods = table("prepared_customers")
        rank = sa.func.row_number().over(
            partition_by=periods.c.customer_id, order_by=periods.c.since_day.desc()
        )
        latest = sa.select(*periods.c, rank.label("place")).subquery("by_age")
        found = sa.select(*known.c, *(latest.c[name].label(name) for name in wanted)).select_from(
            known.outerjoin(
                latest, (latest.c.customer_id == known.c.customer) & (latest.c.place == 1)
            )
        )
        known = found.subquery("steps_of_customers")
    lasting = tuple(pair for pair in question.where if pair[0] not in CHANGING)
    if lasting:
        known = sa.select(*known.c).where(*kept(known.c, lasting)).subquery("steps_kept")
    return known


def steps_reached(
    question: FunnelQuestion, entered_at: Sequence[datetime] | None = None
) -> sa.Subquery:
    """One row per entity that entered: entity, customer, keys, t0, t1 … (null: not reached).

    `entered_at`: only entities that took the first step at one of these moments (UTC).
    """
    taken = events(question)
    if entered_at is not None:
        taken = _of_entities(question, taken, entered_at)
    keys = [
        _key(taken, name).label(f"by_{place}")
        for place, name in enumerate(question.by)
        if name not in {*GRAINS, *CHANGING}
    ]
    reached = _as_entered(question, _first_step(question, taken, keys))
    return _entered_in(question, _next_steps(question, taken, reached))


def _of_entities(
    question: FunnelQuestion, taken: sa.Subquery, entered_at: Sequence[datetime]
) -> sa.Subquery:
    """All events of the entities that took the first step at one of these moments."""
    entry = taken.alias("entry")
    own = sa.select(entry.c.entity).where(
        entry.c.step == question.steps[0], entry.c.at.in_(entered_at)
    )
    return sa.select(*taken.c).where(taken.c.entity.in_(own)).subquery("of_entities")


def entries(question: FunnelQuestion) -> sa.Select[Any]:
    """Every entry there ever was, kept to nothing: entity, customer, t0, t1 … (null: not reached).

    What an entity did after it does not hang on the period that is asked of.
    """
    taken = events(question)
    entered = (
        sa.select(
            taken.c.entity, sa.func.min(taken.c.customer).label("customer"), taken.c.at.label("t0")
        )
        .where(taken.c.step == question.steps[0], taken.c.at.is_not(None))
        .group_by(taken.c.entity, taken.c.at)
        .subquery("step_0")
    )
    return sa.select(_next_steps(question, taken, entered))


def contacts_of(question: FunnelQuestion) -> sa.Select[Any]:
    """Inbound contacts of whoever entered, whenever: owner (a case, else a customer), started_at."""
    taken, contacts = events(question), table("prepared_contacts")
    of_case = question.entity == "case"
    owner = contacts.c.case_id if of_case else contacts.c.customer_id
    entered = sa.select(taken.c.entity if of_case else taken.c.customer).where(
        taken.c.step == question.steps[0]
    )
    return sa.select(owner.label("owner"), contacts.c.started_at).where(
        contacts.c.inbound, contacts.c.started_at.is_not(None), owner.in_(entered)
    )


def _next_steps(question: FunnelQuestion, taken: sa.Subquery, reached: sa.Subquery) -> sa.Subquery:
    """The same rows with when each next step was taken."""
    for place, step in enumerate(question.steps[1:], start=1):
        before = reached.c[f"t{place - 1}"]
        next_event = taken.alias(f"event_{place}")
        # The times are compared after joining on the entity alone: as conditions of an outer join
        # they make DuckDB compare every entry with every event.
        counts = (next_event.c.at >= before) & (
            elapsed_seconds(reached.c.t0, next_event.c.at) <= question.window_seconds
        )
        reached = (
            sa.select(
                *reached.c,
                sa.func.min(sa.case((counts, next_event.c.at))).label(f"t{place}"),
            )
            .select_from(
                reached.outerjoin(
                    next_event,
                    sa.and_(next_event.c.entity == reached.c.entity, next_event.c.step == step),
                )
            )
            .group_by(*reached.c)
            .subquery(f"step_{place}")
        )
    return reached


def _first_step(
    question: FunnelQuestion, taken: sa.Subquery, keys: list[sa.Label[Any]]
) -> sa.Subquery:
    since = question.period.starts_at(question.zone)
    until = question.period.ends_at(question.zone)
    return (
        sa.select(
            taken.c.entity,
            sa.func.min(taken.c.customer).label("customer"),
            *(sa.func.min(key.element).label(key.name) for key in keys),
            sa.func.min(taken.c.at).label("t0"),
        )
        .where(taken.c.step == question.steps[0], taken.c.at >= since, taken.c.at < until)
        .group_by(taken.c.entity)
        .subquery("step_0")
    )


def _as_entered(question: FunnelQuestion, reached: sa.Subquery) -> sa.Subquery:
    """The same with what changes of customers, as they were on the day of the entry."""
    asked = [name for name in _split_by(question) if name in CHANGING]
    if not asked:
        return reached
    profiles, offsets = table("prepared_profiles"), table("utc_offsets")
    minutes = sa.case(
        (reached.c.t0 < offsets.c.switches_at, offsets.c.minutes_before),
        else_=offsets.c.minutes_after,
    )
    on = (
        sa.select(*reached.c, day_of(add_minutes(reached.c.t0, minutes)).label("entered_day"))
        .select_from(reached.outerjoin(offsets, offsets.c.utc_day == day_of(reached.c.t0)))
        .subquery("entered_on")
    )
    then = sa.and_(
        profiles.c.customer_id == on.c.customer,
        profiles.c.from_day <= on.c.entered_day,
        profiles.c.to_day > on.c.entered_day,
    )
    told = (
        sa.select(*on.c, *(profiles.c[name] for name in asked))
        .select_from(on.outerjoin(profiles, then))
        .subquery("kinds_of_entries")
    )
    keys = [
        _key(told, name).label(f"by_{number}")
        for number, name in enumerate(question.by)
        if name in CHANGING
    ]
    where = tuple(pair for pair in question.where if pair[0] in CHANGING)
    return (
        sa.select(*(told.c[column.name] for column in reached.c), *keys)
        .where(*kept(told.c, where))
        .subquery("entered_as")
    )


def _entered_in(question: FunnelQuestion, reached: sa.Subquery) -> sa.Subquery:
    """The same with the bucket of the entry, where that is asked.

    Only the period's own days are joined to: a join on a range of moments costs by their number.
    """
    days = table("days")
    for place, name in enumerate(question.by):
        if name in GRAINS:
            inside = sa.and_(
                days.c.day.between(question.period.since, question.period.until),
                reached.c.t0 >= days.c.starts_at,
                reached.c.t0 < days.c.ends_at,
            )
            reached = (
                sa.select(*reached.c, days.c[name].label(f"by_{place}"))
                .select_from(reached.join(days, inside))
                .subquery("entered_in")
            )
    return reached


def _key(taken: sa.Subquery, name: str) -> Column:
    column: Column = taken.c[name]
    if isinstance(column.type, sa.Boolean):
        return sa.case((column, "yes"), (sa.not_(column), "no"))
    return column


def funnel_rows(question: FunnelQuestion) -> sa.Select[Any]:
    """Entities by what they did: keys, t0 and the seconds from step to step, and how many."""
    reached = steps_reached(question)
    keys = [column for column in reached.c if column.name.startswith("by_")]
    gaps = [
        elapsed_seconds(reached.c[f"t{place - 1}"], reached.c[f"t{place}"]).label(f"gap_{place}")
        for place in range(1, len(question.steps))
    ]
    return sa.select(*keys, reached.c.t0, *gaps, sa.func.count().label("n")).group_by(
        *keys, reached.c.t0, *(gap.element for gap in gaps)
    )


def funnel_contacts(question: FunnelQuestion, place: int) -> sa.Select[Any]:
    """Inbound contacts after a step and before the next one (else the window's end): keys, n.

    Of cases the contacts about the case, otherwise those of the customer.
    """
    reached = steps_reached(question)
    contacts = table("prepared_contacts")
    keys = [column for column in reached.c if column.name.startswith("by_")]
    this = reached.c[f"t{place}"]
    own = (
        contacts.c.case_id == reached.c.entity
        if question.entity == "case"
        else contacts.c.customer_id == reached.c.customer
    )
    before_next: Any = (
        elapsed_seconds(reached.c.t0, contacts.c.started_at) <= question.window_seconds
    )
    if place + 1 < len(question.steps):
        following = reached.c[f"t{place + 1}"]
        before_next = before_next & (following.is_(None) | (contacts.c.started_at < following))
    return (
        sa.select(*keys, sa.func.count(contacts.c.contact_id.distinct()).label("n"))
        .select_from(
            reached.join(contacts, sa.and_(own, contacts.c.inbound, contacts.c.started_at >= this))
        )
        .where(this.is_not(None), before_next)
        .group_by(*keys)
    )


def funnel_entities(
    question: FunnelQuestion,
    place: int,
    *,
    lost: bool = False,
    most: int | None = None,
    entered: Period | None = None,
    entered_at: Sequence[datetime] | None = None,
) -> sa.Select[Any]:
    """Who reached the step at `place`: entity, customer, t0, t1 … (null: not reached).

    The latest entry first. With `lost` only those who did not take the next step: nobody of the
    last step, which has none. One row per entity, so as many as `funnel_rows` counts. `most`
    bounds how many; `entered` keeps those whose entry of the period lies in these days. Where it is
    known at which moments the latest came in, `entered_at`, nobody else is looked at.
    """
    reached = steps_reached(question, entered_at)
    times = [reached.c[f"t{number}"] for number in range(len(question.steps))]
    conditions: list[Column] = [times[place].is_not(None)]
    if lost:
        conditions.append(times[place + 1].is_(None) if place + 1 < len(times) else sa.false())
    if entered is not None:
        conditions += [
            reached.c.t0 >= entered.starts_at(question.zone),
            reached.c.t0 < entered.ends_at(question.zone),
        ]
    rows = (
        sa.select(reached.c.entity, reached.c.customer, *times)
        .where(*conditions)
        .order_by(reached.c.t0.desc(), reached.c.entity)
    )
    return rows if most is None else rows.limit(most)


def holds_web_funnel(name: str) -> sa.Select[Any]:
    """How many web events there are of a funnel: n."""
    rows = table("web_events")
    return sa.select(sa.func.count().label("n")).where(rows.c.funnel == name)


def web_funnels() -> sa.Select[Any]:
    """The funnels that web events name: funnel."""
    return sa.select(table("web_events").c.funnel).distinct()


def web_steps() -> sa.Select[Any]:
    """Every step that web events name: funnel, step, how many took it, and when that began."""
    rows = table("web_events")
    return sa.select(
        rows.c.funnel,
        rows.c.step,
        sa.func.count(rows.c.entity_id.distinct()).label("entities"),
        sa.func.min(rows.c.at).label("first"),
    ).group_by(rows.c.funnel, rows.c.step)
