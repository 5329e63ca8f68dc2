"""The usual questions are counted beforehand: then the first page has every number at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi import numbers
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Comparison, Filters
from kpi.measures import headlines
from kpi.numbers import answering, usual
from kpi.numbers.once import MOST
from kpi.periods import USUAL, presets
from kpi.query import spans
from kpi.settings import load_settings
from kpi.store import Store, open_store
from tests.numbers.test_engines import check

BY = ("process",)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("usual") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as made:
        plan = Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5)
        fill(made, plan, "test", lambda text: None)
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copyfile(template, tmp_path / "own.duckdb")
    with open_store(load_settings(f"duckdb:///{tmp_path / 'own.duckdb'}")) as made:
        yield made


def asked(store: Store, **where: list[str]) -> Filters:
    _since, until = numbers.default_period(store, [kpi.name for kpi in headlines()])
    span = presets(until)[USUAL]
    return Filters.of(span.since, span.until, **where)


def test_what_takes_long_is_quick_once_it_was_counted(store: Store) -> None:
    dear = {kpi.name for kpi in headlines() if kpi.kind in answering.DEAR}
    assert dear == {"lead_time", "churn_after"}
    names = ["within_norm", "lead_time", "avoidable"]
    filters = asked(store, channel=["phone"])
    assert not numbers.keep_usual_answers(store), "a small store needs nothing beforehand"
    assert not numbers.quickly(store, names, filters, BY)
    numbers.keep_daily_sums(store, least=0)
    assert set(numbers.quickly(store, names, filters, BY)) == set(names) - dear
    turns = 0
    while numbers.keep_usual_answers(store):
        turns += 1
    assert turns == 4 * (1 + len(store.configuration.channels(filters.until)))
    told = [kpi.name for kpi in headlines() if numbers.applies(kpi, BY, filters.where)]
    assert "lead_time" in told
    assert numbers.quickly(store, told, filters, BY) == told
    every = [kpi.name for kpi in headlines()]
    assert numbers.quickly(store, every, asked(store), BY) == every
    # Not what nobody asks as a rule, nor the same held against another period.
    assert dear.isdisjoint(numbers.quickly(store, names, asked(store, process=["fault"]), BY))
    since, until = filters.since, filters.until
    of_year = Filters.of(since, until, Comparison.YEAR, channel=["phone"])
    assert "lead_time" not in numbers.quickly(store, names, of_year, BY)


def test_what_was_counted_beforehand_is_counted_no_more_and_is_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers.keep_daily_sums(store, least=0)
    filters = asked(store)
    fresh = numbers.ask(store, ["lead_time", "churn_after"], filters, BY)
    while numbers.keep_usual_answers(store):
        pass

    def never(*_asked: object) -> None:
        raise AssertionError("counted again")

    with monkeypatch.context() as patch:
        patch.setattr(spans, "durations", never)
        kept = numbers.ask(store, ["lead_time", "churn_after"], filters, BY)
    check(kept, fresh, "lead_time")
    # Whoever changes the list that was given changes no other's.
    kept.clear()
    check(numbers.ask(store, ["lead_time", "churn_after"], filters, BY), fresh, "lead_time")


def test_other_data_are_counted_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers.keep_daily_sums(store, least=0)
    assert numbers.keep_usual_answers(store)
    filters = asked(store)
    assert "lead_time" in numbers.quickly(store, ["lead_time"], filters, BY)
    monkeypatch.setattr(Store, "state", property(lambda _self: "another"))
    assert "lead_time" not in numbers.quickly(store, ["lead_time"], filters, BY)
    assert numbers.keep_usual_answers(store)
    assert "lead_time" in numbers.quickly(store, ["lead_time"], filters, BY)


def test_all_usual_answers_fit(store: Store) -> None:
    """Else the first would be gone when the last is counted, and so on without end."""
    each = len(answering.DEAR) * 2
    questions = list(usual._usual(store))
    assert len(questions) * each + len(questions) / 4 * len(answering.DEAR) <= MOST
