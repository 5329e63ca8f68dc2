"""What every select shares: the source, the keys it is grouped by, and the rows it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnElement

from kpi.filters import GRAINS, Where
from kpi.model import NOT_CONFIGURED
from kpi.query.joined import JOINED
from kpi.query.question import Question
from kpi.query.views import VIEWS
from kpi.tables import table

Column = ColumnElement[Any]
From = sa.FromClause

YES_NO = ("yes", "no")
YES_WORDS = frozenset({"yes", "ja", "j", "true", "1"})
NO_WORDS = frozenset({"no", "nee", "n", "false", "0"})


def contacts_with_cases() -> From:
    """Contacts, each with whether its case is known and when that was opened and closed."""
    contacts, cases = table("prepared_contacts"), table("prepared_cases")
    return (
        sa.select(
            *contacts.c,
            cases.c.case_id.is_not(None).label("case_known"),
            cases.c.opened_at.label("case_opened_at"),
            cases.c.closed_at.label("case_closed_at"),
        )
        .select_from(contacts.outerjoin(cases, cases.c.case_id == contacts.c.case_id))
        .subquery("contacts_with_cases")
    )


def source(name: str) -> From:
    """The table or view of that name that a KPI sums."""
    if name == "contacts_with_cases":
        return contacts_with_cases()
    if name in JOINED:
        return JOINED[name]()
    return VIEWS[name]() if name in VIEWS else table(name)


@cache
def tables_of(name: str) -> frozenset[str]:
    """The tables that a source is made of."""
    return frozenset(
        part.name for part in visitors.iterate(source(name)) if isinstance(part, sa.Table)
    )


@dataclass(frozen=True)
class Grouped:
    """A source made ready: where to select from, the labelled keys, and the conditions."""

    columns: Any
    origin: From
    keys: tuple[Column, ...]
    conditions: tuple[Column, ...]

    def select(self, *what: Any, also: Iterable[Column] = ()) -> sa.Select[Any]:
        """Keys and `what`, of the rows kept."""
        return sa.select(*self.keys, *what).select_from(self.origin).where(*self.conditions, *also)

    def grouped(self, *what: Any, also: Iterable[Column] = ()) -> sa.Select[Any]:
        """The same, one row per combination of keys."""
        # By expression: a label may be the name of a column of the source.
        return self.select(*what, also=also).group_by(
            *(key.element if isinstance(key, sa.Label) else key for key in self.keys)
        )


def grouped(
    question: Question,
    of: From,
    date_column: str | None,
    by: Sequence[str] | None = None,
    *,
    in_period: bool = True,
) -> Grouped:
    """`of` grouped by `by` (the question's own by default) and kept to its filters and scope.

    Rows count in the period by their local day in `date_column`, unless `in_period` is false.
    """
    by = question.by if by is None else by
    origin: From = of
    keys: list[Column] = []
    for position, name in enumerate(by):
        column: Column
        if name in GRAINS:
            assert date_column is not None
            day = of.c[date_column]
            if name == "day":
                column = day
            else:
                days = table("days").alias("days_of")
                origin = origin.join(days, days.c.day == day)
                column = days.c[name]
        else:
            column = dimension(question, of.c, name)
        keys.append(column.label(key_label(position)))
    conditions = [*kept(of.c, question.where), *in_scope(question, of.c)]
    if in_period and date_column is not None:
        conditions.append(of.c[date_column].between(question.period.since, question.period.until))
    return Grouped(of.c, origin, tuple(keys), tuple(conditions))


def key_label(position: int) -> str:
    """Name of the column that holds the key at `position` of `by`."""
    return f"by_{position}"


def dimension(question: Question, columns: Any, name: str) -> Column:
    """The expression of a dimension: texts, and whole numbers for weekday_hour (109 is 1-09)."""
    if name == "weekday_hour":
        return hours_of_week(columns)
    column: Column = columns[name]
    if isinstance(column.type, sa.Boolean):
        return yes_or_no(column)
    known = question.configured.get(name)
    if known is not None:
        return sa.case(
            (column.is_(None), None), (column.in_(sorted(known)), column), else_=NOT_CONFIGURED
        )
    return column


def yes_or_no(column: Column) -> Column:
    """What is true or false as the words that a key has for it."""
    yes, no = YES_NO
    return sa.case((column, yes), (sa.not_(column), no))


def hours_of_week(columns: Any) -> Column:
    """Weekday and hour as one number; kept sums have it, rows have what it is made of."""
    known: Column
    if "weekday_hour" in columns:
        known = columns.weekday_hour
    else:
        known = columns.weekday * 100 + columns.hour
    return known


def kept(columns: Any, where: Where) -> list[Column]:
    """Conditions that keep the asked values; the empty text stands for unknown."""
    return [_kept(columns[name], values) for name, values in where]


def _kept(column: Column, values: Sequence[str]) -> Column:
    unknown = column.is_(None) if "" in values else sa.false()
    if isinstance(column.type, sa.Boolean):
        wanted = {value.casefold() for value in values}
        yes = column.is_(sa.true()) if wanted & YES_WORDS else sa.false()
        no = column.is_(sa.false()) if wanted & NO_WORDS else sa.false()
        return sa.or_(yes, no, unknown)
    return sa.or_(column.in_([value for value in values if value != ""]), unknown)


def in_scope(question: Question, columns: Any) -> list[Column]:
    """Conditions that keep what the scope may see.

    A source without processes (customers) is seen whole, unless no process is in sight at all.
    """
    seen = question.scope.processes
    if seen is None:
        return []
    if not seen:
        return [sa.false()]
    return [columns.process.in_(sorted(seen))] if "process" in columns else []
