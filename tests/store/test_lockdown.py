"""What the database refuses once it is open."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from kpi.store import Store
from kpi.store.scratch import ScratchProblem, scratch


def forbidden(folder: Path) -> list[str]:
    """Statements that reach beyond the staging folder or loosen what was locked."""
    return [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_text('https://example.org/')",
        "SELECT * FROM 's3://bucket/file.parquet'",
        f"ATTACH '{folder}/other.duckdb' AS other",
        f"COPY (SELECT 1) TO '{folder}/out.csv'",
        f"EXPORT DATABASE '{folder}/export'",
        "COPY (SELECT 1) TO '/dev/stdout'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET threads = 1",
        "SET TimeZone = 'Europe/Amsterdam'",
        "SET memory_limit = '5GB'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "RESET allowed_directories",
        "PRAGMA threads = 4",
        "SELECT * FROM folder",
    ]


@pytest.mark.parametrize("number", range(len(forbidden(Path()))))
def test_an_open_store_refuses(store: Store, tmp_path: Path, number: int) -> None:
    statement = forbidden(tmp_path)[number]
    folder = pa.table({"a": [1]})  # a Python object that DuckDB must not find by its name
    with pytest.raises(sa.exc.DBAPIError) as refused, store.write() as connection:
        connection.exec_driver_sql(statement)
    assert refused.match(
        "(?i)disabled|locked|cannot access|not exist|not found|external extensions"
    ), statement
    assert folder.num_rows == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "store" not in path.name) == []


def test_reading_is_locked_down_as_writing_is(store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="disabled by configuration"):
        store.rows(sa.select(sa.text("* FROM read_text('/etc/passwd')")))


def test_the_staging_folder_is_open_to_the_store_and_to_nobody_else(store: Store) -> None:
    (store.staging / "deep").mkdir()
    file = store.staging / "deep" / "it's here.txt"
    file.write_text("a text")
    read = sa.text("* FROM read_text(:file)").bindparams(file=str(file))
    assert store.rows(sa.select(read))[0]["content"] == "a text"
    assert store.staging.stat().st_mode & 0o777 == 0o700


def test_a_way_around_by_a_link_or_dots_is_closed(store: Store) -> None:
    link = store.staging / "link"
    link.symlink_to("/etc/passwd")
    for path in (link, store.staging / ".." / ".." / "etc" / "passwd"):
        read = sa.text("* FROM read_text(:file)").bindparams(file=str(path))
        with pytest.raises(sa.exc.DBAPIError, match="disabled by configuration"):
            store.rows(sa.select(read))


def test_the_time_zone_is_utc(store: Store) -> None:
    zone = sa.select(sa.func.current_setting("TimeZone").label("zone"))
    assert store.rows(zone) == [{"zone": "UTC"}]


def test_scratch_sees_its_folders_only(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        folder.mkdir()
        (folder / "a.csv").write_text("a,b\n1,2\n")
    connection = scratch([mine])
    found = connection.execute("SELECT * FROM read_csv(?)", [str(mine / "a.csv")]).fetchall()
    assert found == [(1, 2)]
    for statement in (
        f"SELECT * FROM read_csv('{other}/a.csv')",
        f"COPY (SELECT 1) TO '{other}/b.csv'",
        "SET threads = 1",
        "INSTALL httpfs",
    ):
        with pytest.raises(ScratchProblem, match=r"disabled|locked|Cannot access"):
            connection.execute(statement)
