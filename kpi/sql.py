"""What SQL engines say differently, said once: portable constructs and how each engine spells them.

Everything else is plain SQLAlchemy Core that DuckDB and PostgreSQL run alike. Timestamps are naive
UTC, days are local dates. Another engine costs one `@compiles` function per construct.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

Expression = ColumnElement[Any]

#: Days before and after all others, for spans without a beginning or an end.
BEGINNING = date(1, 1, 1)
END = date(9999, 12, 31)


class elapsed_seconds(FunctionElement[float]):  # noqa: N801 - used like a function of SQL
    """`elapsed_seconds(a, b)`: from moment a to moment b in seconds, with fractions."""

    type = sa.Double()
    inherit_cache = True
    name = "elapsed_seconds"


class add_seconds(FunctionElement[datetime]):  # noqa: N801
    """`add_seconds(moment, n)`: n seconds later (fractions are kept, n may be negative)."""

    type = sa.DateTime()
    inherit_cache = True
    name = "add_seconds"


class add_days(FunctionElement[date]):  # noqa: N801
    """`add_days(day, n)`: the date n days later; n is a whole number."""

    type = sa.Date()
    inherit_cache = True
    name = "add_days"


class first_known(GenericFunction[Any]):  # noqa: N801
    """`first_known(value, rank)`: of a group, the value that is not null with the lowest rank."""

    inherit_cache = True
    name = "first_known"

    def __init__(self, value: Expression, rank: Expression, **more: Any) -> None:
        super().__init__(value, rank, **more)
        self.type = value.type


class trimmed(FunctionElement[str]):  # noqa: N801
    """`trimmed(text)`: without the spaces around it, of whatever kind (Unicode's Zs)."""

    type = sa.Text()
    inherit_cache = True
    name = "trimmed"


class holds_text(FunctionElement[bool]):  # noqa: N801
    """`holds_text(text)`: whether there is more in it than spaces; null where it is null."""

    type = sa.Boolean()
    inherit_cache = True
    name = "holds_text"


class lowered(FunctionElement[str]):  # noqa: N801
    """`lowered(text)`: in lower case, also where letters carry accents."""

    type = sa.Text()
    inherit_cache = True
    name = "lowered"


def add_minutes(moment: Expression, minutes: Expression | int) -> add_seconds:
    """The moment `minutes` minutes later."""
    return add_seconds(moment, minutes * 60)


def the_day(day: date) -> Expression:
    """A date as a value that keeps its type where a statement takes no parameters."""
    return sa.cast(sa.literal(day.isoformat(), sa.Text()), sa.Date())


def part_of(moment: Expression, part: str) -> Expression:
    """A part of a day or moment as a whole number: "hour", "month", "isodow" (1 is Monday)."""
    return sa.cast(sa.extract(part, moment), sa.Integer())


def midnight(day: Expression) -> Expression:
    """The timestamp at the start of `day`, on the clock of `day`."""
    return sa.cast(day, sa.DateTime())


def day_of(moment: Expression) -> Expression:
    """The date of a timestamp, on the timestamp's own clock."""
    return sa.cast(moment, sa.Date())


def text_or_null(text: Expression) -> Expression:
    """`text` as it is, null when there is nothing in it but spaces."""
    return sa.case((holds_text(text), text))


def folded(text: Expression) -> Expression:
    """`text` as it is looked up in a dictionary: trimmed, lower case; null when empty."""
    return sa.func.nullif(lowered(trimmed(text)), "")


def yes(condition: Expression) -> Expression:
    """`condition`, with unknown taken for no."""
    return sa.func.coalesce(condition, sa.false())


def _parts(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> list[str]:
    return [compiler.process(part, **more) for part in element.clauses]


@compiles(elapsed_seconds, "duckdb")
def _elapsed_duckdb(element: elapsed_seconds, compiler: SQLCompiler, **more: Any) -> str:
    start, end = _parts(element, compiler, **more)
    return f"((epoch_us({end}) - epoch_us({start})) / 1e6)"


@compiles(elapsed_seconds, "postgresql")
def _elapsed_postgresql(element: elapsed_seconds, compiler: SQLCompiler, **more: Any) -> str:
    start, end = _parts(element, compiler, **more)
    return f"CAST(EXTRACT(EPOCH FROM ({end}) - ({start})) AS DOUBLE PRECISION)"


@compiles(add_seconds, "duckdb")
def _seconds_duckdb(element: add_seconds, compiler: SQLCompiler, **more: Any) -> str:
    moment, seconds = _parts(element, compiler, **more)
    return f"({moment} + to_microseconds(CAST(({seconds}) * 1e6 AS BIGINT)))"


@compiles(add_seconds, "postgresql")
def _seconds_postgresql(element: add_seconds, compiler: SQLCompiler, **more: Any) -> str:
    moment, seconds = _parts(element, compiler, **more)
    return f"({moment} + make_interval(secs => CAST({seconds} AS DOUBLE PRECISION)))"


@compiles(add_days, "duckdb")
@compiles(add_days, "postgresql")
def _days(element: add_days, compiler: SQLCompiler, **more: Any) -> str:
    day, days = _parts(element, compiler, **more)
    return f"({day} + CAST({days} AS INTEGER))"


@compiles(first_known, "duckdb")
def _first_duckdb(element: first_known, compiler: SQLCompiler, **more: Any) -> str:
    value, rank = _parts(element, compiler, **more)
    # arg_min passes over rows whose value is null.
    return f"arg_min({value}, {rank})"


@compiles(first_known, "postgresql")
def _first_postgresql(element: first_known, compiler: SQLCompiler, **more: Any) -> str:
    value, rank = _parts(element, compiler, **more)
    return f"(array_agg({value} ORDER BY {rank}) FILTER (WHERE {value} IS NOT NULL))[1]"


#: What DuckDB's trim takes off and PostgreSQL's does not, unless it is named: all of Zs.
_SPACES = r"U&' \00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\202F\205F\3000'"


@compiles(trimmed, "duckdb")
def _trimmed_duckdb(element: trimmed, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    return f"trim({text})"


@compiles(trimmed, "postgresql")
def _trimmed_postgresql(element: trimmed, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    return f"btrim({text}, {_SPACES})"


@compiles(holds_text, "duckdb")
def _holds_duckdb(element: holds_text, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    # Trimming is slow, and hardly any text begins with a space or with more than ASCII.
    return f"({text} BETWEEN '!' AND '~' OR trim({text}) != '')"


@compiles(holds_text, "postgresql")
def _holds_postgresql(element: holds_text, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    return f"(btrim({text}, {_SPACES}) != '')"


@compiles(lowered, "duckdb")
def _lowered_duckdb(element: lowered, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    return f"lower({text})"


@compiles(lowered, "postgresql")
def _lowered_postgresql(element: lowered, compiler: SQLCompiler, **more: Any) -> str:
    [text] = _parts(element, compiler, **more)
    # Text columns are kept in collation "C" (see `kpi.store.engines.postgresql`), and lower() goes
    # by the collation: in "C" it would leave É as it is.
    return f'lower(CAST({text} AS TEXT) COLLATE "und-x-icu")'
