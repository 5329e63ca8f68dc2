"""What engines say differently: compiled for each, and run where the engine is here."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from duckdb_sqlalchemy import Dialect as DuckDB
from sqlalchemy.dialects import postgresql

from kpi.sql import (
    add_days,
    add_minutes,
    add_seconds,
    day_of,
    elapsed_seconds,
    first_known,
    folded,
    midnight,
    text_or_null,
    the_day,
    yes,
)

MOMENT = datetime(2026, 3, 29, 1, 30, 15, 250_000)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """The value of an expression, as DuckDB gives it."""
    path = tmp_path_factory.mktemp("sql") / "sql.duckdb"
    engine = sa.create_engine(f"duckdb:///{path}", poolclass=sa.NullPool)

    def value_of(expression):
        with engine.connect() as connection:
            return connection.execute(sa.select(expression)).scalar()

    return value_of


def at(moment):
    return sa.literal(moment, sa.DateTime())


def text(value):
    return sa.literal(value, sa.Text())


def test_elapsed_seconds(ask):
    later = datetime(2026, 3, 30, 1, 30, 16)
    assert ask(elapsed_seconds(at(MOMENT), at(later))) == 86_400.75
    assert ask(elapsed_seconds(at(later), at(MOMENT))) == -86_400.75
    assert isinstance(ask(elapsed_seconds(at(MOMENT), at(MOMENT))), float)
    assert ask(elapsed_seconds(sa.cast(sa.null(), sa.DateTime()), at(MOMENT))) is None


@pytest.mark.parametrize(
    ("seconds", "later"),
    [
        (90, datetime(2026, 3, 29, 1, 31, 45, 250_000)),
        (-0.25, datetime(2026, 3, 29, 1, 30, 15)),
        # More seconds than 32 bits hold microseconds of, or even seconds.
        (3_000_000_000, datetime(2121, 4, 22, 6, 50, 15, 250_000)),
    ],
)
def test_add_seconds(ask, seconds, later):
    assert ask(add_seconds(at(MOMENT), sa.literal(seconds))) == later


def test_add_minutes_and_days(ask):
    assert ask(add_minutes(at(MOMENT), sa.literal(-91))) == datetime(
        2026, 3, 28, 23, 59, 15, 250_000
    )
    assert ask(add_minutes(at(MOMENT), 30)) == datetime(2026, 3, 29, 2, 0, 15, 250_000)
    assert ask(add_days(the_day(date(2024, 2, 28)), sa.literal(2))) == date(2024, 3, 1)


def test_midnight_and_day(ask):
    assert ask(day_of(at(MOMENT))) == date(2026, 3, 29)
    assert ask(midnight(the_day(date(2026, 3, 29)))) == datetime(2026, 3, 29)


@pytest.mark.parametrize(
    ("value", "kept", "looked_up"),
    [(" In Behandeling ", " In Behandeling ", "in behandeling"), ("  ", None, None), ("", None, None), (None, None, None)],
)  # fmt: skip
def test_texts(ask, value, kept, looked_up):
    assert ask(text_or_null(text(value))) == kept
    assert ask(folded(text(value))) == looked_up


def test_yes(ask):
    assert ask(yes(sa.true())) is True
    assert ask(yes(sa.false())) is False
    assert ask(yes(sa.null())) is False


def test_first_known(ask):
    rows = (
        sa.values(sa.column("value", sa.Text()), sa.column("rank", sa.Integer()), name="rows_")
        .data([(None, 1), ("second", 2), ("third", 3)])
        .alias("rows_")
    )
    first = sa.select(first_known(rows.c.value, rows.c.rank)).scalar_subquery()
    assert ask(first) == "second"
    nothing = sa.select(first_known(rows.c.value, rows.c.rank)).where(rows.c.rank == 1)
    assert ask(nothing.scalar_subquery()) is None


COLUMNS = sa.table("t", sa.column("a", sa.DateTime()), sa.column("b", sa.DateTime()),
                   sa.column("n", sa.Integer()), sa.column("x", sa.Text())).c  # fmt: skip
SPELLED = {
    elapsed_seconds(COLUMNS.a, COLUMNS.b): (
        "((epoch_us(t.b) - epoch_us(t.a)) / 1e6)",
        "CAST(EXTRACT(EPOCH FROM (t.b) - (t.a)) AS DOUBLE PRECISION)",
    ),
    add_seconds(COLUMNS.a, COLUMNS.n): (
        "(t.a + to_microseconds(CAST((t.n) * 1e6 AS BIGINT)))",
        "(t.a + make_interval(secs => CAST(t.n AS DOUBLE PRECISION)))",
    ),
    first_known(COLUMNS.x, COLUMNS.n): (
        "arg_min(t.x, t.n)",
        "(array_agg(t.x ORDER BY t.n) FILTER (WHERE t.x IS NOT NULL))[1]",
    ),
}


@pytest.mark.parametrize("expression", SPELLED, ids=lambda expression: expression.name)
def test_spelled_per_engine(expression):
    in_duckdb, in_postgresql = SPELLED[expression]
    assert str(expression.compile(dialect=DuckDB())) == in_duckdb
    assert str(expression.compile(dialect=postgresql.dialect())) == in_postgresql


def test_an_engine_without_a_spelling_is_refused():
    with pytest.raises(sa.exc.UnsupportedCompilationError):
        str(
            elapsed_seconds(COLUMNS.a, COLUMNS.b).compile(
                dialect=sa.create_engine("sqlite://").dialect
            )
        )
