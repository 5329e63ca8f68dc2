"""Rows held in memory give the numbers that the store gives, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import numbers
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Kind, Moment
from kpi.numbers.answering import ask_each
from kpi.numbers.desk import curves, due
from kpi.numbers.funnels import funnels
from kpi.numbers.hold import EVERY
from kpi.numbers.memory import InMemory
from kpi.query.question import Question
from kpi.settings import load_settings
from kpi.store import Store, open_store
from tests.measures.world import load, world
from tests.numbers.test_daily_sums import PERIODS, SCOPES, retire
from tests.numbers.test_engines import check

#: Filling a store takes longer than asking it.
pytestmark = pytest.mark.timeout(300)

WHERE: list[dict[str, list[str]]] = [
    {},
    {"process": ["fault", ""]},
    {"channel": ["phone"], "process": ["request"]},
    {"channel": ["no such channel"]},
    {"channel": [""]},
]
BY = [(), ("process",), ("channel", "week"), ("process", "month"), ("day",), ("quarter", "process")]
LEAD_TIME = "lead_time"
NAMES = [one.kpi.name for one in EVERY]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("lengths") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        fill(store, Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5), "test", _quiet)
        retire(store)
        # Who is counted once is held beside sums.
        assert numbers.keep_daily_sums(store, least=0)
        # The open cases of an owner's desk beside what is asked by KPI.
        assert numbers.hold(store, least=0) == len(EVERY) + 1 + len(funnels(store))
        assert not numbers.hold(store, least=0), "nothing changed"
        yield store


def _quiet(_text: str) -> None:
    pass


class Used:
    """How often what is held answered."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch, self.answered = patch, 0
        self._of = InMemory.of

    def keep(self) -> None:
        def counted(one: InMemory[Any], store: Store, question: Question) -> object:
            found = self._of(one, store, question)
            self.answered += found is not None and found.rows.tells(question)
            return found

        self._patch.setattr(InMemory, "of", counted)

    def leave(self) -> None:
        self._patch.setattr(InMemory, "of", lambda _one, _store, _question: None)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    return Used(monkeypatch)


@pytest.mark.parametrize(
    ("by", "name"),
    [(by, name) for by in BY for name in NAMES if numbers.applies(KPIS[name], by, ())],
    ids=lambda one: one if isinstance(one, str) else " ".join(one) or "whole",
)
def test_it_is_the_same_from_what_is_held(
    demo: Store, used: Used, by: tuple[str, ...], name: str
) -> None:
    some = 0
    for where in WHERE:
        if not numbers.applies(KPIS[name], by, Filters.of(**where).where):
            continue
        for scope in SCOPES:
            # Years of days would take longer than they tell.
            spans = [Filters.of(one.since, one.until, **where) for one in PERIODS]
            asked = [([name], span) for span in (spans[::3] if "day" in by else spans)]
            used.answered = 0
            used.keep()
            kept = ask_each(demo, asked, by, scope)
            # Of some nothing is asked that as-of has not reached.
            assert used.answered >= sum(any(one.n for one in found) for found in kept)
            used.leave()
            for (names, span), found in zip(asked, kept, strict=True):
                check(found, numbers.ask(demo, names, span, by, scope), f"{by} {span} {scope}")
                some += sum(one.n for one in found)
    assert some > (20 if name == "backlog" else 100)


def test_of_several_periods_the_rows_bring_each_its_own(demo: Store, used: Used) -> None:
    """Months one after another in one select, and periods that have days in common apart."""
    used.leave()
    months = [Filters(date(2025, month, 1), date(2025, month, 28)) for month in range(1, 7)]
    for spans in (months, months[::-1], [*months, PERIODS[0]], PERIODS):
        found = ask_each(demo, [([LEAD_TIME], span) for span in spans], ("process",))
        for span, own in zip(spans, found, strict=True):
            check(own, numbers.ask(demo, [LEAD_TIME], span, ("process",)), f"{span}")


@pytest.mark.parametrize(
    "by",
    [(), ("month",), ("week",), ("day",), ("reason",), ("process", "reason"), ("reason", "month"), ("process", "month")],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("where", [{}, {"channel": ["phone"]}, {"channel": ["no such"]}], ids=str)
def test_who_is_counted_once(
    demo: Store, used: Used, by: tuple[str, ...], where: dict[str, list[str]]
) -> None:
    """Customers who came about several reasons, or in several months, count once in each."""
    for period in PERIODS:
        filters = Filters.of(period.since, period.until, **where)
        used.keep()
        kept = numbers.ask(demo, ["three_contacts"], filters, by)
        assert used.answered
        used.leave()
        check(kept, numbers.ask(demo, ["three_contacts"], filters, by), f"{by} {period}")


@pytest.mark.parametrize(
    ("where", "by"),
    [({}, ("segment",)), ({}, ("department",)), ({"reason": ["outage"]}, ("month",))],
    ids=str,
)
def test_what_is_told_apart_by_more_comes_from_the_rows(
    demo: Store, used: Used, where: dict[str, list[str]], by: tuple[str, ...]
) -> None:
    used.keep()
    filters = Filters.of(PERIODS[0].since, PERIODS[0].until, **where)
    assert sum(one.n for one in numbers.ask(demo, [LEAD_TIME], filters, by)) > 0
    assert not used.answered


def opened(first: int, last: int, closed: str) -> dict[str, list[dict[str, object]]]:
    return {
        "cases": [
            {
                "case_id": f"Z-{number}", "process": "fault", "opened_channel": "phone",
                "opened_at": "2024-06-03 09:00", "closed_at": closed, "status": "closed",
            }
            for number in range(first, last)
        ]
    }  # fmt: skip


def test_what_was_kept_before_a_change_answers_nothing(tmp_path: Path, used: Used) -> None:
    used.keep()

    def told(store: Store) -> list[tuple[float | None, int]]:
        found = numbers.ask(store, [LEAD_TIME], Filters(date(2024, 6, 1), date(2024, 6, 30)))
        return [(one.value, one.n) for one in found]

    with world(opened(0, 12, "2024-06-05 09:00"), "2024-06-20 12:00", tmp_path) as store:
        assert numbers.hold(store, least=0)
        assert told(store) == [(2, 12)]
        assert used.answered == 1
        import_id = load(store, opened(12, 40, "2024-06-07 09:00"), "2024-06-21 12:00")
        assert told(store) == [(4, 40)]
        assert used.answered == 1, "what was kept is of fewer cases"
        assert numbers.hold(store, least=0)
        assert told(store) == [(4, 40)]
        assert used.answered == 2
        store.undo(import_id, "test")
        assert told(store) == [(2, 12)]
        assert used.answered == 2


def test_of_no_cases_nothing_is_kept(tmp_path: Path) -> None:
    with world({}, "2024-06-20 12:00", tmp_path) as store:
        assert not numbers.hold(store, least=0)


def test_of_few_rows_and_of_too_many_nothing_is_held(demo: Store, used: Used) -> None:
    used.keep()
    for one in EVERY:
        one.forget(demo)
    assert not numbers.hold(demo)
    assert not numbers.hold(demo, least=0), "looked at in this state"
    for one in EVERY:
        one.forget(demo)
    assert not numbers.hold(demo, least=0, most=10)
    numbers.ask(demo, NAMES, PERIODS[0])
    assert not used.answered
    for one in EVERY:
        one.forget(demo)
    assert numbers.hold(demo, least=0) == len(EVERY)


def test_a_change_of_the_configuration_that_changes_no_rows_leaves_it(
    demo: Store, used: Used
) -> None:
    used.keep()
    version = demo.data_version
    target = {"kpi": "csat", "process": "", "valid_from": date(2024, 1, 1), "value": 7.5}
    assert demo.configure("targets", [target], "test")
    assert demo.data_version > version
    assert not numbers.hold(demo, least=0), "the rows are what they were"
    numbers.ask(demo, [LEAD_TIME], PERIODS[0])
    assert used.answered == 1
    # A norm changes what is prepared of cases, and of contacts, which read them.
    [request] = [
        row for row in demo.configuration.processes(date(2025, 9, 1)) if row["process"] == "request"
    ]
    assert demo.configure("processes", [{**request, "norm": 7}], "test")
    numbers.ask(demo, [LEAD_TIME], PERIODS[0])
    assert used.answered == 1
    assert numbers.hold(demo, least=0)


def test_what_is_held_as_of_another_moment_answers_nothing(demo: Store, used: Used) -> None:
    used.keep()
    for one in EVERY:
        _state, at, _held = one._held[demo]
        assert at == Moment(demo.as_of(one.kpi.reads))
        one._held[demo] = (_state, Moment(), _held)
    numbers.ask(demo, NAMES, PERIODS[0])
    assert not used.answered
    assert numbers.hold(demo, least=0) == len(EVERY), "it is another as-of"


def test_each_kind_that_does_not_add_up_is_held() -> None:
    kinds = {Kind.SURVIVAL, Kind.QUANTILE, Kind.DISTINCT, Kind.CHURN, Kind.CHURN_AFTER}
    assert {kpi.name for kpi in KPIS.values() if kpi.kind in kinds} == {*NAMES} - {"backlog"}


@pytest.mark.parametrize("where", [{}, {"channel": ["phone"], "process": ["request"]}], ids=str)
def test_the_curves_of_lead_time(demo: Store, used: Used, where: dict[str, list[str]]) -> None:
    filters = Filters.of(PERIODS[0].since, PERIODS[0].until, **where)
    used.keep()
    held = curves(demo, filters)
    assert used.answered == 2
    used.leave()
    for one, other in zip(held, curves(demo, filters), strict=True):
        assert one is not None
        assert other is not None
        assert one.n == other.n > 20
        assert one.days.tolist() == other.days.tolist()
        assert one.after.tolist() == other.after.tolist()
        assert one.share.tolist() == pytest.approx(other.share.tolist())


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"channel": ["phone"]},
        {"channel": [""]},
        {"channel": ["no such"]},
        {"reason": ["no heat"]},
    ],
    ids=str,
)
def test_the_open_cases_of_a_desk(demo: Store, used: Used, where: dict[str, list[str]]) -> None:
    """Of a reason nothing is held: the store is asked."""
    kept = Filters.of(**where).where
    some = 0
    for process in ("fault", "request", "complaint"):
        used.answered = 0
        used.keep()
        held = due(demo, process, kept)
        assert used.answered == ("reason" not in where)
        used.leave()
        assert held == due(demo, process, kept)
        assert held is not None
        some += sum(age.n for age in held.ages)
    assert some or where in ({"channel": [""]}, {"channel": ["no such"]}, {"reason": ["no heat"]})
