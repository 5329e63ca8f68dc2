"""A profile: how one feed is read. Everything in it is pinned; nothing pinned is ever guessed.

The form on disk is TOML (`parse_profile`, `kpi.ingest.profile_text.write_profile`); the keys are
listed in `kpi.ingest.profile_keys`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum


class Take(StrEnum):
    """Which value a row gets when several rows of a file share its key.

    `first` and `last` are the first and last value that is there; `min` and `max` the smallest and
    largest.
    """

    FIRST = "first"
    LAST = "last"
    MIN = "min"
    MAX = "max"


class DateOrder(StrEnum):
    """Order of day, month and year where the source writes them as numbers."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class DurationUnit(StrEnum):
    """In what a source writes durations; they are kept in seconds."""

    S = "s"
    MS = "ms"
    MIN = "min"
    #: "1:02:03", or "2:03" for two minutes and three seconds.
    HMS = "hms"


#: Seconds in one of a unit; `hms` has its own reading.
SECONDS: Mapping[DurationUnit, float] = {
    DurationUnit.S: 1.0,
    DurationUnit.MS: 0.001,
    DurationUnit.MIN: 60.0,
}


@dataclass(frozen=True)
class Rule:
    """How one column is filled: from source columns, as a constant, or as a hash of columns.

    Attributes:
        sources: source columns; several are joined with a space.
        value: the same for all rows.
        hash: source columns whose trimmed texts make a stable key.
        map: source value → value; what is not in it passes through. The empty text maps what is
            missing.
        take: which value counts where a key repeats; None: first.
        format: how a date or time is written (`%d-%m-%Y %H:%M`).
        missing: texts that mean "nothing", besides those of the file.
        unit: of a duration.
        pattern: regular expression; its first group (else all of it) is the value.
        keyed: keep only a keyed hash (phone numbers, e-mail addresses).
        present, absent: what to say where the source has a value, or none.
    """

    sources: tuple[str, ...] = ()
    value: str | None = None
    hash: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    take: Take | None = None
    format: str | None = None
    missing: tuple[str, ...] = ()
    unit: DurationUnit | None = None
    pattern: str | None = None
    keyed: bool = False
    present: str | None = None
    absent: str | None = None

    def __hash__(self) -> int:
        return hash((self.sources, self.value, self.hash))

    @property
    def named(self) -> tuple[str, ...]:
        """Every source column it reads."""
        return (*self.sources, *self.hash)


@dataclass(frozen=True)
class Read:
    """How the file is read; None is "look and see".

    Attributes:
        encoding: as Python names it.
        delimiter, quote, escape: one character each; an empty quote: the file quotes nothing.
        decimal, thousands: separators in numbers.
        date_order: of dates written with numbers.
        time_zone: of times without an offset.
        missing: texts that mean "nothing", besides the empty one.
        sheet: of a workbook; None: the first.
        skip_rows: lines above the header; the header is then the next line that is not blank.
        header: False: the file has no header; its columns are "column 1", "column 2", …
        skip_footer: rows at the end that are no data.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: DateOrder | None = None
    time_zone: str | None = None
    missing: tuple[str, ...] = ()
    sheet: str | None = None
    skip_rows: int | None = None
    header: bool | None = None
    skip_footer: int = 0


@dataclass(frozen=True)
class Feed:
    """One table that the file fills: its columns, and which rows of the file it takes."""

    table: str
    columns: Mapping[str, Rule]
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.table, tuple(self.columns)))

    @property
    def merges(self) -> bool:
        """Whether rows that share a key are merged into one."""
        return any(rule.take for rule in self.columns.values())

    @property
    def named(self) -> tuple[str, ...]:
        """Every source column it reads, each once, in order."""
        every = [name for rule in self.columns.values() for name in rule.named]
        return tuple(dict.fromkeys([*every, *self.only]))


@dataclass(frozen=True)
class Profile:
    """How one file is read: as a whole, and table by table."""

    feeds: tuple[Feed, ...]
    name: str = ""
    #: The extract's cut-off, naive local time of the feed.
    as_of: datetime | None = None
    read: Read = field(default_factory=Read)
    #: File names it is meant for ("complaints_*.csv").
    files: tuple[str, ...] = ()

    def hash(self, zone: str) -> str:
        """SHA-256 of what it says; two that read alike in an installation of `zone` are equal."""
        said = asdict(self)
        del said["name"], said["files"]
        said["read"]["time_zone"] = self.read.time_zone or zone
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
