"""What a detective may look at: the typed rows of one feed, and how they were read.

Everything is asked of the engine by sets. What several detectors want to know of a column (how its
times lie over days and hours) is asked once.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kpi.findings import Cell, Evidence, Finding, Severity, Word
from kpi.ingest.infer import Inferred
from kpi.ingest.offsets import local_sql
from kpi.ingest.profiles import Take
from kpi.schema import Table, Type
from kpi.schema.titles import TITLES
from kpi.staged import ROW
from kpi.store.scratch import identifier
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.ingest.columns import ColumnSql
    from kpi.ingest.feed import FeedStage
    from kpi.ingest.table import RawTable

#: Rows of evidence that are kept.
SHOWN = 8
#: Fewer rows than this say nothing about how they lie.
FEW = 50
_TAKEN: Mapping[Take | None, str] = {
    Take.MIN: "min({0})",
    Take.MAX: "max({0})",
    Take.LAST: "arg_max({0}, _n)",
}
#: Hours of one column that are told apart; more is no column of facts.
_MOST_HOURS = 400_000

LINE, TIMES, VALUE, MEANT = (
    Word(N_("Line")),
    Word(N_("Rows")),
    Word(N_("Value")),
    Word(N_("Read as")),
)


@dataclass
class Scene:
    """One feed of a file, read and typed.

    Attributes:
        stage: the feed, after `type_rows`.
        inferred: how its columns were read.
        now: naive UTC: what lies after it has not happened yet.
    """

    stage: FeedStage
    inferred: Inferred
    now: datetime
    _hours: dict[str, Counter[datetime]] = field(default_factory=dict, repr=False)

    @property
    def table(self) -> Table:
        """The table that it fills."""
        return self.stage.table

    @property
    def raw(self) -> RawTable:
        """The file as texts."""
        return self.stage.raw

    @property
    def by_name(self) -> Mapping[str, ColumnSql]:
        """The columns of the feed that are read from the file; those filled in are not among them."""
        return {name: one for name, one in self.stage.by_name.items() if one.rule.value is None}

    @cached_property
    def good(self) -> str:
        """SQL after FROM, to be followed by AND: the rows that are loaded, `_n` their place."""
        rows = self.stage.good
        if not self.stage.feed.merges:
            return f"{rows} WHERE true"
        merged = f"merged_{self.stage.number}"
        self.stage.connection.execute(f"CREATE OR REPLACE TABLE {merged} AS {self._merged(rows)}")
        return f"{merged} WHERE true"

    def good_but_for(self, names: Iterable[str]) -> str:
        """SQL after FROM, to be followed by AND: `good`, and the rows set aside for these columns only.

        Of a feed whose rows are merged only the good ones: what one row would add is not known.
        """
        if self.stage.feed.merges:
            return self.good
        bits = sum(1 << self.stage.by_name[name].place for name in names)
        return f"{self.stage.typed} WHERE NOT _out AND (_bad & ~{bits}::BIGINT) = 0"

    def _merged(self, rows: str) -> str:
        """SQL of the rows of one key as one, as each column's `take` says; times as they stand."""
        made = []
        for name, one in self.stage.by_name.items():
            for column in (name, f"{name} utc") if one.absolute else (name,):
                sql = identifier(column)
                how = _TAKEN.get(one.rule.take, "arg_min({0}, _n)").format(sql)
                how = f"any_value({sql})" if name in self.table.key else how
                made.append(f"{how} AS {sql}")
        key = ", ".join(identifier(name) for name in self.table.key if name in self.stage.by_name)
        return f"SELECT {', '.join(made)}, min(_n) AS _n FROM {rows} GROUP BY {key}"

    @cached_property
    def rows(self) -> int:
        """How many rows are loaded, before those that share a key are left out."""
        return int(self.row(f"SELECT count(*) FROM {self.good}")[0])

    @cached_property
    def keys(self) -> int:
        """How many different keys they have."""
        return self.stage.keys

    @property
    def times(self) -> list[str]:
        """Columns of times and dates."""
        return [
            name for name, one in self.by_name.items()
            if one.column.type in {Type.TIMESTAMP, Type.DATE}
        ]  # fmt: skip

    @property
    def fact_times(self) -> list[str]:
        """Columns that say when a fact happened, the required one first."""
        found = [name for name in self.times if name in self.table.fact_times]
        return sorted(found, key=lambda name: not self.by_name[name].column.required)

    def source(self, name: str) -> str:
        """What the file calls a column."""
        return self.stage.by_name[name].source

    def local(self, name: str) -> str:
        """SQL over the typed rows: a time as the clock on the wall showed it."""
        one = self.by_name[name]
        own = identifier(name)
        if not one.absolute:
            return own
        low, high = self.stage.bounds.get(name, (None, None))
        utc = local_sql(identifier(f"{name} utc"), self.stage.zone, low, high)
        return f"coalesce({own}, {utc})"

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query."""
        return tuple(self.stage.connection.execute(sql).fetchone() or ())

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.stage.connection.execute(sql).fetchall()

    # -- how times lie -----------------------------------------------------------------------

    def hours(self, name: str) -> Counter[datetime]:
        """Rows per hour on the clock of a column of times."""
        if name not in self._hours:
            local = f"date_trunc('hour', {self.local(name)})::TIMESTAMP"
            found = self.fetch(
                f"SELECT {local} AS h, count(*) FROM {self.good} AND {self.local(name)} IS NOT NULL"
                f" GROUP BY 1 ORDER BY 1 LIMIT {_MOST_HOURS}"
            )
            self._hours[name] = Counter(dict(found))
        return self._hours[name]

    def days(self, name: str) -> Counter[date]:
        """Rows per day of a column of times."""
        days: Counter[date] = Counter()
        for hour, count in self.hours(name).items():
            days[hour.date()] += count
        return days

    # -- evidence ----------------------------------------------------------------------------

    def lines(
        self, condition: str, names: Iterable[str], most: int = SHOWN, order: str = "_n"
    ) -> Evidence:
        """The first rows that fulfil a condition: their line, and the columns named."""
        names = list(names)
        shown = [self.local(name) if name in self.times else identifier(name) for name in names]
        kept = ", ".join([ROW, *(f"{sql} AS e{at}" for at, sql in enumerate(shown))])
        source = self.stage.lined(
            f"(SELECT * FROM {self.good} AND ({condition}) ORDER BY {order} LIMIT {most})"
        )
        rows = self.fetch(f"SELECT {kept} FROM {source} ORDER BY {order}")
        titles = (LINE, *(self.source(name) for name in names))
        return Evidence(titles, tuple(tuple(map(_cell, row)) for row in rows))

    def finding(
        self,
        kind: str,
        message: str,
        advice: str = "",
        *,
        column: str = "",
        severity: Severity = Severity.CHECK,
        rows: int | None = None,
        evidence: Evidence | None = None,
        **values: Any,
    ) -> Finding:
        """A finding about this feed; `column` is our name of it, the sentence says the file's."""
        source = self.source(column) if column else ""
        values.setdefault("table", Word(TITLES[self.table.name]))
        return Finding(
            kind=kind,
            message=message,
            values={"column": source, **values} if column else values,
            advice=advice,
            severity=severity,
            table=self.table.name,
            column=source,
            feed=self.stage.number,
            rows=rows,
            evidence=evidence,
        )


def _cell(value: Any) -> Cell:
    """A typed value as a cell of evidence; long texts are cut."""
    if isinstance(value, str):
        return value if len(value) <= 80 else value[:79] + "…"
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return str(value)
