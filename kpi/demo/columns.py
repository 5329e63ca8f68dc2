"""Columns before they are written: numbers and codes, turned into Arrow only at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kpi.demo.zone import Zone
from kpi.schema import TABLES, Type
from kpi.staged import ROW, StagedFeed


@dataclass(frozen=True)
class Words:
    """A text column with few different values: `codes` into `words`, -1 for missing."""

    codes: NDArray[Any]
    words: Sequence[str]

    def arrow(self) -> Any:
        known = self.codes >= 0
        codes = pa.array(np.where(known, self.codes, 0).astype(np.int32), mask=~known)
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(self.words), pa.string()))


@dataclass(frozen=True)
class Numbered:
    """A text column of keys: a prefix and a zero-padded number; -1 for missing."""

    numbers: NDArray[Any]
    prefix: str
    width: int = 8

    def arrow(self) -> Any:
        numbers = pa.array(self.numbers, mask=self.numbers < 0)
        padded = pc.utf8_lpad(pc.cast(numbers, pa.string()), self.width, "0")
        return pc.binary_join_element_wise(pa.scalar(self.prefix), padded, "")


@dataclass(frozen=True)
class Texts:
    """A text column of its own texts (None for missing)."""

    values: Sequence[str | None]

    def arrow(self) -> Any:
        return pa.array(list(self.values), pa.string())


#: A number column; a time (local seconds) and a date (day number) too; NaN for missing.
Column = Words | Numbered | Texts | NDArray[Any]


def _plain(values: NDArray[Any], kind: Type, zone: Zone) -> Any:
    if kind is Type.BOOLEAN:  # -1 for missing
        return pa.array(values == 1, mask=values < 0)
    numbers = np.asarray(values, dtype=np.float64)
    missing = np.isnan(numbers)
    filled = np.where(missing, 0.0, numbers)
    if kind is Type.TIMESTAMP:
        utc = zone.to_utc(np.round(filled))
        return pa.array((utc * 1e6).astype("datetime64[us]"), mask=missing)
    if kind is Type.DATE:
        return pa.array(filled.astype("datetime64[D]"), mask=missing)
    if kind is Type.INTEGER:
        return pa.array(filled.astype(np.int64), mask=missing)
    return pa.array(filled, mask=missing)


def arrow(table: str, columns: Mapping[str, Column], zone: Zone) -> Any:
    """The columns as an Arrow table, typed as the schema declares `table`."""
    declared = TABLES[table].by_name
    made = {}
    for name, values in columns.items():
        if isinstance(values, Words | Numbered | Texts):
            made[name] = values.arrow()
        else:
            made[name] = _plain(values, declared[name].type, zone)
    return pa.table(made)


def stage(table: str, columns: Mapping[str, Column], zone: Zone, folder: Path) -> StagedFeed:
    """Write one table to `folder` as typed Parquet and say what it holds."""
    made = arrow(table, columns, zone)
    seen = [pc.min_max(made[name]).as_py() for name in TABLES[table].fact_times if name in columns]
    lows: list[datetime] = [one["min"] for one in seen if one["min"] is not None]
    highs: list[datetime] = [one["max"] for one in seen if one["max"] is not None]
    path = folder / f"demo-{table}.parquet"
    rows = made.num_rows
    pq.write_table(
        made.append_column(ROW, pa.array(np.arange(1, rows + 1, dtype=np.int64))),
        path,
        compression="lz4",
        row_group_size=122_880,
    )
    return StagedFeed(
        table=table,
        columns=tuple(columns),
        parquet=path,
        rows=rows,
        first_fact=min(lows, default=None),
        last_fact=max(highs, default=None),
    )
