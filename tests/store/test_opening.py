"""Opening a store: made on first use, in one hand at a time, quickly, and closed to others."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi.settings import Settings, load_settings
from kpi.store import Busy, Store, StoreProblem, open_store
from kpi.store import migrations as steps
from kpi.store.opening import default_configuration
from kpi.tables import table
from tests.store.loading import case, manifest, staged_feed

ROOT = Path(__file__).parents[2]
HOLDER = textwrap.dedent(
    """
    import sys, time
    from kpi.settings import load_settings
    from kpi.store import open_store
    store = open_store(load_settings(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.read()
    store.close()
    """
)


def test_a_store_is_made_on_first_use_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "k.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        assert path.is_file()
        assert store.imports() == []
        today = date(2026, 3, 2)
        assert [row["process"] for row in store.configuration.processes(today)] == [
            "request",
            "information",
            "details",
            "fault",
            "complaint",
            "cancellation",
        ]
        # What a new store starts with is no change by anybody.
        assert store.change_log() == []
        assert len(store.properties()["key"]) == 64
    assert (path.parent.stat().st_mode & 0o077) == 0


def test_what_lies_in_a_store_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with open_store(load_settings(f"duckdb:///{tmp_path / 'k.duckdb'}")) as store:
            store.set_property("kind", "demo")
            files = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert {path.name for path in files} >= {"k.duckdb", "k.duckdb.lock", "k.duckdb.wal"}
            for path in tmp_path.rglob("*"):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    finally:
        os.umask(before)


def test_opening_what_needs_nothing_is_quick_and_changes_nothing(settings: Settings) -> None:
    open_store(settings).close()
    version = None
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        store = open_store(settings)
        taken.append(time.perf_counter() - began)
        assert version in {None, store.data_version}
        version = store.data_version
        store.close()
    assert min(taken) < 0.3


def test_the_staging_folder_is_emptied(settings: Settings) -> None:
    with open_store(settings) as store:
        (store.staging / "deep").mkdir()
        (store.staging / "deep" / "left.parquet").write_text("left by a crash")
    with open_store(settings) as store:
        assert list(store.staging.iterdir()) == []


def test_a_second_opening_waits_and_says_busy(store: Store) -> None:
    began = time.monotonic()
    with pytest.raises(Busy, match="Another command is using the store"):
        open_store(store.settings, wait=0.2)
    assert 0.2 <= time.monotonic() - began < 5


def test_who_waits_gets_the_store_when_it_is_free(store: Store) -> None:
    found: list[Store] = []
    thread = threading.Thread(target=lambda: found.append(open_store(store.settings)))
    thread.start()
    time.sleep(0.2)
    assert not found
    store.close()
    thread.join(20)
    found[0].close()


def test_another_process_waits_too_and_a_killed_one_leaves_no_obstacle(settings: Settings) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(Busy):
            open_store(settings, wait=0.1)
        holder.kill()
        holder.wait(20)
    assert settings.database_path is not None
    assert settings.database_path.with_name("store.duckdb.lock").exists()
    open_store(settings, wait=20).close()


def test_a_stranger_that_holds_the_file_gets_a_sentence(settings: Settings) -> None:
    stranger = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()",
            str(settings.database_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with stranger:
        assert stranger.stdout is not None
        assert stranger.stdout.readline() == b"1\n"
        with pytest.raises(StoreProblem, match=r"Another program has .* open"):
            open_store(settings)
        stranger.kill()
    open_store(settings).close()


def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "k.duckdb").write_text("case_id;opened_at\n" * 1000)
    with pytest.raises(StoreProblem, match=r"k\.duckdb cannot be opened"):
        open_store(load_settings(f"duckdb:///{tmp_path / 'k.duckdb'}"))


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem, match="cannot be written"):
        open_store(load_settings(f"duckdb:///{tmp_path / 'file' / 'k.duckdb'}"))


def test_settings_that_the_database_refuses_get_a_sentence(settings: Settings) -> None:
    with pytest.raises(StoreProblem, match="with these settings"):
        open_store(replace(settings, memory_limit="much"))
    open_store(settings, wait=0).close()


def test_another_time_zone_prepares_the_numbers_anew(settings: Settings) -> None:
    day = sa.select(table("prepared_cases").c.opened_day)
    with open_store(settings) as store:
        rows = [case("1", datetime(2026, 3, 2, 23, 30))]
        store.import_staged(manifest(staged_feed(store.staging, "cases", rows)), "analyst")
        version = store.data_version
        assert store.rows(day) == [{"opened_day": date(2026, 3, 3)}]
    with open_store(replace(settings, time_zone="UTC")) as store:
        assert store.rows(day) == [{"opened_day": date(2026, 3, 2)}]
        assert store.data_version == version + 1


def test_the_defaults_keep_their_word() -> None:
    """data/defaults.toml against the reference: six processes, two days, samples that say so."""
    defaults = default_configuration()
    assert {row["norm"] for row in defaults["processes"]} == {2}
    assert {row["norm_unit"] for row in defaults["processes"]} == {"working_days"}
    processes = {row["process"] for row in defaults["processes"]}
    assert len(processes) == 6
    assert {row["process"] for row in defaults["moments"]} == processes
    phases = {process: set() for process in processes}
    for row in defaults["moments"]:
        phases[row["process"]].add(row["phase"])
    assert all(found == {"promise", "deliver", "settle"} for found in phases.values())
    causes = {row["cause"] for row in defaults["causes"]}
    departments = {row["department"] for row in defaults["departments"]}
    assert {row["department"] for row in defaults["causes"] if "department" in row} <= departments
    assert {row["cause"] for row in defaults["reasons"] if "cause" in row} <= causes
    reasons = {row["reason"] for row in defaults["reasons"]}
    assert {row["reason"] for row in defaults["channel_strategy"]} <= reasons
    channels = {row["channel"] for row in defaults["channels"]}
    for row in defaults["channel_strategy"]:
        named = ",".join(row[how] for how in ("preferred", "supporting", "discouraged"))
        assert {one.strip() for one in named.split(",")} - {""} <= channels
    assert all(row["unit_cost_sample"] for row in defaults["channels"] if "unit_cost" in row)
    calendars = {row["calendar"] for row in defaults["calendars"]}
    assert {row["calendar"] for row in defaults["processes"]} | {"opening"} <= calendars
    assert steps.VERSION not in defaults
