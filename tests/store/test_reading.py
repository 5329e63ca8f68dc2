"""What readers get, and that threads never get each other's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import numpy as np
import pytest
import sqlalchemy as sa

from kpi.store import Store
from kpi.tables import table
from tests.store.loading import case, day, manifest, staged_feed

CASES = table("cases")


def load(store: Store, rows: list[dict[str, object]], name: str = "cases") -> None:
    store.import_staged(manifest(staged_feed(store.staging, name, rows)), "analyst")


def test_columns_without_gaps_have_plain_types(store: Store) -> None:
    load(store, [case("1", line=1, reason="a"), case("2", line=2, reason="b")])
    query = sa.select(CASES.c.case_id, CASES.c.line, CASES.c.opened_at).order_by(CASES.c.case_id)
    found = store.columns(query)
    assert list(found) == ["case_id", "line", "opened_at"]
    assert found["case_id"].tolist() == ["1", "2"]
    assert found["line"].dtype == np.int64
    assert found["line"].tolist() == [1, 2]
    assert found["opened_at"].dtype == np.dtype("datetime64[us]")
    assert found["opened_at"].astype(object).tolist() == [datetime(2026, 3, 2, 9)] * 2
    assert not any(isinstance(values, np.ma.MaskedArray) for values in found.values())


def test_columns_with_gaps_say_so_in_the_way_of_their_type(store: Store) -> None:
    load(store, [case("1", line=1, reason="a", closed_at=datetime(2026, 3, 3)), case("2")])
    query = sa.select(CASES.c.line, CASES.c.reason, CASES.c.closed_at).order_by(CASES.c.case_id)
    found = store.columns(query)
    assert found["line"].dtype == np.float64
    assert np.isnan(found["line"]).tolist() == [False, True]
    assert found["reason"].tolist() == ["a", None]
    assert np.isnat(found["closed_at"]).tolist() == [False, True]
    rows = [
        {"customer_id": "1", "customer_since": day("2020-01-01"), "has_portal": True},
        {"customer_id": "2", "customer_since": day("2020-01-02"), "has_portal": None},
    ]
    load(store, rows, "customers")
    customers = table("customers")
    query = sa.select(
        customers.c.customer_since, customers.c.customer_until, customers.c.has_portal
    )
    found = store.columns(query.order_by(customers.c.customer_id))
    assert found["customer_since"].dtype == np.dtype("datetime64[D]")
    assert found["customer_since"].astype(object).tolist() == [date(2020, 1, 1), date(2020, 1, 2)]
    assert np.isnat(found["customer_until"]).all()
    assert found["has_portal"].tolist() == [True, None]


def test_columns_of_nothing_are_empty(store: Store) -> None:
    found = store.columns(sa.select(CASES.c.case_id, CASES.c.line))
    assert [len(values) for values in found.values()] == [0, 0]


def test_rows_hold_plain_numbers_not_decimals(store: Store) -> None:
    query = sa.select(
        sa.cast(sa.literal(2), sa.Numeric(10, 2)).label("whole"),
        sa.cast(sa.literal(2.5), sa.Numeric(10, 2)).label("part"),
        sa.func.sum(sa.literal(3)).label("sum"),
    )
    (row,) = store.rows(query)
    assert row == {"whole": 2, "part": 2.5, "sum": 3}
    assert {type(value) for value in row.values()} == {int, float}


POSTS = table("posts")


def post(post_id: str, source: int) -> dict[str, object]:
    return {
        "post_id": post_id,
        "posted_at": datetime(2026, 3, 2),
        "text": "Outage again",
        "source": str(source),
    }


def test_many_threads_read_while_one_writes(store: Store) -> None:
    """Each thread asks for rows of its own; every answer is its own and whole."""
    stop = threading.Event()
    size = 400
    load(store, [post(f"0-{n}", n % 8) for n in range(size)], "posts")

    def write() -> int:
        loaded = 1
        while not stop.is_set() and loaded < 6:
            load(store, [post(f"{loaded}-{n}", n % 8) for n in range(size)], "posts")
            loaded += 1
        return loaded

    def read(mine: int) -> int:
        asked = 0
        own = sa.select(POSTS.c.source, POSTS.c.post_id).where(POSTS.c.source == str(mine))
        while not done.is_set():
            found = store.columns(own) if asked % 2 else None
            found_sources = (
                found["source"].tolist()
                if found is not None
                else [row["source"] for row in store.rows(own)]
            )
            assert set(found_sources) == {str(mine)}
            # An import is seen whole or not at all.
            assert len(found_sources) % (size // 8) == 0
            asked += 1
        return asked

    done = threading.Event()
    with ThreadPoolExecutor(9) as pool:
        readers = [pool.submit(read, mine) for mine in range(8)]
        writer = pool.submit(write)
        try:
            loaded = writer.result(100)
        finally:
            stop.set()
            done.set()
        answers = [reader.result(30) for reader in readers]
    assert loaded == 6
    assert all(answers)
    count = sa.select(sa.func.count().label("n")).select_from(POSTS)
    assert store.rows(count) == [{"n": 6 * size}]


def test_a_query_that_fails_leaves_the_store_usable(store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        store.rows(sa.select(sa.text("no_such_column")).select_from(CASES))
    assert store.rows(sa.select(CASES)) == []
