"""A process that is killed while it loads leaves whole imports and nothing half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi.settings import Settings
from kpi.store import Store, open_store
from kpi.tables import before, table

ROOT = Path(__file__).parents[2]
ROWS = 5_000
#: Loads one file after the other: each says something else of the same cases and adds one of its
#: own, and quarantines a row. Says on standard output which are done.
LOADER = textwrap.dedent(
    """
    import sys
    from kpi.settings import load_settings
    from kpi.store import open_store
    from tests.store.loading import case, manifest, staged_feed, staged_quarantine

    store = open_store(load_settings(sys.argv[1]))
    rows = int(sys.argv[2])
    print("open", flush=True)
    while True:
        number = len(store.imports()) + 1
        cases = [case(f"c{n}", reason=str(number)) for n in range(rows)]
        posts = [
            {"post_id": f"p{number}", "posted_at": cases[0]["opened_at"], "text": "t"}
        ]
        aside = staged_quarantine(
            store.staging, [{"feed": 0, "row_number": 1, "position": 0, "reason": "r"}]
        )
        feeds = (
            staged_feed(store.staging, "cases", cases, quarantined=1),
            staged_feed(store.staging, "posts", posts),
        )
        done = store.import_staged(manifest(*feeds, quarantine=aside), "loader")
        print(done.import_id, flush=True)
    """
)


def check(store: Store, acknowledged: int) -> int:
    """Everything agrees with the number of imports; gives that number."""

    def count(of: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count().label("n")).select_from(of).where(*where)
        number: int = store.rows(query)[0]["n"]
        return number

    loaded = len(store.imports())
    assert loaded >= acknowledged
    cases = table("cases")
    assert count(cases) == (ROWS if loaded else 0)
    assert count(cases, cases.c.import_id == loaded, cases.c.reason == str(loaded)) == count(cases)
    assert count(before("cases")) == max(loaded - 1, 0) * ROWS
    assert count(table("posts")) == loaded
    assert count(table("import_feeds")) == 2 * loaded
    assert count(table("quarantined")) == loaded
    assert count(table("prepared_cases")) == count(cases)
    # One for making the store, one for each import: the number was raised with it or not at all.
    assert store.data_version == 1 + loaded
    return loaded


@pytest.mark.slow
def test_a_load_that_is_killed_was_not_there_and_one_that_was_told_is(settings: Settings) -> None:
    chance = random.Random(20261122)
    kills, loaded, cut_off = 3, 0, 0
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", LOADER, settings.database_url, str(ROWS)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            began = time.monotonic()
            told = [process.stdout.readline()]
            took = time.monotonic() - began
            # Anywhere in one of the next two loads.
            time.sleep(chance.uniform(0, 2 * took))
            process.kill()
            told += process.stdout.readlines()
        acknowledged = max(int(line) for line in told if line.endswith("\n"))
        with open_store(settings, wait=30) as store:
            now = check(store, acknowledged)
            assert now > loaded
            cut_off += now == acknowledged
            loaded = now
    assert cut_off, "every kill fell between two loads: the test proves nothing"
    with open_store(settings) as store:
        for import_id in range(loaded, 0, -1):
            store.undo(import_id, "analyst")
        assert store.rows(sa.select(table("cases"))) == []
        assert store.rows(sa.select(before("cases"))) == []
