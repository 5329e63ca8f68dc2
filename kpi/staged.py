"""What lies between reading a file and loading it: typed Parquet in the staging folder.

`kpi.ingest` writes it from a child process, `kpi.store` inserts from it in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from kpi.findings import Finding

#: Told while a long step runs: the part that is done (0-1) and what is being done (English
#: message id, translated where shown).
Progress = Callable[[float, str], None]

#: Column of a staged feed that holds the line in the file where the row starts (BIGINT).
ROW = "_row"

#: Columns of the staged quarantine, in order: those of the table `quarantined` without its import.
QUARANTINE_COLUMNS = ("feed", "row_number", "position", "column_name", "value", "reason", "raw")


@dataclass(frozen=True)
class Total:
    """One control total of a feed: a number that the source's own report should say too.

    Attributes:
        column: of ours.
        kind: "first" or "last" (the moment stands in `value`), "month", "value", "others" (how
            many different values stands in `value`) or "sum".
        value: which month, value or moment (local time).
        rows: how many rows.
        amount: the sum, of kind "sum".
    """

    column: str
    kind: str
    value: str
    rows: int
    amount: float | None = None


@dataclass(frozen=True)
class StagedFeed:
    """One feed of a file, ready to be inserted into one table.

    Attributes:
        table: the fact table it fills.
        columns: the columns it fills, key included; others keep what they had.
        parquet: typed columns named as the schema's, exactly `columns`, and `ROW`; one row per
            key, none without its required columns. Timestamps are naive UTC in microseconds.
            None when no row is left.
        rows: data rows of the file for this feed; the Parquet holds rows - left_out - quarantined.
        left_out: rows left out by `only`, or merged under one key.
        quarantined: rows set aside with a reason.
        first_fact, last_fact: earliest and latest fact time (UTC); None where there is none.
        totals: control totals of the rows in the Parquet.
        days: rows per day (local) of the column that says when a fact happened.
    """

    table: str
    columns: tuple[str, ...]
    parquet: Path | None
    rows: int
    left_out: int = 0
    quarantined: int = 0
    first_fact: datetime | None = None
    last_fact: datetime | None = None
    totals: tuple[Total, ...] = ()
    days: Mapping[date, int] = field(default_factory=dict)

    @property
    def staged(self) -> int:
        """Rows that the Parquet holds."""
        return self.rows - self.left_out - self.quarantined


@dataclass(frozen=True)
class Manifest:
    """One file, read: what the store needs to load it and to know it again.

    Attributes:
        file: its name, without folders.
        hash: SHA-256 of its bytes.
        profile, profile_hash: name and SHA-256 of the profile it was read with.
        as_of: the profile's cut-off (UTC); None: the latest fact time decides.
        rows: data rows of the file.
        feeds: in the order of the profile; two may fill the same table.
        quarantine: Parquet with `QUARANTINE_COLUMNS` (feed, row_number and position whole
            numbers, the others text); None when nothing was set aside.
        warnings: sentences in English, translated where shown.
        profile_text: the profile itself, as TOML, so that what was set aside can be read with it.
        header: what the columns of the file are called.
        kind: of the file: text, or cells (a workbook, Parquet).
        findings: what the detective found in it, what matters most first.
    """

    file: str
    hash: str
    profile: str
    profile_hash: str
    as_of: datetime | None
    rows: int
    feeds: tuple[StagedFeed, ...]
    quarantine: Path | None = None
    warnings: tuple[str, ...] = ()
    profile_text: str = ""
    header: tuple[str, ...] = ()
    kind: str = "text"
    findings: tuple[Finding, ...] = ()
