"""What is taken into memory: rows with numbers in the place of their texts, which are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kpi.query.daily import Kept
from kpi.query.groups import Column
from kpi.tables import table


def values(column: Column, *where: Column, most: int) -> sa.Select[Any]:
    """The values that a column has in the rows that meet `where`: value, null among them.

    One more than `most` at the most.
    """
    return sa.select(column.label("value")).where(*where).distinct().limit(most + 1)


def places(c: Any, every: Mapping[str, Sequence[str | None]]) -> list[Column]:
    """Per dimension the place of a row's value among those it can have."""
    return [
        sa.cast(
            sa.case(*((_is(c[name], value), place) for place, value in enumerate(its)), else_=-1),
            sa.SmallInteger(),
        ).label(name)
        for name, its in every.items()
    ]


def _is(column: Column, value: str | None) -> Column:
    same: Column = column.is_(None) if value is None else column == value
    return same


def sums(kept: Kept, every: Mapping[str, Sequence[str | None]]) -> sa.Select[Any]:
    """The sums that were made together: day, the places of their values, and s0, s1, … by slot."""
    of = table("daily_sums")
    slots = (of.c[f"s{slot}"] for slot in kept.slots.values())
    return sa.select(of.c.day, *places(of.c, every), *slots).where(of.c.kept == kept.number)
