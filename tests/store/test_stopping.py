"""Stopping a load while a statement runs: it is heard soon, and the store is as it was."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from kpi.staged import Manifest
from kpi.store import Store
from kpi.store import store as store_module
from kpi.store.problems import Stopped
from kpi.tables import metadata
from tests.store.loading import manifest, post, staged_feed

#: Would run for hours.
ENDLESS = "SELECT sum(hash(range)) FROM range(10000000000000)"


def everything(store: Store) -> dict[str, list[str]]:
    return {
        name: sorted(map(str, store.rows(sa.select(one)))) for name, one in metadata.tables.items()
    }


def posts(store: Store, first: int, text: str) -> Manifest:
    rows = [post(str(at), source=text) for at in range(first, first + 20)]
    return manifest(staged_feed(store.staging, "posts", rows), content=text)


@pytest.mark.parametrize("during", ["the merge", "the preparation"])
def test_a_stop_is_heard_in_the_middle_of_a_statement(
    store: Store, monkeypatch: pytest.MonkeyPatch, during: str
) -> None:
    store.import_staged(posts(store, 0, "before"), "analyst")
    was, version = everything(store), store.data_version
    stop = threading.Event()
    place = (
        (store_module.imports.readings, "keep")
        if during == "the merge"
        else (store_module, "prepare")
    )

    def endless(connection: sa.Connection, *_more: object, **_named: object) -> None:
        stop.set()
        connection.exec_driver_sql(ENDLESS)

    with monkeypatch.context() as patched:
        patched.setattr(*place, endless)
        with pytest.raises(Stopped):
            # Half of the rows are changed, half are new.
            store.import_staged(posts(store, 10, "after"), "analyst", cancel=stop.is_set)
    assert everything(store) == was
    assert store.data_version == version
    report = store.import_staged(posts(store, 10, "after"), "analyst", cancel=lambda: False)
    assert (report.counts.accepted, report.counts.updated) == (10, 10)


def test_a_stop_that_comes_when_all_is_done_is_still_a_stop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = threading.Event()
    stop = threading.Event()

    def asked() -> bool:
        if stop.is_set():
            heard.set()
        return stop.is_set()

    def waits(*_given: object, **_named: object) -> None:
        stop.set()
        assert heard.wait(60)

    monkeypatch.setattr(store_module, "prepare", waits)
    with pytest.raises(Stopped):
        store.import_staged(posts(store, 0, "late"), "analyst", cancel=asked)
    assert store.imports() == []
