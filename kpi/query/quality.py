"""Selects behind data quality: what is filled in per month, how contacts are coded, what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kpi.access import Scope
from kpi.measures.words import Columns, Condition, every, handled
from kpi.model import Kind, Kpi, Moment
from kpi.periods import Period
from kpi.query.groups import source
from kpi.query.joined import passages_of_cases
from kpi.sql import Expression
from kpi.tables import table


@dataclass(frozen=True)
class Covered:
    """A fact table of which it is told what is filled in.

    Attributes:
        table: the fact table.
        prepared: where it is understood.
        date: the day that puts a row in a month.
        fields: columns of `prepared` that may be empty.
        among: of these only some rows should have one; the others are not counted as without.
    """

    table: str
    prepared: str
    date: str
    fields: tuple[str, ...]
    among: Mapping[str, Callable[[Columns], Condition]] = field(default_factory=dict)


#: In the order in which they are told.
COVERED = (
    Covered(
        "contacts",
        "prepared_contacts",
        "started_day",
        ("customer_id", "case_id", "process", "reason", "category", "moment", "inbound"),
        # What the KPIs about it count: nobody says of a message sent out whether it was avoidable.
        {"category": handled},
    ),
    Covered(
        "cases",
        "prepared_cases",
        "opened_day",
        ("customer_id", "process", "reason", "channel", "department"),
    ),
    Covered(
        "surveys",
        "prepared_surveys",
        "responded_day",
        ("customer_id", "process", "reason", "moment"),
    ),
)
#: Columns made of others when preparing: what a KPI loses with the one, it loses with the other.
RESTS_ON = {
    "chain_id": "customer_id",
    "chain_position": "customer_id",
    "chain_length": "customer_id",
    "reason_chain_id": "reason",
    "reason_chain_position": "reason",
    "reason_chain_length": "reason",
    "first_report": "case_id",
    "case_known": "case_id",
    "case_opened_at": "case_id",
    "case_closed_at": "case_id",
    "linked": "case_id",
    "contacts_in": "case_id",
    "cause": "category",
    "causing_department": "category",
    "is_complaint": "reason",
    "unit_cost": "channel",
    "strategy": "reason",
}
#: Kinds of KPI that count customers, whatever their conditions name.
_OF_CUSTOMERS = {Kind.DISTINCT, Kind.PER_CUSTOMERS, Kind.HELPED, Kind.CHURN_AFTER}


def filled(of: Covered, period: Period, scope: Scope, process: str | None) -> sa.Select[Any]:
    """Per month and process: month, process, and per field n_<field> rows, of which has_<field> have it."""
    rows, days = table(of.prepared), table("days")
    return (
        sa.select(
            days.c.month,
            rows.c.process,
            *(
                sa.func.count(sa.case((among, what))).label(f"{label}_{name}")
                for name in of.fields
                for among in (of.among.get(name, every)(rows.c),)
                for label, what in (("n", 1), ("has", rows.c[name]))
            ),
        )
        .join_from(rows, days, days.c.day == rows.c[of.date])
        .where(*_kept(rows.c, of.date, period, scope, process))
        .group_by(days.c.month, rows.c.process)
    )


def coded(period: Period, scope: Scope, process: str | None) -> sa.Select[Any]:
    """Inbound contacts per department of their case and reason: department, reason, n."""
    rows = table("prepared_contacts")
    return (
        sa.select(rows.c.department, rows.c.reason, sa.func.count().label("n"))
        .where(rows.c.inbound, *_kept(rows.c, "started_day", period, scope, process))
        .group_by(rows.c.department, rows.c.reason)
    )


def steps(period: Period, scope: Scope, process: str | None) -> sa.Select[Any]:
    """Per process and moment of its chain: process, moment, optional, passed, measured."""
    passed = passages_of_cases()
    return (
        sa.select(
            passed.c.process,
            passed.c.moment,
            passed.c.optional,
            sa.func.count().label("passed"),
            sa.func.sum(sa.case((passed.c.measured, 1), else_=0)).label("measured"),
        )
        .where(*_kept(passed.c, "opened_day", period, scope, process))
        .group_by(passed.c.process, passed.c.moment, passed.c.optional)
    )


def set_aside() -> sa.Select[Any]:
    """Per live import, feed and reason: import_id, file, profile, loaded_at, table_name, reason, n.

    `n` counts rows by the first thing that was wrong with each.
    """
    aside, imports, feeds = table("quarantined"), table("imports"), table("import_feeds")
    return (
        sa.select(
            imports.c.import_id,
            imports.c.file,
            imports.c.profile,
            imports.c.loaded_at,
            feeds.c.table_name,
            aside.c.column_name,
            aside.c.reason,
            sa.func.count().label("n"),
        )
        .select_from(
            aside.join(imports, imports.c.import_id == aside.c.import_id).join(
                feeds,
                sa.and_(feeds.c.import_id == aside.c.import_id, feeds.c.feed == aside.c.feed),
            )
        )
        .where(imports.c.undone_at.is_(None), aside.c.position == 0)
        .group_by(
            imports.c.import_id, imports.c.file, imports.c.profile, imports.c.loaded_at,
            feeds.c.table_name, aside.c.column_name, aside.c.reason,
        )
    )  # fmt: skip


def _kept(
    columns: Columns, date: str, period: Period, scope: Scope, process: str | None
) -> Iterable[Expression]:
    yield columns[date].between(period.since, period.until)
    if process is not None:
        yield columns.process == process if process else columns.process.is_(None)
    if scope.processes is not None:
        yield columns.process.in_(sorted(scope.processes))


# -- which KPIs read what ------------------------------------------------------------------------


def reads_of(kpi: Kpi) -> tuple[frozenset[str], frozenset[str]]:
    """The prepared tables and the columns that a KPI is made of, read from its own declaration."""
    if kpi.kind in {Kind.FUNNEL, Kind.CONFLICTS}:
        return frozenset(), frozenset()
    of = source(kpi.source)
    made = [
        condition(of.c, Moment())
        for condition in (kpi.where, kpi.numerator, kpi.denominator)
        if condition is not None
    ]
    columns = {
        element.name
        for expression in made
        if isinstance(expression, sa.ClauseElement)
        for element in sa.sql.visitors.iterate(expression)
        if isinstance(element, sa.ColumnClause)
    }
    if kpi.kind in _OF_CUSTOMERS or "distinct" in kpi.options:
        columns.add(str(kpi.options.get("distinct", "customer_id")))
    if "over" in kpi.options:
        columns.add(str(kpi.options["over"]))
    columns |= {RESTS_ON[name] for name in columns & RESTS_ON.keys()}
    tables = {
        element.name for element in sa.sql.visitors.iterate(of) if isinstance(element, sa.Table)
    }
    return frozenset(tables), frozenset(columns)
