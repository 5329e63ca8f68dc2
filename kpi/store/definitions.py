"""`CREATE TABLE` of the schema's tables, in SQL that every engine of ours reads."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kpi.schema import PREPARED
from kpi.tables import metadata, table

#: Wholly derived, so made anew when their declaration changes; all others are migrated.
PREPARED_TABLES = tuple(table(declared.name) for declared in PREPARED)
KEPT_TABLES = tuple(one for one in metadata.tables.values() if one not in PREPARED_TABLES)


def definition(of: sa.Table) -> str:
    """`CREATE TABLE …` of one table, every name quoted: what is a reserved word differs."""
    lines = [
        f'    "{column.name}" {_type(column)}{"" if column.nullable else " NOT NULL"}'
        for column in of.columns
    ]
    return f'CREATE TABLE "{of.name}" (\n' + ",\n".join(lines) + "\n)"


def _type(column: sa.Column[object]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return column.type.compile(dialect).removesuffix(" WITHOUT TIME ZONE")
