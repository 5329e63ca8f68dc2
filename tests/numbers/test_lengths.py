"""Lengths of cases that are kept give the lead times that the rows give, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi import numbers
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.numbers import lasting, lengths
from kpi.numbers.answering import ask_each
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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("lengths") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        fill(store, Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5), "test", _quiet)
        retire(store)
        assert numbers.keep_lengths(store, least=0)
        assert not numbers.keep_lengths(store, least=0), "nothing changed"
        yield store


def _quiet(_text: str) -> None:
    pass


class Used:
    """How many questions the kept lengths answered."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch, self.answered = patch, 0

    def keep(self) -> None:
        def counted(store: Store, question: lengths.Question) -> object:
            found = lengths.from_lengths(store, question)
            self.answered += found is not None
            return found

        self._patch.setattr(lasting, "from_lengths", counted)

    def leave(self) -> None:
        self._patch.setattr(lasting, "from_lengths", lambda _store, _question: None)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    return Used(monkeypatch)


@pytest.mark.parametrize("by", BY, ids=lambda by: " ".join(by) or "whole")
def test_it_is_the_same_from_kept_lengths(demo: Store, used: Used, by: tuple[str, ...]) -> None:
    some = 0
    for where in WHERE:
        for scope in SCOPES:
            # Years of days would take longer than they tell.
            spans = [Filters.of(one.since, one.until, **where) for one in PERIODS]
            asked = [([LEAD_TIME], span) for span in (spans[::3] if "day" in by else spans)]
            used.answered = 0
            used.keep()
            kept = ask_each(demo, asked, by, scope)
            assert used.answered == len(asked)
            used.leave()
            for (names, span), found in zip(asked, kept, strict=True):
                check(found, numbers.ask(demo, names, span, by, scope), f"{by} {span} {scope}")
                some += sum(one.n for one in found)
    assert some > 500


def test_of_several_periods_the_rows_bring_each_its_own(demo: Store, used: Used) -> None:
    """Months one after another in one select, and periods that have days in common apart."""
    used.leave()
    months = [Filters(date(2025, month, 1), date(2025, month, 28)) for month in range(1, 7)]
    for spans in (months, months[::-1], [*months, PERIODS[0]], PERIODS):
        found = ask_each(demo, [([LEAD_TIME], span) for span in spans], ("process",))
        for span, own in zip(spans, found, strict=True):
            check(own, numbers.ask(demo, [LEAD_TIME], span, ("process",)), f"{span}")


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
        assert numbers.keep_lengths(store, least=0)
        assert told(store) == [(2, 12)]
        assert used.answered == 1
        import_id = load(store, opened(12, 40, "2024-06-07 09:00"), "2024-06-21 12:00")
        assert told(store) == [(4, 40)]
        assert used.answered == 1, "what was kept is of fewer cases"
        assert numbers.keep_lengths(store, least=0)
        assert told(store) == [(4, 40)]
        assert used.answered == 2
        store.undo(import_id, "test")
        assert told(store) == [(2, 12)]
        assert used.answered == 2


def test_of_no_cases_nothing_is_kept(tmp_path: Path) -> None:
    with world({}, "2024-06-20 12:00", tmp_path) as store:
        assert not numbers.keep_lengths(store, least=0)


def test_of_few_cases_and_of_too_many_nothing_is_kept(demo: Store, used: Used) -> None:
    used.keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lengths, "_kept", {})
        assert not numbers.keep_lengths(demo)
        patch.setattr(lengths, "_kept", {})
        assert not numbers.keep_lengths(demo, least=0, most=10)
        numbers.ask(demo, [LEAD_TIME], PERIODS[0])
    assert not used.answered


def test_it_is_lead_time_that_is_kept() -> None:
    assert KPIS[LEAD_TIME] is lengths._KPI
