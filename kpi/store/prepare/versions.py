"""The configuration in force on a day, as spans to join on.

Every configuration row counts from its `valid_from` until the next version of the same identity
begins; a retired version ends it. As spans: `valid_from` <= day < `valid_until`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from kpi.sql import END, Expression, the_day
from kpi.store.prepare.steps import Steps
from kpi.tables import key_of, table

_VALID_FROM = "valid_from"


def spans(name: str) -> sa.Subquery:
    """The configuration table `name`, each version with its `valid_until`, without retired ones."""
    rows = table(name)
    identity = [rows.c[column] for column in key_of(rows) if column != _VALID_FROM]
    following = sa.func.lead(rows.c.valid_from).over(
        partition_by=identity, order_by=rows.c.valid_from
    )
    versions = sa.select(
        *rows.c, sa.func.coalesce(following, the_day(END)).label("valid_until")
    ).subquery()
    return (
        sa.select(versions)
        .where(sa.or_(versions.c.retired.is_(None), sa.not_(versions.c.retired)))
        .subquery(f"{name}_in_force")
    )


def hold_spans(steps: Steps, name: str) -> sa.Table:
    """The same as a temporary table, made once in a preparation, to join many rows to.

    DuckDB takes a table that this transaction filled for an empty one. Beside configuration that
    was there before, it would build its hash table of the million facts, and not of the five rows.
    """
    return steps.once(f"{name}_in_force", lambda: sa.select(spans(name)))


def counts_on(version: sa.FromClause, day: Expression) -> Expression:
    """Whether a span of the configuration is in force on `day`."""
    return sa.and_(day >= version.c.valid_from, day < version.c.valid_until)


def read(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """All versions in the configuration table `name`, by identity and then in order of time."""
    rows = table(name)
    ordered = sa.select(rows).order_by(
        *(rows.c[column] for column in key_of(rows) if column != _VALID_FROM), rows.c.valid_from
    )
    return [dict(row) for row in connection.execute(ordered).mappings()]


def histories(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The versions of each identity in turn, in order of time; `rows` as `read` gives them."""
    identity = [column for column in key_of(table(name)) if column != _VALID_FROM]
    for _, versions in groupby(rows, key=lambda row: tuple(row[column] for column in identity)):
        yield list(versions)
