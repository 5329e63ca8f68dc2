"""One feed of a file: its rows typed, checked, left out, set aside or merged, and written down.

Every row of the file ends in exactly one place: in the Parquet, left out, or set aside. It goes
through the engine a million at a time; Python sees only what was set aside.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from kpi.ingest.columns import BLANKS, ColumnSql, Reading, column_sql
from kpi.ingest.offsets import local_sql, utc_sql
from kpi.ingest.problems import Said
from kpi.ingest.profiles import Feed, Read, Take
from kpi.ingest.repeats import Repeats
from kpi.ingest.table import RawTable
from kpi.schema import TABLES, Table, Type
from kpi.staged import ROW, Total
from kpi.store.scratch import Scratch, identifier, quoted

#: Codes of one column that are counted, the most frequent first.
_MOST_CODES = 500
#: Columns that a file may have beside twice those that are read, for its cells to be kept.
_FEW_MORE = 8
_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.TIMESTAMP: "TIMESTAMP",
}


@dataclass
class FeedResult:
    """What came of one feed; see `kpi.staged.StagedFeed`.

    Attributes:
        table, columns, rows, left_out, quarantined, first_fact, last_fact: as there.
        parquet: file name; None where no row is left.
        warnings: message ids with values.
        codes: per coded column, dictionary and the texts with their counts.
        totals: control totals of what is written.
        days: rows per day (ISO) of when the facts happened.
    """

    table: str
    columns: tuple[str, ...]
    rows: int
    left_out: int = 0
    quarantined: int = 0
    parquet: Path | None = None
    first_fact: datetime | None = None
    last_fact: datetime | None = None
    warnings: list[Said] = field(default_factory=list)
    codes: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    days: dict[str, int] = field(default_factory=dict)


class FeedStage:
    """The work on one feed, step by step; `kpi.ingest.staging` takes the steps."""

    def __init__(
        self,
        connection: Scratch,
        raw: RawTable,
        number: int,
        feed: Feed,
        read: Read,
        readings: Mapping[str, Reading],
        zone: str,
        key: bytes | None,
    ) -> None:
        self.connection, self.raw, self.number, self.feed = connection, raw, number, feed
        self.table: Table = TABLES[feed.table]
        self.zone = read.time_zone or zone
        self.cells = {name: f"c{at}" for at, name in enumerate(raw.names)}
        self.typed = f"typed_{number}"
        self.columns: list[ColumnSql] = [
            column_sql(
                self.table.by_name[name],
                rule,
                place,
                self.cells,
                read,
                readings.get(name, Reading()),
                key,
                feed.table,
                merged=feed.merges and name not in self.table.key,
            )
            for place, (name, rule) in enumerate(feed.columns.items())
        ]
        self.by_name = {one.column.name: one for one in self.columns}
        self.bounds: dict[str, tuple[datetime | None, datetime | None]] = {}
        #: Whether the typed table keeps the cells of a row that is set aside. Not where most of a
        #: file is of no use to this feed, nor where what is set aside is known only afterwards.
        self.keeps_cells = len(raw.names) <= 2 * len(feed.named) + _FEW_MORE and not any(
            problem.late for one in self.columns for problem in one.problems
        )
        self.result = FeedResult(feed.table, self._filled(), raw.rows)
        self._good_rows = 0
        self.repeats = Repeats(self)

    def _filled(self) -> tuple[str, ...]:
        """The columns that are written: those of the feed, and keys that have a default."""
        defaults = [
            name for name in self.table.key
            if name not in self.feed.columns and self.table.by_name[name].default is not None
        ]  # fmt: skip
        return (*self.feed.columns, *defaults)

    # -- typing ------------------------------------------------------------------------------

    def type_rows(self) -> None:
        """Make the table of typed rows: every good row of the file, in its order."""
        self.connection.execute(f"DROP TABLE IF EXISTS {self.typed}")
        self.connection.execute(f"CREATE TABLE {self.typed} AS {self.typed_sql(self.raw.relation)}")
        for one in self.columns:
            if any(problem.late for problem in one.problems):
                self._judge_late(one)
        self._measure()

    def _judge_late(self, one: ColumnSql) -> None:
        """Mark the rows of every key of which no row has a value that it cannot do without."""
        key = ", ".join(identifier(name) for name in self.table.key if name in self.by_name)
        name = identifier(one.column.name)
        value = (
            f"coalesce({name}, {identifier(one.column.name + ' utc')})" if one.absolute else name
        )
        good = f"SELECT {key} FROM {self.typed} WHERE _bad = 0 AND NOT _out GROUP BY {key}"
        self.connection.execute(
            f"UPDATE {self.typed} SET _bad = _bad | {1 << one.place} WHERE _bad = 0 AND NOT _out"
            f" AND ({key}) IN ({good} HAVING count({value}) = 0)"
        )

    def typed_sql(self, relation: str) -> str:
        """SQL of the typed rows of `relation`, with `_out` and the problems as bits in `_bad`."""
        texts = [f"{one.text} AS t{one.place}" for one in self.columns]
        values = [f"{one.value} AS v{one.place}" for one in self.columns]
        utc = [f"{one.absolute} AS u{one.place}" for one in self.columns if one.absolute]
        kept = ", ".join(f"t{one.place}" for one in self.columns)
        bits = [f"(CASE WHEN {one.bad} THEN {1 << one.place} ELSE 0 END)" for one in self.columns]
        bits += [
            f"(CASE WHEN {condition} THEN 0 ELSE {1 << (len(self.columns) + at)} END)"
            for at, condition in enumerate(self.row_rules())
        ]
        bad = " + ".join(bits)
        out = [self._value(one) for one in self.columns]
        cells = f", {', '.join(self.cells.values())}" if self.keeps_cells else ""
        typed = (
            f"SELECT {', '.join(out)}, _out, ({bad})::BIGINT AS _bad{cells} FROM"
            f" (SELECT {', '.join([*values, *utc])}, {kept}, _out{cells} FROM"
            f" (SELECT {', '.join(texts)}, {self._out_sql()} AS _out{cells} FROM {relation}))"
        )
        if not self.keeps_cells:
            return typed
        row = f"CASE WHEN _bad <> 0 AND NOT _out THEN [{', '.join(self.cells.values())}] END"
        return (
            f"SELECT * EXCLUDE ({', '.join(self.cells.values())}), {row} AS _cells FROM ({typed})"
        )

    @cached_property
    def rows_aside(self) -> str:
        """SQL of the good rows of the file that are set aside: `_n`, `_bad` and their cells."""
        aside = f"FROM {self.typed} WHERE _bad <> 0 AND NOT _out"
        if self.keeps_cells:
            cells = [f"_cells[{at}] AS {cell}" for at, cell in enumerate(self.cells.values(), 1)]
            return f"(SELECT rowid AS _n, _bad, {', '.join(cells)} {aside})"
        name = f"aside_{self.number}"
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM"
            f" (SELECT *, row_number() OVER () - 1 AS _n FROM {self.raw.relation})"
            f" JOIN (SELECT rowid AS _n, _bad {aside}) USING (_n)"
        )
        return name

    def _value(self, one: ColumnSql) -> str:
        """The typed column as it is kept until the time zone is reckoned with."""
        name = identifier(one.column.name)
        local = f"v{one.place}"
        if one.column.default is not None:
            local = f"coalesce({local}, {quoted(one.column.default)})"
        if one.column.type not in {Type.TIMESTAMP, Type.DATE}:
            return f"{local} AS {name}"
        absolute = (
            f", u{one.place} AS {identifier(one.column.name + ' utc')}" if one.absolute else ""
        )
        return f"{local} AS {name}{absolute}"

    def row_rules(self) -> list[str]:
        """The table's rules as SQL over v{j}."""
        return [re.sub(r"\b(\w+)\b", self._place_of, rule.sql) for rule in self.table.rules]

    def _place_of(self, word: re.Match[str]) -> str:
        if word[1] not in self.table.by_name:
            return word[1]
        one = self.by_name.get(word[1])
        return f"v{one.place}" if one else "NULL"

    def _out_sql(self) -> str:
        kept = []
        for name, values in self.feed.only.items():
            text = f"coalesce(trim({self.cells[name]}, {quoted(BLANKS)}), '')"
            listed = ", ".join(quoted(value.strip()) for value in values)
            kept.append(f"{text} IN ({listed})" if listed else "false")
        return f"NOT ({' AND '.join(kept)})" if kept else "false"

    def _measure(self) -> None:
        """Count what was left out and what is bad, and find the bounds of the times."""
        timed = [one for one in self.columns if one.column.type in {Type.TIMESTAMP, Type.DATE}]
        asked = ["count(*) FILTER (WHERE _out)", "count(*) FILTER (WHERE _bad <> 0 AND NOT _out)"]
        good = "FILTER (WHERE _bad = 0 AND NOT _out)"
        for one in timed:
            name = identifier(one.column.name)
            value = (
                name
                if not one.absolute
                else f"coalesce({name}, {identifier(one.column.name + ' utc')})"
            )
            asked += [f"min({value}) {good}", f"max({value}) {good}"]
        row = self._row(f"SELECT {', '.join(asked)} FROM {self.typed}")
        self.result.left_out = int(row[0])
        self.result.quarantined = int(row[1]) + self.raw.bad
        self._good_rows = self.raw.good - int(row[0]) - int(row[1])
        for one, low, high in zip(timed, row[2::2], row[3::2], strict=True):
            self.bounds[one.column.name] = (_time(low), _time(high))

    def _row(self, sql: str) -> tuple[Any, ...]:
        return tuple(self.connection.execute(sql).fetchone() or ())

    @property
    def bad_rows(self) -> int:
        """Rows with a value that is unfit; rows that are no row like the others not counted."""
        return self.result.quarantined - self.raw.bad

    def find_unreadable(self) -> dict[str, int]:
        """Columns with texts that have no value, and how many: they may have been misjudged."""
        bits = [one for one in self.columns if one.column.type is not Type.TEXT]
        if not bits or not self.bad_rows:
            return {}
        asked = ", ".join(f"count(*) FILTER (WHERE _bad & {1 << one.place} <> 0)" for one in bits)
        row = self._row(f"SELECT {asked} FROM {self.typed} WHERE _bad <> 0 AND NOT _out")
        return {one.column.name: int(n) for one, n in zip(bits, row, strict=True) if n}

    # -- final values ------------------------------------------------------------------------

    def final(self, one: ColumnSql) -> str:
        """SQL over the typed table: the value as it is stored."""
        name, utc = identifier(one.column.name), identifier(one.column.name + " utc")
        low, high = self.bounds.get(one.column.name, (None, None))
        if one.column.type is Type.TIMESTAMP:
            value = utc_sql(name, self.zone, low, high)
            return f"coalesce({utc}, {value})" if one.absolute else value
        if one.column.type is Type.DATE:
            day = (
                f"coalesce({local_sql(utc, self.zone, low, high)}, {name})"
                if one.absolute
                else name
            )
            return f"CAST({day} AS DATE)"
        return name

    def write(self, folder: Path) -> None:
        """Write the Parquet: one row per key, typed as the schema says, with `_row`."""
        if not self._good_rows:
            return
        source = self._merged() if self.feed.merges else self.repeats.alone()
        self.result.left_out += self._good_rows - self.keys
        path = folder / f"feed_{self.number}.parquet"
        columns = ", ".join([*self._final_columns(), ROW])
        self.connection.execute(
            f"COPY (SELECT {columns} FROM {self.lined(source)}) TO {quoted(path)}"
            " (FORMAT parquet, COMPRESSION lz4_raw)"
        )
        self.result.parquet = path

    def _final_columns(self) -> list[str]:
        if self.feed.merges:
            return [identifier(name) for name in self.result.columns]
        columns = [f"{self.final(one)} AS {identifier(one.column.name)}" for one in self.columns]
        for name in self.result.columns[len(self.columns) :]:
            default = quoted(self.table.by_name[name].default)
            columns.append(f"{default} AS {identifier(name)}")
        return columns

    @property
    def good(self) -> str:
        """SQL of the typed rows that are loaded, with `_n`, their place in the file."""
        return f"(SELECT *, rowid AS _n FROM {self.typed} WHERE _bad = 0 AND NOT _out)"

    @property
    def keys(self) -> int:
        """Different keys among the rows that are loaded."""
        return self._good_rows - self.repeats.more

    def _merged(self) -> str:
        """The rows of one key made into one, as each column's `take` says."""
        good, grouped = self.repeats.keyed
        key = set(self.table.key)
        made = []
        for one in self.columns:
            name, value = identifier(one.column.name), self.final(one)
            if one.column.name in key:
                made.append(f"any_value({value}) AS {name}")
                continue
            match one.rule.take:
                case Take.MIN:
                    made.append(f"min({value}) AS {name}")
                case Take.MAX:
                    made.append(f"max({value}) AS {name}")
                case Take.LAST:
                    made.append(f"arg_max({value}, _n) AS {name}")
                case _:
                    made.append(f"arg_min({value}, _n) AS {name}")
        for name in self.result.columns[len(self.columns) :]:
            made.append(f"{quoted(self.table.by_name[name].default)} AS {identifier(name)}")
        return f"(SELECT {', '.join(made)}, min(_n) AS _n FROM {good} GROUP BY {grouped})"

    def lined(self, source: str) -> str:
        """`source` with `_row`: the line of row `_n` of the file."""
        breaks = self.raw.breaks
        if len(breaks) == 1:
            start, line = breaks[0]
            return f"(SELECT *, _n + {line - start} AS {ROW} FROM {source})"
        return (
            f"(SELECT s.*, _n + shift AS {ROW} FROM {source} s"
            f" ASOF JOIN {self.raw.shifts()} AS breaks ON s._n >= breaks.start)"
        )

    # -- what is noticed ---------------------------------------------------------------------

    def notice(self) -> None:
        """Warnings, fact times and codes, over the rows that are written."""
        if self.result.parquet is None:
            return
        staged = f"read_parquet({quoted(self.result.parquet)})"
        facts = [identifier(name) for name in self.table.fact_times if name in self.by_name]
        if facts:
            low = ", ".join(f"min({name})" for name in facts)
            high = ", ".join(f"max({name})" for name in facts)
            row = self._row(f"SELECT least({low}), greatest({high}) FROM {staged}")
            self.result.first_fact, self.result.last_fact = row[0], row[1]
        for one in self.columns:
            if one.column.coded:
                name = identifier(one.column.name)
                self.result.codes[one.column.name] = self.connection.execute(
                    f"SELECT {name}, count(*) FROM {staged} WHERE {name} IS NOT NULL GROUP BY 1"
                    f" ORDER BY 2 DESC, 1 LIMIT {_MOST_CODES}"
                ).fetchall()


def _time(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)
