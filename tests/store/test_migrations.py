"""From version 1 on, forward only, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kpi.schema import SCHEMA_VERSION, TABLES
from kpi.settings import Settings, load_settings
from kpi.store import Store, StoreProblem, open_store
from kpi.store.definitions import KEPT_TABLES, PREPARED_TABLES
from kpi.store.engines import open_engine
from kpi.store.migrations import STEPS, migrate, version_of
from kpi.tables import metadata, table

OLDEST = STEPS[:1]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sa.Engine]:
    """A database with nothing in it."""
    settings = load_settings(f"duckdb:///{tmp_path / 'empty.duckdb'}")
    engine = open_engine(settings, tmp_path)
    yield engine.sql
    engine.close()


def shape(connection: sa.Connection) -> dict[str, list[tuple[str, str, str]]]:
    """Per table its columns: name, type and whether they may be empty."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    query = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
    )
    for name, column, type_, nullable in connection.exec_driver_sql(query):
        found.setdefault(name, []).append((column, type_, nullable))
    return found


def declared(tables: Any, dialect: sa.Dialect) -> dict[str, list[tuple[str, str, str]]]:
    names = {"TEXT": "VARCHAR", "FLOAT": "DOUBLE", "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP"}

    def type_of(column: sa.Column[Any]) -> str:
        compiled = column.type.compile(dialect)
        return names.get(compiled, compiled.removesuffix(" PRECISION"))

    return {
        one.name: [(c.name, type_of(c), "YES" if c.nullable else "NO") for c in one.columns]
        for one in tables
    }


def test_there_is_a_step_for_every_version() -> None:
    assert len(STEPS) == SCHEMA_VERSION


def test_all_steps_together_give_the_tables_of_the_schema(empty: sa.Engine) -> None:
    with empty.begin() as connection:
        assert version_of(connection) == 0
        assert migrate(connection)
        assert version_of(connection) == SCHEMA_VERSION
        assert shape(connection) == declared(KEPT_TABLES, empty.dialect)
        assert not migrate(connection)


ROWS_OF_VERSION_1 = """
    INSERT INTO imports (import_id, file, hash, profile_hash, loaded_at, warnings)
        VALUES (1, 'zaken.csv', 'h', 'p', TIMESTAMP '2026-04-01', '[]');
    INSERT INTO import_feeds (import_id, feed, table_name, columns, as_of)
        VALUES (1, 0, 'cases', '["case_id", "opened_at", "status"]', TIMESTAMP '2026-03-31');
    INSERT INTO cases (case_id, opened_at, status, import_id)
        VALUES ('0001', TIMESTAMP '2026-03-02 09:00', 'open', 1);
    INSERT INTO targets (kpi, process, valid_from, value, retired)
        VALUES ('avoidable', '', DATE '2026-01-01', 12, false);
    INSERT INTO month_end_values (kpi, month, process, value, n)
        VALUES ('avoidable', '2026-02', '', 12.5, 800);
    INSERT INTO store (name, value) VALUES ('data_version', '41')
"""


def test_a_store_of_version_1_becomes_one_of_today(tmp_path: Path) -> None:
    """Made by the first step as it was written then, with rows in it; then opened as anybody would."""
    settings = load_settings(f"duckdb:///{tmp_path / 'old.duckdb'}")
    engine = open_engine(settings, tmp_path)
    with engine.sql.begin() as connection:
        migrate(connection, OLDEST)
        for statement in ROWS_OF_VERSION_1.split(";"):
            connection.exec_driver_sql(statement)
    engine.close()
    with open_store(settings) as store:
        assert store.data_version > 41
        (row,) = store.rows(sa.select(table("cases")))
        assert (row["case_id"], row["status"]) == ("0001", "open")
        assert store.as_of(["cases"]) is not None
        prepared = store.rows(sa.select(table("prepared_cases").c.case_id))
        assert prepared == [{"case_id": "0001"}]
        (kept,) = store.rows(sa.select(table("month_end_values")))
        assert (kept["value"], kept["n"]) == (12.5, 800)
        assert (kept["low"], kept["high"], kept["last_import"]) == (None, None, None)
        store.undo(1, "analyst")
        assert store.rows(sa.select(table("cases"))) == []


def add_column(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN mood TEXT")


def test_a_later_step_runs_once_and_keeps_the_rows(empty: sa.Engine) -> None:
    newer = (*STEPS, add_column)
    with empty.begin() as connection:
        migrate(connection)
        connection.execute(table("access_log").insert(), {"access_id": 1})
    with empty.begin() as connection:
        assert migrate(connection, newer)
    with empty.begin() as connection:
        assert not migrate(connection, newer)
        assert version_of(connection) == SCHEMA_VERSION + 1
        assert "mood" in [name for name, _, _ in shape(connection)["cases"]]
        assert len(connection.execute(sa.select(table("access_log"))).all()) == 1


def test_a_step_that_fails_leaves_the_store_as_it_was(empty: sa.Engine) -> None:
    def stumble(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SELECT no_such_column FROM cases")

    with empty.begin() as connection:
        migrate(connection)
        earlier = shape(connection)
    with pytest.raises(sa.exc.DBAPIError), empty.begin() as connection:
        migrate(connection, (*STEPS, add_column, stumble))
    with empty.begin() as connection:
        assert version_of(connection) == SCHEMA_VERSION
        assert shape(connection) == earlier
        assert migrate(connection, (*STEPS, add_column))


KILLED = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from kpi.settings import load_settings
    from kpi.store.engines import open_engine
    from kpi.store.migrations import STEPS, migrate

    def add(connection):
        connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN mood TEXT")

    def power_cut(connection):
        os.kill(os.getpid(), 9)

    engine = open_engine(load_settings(sys.argv[1]), Path(sys.argv[2]))
    with engine.sql.begin() as connection:
        migrate(connection, (*STEPS, add, power_cut))
    """
)


def test_a_migration_that_is_cut_off_heals(settings: Settings, tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, settings.database_url, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert killed.returncode == -9
    with open_store(settings) as store, store.write() as connection:
        assert version_of(connection) == SCHEMA_VERSION
        assert "mood" not in [name for name, _, _ in shape(connection)["cases"]]
        assert migrate(connection, (*STEPS, add_column))


def test_a_newer_store_is_refused_and_left_alone(settings: Settings, tmp_path: Path) -> None:
    engine = open_engine(settings, tmp_path)
    with engine.sql.begin() as connection:
        migrate(connection, (*STEPS, add_column))
    engine.close()
    with pytest.raises(StoreProblem, match="made by a newer version of Ketenzicht") as refused:
        open_store(settings)
    assert f"schema {SCHEMA_VERSION + 1}" in str(refused.value)
    # Nobody is left holding it.
    with pytest.raises(StoreProblem, match="newer version"):
        open_store(settings, wait=0)


def test_a_database_with_something_else_is_refused(tmp_path: Path) -> None:
    settings = load_settings(f"duckdb:///{tmp_path / 'other.duckdb'}")
    engine = open_engine(settings, tmp_path)
    with engine.sql.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE store (name TEXT, address TEXT)")
    engine.close()
    with pytest.raises(StoreProblem, match="something else than a store of Ketenzicht"):
        open_store(settings)


def test_prepared_tables_follow_their_declaration(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        found = shape(connection)
    assert found == declared(metadata.tables.values(), store._engine.sql.dialect)
    assert {one.name for one in PREPARED_TABLES} < set(TABLES)
    # As a program with another declaration would have left it.
    with store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE prepared_cases DROP COLUMN import_id")
        connection.exec_driver_sql("UPDATE store SET value = 'x' WHERE name = 'prepared_for'")
    version = store.data_version
    store.close()
    with open_store(store.settings) as again:
        assert again.data_version == version + 1
        assert again.rows(sa.select(table("prepared_cases"))) == []
