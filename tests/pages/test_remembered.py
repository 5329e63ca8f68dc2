"""Answers kept in memory: found once, kept as many and as long as told, and never changed by a page."""

from __future__ import annotations

import copy
import threading
import time

import pytest

from pages.shared import data, remembered
from pages.shared.remembered import Remembered
from tests.pages import alone, walk


@pytest.fixture
def clock(monkeypatch):
    """The seconds that are told; a test turns them on."""
    now = [0.0]
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now[0])
    return now


def test_what_was_found_is_not_found_again():
    found = []
    kept = Remembered(most=5, seconds=60)
    for _time in range(3):
        assert kept.get(("a", 1), lambda: found.append(1) or "found") == "found"
    assert len(found) == 1
    assert ("a", 1) in kept
    assert ("a", 2) not in kept


def test_that_nothing_was_found_is_kept_too():
    found = []
    kept = Remembered(most=5, seconds=60)
    for _time in range(2):
        assert kept.get("a", lambda: found.append(1)) is None
    assert len(found) == 1


def test_those_asked_for_last_are_kept():
    kept = Remembered(most=2, seconds=60)
    kept.get("a", lambda: "a")
    kept.get("b", lambda: "b")
    kept.get("a", lambda: "not asked")
    kept.get("c", lambda: "c")
    assert [key in kept for key in "abc"] == [True, False, True]
    assert len(kept) == 2


def test_none_is_kept_for_longer_than_told(clock):
    kept = Remembered(most=5, seconds=60)
    kept.get("a", lambda: "early")
    clock[0] = 60
    assert kept.get("a", lambda: "late") == "early"
    clock[0] = 60.1
    assert "a" not in kept
    assert kept.get("a", lambda: "late") == "late"
    assert "a" in kept


def test_what_fails_is_not_kept_and_asked_again():
    kept = Remembered(most=5, seconds=60)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert "a" not in kept
    assert kept.get("a", lambda: 1) == 1


def test_who_asks_the_same_at_once_waits_and_others_do_not():
    kept = Remembered(most=5, seconds=60)
    begun, go_on = threading.Event(), threading.Event()
    found, given = [], []

    def find():
        found.append(1)
        begun.set()
        assert go_on.wait(30)
        return object()

    asking = [threading.Thread(target=lambda: given.append(kept.get("a", find))) for _ in range(6)]
    for one in asking:
        one.start()
    assert begun.wait(30)
    assert kept.get("b", lambda: "at once") == "at once"
    assert not given
    time.sleep(0.05)
    go_on.set()
    for one in asking:
        one.join(30)
    assert len(found) == 1
    assert len(given) == 6
    assert all(one is given[0] for one in given)
    assert not kept._finding


def test_no_page_changes_what_it_was_given(demo_shown, quiet_places, monkeypatch):
    """All pages share one answer: one that sorts or fills in what it was given would lie to the next."""
    told = []

    class Copying(Remembered):
        def get(self, key, find):
            found = super().get(key, find)
            told.append((key, found, copy.deepcopy(found)))
            return found

    monkeypatch.setattr(data, "_ANSWERS", Copying(most=100_000, seconds=3600))
    for module, query in [*walk.VISITS, *walk.FILTERED]:
        app = alone.run(module, lang="nl", since="2025-06-01", until="2025-08-31", **query)
        assert not app.exception, app.exception
    assert len(told) > 500
    changed = {key[0] for key, found, was in told if found != was}
    assert not changed
