"""One writer: transactions that wait for each other, and one number that grows with them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa

from kpi.store import Store, StoreProblem, open_store
from kpi.tables import table
from tests.store.loading import manifest, staged_feed

NEW_YEAR = date(2026, 1, 1)
POST = {"posted_at": datetime(2026, 3, 2), "text": "Outage again"}


def test_success_raises_the_data_version_and_failure_does_not(store: Store) -> None:
    version = store.data_version
    with store.write() as connection:
        connection.execute(table("access_log").insert(), {"access_id": 1})
    assert store.data_version == version + 1
    with pytest.raises(sa.exc.DBAPIError), store.write() as connection:
        connection.execute(table("access_log").insert(), [{"access_id": 2}, {"access_id": None}])
    assert store.data_version == version + 1
    assert len(store.rows(sa.select(table("access_log")))) == 1


def test_what_changes_no_number_leaves_the_version(store: Store) -> None:
    version = store.data_version
    with store.write_quietly() as connection:
        connection.execute(table("access_log").insert(), {"access_id": 1})
    assert store.data_version == version
    assert len(store.rows(sa.select(table("access_log")))) == 1


def test_the_version_is_kept_in_the_store(store: Store) -> None:
    store.set_property("kind", "demo")
    version = store.data_version
    store.close()
    with open_store(store.settings) as again:
        assert again.data_version == version
        assert again.properties()["kind"] == "demo"


def test_a_transaction_is_seen_whole_when_it_is_done(store: Store) -> None:
    log = sa.select(sa.func.count().label("n")).select_from(table("access_log"))
    with store.write() as connection:
        connection.execute(table("access_log").insert(), {"access_id": 1})
        assert store.rows(log) == [{"n": 0}]
    assert store.rows(log) == [{"n": 1}]


def test_writing_inside_writing_is_a_mistake_and_no_deadlock(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside write"), store.write(), store.write():
        pass
    with store.write():
        pass


def test_threads_that_load_and_configure_wait_for_each_other(store: Store) -> None:
    """Without one writer DuckDB refuses part of these with a conflict."""
    version = store.data_version

    def load(number: int) -> None:
        # All of them write the same row, so no two can be right at once.
        row = {"post_id": "1", **POST, "source": str(number)}
        store.import_staged(manifest(staged_feed(store.staging, "posts", [row])), "analyst")

    def configure(number: int) -> None:
        row = {"kpi": "avoidable", "process": "", "valid_from": NEW_YEAR, "value": number / 2}
        assert store.configure("targets", [row], "manager") == 1

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(job, n) for n in range(1, 13) for job in (load, configure)]
        for done in work:
            done.result(100)
    assert store.data_version == version + 24
    assert sorted(row["import_id"] for row in store.imports()) == list(range(1, 13))
    (post,) = store.rows(sa.select(table("posts")))
    assert post["import_id"] == 12
    assert len(store.rows(sa.select(table("posts_before")))) == 11
    log = store.change_log()
    assert [row["change_id"] for row in log] == list(range(12, 0, -1))
    # The log is a chain: what one change left is what the next one found.
    for later, earlier in pairwise(log):
        assert later["before"] == earlier["after"]


def test_a_writer_waits_for_the_one_before(store: Store) -> None:
    order = []
    inside = threading.Event()

    def slow() -> None:
        with store.write():
            inside.set()
            time.sleep(0.3)
            order.append("slow")

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(10)
    with store.write():
        order.append("next")
    thread.join()
    assert order == ["slow", "next"]


def test_a_full_memory_gets_a_sentence(settings) -> None:
    with open_store(replace(settings, memory_limit="60MB", threads=1)) as store:
        numbers = sa.select(
            sa.text("list(i || 'a text that takes room') FROM range(20000000) t(i)")
        )
        with pytest.raises(StoreProblem, match=r"memory of this machine|disk is full"):
            store.rows(numbers)
        assert store.rows(sa.select(table("cases"))) == []
