"""Brings rows into a fact table, by sets: new keys in, changed rows over, the rest only noted.

What a row of a file means for the row with its key in the store:

- nothing there: **new**, inserted;
- both have `updated_at` and the file's is smaller: **older**, noted in `<table>_seen`;
- all columns that the feed fills are equal: **same**, noted in `<table>_seen`;
- else: **changed**. The row as it was goes to `<table>_before`, and the columns that the feed fills
  are written; the others keep what they had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateTableAs

from kpi.schema import TABLES
from kpi.tables import FEED, IMPORT_ID, OUTCOME, REPLACED_BY, before, key_of, seen, table

UPDATED_AT = "updated_at"
_OWNER = "_owner"
#: Not just "outcome": a case has a column of that name.
_JUDGED = "_outcome"


@dataclass(frozen=True)
class Merged:
    """How many rows were new, changed, or neither."""

    accepted: int = 0
    updated: int = 0
    unchanged: int = 0


def keep_temporarily(
    connection: sa.Connection, name: str, query: sa.Select[Any] | sa.CompoundSelect[Any]
) -> sa.Table:
    """Make temporary table `name` of what `query` gives; the caller drops it."""
    create = CreateTableAs(query, name, temporary=True, metadata=sa.MetaData())
    connection.execute(create)
    return create.table


def same_key(left: sa.FromClause, right: sa.FromClause, key: Sequence[str]) -> Any:
    """The condition that two rows have one key."""
    return sa.and_(*(left.c[column] == right.c[column] for column in key))


def merge(
    connection: sa.Connection,
    name: str,
    source: sa.FromClause,
    columns: Sequence[str],
    import_id: int,
    feed: int,
) -> Merged:
    """Merge `source`, one row per key, into fact table `name` as feed `feed` of an import.

    Args:
        connection: inside the caller's transaction.
        name: the fact table.
        source: has `columns`, typed as the table's.
        columns: what the feed fills; key columns with a default may be missing.
        import_id: the import that brings the rows.
        feed: position of the feed in its profile.

    Raises:
        ValueError: a required column is not filled, or a key comes twice.
    """
    target = table(name)
    key = key_of(target)
    filled = _filled(name, columns, source)
    if not _any_known(connection, target, key, source, filled):
        # Nothing to compare with: the rows are written as they come, and not held in between.
        _check_keys(connection, source, [filled[column] for column in key])
        rows = sa.select(*filled.values(), sa.literal(import_id)).select_from(source)
        insert = target.insert().from_select([*filled, IMPORT_ID], rows)
        connection.execute(insert)
        # Counted where they came from: not every driver says how many rows a statement wrote.
        brought = connection.execute(sa.select(sa.func.count()).select_from(source)).scalar_one()
        return Merged(accepted=brought)
    judged = keep_temporarily(
        connection, "judged", _judgement(target, key, source, filled, import_id)
    )
    _check_keys(connection, judged, [judged.c[column] for column in key])
    counts: dict[str, int] = dict(
        connection.execute(
            sa.select(judged.c[_JUDGED], sa.func.count()).group_by(judged.c[_JUDGED])
        ).all()
    )
    if counts.get("changed"):
        _change(connection, target, judged, list(filled), import_id)
    if counts.get("new"):
        names = [*filled, IMPORT_ID]
        rows = sa.select(*(judged.c[column] for column in filled), sa.literal(import_id))
        connection.execute(
            target.insert().from_select(names, rows.where(judged.c[_JUDGED] == "new"))
        )
    if counts.get("same") or counts.get("older"):
        noted = seen(name)
        rows = sa.select(
            *(judged.c[column] for column in key),
            sa.literal(import_id),
            sa.literal(feed),
            judged.c[_JUDGED],
        ).where(judged.c[_JUDGED].in_(["same", "older"]))
        connection.execute(noted.insert().from_select([*key, IMPORT_ID, FEED, OUTCOME], rows))
    judged.drop(connection)
    return Merged(
        counts.get("new", 0),
        counts.get("changed", 0),
        counts.get("same", 0) + counts.get("older", 0),
    )


def _filled(
    name: str, columns: Sequence[str], source: sa.FromClause
) -> dict[str, sa.ColumnElement[Any]]:
    """Per column to write, where its value comes from; a key column has its default at least."""
    declared = TABLES[name]
    filled: dict[str, sa.ColumnElement[Any]] = {}
    for column in declared.columns:
        if column.name in columns:
            value: sa.ColumnElement[Any] = source.c[column.name]
            if column.name in declared.key and column.default is not None:
                value = sa.func.coalesce(value, column.default)
            filled[column.name] = value
        elif column.name in declared.key and column.default is not None:
            filled[column.name] = sa.literal(column.default)
        elif column.required or column.name in declared.key:
            raise ValueError(f"a feed of {name} does not fill {column.name}")
    return filled


def _judgement(
    target: sa.Table,
    key: Sequence[str],
    source: sa.FromClause,
    filled: dict[str, sa.ColumnElement[Any]],
    import_id: int,
) -> sa.Select[Any]:
    matches = sa.and_(*(target.c[column] == filled[column] for column in key))
    equal = [
        target.c[column].is_not_distinct_from(value)
        for column, value in filled.items()
        if column not in key
    ]
    cases: list[tuple[Any, str]] = [(target.c[IMPORT_ID].is_(None), "new")]
    if UPDATED_AT in filled:
        cases.append((filled[UPDATED_AT] < target.c[UPDATED_AT], "older"))
    cases.append((sa.and_(sa.true(), *equal), "same"))
    return sa.select(
        *(value.label(column) for column, value in filled.items()),
        sa.func.coalesce(target.c[IMPORT_ID], import_id).label(_OWNER),
        sa.case(*cases, else_="changed").label(_JUDGED),
    ).select_from(source.outerjoin(target, matches))


def _any_known(
    connection: sa.Connection,
    target: sa.Table,
    key: Sequence[str],
    source: sa.FromClause,
    filled: dict[str, sa.ColumnElement[Any]],
) -> bool:
    matches = sa.and_(*(target.c[column] == filled[column] for column in key))
    both = sa.select(sa.literal(1)).select_from(source.join(target, matches)).limit(1)
    return connection.execute(both).first() is not None


def _check_keys(
    connection: sa.Connection, rows: sa.FromClause, key: Sequence[sa.ColumnElement[Any]]
) -> None:
    # Nothing but this keeps keys unique: the tables have no index over them.
    named = sa.select(*(value.label(f"key_{at}") for at, value in enumerate(key))).select_from(rows)
    keys = named.subquery("keys_brought")
    twice = sa.select(*keys.c).group_by(*keys.c).having(sa.func.count() > 1).limit(1)
    found = connection.execute(twice).first()
    if found is not None:
        raise ValueError(f"the key {tuple(found)} is staged twice")


def _change(
    connection: sa.Connection,
    target: sa.Table,
    judged: sa.Table,
    columns: Sequence[str],
    import_id: int,
) -> None:
    key = key_of(target)
    image = before(target.name)
    changed = sa.and_(same_key(target, judged, key), judged.c[_JUDGED] == "changed")
    # What an earlier feed of the same import wrote is no history.
    earlier = sa.select(*target.c, sa.literal(import_id)).where(
        changed, judged.c[_OWNER] != import_id
    )
    connection.execute(image.insert().from_select([*target.c.keys(), REPLACED_BY], earlier))
    values: dict[str, Any] = {column: judged.c[column] for column in columns if column not in key}
    connection.execute(target.update().values({**values, IMPORT_ID: import_id}).where(changed))
