"""Staged files as `kpi.ingest` would leave them, written from plain rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from kpi.schema import TABLES, Type
from kpi.staged import QUARANTINE_COLUMNS, ROW, Manifest, StagedFeed

Row = Mapping[str, Any]
ARROW = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us"),
}


def staged_feed(
    staging: Path,
    table: str,
    rows: Sequence[Row],
    columns: Sequence[str] | None = None,
    left_out: int = 0,
    quarantined: int = 0,
) -> StagedFeed:
    """A feed of `rows` that fills `columns` (default: those of the first row)."""
    names = tuple(columns if columns is not None else rows[0])
    declared = TABLES[table].by_name
    data = {
        name: pa.array([row.get(name) for row in rows], ARROW[declared[name].type])
        for name in names
    }
    data[ROW] = pa.array(range(2, len(rows) + 2), pa.int64())
    path = staging / f"{uuid4().hex}.parquet"
    pq.write_table(pa.table(data), path)
    times = [
        moment
        for row in rows
        for name in TABLES[table].fact_times
        if name in names and (moment := row.get(name)) is not None
    ]
    return StagedFeed(
        table=table,
        columns=names,
        parquet=path if rows else None,
        rows=len(rows) + left_out + quarantined,
        left_out=left_out,
        quarantined=quarantined,
        first_fact=min(times, default=None),
        last_fact=max(times, default=None),
    )


def manifest(
    *feeds: StagedFeed,
    file: str = "cases.csv",
    content: object = None,
    as_of: datetime | None = None,
    quarantine: Path | None = None,
    warnings: tuple[str, ...] = (),
) -> Manifest:
    """A read file; two with one `content` are the same file."""
    text = uuid4().hex if content is None else json.dumps(content, default=str)
    return Manifest(
        file=file,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        profile="test",
        profile_hash="p",
        as_of=as_of,
        rows=max(feed.rows for feed in feeds),
        feeds=feeds,
        quarantine=quarantine,
        warnings=warnings,
    )


def staged_quarantine(staging: Path, rows: Sequence[Row]) -> Path:
    """A quarantine file."""
    path = staging / f"{uuid4().hex}.parquet"
    whole = {"feed": pa.int32(), "row_number": pa.int64(), "position": pa.int32()}
    columns = {
        name: pa.array([row.get(name) for row in rows], whole.get(name, pa.string()))
        for name in QUARANTINE_COLUMNS
    }
    pq.write_table(pa.table(columns), path)
    return path


def case(case_id: str, opened: datetime = datetime(2026, 3, 2, 9), **more: Any) -> dict[str, Any]:
    """A case with what it cannot do without."""
    return {"case_id": case_id, "opened_at": opened, "status": "open", **more}


def post(post_id: str, posted: datetime = datetime(2026, 3, 2, 9), **more: Any) -> dict[str, Any]:
    """A post with what it cannot do without; few numbers rest on posts, so loading it is quick."""
    return {"post_id": post_id, "posted_at": posted, "text": "a text", **more}


def day(text: str) -> date:
    """A date from its ISO text."""
    return date.fromisoformat(text)
