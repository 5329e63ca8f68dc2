"""Sums kept per day give the numbers that the rows give, or none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kpi import numbers
from kpi.access import EVERYTHING, SCREEN, Scope
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Filters
from kpi.measures import KPIS, asked_by_show
from kpi.model import NOT_CONFIGURED, Driver, Kind, Kpi, Moment, Result
from kpi.numbers import answering, by_day, daily_sums, held_sums
from kpi.numbers.questions import moment_of, question_of
from kpi.query import daily
from kpi.query.question import Question
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.tables import table
from tests.measures.world import load, world
from tests.numbers.test_engines import check

#: Filling a store takes longer than asking it.
pytestmark = pytest.mark.timeout(300)

#: Who is counted once is held apart: see test_hold.
SUMMED = [
    kpi for kpi in asked_by_show() if daily.can_be_kept(kpi) and kpi.kind is not Kind.DISTINCT
]
#: Whole, from before the data to after them, beyond as-of, and a part.
PERIODS = [
    Filters(date(2025, 3, 1), date(2025, 8, 31)),
    Filters(date(2023, 1, 1), date(2026, 12, 31)),
    Filters(date(2025, 9, 15), date(2025, 9, 30)),
    Filters(date(2027, 1, 1), date(2027, 1, 31)),
]
WHERE: list[dict[str, list[str]]] = [
    {},
    {"process": ["fault", ""]},
    {"channel": ["phone"], "process": ["request"]},
    {"reason": ["outage", "order_status"]},
    {"channel": ["no such channel"]},
]
BY = [
    (), ("process",), ("channel", "week"), ("process", "month"), ("day",), ("reason", "quarter"),
    ("department", "process"), ("cause",), ("week", "causing_department"), ("process", "channel"),
    ("segment",), ("weekday_hour",), ("process", "weekday_hour"), ("value_class", "reason"),
    ("transferred_to",), ("department", "causing_department"), ("reason", "cause", "week"),
]  # fmt: skip
SCOPES = [
    EVERYTHING,
    SCREEN,
    Scope(frozenset({"fault", "complaint"})),
    Scope(frozenset()),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("sums") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        plan = Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5)
        fill(store, plan, "test", lambda text: None)
        retire(store)
        assert numbers.keep_daily_sums(store, least=0) > 10
        assert numbers.hold_sums(store) > 5
        assert not numbers.hold_sums(store), "nothing changed"
        yield store


def retire(store: Store) -> None:
    """Two channels and two processes that a screen may not name: it tells them together."""
    for name, key, values in (
        ("channels", "channel", {"chat", "email"}),
        ("processes", "process", {"fault", "details"}),
    ):
        rows = [one for one in store.configuration.versions(name) if one[key] in values]
        assert store.configure(name, [{**one, "retired": True} for one in rows], "test") == 2


@pytest.fixture(params=["read", "held"])
def demo(filled: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Its sums read from the store, and those that are held answered from memory."""
    if request.param == "held":
        numbers.hold_sums(filled)
        assert held_sums.held(filled, filled.daily.now() or ())
    else:
        monkeypatch.setattr(daily_sums, "held", lambda _store, _now: None)
    return filled


class Used:
    """How many questions were answered from kept sums."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.answered = 0
        self.keep()

    def keep(self) -> None:
        def counted(store: Store, batch: list[Question]) -> object:
            found = daily_sums.from_kept(store, batch)
            self.answered += len(found)
            return found

        self._patch.setattr(answering, "from_kept", counted)

    def leave(self) -> None:
        self._patch.setattr(answering, "from_kept", lambda _store, _batch: {})


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    return Used(monkeypatch)


def both_ways(
    store: Store, used: Used, names: Sequence[str], filters: Filters, by: tuple[str, ...],
    scope: Scope = EVERYTHING, asked: Callable[..., list[Result]] = numbers.ask,
) -> int:  # fmt: skip
    """See that they are the same; gives how many questions the kept sums answered."""
    used.answered = 0
    used.keep()
    kept = numbers.ask(store, names, filters, by, scope)
    answered = used.answered
    used.leave()
    check(kept, asked(store, names, filters, by, scope), f"{by} {filters} {scope}")
    return answered


@pytest.fixture(scope="module")
def from_rows(filled: Store) -> Callable[..., list[Result]]:
    """What the rows say: sums that are read and sums that are held are seen against the same."""
    said: dict[tuple[Any, ...], list[Result]] = {}

    def asked(store: Store, names: Sequence[str], *more: Any) -> list[Result]:
        assert store is filled, "another one changes"
        question = (tuple(names), *more)
        if question not in said:
            said[question] = numbers.ask(store, names, *more)
        return said[question]

    return asked


@pytest.mark.parametrize("by", BY, ids=lambda by: " ".join(by) or "whole")
def test_every_kpi_is_the_same_from_kept_sums(
    demo: Store, used: Used, by: tuple[str, ...], from_rows: Callable[..., list[Result]]
) -> None:
    answered = set()
    for place, where in enumerate(WHERE):
        # Years of days would take longer than they tell.
        period = PERIODS[0 if "day" in by else (place + len(by)) % len(PERIODS)]
        filters = Filters.of(period.since, period.until, **where)
        names = [kpi.name for kpi in SUMMED if numbers.applies(kpi, by, filters.where)]
        if names:
            scope = SCOPES[place % len(SCOPES)]
            answered.add(both_ways(demo, used, names, filters, by, scope, from_rows))
    # Told apart by what nothing is kept by, it comes from the rows.
    assert max(answered) == 0 if "segment" in by else max(answered) > 0


@pytest.mark.parametrize(
    "by", [("process",), ("channel",), ("channel", "month", "process")], ids=str
)
@pytest.mark.parametrize("scope", [SCREEN, Scope(frozenset({"fault", "request"}), screen=True)])
def test_what_a_screen_may_not_name_is_told_together(
    demo: Store, used: Used, by: tuple[str, ...], scope: Scope
) -> None:
    names = [kpi.name for kpi in SUMMED if numbers.applies(kpi, by, ())]
    assert both_ways(demo, used, names, PERIODS[0], by, scope) > 10
    found = numbers.ask(demo, ["avoidable"], PERIODS[0], by, scope)
    assert any(NOT_CONFIGURED in one.by.values() for one in found)


@pytest.mark.parametrize("by", [(), ("process",), ("process", "month")], ids=str)
def test_periods_asked_in_one_go_are_the_same(
    demo: Store, used: Used, by: tuple[str, ...], from_rows: Callable[..., list[Result]]
) -> None:
    """One select brings the sums of all of them: of each its own days, and its own keys."""
    scope = Scope(frozenset({"fault", "complaint"}))
    for place, where in enumerate(WHERE):
        spans = [Filters.of(one.since, one.until, **where) for one in PERIODS]
        names = [kpi.name for kpi in SUMMED if numbers.applies(kpi, by, spans[0].where)]
        if place % 2:
            # Years apart or within one another, in any order.
            spans.reverse()
        used.answered = 0
        used.keep()
        kept = answering.ask_each(demo, [(names, span) for span in spans], by, scope)
        assert used.answered >= len(spans) * len(names) / 2
        used.leave()
        for span, found in zip(spans, kept, strict=True):
            check(found, from_rows(demo, names, span, by, scope), f"{by} {span}")


def test_every_kpi_that_can_be_is_answered(demo: Store, used: Used) -> None:
    names = [kpi.name for kpi in SUMMED]
    # Of a contact moment it is asked twice: together, and each moment apart.
    apart = [kpi for kpi in SUMMED if kpi.options.get("moments")]
    assert both_ways(demo, used, names, PERIODS[0], ()) == len(names) + len(apart) > len(names)


def test_what_is_led_to_is_kept_apart(demo: Store, used: Used) -> None:
    """What a driver names answers too; other dimensions are asked of the rows."""
    apart = [("within_norm", ("department",)), ("causer", ("cause", "causing_department"))]
    apart += [(name, by) for name in KPIS for by in KPIS[name].options.get("kept_by", ())]
    assert len(apart) > 12
    for name, by in apart:
        if by != ("moment",):
            assert both_ways(demo, used, [name], PERIODS[0], (*by, "month")) == 1, name
    assert both_ways(demo, used, ["avoidable"], PERIODS[0], ("segment",)) == 0


def test_a_driver_by_what_nothing_is_kept_by_is_left_to_the_rows(demo: Store) -> None:
    kpi = KPIS["within_norm"]
    at = moment_of(demo, kpi, PERIODS[0].until or date.max)
    other = replace(kpi, driver=Driver(("segment",)))
    made, usual = (daily.makings([(one, at)], demo.daily.spell) for one in (other, kpi))
    assert {("process", "channel", "department")} == {one.dimensions for one in usual} - {
        one.dimensions for one in made
    }


def test_customers_that_count_once_are_never_added_up(demo: Store) -> None:
    once = [kpi for kpi in KPIS.values() if kpi.kind is Kind.DISTINCT]
    assert once
    for kpi in once:
        names = [one.name for one in demo.daily.sums_of(kpi, Moment(demo.as_of(kpi.reads))) or ()]
        assert names
        assert not {"num", "den"} & set(names)
    assert not any(daily.can_be_kept(kpi) for kpi in KPIS.values() if kpi.kind is Kind.SURVIVAL)


def contacts(day: str, first: int, n: int) -> dict[str, list[dict[str, object]]]:
    return {
        "contacts": [
            {
                "contact_id": f"C-{first + place}",
                "customer_id": f"K-{first + place}",
                "started_at": f"{day} 10:00",
                "process": "fault",
                "channel": "phone",
                "direction": "in",
                "answered": True,
                "category": "unnecessary" if place % 2 else "valuable",
                "handle_s": 60.5 + place,
            }
            for place in range(n)
        ]
    }


AVOIDABLE = KPIS["avoidable"]
JUNE = Filters(date(2024, 6, 1), date(2024, 6, 30))


def test_a_load_and_an_undo_throw_away_what_they_touch(tmp_path, used: Used) -> None:
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.keep_daily_sums(store, least=0)
        assert numbers.keep_daily_sums(store, least=0) == 0
        assert both_ways(store, used, ["avoidable"], JUNE, ("process",)) == 1
        import_id = load(store, contacts("2024-06-04", 100, 7), "2024-06-21 12:00")
        assert both_ways(store, used, ["avoidable"], JUNE, ("process",)) == 0
        assert numbers.keep_daily_sums(store, least=0)
        assert both_ways(store, used, ["avoidable"], JUNE, ("process",)) == 1
        [found] = numbers.ask(store, ["avoidable"], JUNE)
        assert found.n == 19
        store.undo(import_id, "test")
        assert both_ways(store, used, ["avoidable"], JUNE, ("process",)) == 0
        numbers.keep_daily_sums(store, least=0)
        [found] = numbers.ask(store, ["avoidable"], JUNE)
        assert found.n == 12


def test_a_later_as_of_answers_from_the_rows(tmp_path, used: Used) -> None:
    """Surveys later than the contacts: as-of of what reads both is another, its rows are not."""
    norm = KPIS["first_contact_resolution"]
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        numbers.keep_daily_sums(store, least=0)
        assert both_ways(store, used, [norm.name], JUNE, ()) == 1
        load(store, contacts("2024-06-03", 0, 12), "2024-06-29 12:00")
        # No row came, so nothing was thrown away, and yet it is no longer that sum.
        kept = store.daily.now()
        assert kept
        assert any(one.source == norm.source for one in kept)
        assert both_ways(store, used, [norm.name], JUNE, ()) == 0


def test_configuration_throws_away_what_it_changes(tmp_path, used: Used) -> None:
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        numbers.keep_daily_sums(store, least=0)
        row = {"channel": "phone", "valid_from": date(2024, 1, 1), "unit_cost": 9.25}
        assert store.configure("channels", [row], "test")
        assert both_ways(store, used, ["avoidable_cost"], JUNE, ()) == 0
        [found] = numbers.ask(store, ["avoidable_cost"], JUNE)
        assert found.value == pytest.approx(6 * 9.25)


def test_small_sources_are_left(tmp_path) -> None:
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.keep_daily_sums(store) == 0
        assert store.daily.now() == ()


def test_another_declaration_is_another_sum(filled: Store) -> None:
    """Its name does not decide, but what it says."""
    [kept] = [
        one for one in filled.daily.now() or ()
        if one.source == "prepared_contacts" and one.dimensions == daily.NARROW
    ]  # fmt: skip
    at = moment_of(filled, AVOIDABLE, date(2025, 8, 31))
    other = Kpi(**{**vars(AVOIDABLE), "where": lambda c, _: c.inbound & ~c.answered})
    own, others = (filled.daily.sums_of(kpi, at) for kpi in (AVOIDABLE, other))
    assert own
    assert others
    assert {one.fingerprint for one in own} <= kept.slots.keys()
    assert not {one.fingerprint for one in others if one.name == "num"} & kept.slots.keys()


def test_what_is_thrown_away_between_looking_and_asking_is_no_answer(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that looked what is kept just before a load ended, and asks just after."""
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        numbers.keep_daily_sums(store, least=0)
        plain, loaded = store.columns, threading.Event()

        def columns(select: sa.Select) -> object:
            if not loaded.is_set():
                loaded.set()
                load(store, contacts("2024-06-04", 100, 7), "2024-06-21 12:00")
            return plain(select)

        monkeypatch.setattr(store, "columns", columns)
        [found] = numbers.ask(store, ["avoidable"], JUNE)
        assert loaded.is_set()
        assert found.n == 19


def test_nothing_is_kept_while_it_changes(filled: Store) -> None:
    before = filled.daily.now()
    assert before
    with filled.daily.changing():
        assert filled.daily.now() is None
    after = filled.daily.now()
    assert after == before
    assert after is not before


def test_sums_of_what_changed_meanwhile_are_not_made(filled: Store) -> None:
    rows = sa.select(sa.func.count().label("n")).select_from(table("daily_sums"))
    before = filled.rows(rows)
    assert not filled.keep_daily_sums(filled.data_version - 1, [])
    assert filled.rows(rows) == before


def test_what_is_held_answers_as_long_as_it_is_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = 0
    answer = held_sums.Held.answer

    def counted(held: held_sums.Held, question: Question, wanted: Sequence[daily.Sum]) -> object:
        nonlocal answered
        answered += 1
        return answer(held, question, wanted)

    monkeypatch.setattr(held_sums.Held, "answer", counted)

    def told(store: Store, *by: str) -> int:
        return sum(one.n for one in numbers.ask(store, ["avoidable"], JUNE, by))

    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.hold_sums(store) == 0, "nothing is kept yet"
        assert numbers.keep_daily_sums(store, least=0)
        assert told(store, "process") == 12
        assert answered == 0
        assert numbers.hold_sums(store)
        assert told(store, "process") == told(store) == 12
        assert answered == 2
        assert told(store, "reason") == 12
        assert answered == 3, "what is told apart by more is held too"
        import_id = load(store, contacts("2024-06-04", 100, 7), "2024-06-21 12:00")
        assert told(store, "process") == 19
        assert answered == 3, "what is held is of less than there is"
        numbers.keep_daily_sums(store, least=0)
        numbers.hold_sums(store)
        assert told(store, "process") == 19
        assert answered == 4
        store.undo(import_id, "test")
        assert told(store, "process") == 12
        assert answered == 4


def test_of_too_many_rows_none_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.keep_daily_sums(store, least=0)
        monkeypatch.setattr(held_sums, "MOST_ROWS", 0)
        numbers.hold_sums(store)
        held = held_sums.held(store, store.daily.now() or ()) or {}
        assert not [one for one in held.values() if one.kept.source == "prepared_contacts"]
        [found] = numbers.ask(store, ["avoidable"], JUNE)
        assert found.n == 12


def test_of_too_many_values_nothing_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read from the store, and what has few is held all the same."""
    with world(contacts("2024-06-03", 0, 12), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.keep_daily_sums(store, least=0)
        monkeypatch.setattr(by_day, "MOST_VALUES", 0)
        assert numbers.hold_sums(store) == 0
        [found] = numbers.ask(store, ["avoidable"], JUNE)
        assert found.n == 12


def test_centuries_take_no_longer_than_the_rows_in_them(filled: Store) -> None:
    numbers.hold_sums(filled)
    [kept] = [
        one for one in held_sums.held(filled, filled.daily.now() or ()).values()
        if one.kept.source == "prepared_contacts" and one.kept.dimensions == daily.NARROW
    ]  # fmt: skip
    long = Filters(date(1700, 1, 1), date(2300, 12, 31))
    for grain in ("day", "week", "quarter"):
        asked = question_of(filled, AVOIDABLE, long, ("process", grain))
        rows = kept.rows.rows(asked)
        _code, groups = kept.rows.groups(asked, rows)
        assert groups.possible <= 20 * 500
