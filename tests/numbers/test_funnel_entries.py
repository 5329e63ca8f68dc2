"""Entries held in memory give the funnels that the store gives, or none."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi import numbers
from kpi.access import EVERYTHING, SCREEN, Scope
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Filters
from kpi.numbers import funnel_entries, funnel_memory, funnels
from kpi.numbers.funnels import ask_funnel_entities
from kpi.results.keys import NEVER
from kpi.settings import load_settings
from kpi.store import Store, open_store
from tests.measures.world import load, world

#: Filling a store takes longer than asking it.
pytestmark = pytest.mark.timeout(300)

STEPS = ("home", "offer", "details", "confirm")
PERIODS = [
    Filters(date(2024, 5, 1), date(2024, 5, 31)),
    Filters(date(2024, 5, 10), date(2024, 5, 12)),
    Filters(date(2023, 1, 1), date(2025, 12, 31)),
    Filters(date(2031, 1, 1), date(2031, 1, 31)),
]
BY = [(), ("week",), ("month",), ("day",), ("quarter",)]


class Used:
    """How many funnels were answered from memory."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch, self.answered = patch, 0

    def keep(self) -> None:
        for name in ("counted_held", "latest_held"):
            self._patch.setattr(funnels, name, self._counting(getattr(funnel_entries, name)))

    def _counting(self, ask: Callable[..., object]) -> Callable[..., object]:
        def asked(*given: Any, **more: Any) -> object:
            found = ask(*given, **more)
            self.answered += found is not None
            return found

        return asked

    def leave(self) -> None:
        for name in ("counted_held", "latest_held"):
            self._patch.setattr(funnels, name, lambda *_args, **_more: None)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    return Used(monkeypatch)


def same(store: Store, used: Used, name: str, filters: Filters, **more: Any) -> int:
    """See that it is the same both ways; gives how many contacts there were."""
    used.answered = 0
    used.keep()
    held = numbers.ask_funnel(store, name, filters, **more)
    assert used.answered == 1
    used.leave()
    assert held == numbers.ask_funnel(store, name, filters, **more), f"{name} {filters} {more}"
    return sum(step.contacts or 0 for step in held)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("entries") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        plan = Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5)
        fill(store, plan, "test", lambda _text: None)
        assert funnels.hold_funnels(store, least=0) == len(funnels.funnels(store))
        assert not funnels.hold_funnels(store, least=0), "nothing changed"
        yield store


@pytest.mark.parametrize("by", BY, ids=str)
def test_the_funnels_of_the_demo(demo: Store, used: Used, by: tuple[str, ...]) -> None:
    spans = [(date(2024, 10, 1), date(2025, 9, 30)), (date(2025, 3, 31), date(2025, 6, 1))]
    contacts = 0
    for one in funnels.funnels(demo):
        for since, until in spans:
            contacts += same(demo, used, one.name, Filters(since, until), by=by)
    assert contacts > 20


def test_the_latest_are_the_last_of_all(demo: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever part they are looked for in first."""
    monkeypatch.setattr(funnel_memory, "_LATEST", 3)
    chance = random.Random(1)
    looked = further = 0
    for _state, held in funnel_entries._held[demo].values():
        assert held is not None
        last = len(held.previous)
        for _turn in range(200):
            low, begin, end, high = sorted(chance.choices(range(last + 1), k=4))
            place, lost = chance.randrange(len(held.steps)), chance.random() < 0.5
            most = chance.choice((0, 1, 2, 7, last))
            every = held.passed(low, high)[place]
            if lost and place + 1 == len(held.steps):
                every = every[:0]
            elif lost:
                every = every[held.steps[place + 1][every] == NEVER]
            every = every[(every >= begin) & (every < end)]
            expected = every[-most:] if most else every[:0]
            found = held.latest(low, begin, end, place, lost=lost, most=most)
            assert found.tolist() == expected.tolist()
            looked += len(found)
            further += end - begin > 8 * most > 0 and len(found) < most
    assert looked > 1000
    assert further > 10, "more than one part was looked through"


def taken(chance: random.Random, entity: str) -> list[dict[str, Any]]:
    """Steps in any order, more than once, at moments that others have too."""
    return [
        {
            "entity_id": entity,
            "funnel": "order",
            "step": chance.choice(STEPS),
            "at": moment(chance),
            "customer_id": chance.choice((None, None, "a", "b", "c", "nobody")),
        }
        for _step in range(chance.randrange(1, 9))
    ]


def moment(chance: random.Random) -> str:
    day = date(2024, 4, 20) + timedelta(days=chance.randrange(50))
    return f"{day} {chance.choice((0, 0, 10, 22, 23)):02d}:{chance.choice((0, 0, 30, 59)):02d}"


def of_chance(seed: int) -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(seed)
    return {
        "customers": [{"customer_id": name, "customer_since": "2023-01-01"} for name in "abc"],
        "web_events": [event for n in range(14) for event in taken(chance, f"s{n}")],
        "contacts": [
            {
                "contact_id": f"C-{n}",
                "customer_id": chance.choice((None, "a", "b", "c", "d")),
                "case_id": chance.choice((None, "Z-1", "Z-2", "Z-3")),
                "started_at": moment(chance),
                "process": "request",
                "direction": chance.choice(("in", "in", "out")),
                "channel": "phone",
            }
            for n in range(60)
        ],
        "cases": [
            {"case_id": f"Z-{n}", "process": "request", "opened_at": moment(chance), "status": "open", "opened_channel": "phone", "customer_id": "a"}
            for n in range(1, 4)
        ],
        "chain_events": [
            {
                "event_id": f"E-{n}",
                "case_id": chance.choice(("Z-1", "Z-2", "Z-3")),
                "kind": "moment",
                "value": chance.choice(STEPS),
                "occurred_at": moment(chance),
            }
            for n in range(40)
        ],
    }  # fmt: skip


def held(store: Store, *windows: timedelta) -> Iterator[tuple[str, dict[str, Any]]]:
    """Hold a funnel of each kind with each window; gives its name and how else it is asked."""
    kinds = (("web", "order"), ("case", "request"), ("customer", "request"))
    for (entity, name), window in itertools.product(kinds, windows):
        question = funnels._question(store, name, PERIODS[0], STEPS, entity, window, (), EVERYTHING)
        assert question is not None
        assert funnel_entries.hold_entries(store, question, least=0)
        yield name, {"steps": STEPS, "entity": entity, "window": window}


def same_lists(store: Store, used: Used, name: str, filters: Filters, **more: Any) -> int:
    """See that the same entities are listed both ways; gives how many lists had any."""
    found = 0
    for step, lost, most, entered in itertools.product(
        STEPS, (False, True), (1, 3), ("", "2024-W20")
    ):
        asked = {"lost": lost, "most": most, "entered": entered, **more}
        used.answered = 0
        used.keep()
        held = ask_funnel_entities(store, name, filters, step, **asked)
        assert used.answered == 1
        used.leave()
        assert held == ask_funnel_entities(store, name, filters, step, **asked), asked
        found += bool(held)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_the_latest_that_are_listed(tmp_path: Path, used: Used, seed: int) -> None:
    found = 0
    with world(of_chance(seed + 10), "2024-06-20 12:00", tmp_path) as store:
        for name, more in held(store, timedelta(days=10)):
            for filters in PERIODS:
                found += same_lists(store, used, name, filters, **more)
    assert found > 50


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_taken_in_whatever_order(tmp_path: Path, used: Used, seed: int) -> None:
    contacts = 0
    with world(of_chance(seed), "2024-06-20 12:00", tmp_path) as store:
        for name, more in held(store, timedelta(days=14), timedelta(days=3.5)):
            for by in BY:
                for filters in PERIODS:
                    contacts += same(store, used, name, filters, by=by, **more)
    assert contacts > 100


def test_what_is_kept_to_something_comes_from_the_store(demo: Store, used: Used) -> None:
    [name] = [one.name for one in funnels.funnels(demo) if one.name == "order"]
    year = Filters.of(date(2024, 10, 1), date(2025, 9, 30))
    used.keep()
    for filters, by, scope in (
        (year.keeping("has_portal", ["yes"]), (), SCREEN),
        (year, ("segment",), SCREEN),
        (year, (), Scope(frozenset({"request"}))),
    ):
        assert numbers.ask_funnel(demo, name, filters, by=by, scope=scope)[0].entities
    assert not used.answered


def test_what_was_held_before_a_change_answers_nothing(tmp_path: Path, used: Used) -> None:
    used.keep()
    tables = of_chance(1)
    with world(tables, "2024-06-20 12:00", tmp_path) as store:
        assert funnels.hold_funnels(store, least=0)
        before = numbers.ask_funnel(store, "order", PERIODS[0])
        assert used.answered == 1
        event = {
            **tables["web_events"][0],
            "entity_id": "new",
            "at": "2024-05-20 10:00",
            "step": "home",
        }
        load(store, {"web_events": [event]}, "2024-06-21 12:00")
        after = numbers.ask_funnel(store, "order", PERIODS[0])
        assert used.answered == 1, "there are more events now"
        assert after[0].entities == before[0].entities + 1
        assert funnels.hold_funnels(store, least=0)
        assert numbers.ask_funnel(store, "order", PERIODS[0]) == after
        assert used.answered == 2
        assert numbers.ask_funnel(store, "order", PERIODS[0], scope=SCREEN) == after
        assert used.answered == 3, "a screen sees no more of it, and no less"


def test_entries_of_a_funnel_that_is_another_now_are_let_go(tmp_path: Path) -> None:
    with world(of_chance(3), "2024-06-20 12:00", tmp_path) as store:
        assert funnels.hold_funnels(store, least=0) == len(funnel_entries._held[store])
        own = [one for one in store.configuration.versions("funnels") if one["funnel"] == "order"]
        assert store.configure("funnels", [{**one, "window_days": 3} for one in own], "test")
        assert funnels.hold_funnels(store, least=0) == 1
        assert len(funnel_entries._held[store]) == len(funnels.funnels(store))


def test_of_few_events_and_of_too_many_nothing_is_held(tmp_path: Path) -> None:
    with world(of_chance(2), "2024-06-20 12:00", tmp_path) as store:
        assert not funnels.hold_funnels(store)
    other = tmp_path / "other"
    other.mkdir()
    with world(of_chance(2), "2024-06-20 12:00", other) as store:
        assert not funnels.hold_funnels(store, least=0, most=3)


def test_who_came_in_while_it_was_listed_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory says when the latest came in; a load before the select makes others the latest."""
    with world(of_chance(1), "2024-06-20 12:00", tmp_path) as store:
        assert funnels.hold_funnels(store, least=0)
        latest = funnel_entries.latest_held

        def then_loaded(*given: Any, **more: Any) -> object:
            found = latest(*given, **more)
            event = {
                "entity_id": "new",
                "funnel": "order",
                "step": "home",
                "at": "2024-05-31 21:00",
            }
            load(store, {"web_events": [event]}, "2024-06-21 12:00")
            return found

        monkeypatch.setattr(funnels, "latest_held", then_loaded)
        [one] = ask_funnel_entities(store, "order", PERIODS[0], "home", most=1)
        assert one.entity == "new"
