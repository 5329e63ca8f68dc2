"""What a table is made of: typed columns, each with a meaning, an example and a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from kpi.text import N_


class Type(StrEnum):
    """Logical type of a column; `kpi.tables` maps it to each engine."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    #: A moment, stored as naive UTC (see docs/decisions.md).
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Rule:
    """A test of one value that is not missing, and its sentence for the user.

    `sentence` is an English message id (translated where shown); `sql` renders the same test for
    a column name, so that a million rows are checked by the engine and not one by one.
    """

    sentence: str

    def test(self, value: object) -> bool:
        """Whether `value` (of the column's type) is acceptable."""
        raise NotImplementedError

    def sql(self, column: str) -> str:
        """The same test as an SQL condition over the quoted `column`."""
        raise NotImplementedError


@dataclass(frozen=True)
class AtLeast(Rule):
    """The value is `minimum` or more."""

    minimum: float = 0
    sentence: str = N_("must not be negative")

    def test(self, value: object) -> bool:
        return isinstance(value, int | float) and value >= self.minimum

    def sql(self, column: str) -> str:
        return f"{column} >= {self.minimum:g}"


@dataclass(frozen=True)
class AtMost(Rule):
    """The value is `maximum` or less; what is infinite or no number is not."""

    maximum: float = 0
    sentence: str = N_("is out of range")

    def test(self, value: object) -> bool:
        return isinstance(value, int | float) and value <= self.maximum

    def sql(self, column: str) -> str:
        return f"{column} <= {self.maximum:.0f}"


@dataclass(frozen=True)
class Between(Rule):
    """The value lies between two bounds, both included."""

    low: float | date | datetime = 0
    high: float | date | datetime = 0
    sentence: str = N_("is out of range")

    def test(self, value: object) -> bool:
        return self.low <= value <= self.high  # type: ignore[operator]

    def sql(self, column: str) -> str:
        def literal(bound: float | date | datetime) -> str:
            if isinstance(bound, datetime):
                return f"TIMESTAMP '{bound.isoformat(sep=' ')}'"
            if isinstance(bound, date):
                return f"DATE '{bound.isoformat()}'"
            return f"{bound:g}"

        return f"{column} BETWEEN {literal(self.low)} AND {literal(self.high)}"


@dataclass(frozen=True)
class OneOf(Rule):
    """The value is one of a closed list."""

    values: tuple[str, ...] = ()
    sentence: str = N_("is not one of the values that this column knows")

    def test(self, value: object) -> bool:
        return value in self.values

    def sql(self, column: str) -> str:
        quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in self.values)
        return f"{column} IN ({quoted})"


@dataclass(frozen=True)
class Matches(Rule):
    """The whole text matches a regular expression (one that RE2 and Python read alike)."""

    pattern: str = ""
    sentence: str = N_("does not look like what this column holds")

    def test(self, value: object) -> bool:
        return isinstance(value, str) and re.fullmatch(self.pattern, value) is not None

    def sql(self, column: str) -> str:
        escaped = self.pattern.replace("'", "''")
        return f"regexp_full_match({column}, '{escaped}')"


#: Years outside these are typing errors or misread dates ("0021", "21-01-01" read as year 21).
PLAUSIBLE_DATE = Between(
    low=date(1900, 1, 1),
    high=date(2100, 12, 31),
    sentence=N_("is a date before 1900 or after 2100"),
)
PLAUSIBLE_TIME = Between(
    low=datetime(1900, 1, 1),
    high=datetime(2100, 12, 31, 23, 59, 59),
    sentence=N_("is a time before 1900 or after 2100"),
)


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in words, with an example and the rule it obeys.

    Attributes:
        required: a row without it is quarantined.
        default: what a key column is when a feed does not fill it (None: no default).
        values: the closed list of an enumeration; empty for free values.
        synonyms: extra accepted spellings of enumerated values, folded → value.
        coded: the dictionary that understands the value ("process", "reason", "channel",
            "status", "cause", "emotion", "department", "moment"); the fact keeps it as it came.
        fact_time: the latest of these is an import's as-of (never due, promised or end dates).
        personal: personal data; left out of walls, mails and, without the right to it, of screens.
        rule: the test that its values pass; `limit` one more, with a sentence of its own, of what
            cannot be true.
    """

    name: str
    type: Type
    meaning: str
    example: str
    required: bool = False
    default: str | float | None = None
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    coded: str | None = None
    fact_time: bool = False
    personal: bool = False
    rule: Rule | None = None
    limit: Rule | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.type))

    @cached_property
    def checks(self) -> tuple[Rule, ...]:
        """Every rule a present value must pass: the column's own and those of its type."""
        found: list[Rule] = []
        if self.values:
            found.append(OneOf(values=self.values))
        if self.type is Type.DATE:
            found.append(PLAUSIBLE_DATE)
        if self.type is Type.TIMESTAMP:
            found.append(PLAUSIBLE_TIME)
        if self.rule is not None:
            found.append(self.rule)
        if self.limit is not None:
            found.append(self.limit)
        return tuple(found)


@dataclass(frozen=True)
class TableRule:
    """A test over a whole row: Python, SQL and a sentence; `columns` are those it speaks of."""

    columns: tuple[str, ...]
    sentence: str
    test: Callable[[Mapping[str, object]], bool]
    sql: str


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key and what one row stands for."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[TableRule, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError(f"table {self.name} declares a column twice")
        missing = set(self.key) - set(names)
        if missing:
            raise ValueError(f"table {self.name} has key columns it does not declare: {missing}")

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Column names in declared order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns a row cannot do without."""
        return tuple(column.name for column in self.columns if column.required)

    @cached_property
    def fact_times(self) -> tuple[str, ...]:
        """Columns whose latest value is an import's as-of."""
        return tuple(column.name for column in self.columns if column.fact_time)
