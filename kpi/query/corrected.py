"""Selects behind rows that were set aside: what they were, and who holds a record of that key later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.tables import FEED, IMPORT_ID, before, key_of, seen, table


def rows_set_aside(import_id: int, most: int) -> sa.Select[Any]:
    """The rows that an import set aside, each once: feed, row_number, raw; `most` at most."""
    aside = table("quarantined")
    return (
        sa.select(aside.c[FEED], aside.c.row_number, aside.c.raw)
        .where(aside.c[IMPORT_ID] == import_id, aside.c.position == 0)
        .order_by(aside.c[FEED], aside.c.row_number)
        .limit(most)
    )


def held_later(name: str, keys: Sequence[tuple[str, ...]], after: int) -> sa.Select[Any]:
    """Of these keys those that an import after `after` holds or held: the key, and the first of them.

    Args:
        name: of a fact table whose key is all text.
        keys: in the order of the key's columns.
        after: number of an import.
    """
    parts = []
    for of in (table(name), before(name), seen(name)):
        own = [of.c[column] for column in key_of(table(name))]
        among = own[0].in_([key[0] for key in keys]) if len(own) == 1 else sa.tuple_(*own).in_(keys)
        parts.append(sa.select(*own, of.c[IMPORT_ID]).where(of.c[IMPORT_ID] > after, among))
    every = sa.union_all(*parts).subquery()
    key = [every.c[column] for column in key_of(table(name))]
    return sa.select(*key, sa.func.min(every.c[IMPORT_ID])).group_by(*key)
