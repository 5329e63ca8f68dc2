"""Control totals: what a file holds, counted so that it can be held against the source's own report.

They are made of the rows as they were read, in the time of the installation: how many, per month,
per status, channel or other code, and the sums of amounts. A report of the source system that says
otherwise tells that the extract or its profile is not what one thinks.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kpi.ingest.offsets import local_sql
from kpi.schema import Table, Type
from kpi.staged import Total
from kpi.store.scratch import Scratch, identifier

#: Values of one column that are told one by one; the others together.
_MOST = 30
#: Months of one column; more are no report that anybody holds beside it.
_MONTHS = 120
#: Columns by which rows are counted beside the coded ones.
_COUNTED = ("metric", "kind", "direction", "category", "funnel", "step", "source", "product")
#: Numbers whose sum means nothing.
_NOT_SUMMED = ("line",)


def control_totals(
    connection: Scratch,
    relation: str,
    declared: Table,
    filled: Mapping[str, tuple[datetime | None, datetime | None]],
    zone: str,
) -> list[Total]:
    """The totals of the rows in `relation`.

    Args:
        connection: a scratch database that can read it.
        relation: SQL of typed rows, times in UTC.
        declared: their table.
        filled: the columns there are, each with the earliest and latest of its times.
        zone: of the installation.
    """
    found: list[Total] = []
    for name in filled:
        column = declared.by_name[name]
        cell = identifier(name)
        if column.fact_time or (column.type is Type.DATE and column.required):
            found += _times(connection, relation, name, column.type, filled[name], zone)
        elif column.coded or column.values or name in _COUNTED:
            found += _counts(connection, relation, name)
        elif column.type in {Type.NUMBER, Type.INTEGER} and name not in _NOT_SUMMED:
            row = connection.execute(
                f"SELECT count({cell}), sum({cell}) FROM {relation}"
            ).fetchone() or (0, None)
            found.append(Total(name, "sum", "", int(row[0]), _number(row[1])))
    return found


def _times(
    connection: Scratch,
    relation: str,
    name: str,
    kind: Type,
    bounds: tuple[datetime | None, datetime | None],
    zone: str,
) -> Iterator[Total]:
    cell = identifier(name)
    local = local_sql(cell, zone, *bounds) if kind is Type.TIMESTAMP else cell
    row = connection.execute(
        f"SELECT min(local), max(local), count(local)"
        f" FROM (SELECT {local} AS local FROM {relation})"
    ).fetchone()
    if not row or not row[2]:
        return
    yield Total(name, "first", _written(row[0]), int(row[2]))
    yield Total(name, "last", _written(row[1]), int(row[2]))
    months = connection.execute(
        f"SELECT strftime(month, '%Y-%m'), rows FROM (SELECT date_trunc('month', local) AS month,"
        f" count(*) AS rows FROM (SELECT {local} AS local FROM {relation}) WHERE local IS NOT NULL"
        f" GROUP BY 1) ORDER BY month DESC LIMIT {_MONTHS}"
    ).fetchall()
    for month, rows in reversed(months):
        yield Total(name, "month", str(month), int(rows))


def _counts(connection: Scratch, relation: str, name: str) -> Iterator[Total]:
    cell = identifier(name)
    counted = connection.execute(
        f"SELECT coalesce({cell}, ''), count(*) FROM {relation} GROUP BY 1 ORDER BY 2 DESC, 1"
        f" LIMIT {_MOST + 1000}"
    ).fetchall()
    for value, rows in counted[:_MOST]:
        yield Total(name, "value", str(value)[:200], int(rows))
    rest = counted[_MOST:]
    if rest:
        yield Total(name, "others", str(len(rest)), sum(int(rows) for _value, rows in rest))


def _written(moment: Any) -> str:
    return (
        moment.isoformat(sep=" ", timespec="minutes")
        if isinstance(moment, datetime)
        else str(moment)
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
