"""A store of one's own, filled through the real import from rows written as in golden.json.

Times are local texts without a zone ("2024-01-05 15:30"), days texts, booleans words: as an
extract would have them. What is read from them is typed here, and staged as ingest stages it.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kpi.schema import TABLES, Column, Type
from kpi.schema.facts import BOOLEAN_WORDS
from kpi.settings import load_settings
from kpi.staged import ROW, Manifest, StagedFeed
from kpi.store import Store, open_store
from kpi.zones import to_utc

ZONE = "Europe/Amsterdam"
Tables = Mapping[str, Sequence[Mapping[str, Any]]]

_ARROW = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us"),
}


def moment(text: str | datetime, zone: str = ZONE) -> datetime:
    """A local time as naive UTC."""
    local = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return to_utc(local, zone).utc


def typed(column: Column, value: Any, zone: str = ZONE) -> Any:
    """A value as the column holds it."""
    if value is None:
        return None
    if column.type is Type.TIMESTAMP:
        return moment(value, zone)
    if column.type is Type.DATE:
        return value if isinstance(value, date) else date.fromisoformat(value)
    if column.type is Type.BOOLEAN and isinstance(value, str):
        return BOOLEAN_WORDS[value.casefold()] == "true"
    if column.type is Type.NUMBER:
        return float(value)
    return value


def world(
    tables: Tables,
    as_of: str | datetime | None,
    folder: Path,
    *,
    zone: str = ZONE,
    configuration: Tables | None = None,
) -> Store:
    """A fresh store in `folder` with these rows; close it, or use it as a context manager.

    Args:
        tables: rows per fact table.
        as_of: the extract's cut-off, local; None: the latest fact time decides.
        folder: where the store's file lies.
        zone: of the installation and of the rows.
        configuration: rows to keep per configuration table, besides what every store starts with.
    """
    shutil.copyfile(_new(), folder / "store.duckdb")
    store = open_store(load_settings(f"duckdb:///{folder / 'store.duckdb'}"))
    for name, rows in (configuration or {}).items():
        store.configure(name, rows, "test")
    load(store, tables, as_of, zone=zone)
    return store


@cache
def _new() -> Path:
    """A store as it is when just made: copying it is quicker than making one."""
    path = Path(tempfile.mkdtemp(prefix="ketenzicht-new-")) / "store.duckdb"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    open_store(load_settings(f"duckdb:///{path}")).close()
    return path


def load(
    store: Store, tables: Tables, as_of: str | datetime | None, *, zone: str = ZONE
) -> int | None:
    """Load rows as one file with a feed per table; gives the import."""
    text = json.dumps([tables, as_of], default=str, sort_keys=True)
    feeds = tuple(
        feed
        for position, (name, rows) in enumerate(tables.items())
        for feed in _staged(store.staging, name, rows, zone, position)
    )
    hashed = hashlib.sha256(text.encode()).hexdigest()
    manifest = Manifest(
        file=f"{hashed[:8]}.csv",
        hash=hashed,
        profile="test",
        profile_hash="test",
        as_of=None if as_of is None else moment(as_of, zone),
        rows=sum(feed.rows for feed in feeds),
        feeds=feeds,
    )
    return store.import_staged(manifest, "test").import_id


def _staged(
    staging: Path, name: str, rows: Sequence[Mapping[str, Any]], zone: str, position: int
) -> Iterable[StagedFeed]:
    if not rows:
        return
    declared = TABLES[name]
    given = {column for row in rows for column in row} | set(declared.key)
    columns = [column for column in declared.columns if column.name in given]
    # One row per key, the last one, as ingest leaves them.
    by_key = {}
    for number, row in enumerate(rows, start=2):
        found = {
            column.name: typed(column, row.get(column.name, column.default), zone)
            for column in columns
        }
        by_key[tuple(found[key] for key in declared.key)] = {**found, ROW: number}
    fields = [pa.field(column.name, _ARROW[column.type]) for column in columns]
    schema = pa.schema([*fields, pa.field(ROW, pa.int64())])
    path = staging / f"feed_{position}.parquet"
    pq.write_table(pa.Table.from_pylist(list(by_key.values()), schema=schema), path)
    times = [
        found[column]
        for found in by_key.values()
        for column in declared.fact_times
        if found.get(column) is not None
    ]
    yield StagedFeed(
        table=name,
        columns=tuple(column.name for column in columns),
        parquet=path,
        rows=len(rows),
        left_out=len(rows) - len(by_key),
        first_fact=min(times, default=None),
        last_fact=max(times, default=None),
    )
