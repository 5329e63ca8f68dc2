"""Intermediate results of one preparation: temporary tables that vanish with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.schema import CreateTableAs

from kpi.schema import Type
from kpi.sql import Expression
from kpi.tables import sql_type

_PREFIX = "prepare_"


class Steps:
    """Makes temporary tables on one connection and drops them at the end.

    A step that several others read, or that is wide and slow, is worth a table; all others are
    subqueries.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._metadata = sa.MetaData()
        self._made: list[sa.Table] = []
        self._once: dict[str, sa.Table] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After a problem the transaction is rolled back, and they go with it.
        if problem is None:
            for made in reversed(self._made):
                made.drop(self.connection)

    def make(self, name: str, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> sa.Table:
        """A temporary table of what `query` gives."""
        name = _PREFIX + name
        self.connection.execute(CreateTableAs(query, name, temporary=True, metadata=self._metadata))
        made = self._metadata.tables[name]
        self._made.append(made)
        return made

    def once(
        self, name: str, query: Callable[[], sa.Select[Any] | sa.CompoundSelect[Any]]
    ) -> sa.Table:
        """The temporary table of that name: of what `query` gives, the first time it is asked."""
        if name not in self._once:
            self._once[name] = self.make(name, query())
        return self._once[name]

    def hold(
        self, name: str, columns: Mapping[str, Type], rows: Sequence[Sequence[Any]]
    ) -> sa.Table:
        """A temporary table of a few rows known here (words, spans, holidays), never of facts."""
        held = sa.Table(
            _PREFIX + name,
            self._metadata,
            *(sa.Column(column, sql_type(type_)) for column, type_ in columns.items()),
            prefixes=["TEMPORARY"],
        )
        held.create(self.connection)
        self._made.append(held)
        if rows:
            self.connection.execute(
                sa.insert(held), [dict(zip(columns, row, strict=True)) for row in rows]
            )
        return held

    def refill(
        self,
        table: sa.Table,
        columns: Mapping[str, Expression],
        source: sa.FromClause,
        *where: Expression,
    ) -> None:
        """Replace all rows of a prepared table; `columns` says each of its columns by name."""
        assert set(columns) == set(table.c.keys()), set(columns) ^ set(table.c.keys())
        query = sa.select(*(columns[column.name] for column in table.c)).select_from(source)
        self.connection.execute(sa.delete(table))
        self.connection.execute(
            sa.insert(table).from_select(list(table.c.keys()), query.where(*where))
        )
