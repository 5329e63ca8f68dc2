"""Values of KPIs as they were when a month closed: written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from kpi.store.engines import Engine
from kpi.tables import table

_NAME = "month_end_values"


def keep(
    connection: sa.Connection,
    engine: Engine,
    staging: Path,
    forgotten: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Forget what was kept of months that are open again, and keep these rows.

    Args:
        connection: of the one writer.
        engine: brings the rows in.
        staging: the folder that the database reads files from.
        forgotten: per KPI the first month to forget ("2026-04"); empty: all of them.
        rows: the columns of `month_end_values`, of months that are not kept yet.
    """
    kept = table(_NAME)
    for kpi, month in forgotten:
        connection.execute(kept.delete().where(kept.c.kpi == kpi, kept.c.month >= month))
    if not rows:
        return
    # A history is thousands of rows: those go in as a file, for one by one they take seconds.
    path = _written(staging, kept, rows)
    try:
        staged = engine.stage(connection, f"staged_{_NAME}", path, kept)
        names = [column.name for column in kept.columns]
        connection.execute(
            kept.insert().from_select(names, sa.select(*(staged.c[name] for name in names)))
        )
        engine.unstage(connection, staged)
    finally:
        path.unlink(missing_ok=True)


def _written(staging: Path, like: sa.Table, rows: Sequence[Mapping[str, Any]]) -> Path:
    # Imported here: opening a store does not need it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[type[sa.types.TypeEngine[Any]], Any] = {
        sa.Text: pa.string(),
        sa.BigInteger: pa.int64(),
        sa.Double: pa.float64(),
        sa.DateTime: pa.timestamp("us"),
    }
    data = {
        column.name: pa.array([row[column.name] for row in rows], types[type(column.type)])
        for column in like.columns
    }
    path = staging / f"{_NAME}-{uuid4().hex}.parquet"
    pq.write_table(pa.table(data), path)
    return path
