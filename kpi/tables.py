"""The schema as SQLAlchemy tables, for building queries; this module has no connection.

Besides the declared columns a fact table has `import_id` (the import that last wrote the row) and
two companions by which an import is taken back exactly:

- `before(name)`: the row as it was before an import changed it, and `replaced_by`, that import;
- `seen(name)`: keys of rows of a later file that were the `same` as, or `older` than, what was
  there, with their import and feed.

Keys are declared in `Table.info["key"]` and not as primary keys: one writer keeps them unique with
set-based statements, and an index over each would cost more than the load itself.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.schema import FACTS, TABLES, Column, Type
from kpi.schema import Table as Declared

IMPORT_ID = "import_id"
REPLACED_BY = "replaced_by"
FEED = "feed"
OUTCOME = "outcome"

metadata = sa.MetaData()


def sql_type(type_: Type) -> sa.types.TypeEngine[Any]:
    """The portable SQL type of a logical type; timestamps are naive UTC."""
    types: dict[Type, sa.types.TypeEngine[Any]] = {
        Type.TEXT: sa.Text(),
        Type.INTEGER: sa.BigInteger(),
        Type.NUMBER: sa.Double(),
        Type.BOOLEAN: sa.Boolean(),
        Type.DATE: sa.Date(),
        Type.TIMESTAMP: sa.DateTime(),
    }
    return types[type_]


def _column(declared: Column, *, nullable: bool) -> sa.Column[Any]:
    return sa.Column(declared.name, sql_type(declared.type), nullable=nullable)


def _columns(declared: Declared) -> list[sa.Column[Any]]:
    return [
        _column(column, nullable=not (column.required or column.name in declared.key))
        for column in declared.columns
    ]


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _add(name: str, key: tuple[str, ...], columns: list[sa.Column[Any]]) -> None:
    sa.Table(name, metadata, *columns, info={"key": key})


def _declare() -> None:
    for declared in TABLES.values():
        extra = [_whole(IMPORT_ID)] if declared in FACTS else []
        _add(declared.name, declared.key, [*_columns(declared), *extra])
    for declared in FACTS:
        _add(
            f"{declared.name}_before",
            (*declared.key, REPLACED_BY),
            [*_columns(declared), _whole(IMPORT_ID), _whole(REPLACED_BY)],
        )
        _add(
            f"{declared.name}_seen",
            (*declared.key, IMPORT_ID, FEED),
            [
                *(_column(declared.by_name[name], nullable=False) for name in declared.key),
                _whole(IMPORT_ID),
                _whole(FEED),
                sa.Column(OUTCOME, sa.Text(), nullable=False),
            ],
        )


_declare()


def table(name: str) -> sa.Table:
    """The table of that name, of whatever group; `KeyError` for a name the schema does not know."""
    return metadata.tables[name]


def before(name: str) -> sa.Table:
    """The before-images of a fact table."""
    return metadata.tables[f"{name}_before"]


def seen(name: str) -> sa.Table:
    """Keys of a fact table that later imports found the same, or brought older."""
    return metadata.tables[f"{name}_seen"]


def key_of(of: sa.Table) -> tuple[str, ...]:
    """Names of the columns that identify a row."""
    key: tuple[str, ...] = of.info["key"]
    return key
