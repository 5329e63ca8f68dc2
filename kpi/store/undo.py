"""Takes one import back: the facts become what they would be had it never been loaded.

The rows it changed get their before-image back and those it brought go away. Later imports that
found such a row the same are then judged again, in their order, against what is there now: their
rows are known exactly, because they were equal to the row that is taken back. Where a later import
changed such a row, or was found older than it, there is no way to know what would have been: the
undo is refused and names it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kpi.store.merge import keep_temporarily, merge, same_key
from kpi.tables import FEED, IMPORT_ID, OUTCOME, REPLACED_BY, before, key_of, seen, table

_BY = "_by"
#: Rows that stay, told one by one.
TOLD = 100


@dataclass(frozen=True)
class Stays:
    """One row that a later import holds too: its key, and the first import that has it then."""

    key: tuple[str, ...]
    by: int


@dataclass(frozen=True)
class Undone:
    """What taking back meant for one table, in rows.

    Attributes:
        removed: gone, since only this import had brought them.
        restored: as they were before it.
        passed: kept, now as a later import brought them.
        by: the later imports that hold those rows.
        stays: the first of those rows, in the order of their keys; only where it is looked at
            beforehand.
    """

    table: str
    removed: int
    restored: int
    passed: int
    by: tuple[int, ...] = ()
    stays: tuple[Stays, ...] = field(default=(), compare=False)


def standing_in_the_way(connection: sa.Connection, name: str, import_id: int) -> set[int]:
    """Later imports that changed rows of table `name` this one wrote, or were older than them."""
    target, image, noted = table(name), before(name), seen(name)
    key = key_of(target)
    written = sa.union(
        sa.select(*(target.c[column] for column in key)).where(target.c[IMPORT_ID] == import_id),
        sa.select(*(image.c[column] for column in key)).where(image.c[IMPORT_ID] == import_id),
    ).subquery()
    later = sa.union(
        sa.select(image.c[REPLACED_BY]).where(
            image.c[REPLACED_BY] > import_id, same_key(image, written, key)
        ),
        sa.select(noted.c[IMPORT_ID]).where(
            noted.c[IMPORT_ID] > import_id,
            noted.c[OUTCOME] == "older",
            same_key(noted, written, key),
        ),
    )
    return set(connection.execute(later).scalars())


def take_back(connection: sa.Connection, name: str, import_id: int) -> Undone:
    """Take the import's rows out of table `name`; nothing may stand in the way."""
    target, image, noted = table(name), before(name), seen(name)
    key = key_of(target)
    written = keep_temporarily(
        connection,
        "written",
        sa.select(*(target.c[column] for column in key)).where(target.c[IMPORT_ID] == import_id),
    )
    again = keep_temporarily(
        connection,
        "again",
        sa.select(
            *(column for column in target.c if column.name != IMPORT_ID),
            noted.c[IMPORT_ID].label(_BY),
            noted.c[FEED],
        ).where(
            noted.c[IMPORT_ID] > import_id,
            target.c[IMPORT_ID] == import_id,
            same_key(target, noted, key),
        ),
    )
    connection.execute(
        noted.delete().where(
            sa.or_(
                noted.c[IMPORT_ID] == import_id,
                sa.and_(
                    noted.c[IMPORT_ID] > import_id,
                    sa.exists().where(same_key(noted, written, key)),
                ),
            )
        )
    )
    ours = sa.and_(same_key(target, image, key), image.c[REPLACED_BY] == import_id)
    restored = connection.execute(
        target.update()
        .values(
            {column.name: image.c[column.name] for column in target.c if column.name not in key}
        )
        .where(ours)
    ).rowcount
    removed = connection.execute(target.delete().where(target.c[IMPORT_ID] == import_id)).rowcount
    connection.execute(image.delete().where(image.c[REPLACED_BY] == import_id))
    written.drop(connection)
    passed = _judge_again(connection, name, again)
    again.drop(connection)
    return Undone(
        name,
        removed - passed.new,
        restored - passed.changed,
        passed.new + passed.changed,
        tuple(passed.by),
    )


def would_take_back(connection: sa.Connection, name: str, import_id: int) -> Undone:
    """What `take_back` would do to table `name`, by counting: nothing is changed."""
    target, image, noted = table(name), before(name), seen(name)
    key = key_of(target)
    own = target.c[IMPORT_ID] == import_id
    had = sa.exists().where(same_key(image, target, key), image.c[REPLACED_BY] == import_id)
    again = sa.exists().where(same_key(noted, target, key), noted.c[IMPORT_ID] > import_id)
    rows = connection.execute(
        sa.select(
            sa.func.count().filter(~had, ~again),
            sa.func.count().filter(had, ~again),
            sa.func.count().filter(again),
        )
        .select_from(target)
        .where(own)
    ).one()
    later = sa.select(noted.c[IMPORT_ID]).distinct().where(
        noted.c[IMPORT_ID] > import_id, sa.exists().where(own, same_key(target, noted, key))
    )  # fmt: skip
    removed, restored, passed = map(int, rows)
    by = tuple(sorted(connection.execute(later).scalars()))
    stays = _staying(connection, name, import_id) if passed else ()
    return Undone(name, removed, restored, passed, by, stays)


def _staying(connection: sa.Connection, name: str, import_id: int) -> tuple[Stays, ...]:
    target, noted = table(name), seen(name)
    key = [target.c[column] for column in key_of(target)]
    rows = connection.execute(
        sa.select(*key, sa.func.min(noted.c[IMPORT_ID]))
        .where(
            target.c[IMPORT_ID] == import_id,
            noted.c[IMPORT_ID] > import_id,
            same_key(target, noted, key_of(target)),
        )
        .group_by(*key)
        .order_by(*key)
        .limit(TOLD)
    )
    return tuple(Stays(tuple(str(part) for part in own), by) for *own, by in rows)


@dataclass
class _Passed:
    new: int = 0
    changed: int = 0
    by: list[int] = field(default_factory=list)


def _judge_again(connection: sa.Connection, name: str, again: sa.Table) -> _Passed:
    feeds = table("import_feeds")
    later = connection.execute(
        sa.select(again.c[_BY], again.c[FEED]).distinct().order_by(again.c[_BY], again.c[FEED])
    ).all()
    passed = _Passed()
    for import_id, feed in later:
        columns: list[Any] = json.loads(
            connection.execute(
                sa.select(feeds.c["columns"]).where(
                    feeds.c[IMPORT_ID] == import_id, feeds.c[FEED] == feed
                )
            ).scalar_one()
        )
        rows = sa.select(again).where(again.c[_BY] == import_id, again.c[FEED] == feed)
        merged = merge(connection, name, rows.subquery(), columns, import_id, feed)
        passed.new += merged.accepted
        passed.changed += merged.updated
        if import_id not in passed.by:
            passed.by.append(import_id)
    return passed
