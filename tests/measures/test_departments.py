"""Clocks of departments, and work on cases: what the worked examples do not show."""

from __future__ import annotations

from datetime import date

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import KPIS
from tests.measures.conftest import AS_OF, SEED
from tests.measures.world import load, world
from tests.oracle.worlds import build

WHOLE = Filters(date(2024, 3, 1), date(2024, 5, 31))
MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))
CLOSED = {
    "case_id": "a",
    "process": "fault",
    "department": "planning",
    "opened_at": "2024-05-13 09:00",
    "closed_at": "2024-05-14 17:00",
    "status": "closed",
}


def event(number, kind, at, **more):
    return {"event_id": str(number), "case_id": "a", "kind": kind, "occurred_at": at, **more}


def test_the_names_of_the_sheet():
    with use("nl"):
        assert _(KPIS["within_norm_department"].title) == "Binnen norm per afdeling"
        assert _(KPIS["flow_efficiency"].title) == "Bewerkingstijd (% van doorlooptijd)"
    assert KPIS["within_norm_department"].target == 90
    assert KPIS["flow_efficiency"].target is None


def test_without_hand_overs_it_is_the_norm_of_the_case(tmp_path):
    tables = {name: rows for name, rows in build(SEED).items() if name != "chain_events"}
    with world(tables, AS_OF, tmp_path) as store:
        for by in ((), ("department",), ("week",)):
            whole = numbers.ask(store, ["within_norm"], WHOLE, by)
            told = numbers.ask(store, ["within_norm_department"], WHOLE, by)
            here = {tuple(r.by.values()): (r.numerator, r.denominator) for r in told}
            for result in whole:
                key = tuple(result.by.values())
                assert here.get(key, (0, 0)) == (result.numerator, result.denominator)


def test_a_hand_over_loaded_later_counts(tmp_path):
    with world({"cases": [CLOSED]}, "2024-06-30", tmp_path) as store:
        [before] = numbers.ask(store, ["within_norm_department"], MAY)
        handover = event(1, "handoff", "2024-05-13 12:00", value="planning", department="it")
        load(store, {"chain_events": [handover]}, "2024-06-30")
        [after] = numbers.ask(store, ["within_norm_department"], MAY)
    assert (before.denominator, after.denominator) == (1, 2)


def test_nothing_recorded_is_not_nothing_done(tmp_path):
    with world({"cases": [CLOSED]}, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["flow_efficiency"], MAY)
    assert found.value is None
    assert found.extras["coverage"] == 0
    assert "nothing of it is recorded" in (found.note or "")


def test_a_case_that_lasted_no_working_hour_has_no_share(tmp_path):
    night = {**CLOSED, "opened_at": "2024-05-13 20:00", "closed_at": "2024-05-13 22:00"}
    work = event(1, "work", "2024-05-13 20:30", ended_at="2024-05-13 21:00")
    with world({"cases": [night], "chain_events": [work]}, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["flow_efficiency"], MAY)
    assert found.value is None
    assert "nothing to divide by" in (found.note or "")


def test_all_the_time_is_a_hundred_percent_and_never_more(tmp_path):
    work = [
        event(number, "work", "2024-05-13 08:00", ended_at="2024-05-14 20:00") for number in (1, 2)
    ]
    with world({"cases": [CLOSED], "chain_events": work}, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["flow_efficiency"], MAY)
    assert (found.value, found.n) == (100, 1)


def test_there_is_no_interval_of_a_share_of_amounts(busy):
    [found] = numbers.ask(busy, ["flow_efficiency"], WHOLE)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
