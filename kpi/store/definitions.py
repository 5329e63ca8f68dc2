"""`CREATE TABLE` of the schema's tables, in SQL that every engine of ours reads."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.schema import PREPARED
from kpi.tables import metadata, table

# Spelled out rather than compiled: loading a dialect for it costs more than opening the store.
_TYPES: dict[type[sa.types.TypeEngine[Any]], str] = {
    sa.Text: "TEXT",
    sa.BigInteger: "BIGINT",
    sa.Double: "DOUBLE PRECISION",
    sa.Boolean: "BOOLEAN",
    sa.Date: "DATE",
    sa.DateTime: "TIMESTAMP",
}
#: Wholly derived, so made anew when their declaration changes; all others are migrated.
PREPARED_TABLES = tuple(table(declared.name) for declared in PREPARED)
KEPT_TABLES = tuple(one for one in metadata.tables.values() if one not in PREPARED_TABLES)


def definition(of: sa.Table, engine: str = "") -> str:
    """`CREATE TABLE …` of one table, every name quoted: what is a reserved word differs.

    For "duckdb" it says how ids are kept. It would come to the same by trying every way on each of
    them, which is half of what writing them costs.
    """
    ids = " USING COMPRESSION fsst" if engine == "duckdb" else ""
    lines = [
        f'    "{column.name}" {_type(column)}{"" if column.nullable else " NOT NULL"}'
        f"{ids if column.name.endswith('_id') and isinstance(column.type, sa.Text) else ''}"
        for column in of.columns
    ]
    return f'CREATE TABLE "{of.name}" (\n' + ",\n".join(lines) + "\n)"


def _type(column: sa.Column[Any]) -> str:
    for type_, name in _TYPES.items():
        if isinstance(column.type, type_):
            return name
    raise TypeError(f"no SQL type for {column}")
