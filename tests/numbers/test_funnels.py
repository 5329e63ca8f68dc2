"""Funnels besides the worked examples: configured ones, groups, scope and problems."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kpi import numbers
from kpi.access import Scope
from kpi.filters import Filters
from kpi.numbers import AskProblem
from tests.measures.world import world

MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))
STEPS = ("home", "offer", "details", "confirm")


def visit(entity: int, reached: int, day: int, customer: str | None = None) -> list[dict]:
    return [
        {
            "entity_id": f"s{entity}",
            "funnel": "order",
            "step": step,
            "at": f"2024-05-{day:02d} 10:{place:02d}",
            "customer_id": customer,
        }
        for place, step in enumerate(STEPS[:reached])
    ]


@pytest.fixture
def shop(tmp_path):
    customers = [
        {"customer_id": "a", "customer_since": "2023-01-01", "segment": "household"},
        {"customer_id": "b", "customer_since": "2023-01-01", "segment": "business"},
    ]
    events = [
        *visit(1, 4, 2, "a"),
        *visit(2, 2, 3, "b"),
        *visit(3, 1, 4),
        *visit(4, 3, 28, "a"),
    ]
    tables = {"customers": customers, "web_events": events}
    with world(tables, "2024-05-31T12:00", tmp_path) as store:
        yield store


def entities(steps, **by):
    return [step.entities for step in steps if dict(step.by) == by]


def test_a_configured_funnel_knows_its_steps(shop):
    found = numbers.ask_funnel(shop, "order", MAY)
    assert [step.step for step in found] == list(STEPS)
    assert entities(found) == [4, 3, 2, 1]
    assert [step.immature for step in found] == [1, 1, 1, 0]
    assert found[0].note is None
    part = numbers.ask_funnel(shop, "order", Filters(date(2024, 5, 1), date(2024, 6, 7)))
    assert part[0].note == "partial period"
    minute = 1 / 1440
    assert [step.median_days_from_previous for step in found[1:]] == pytest.approx([minute] * 3)


def test_groups_of_customers_and_of_entry(shop):
    found = numbers.ask_funnel(shop, "order", MAY, by=("segment",))
    assert entities(found, segment="household") == [2, 2, 2, 1]
    assert entities(found, segment="business") == [1, 1, 0, 0]
    assert entities(found, segment=None) == [1, 0, 0, 0]
    weeks = numbers.ask_funnel(shop, "order", MAY, by=("segment", "week"))
    assert entities(weeks, segment="household", week="2024-W22") == [1, 1, 1, 0]
    kept = numbers.ask_funnel(
        shop, "order", Filters.of(MAY.since, MAY.until, segment=["household"])
    )
    assert entities(kept) == [2, 2, 2, 1]


def test_steps_and_window_may_be_chosen(shop):
    short = numbers.ask_funnel(shop, "order", MAY, window=timedelta(seconds=60))
    assert entities(short) == [4, 3, 0, 0]
    assert [step.immature for step in short] == [0, 0, 0, 0]
    turned = numbers.ask_funnel(shop, "order", MAY, steps=("offer", "home"))
    assert entities(turned) == [3, 0]


def test_nobody_entered(shop):
    found = numbers.ask_funnel(shop, "order", Filters(date(2024, 3, 1), date(2024, 3, 31)))
    assert entities(found) == [0, 0, 0, 0]
    assert all(step.share_of_first is None for step in found)
    blind = numbers.ask_funnel(shop, "order", MAY, scope=Scope(frozenset()))
    assert entities(blind) == [0, 0, 0, 0]


def test_what_cannot_be_asked(shop):
    with pytest.raises(AskProblem, match=r"no funnel ordre. Did you mean order\?"):
        numbers.ask_funnel(shop, "ordre", MAY)
    with pytest.raises(AskProblem, match=r"no funnel xyz\. Configure it"):
        numbers.ask_funnel(shop, "xyz", MAY)
    with pytest.raises(AskProblem, match="cannot be split by channel"):
        numbers.ask_funnel(shop, "order", MAY, by=("channel",))
    with pytest.raises(AskProblem, match="no dimension segmnt"):
        numbers.ask_funnel(shop, "order", MAY, by=("segmnt",))
    with pytest.raises(AskProblem, match="Choose one of"):
        numbers.ask_funnel(shop, "order", MAY, by=("week", "month"))
    with pytest.raises(AskProblem, match="counts web, case, customer, not visit"):
        numbers.ask_funnel(shop, "order", MAY, entity="visit")
    with pytest.raises(AskProblem, match="passes each step once"):
        numbers.ask_funnel(shop, "order", MAY, steps=("home", "home"))


def test_a_web_funnel_that_is_not_configured_asks_for_its_steps(tmp_path):
    events = [{**row, "funnel": "eigen"} for row in visit(1, 2, 2)]
    with world({"web_events": events}, "2024-06-30", tmp_path) as store:
        with pytest.raises(AskProblem, match="The funnel eigen is not configured"):
            numbers.ask_funnel(store, "eigen", MAY)
        found = numbers.ask_funnel(store, "eigen", MAY, steps=("home", "offer"))
        assert entities(found) == [1, 1]


def test_a_funnel_of_customers_over_their_cases(tmp_path):
    cases = [
        {
            "case_id": f"z{n}",
            "customer_id": customer,
            "process": "fault",
            "opened_channel": channel,
            "opened_at": "2024-05-01 10:00",
            "closed_at": None,
            "status": "open",
        }
        for n, (customer, channel) in enumerate([("a", "phone"), ("a", "phone"), ("b", "email")])
    ]
    events = [
        {
            "event_id": f"e{n}",
            "case_id": case,
            "occurred_at": f"2024-05-{day:02d} 10:00",
            "kind": "moment",
            "value": value,
        }
        for n, (case, day, value) in enumerate(
            [("z0", 2, "report"), ("z1", 3, "repair"), ("z2", 2, "report"), ("z2", 9, "repair")]
        )
    ]
    with world({"cases": cases, "chain_events": events}, "2024-06-30", tmp_path) as store:
        steps = ("report", "repair")
        of_cases = numbers.ask_funnel(store, "fault", MAY, steps=steps)
        assert entities(of_cases) == [2, 1]
        assert entities(
            numbers.ask_funnel(store, "fault", MAY, steps=steps, by=("channel",)), channel="email"
        ) == [1, 1]
        of_customers = numbers.ask_funnel(store, "fault", MAY, steps=steps, entity="customer")
        assert entities(of_customers) == [2, 2]
        other = numbers.ask_funnel(
            store, "fault", MAY, steps=steps, scope=Scope(frozenset(["details"]))
        )
        assert entities(other) == [0, 0]


def test_an_empty_store_has_no_funnel(tmp_path):
    with world({}, None, tmp_path) as store:
        assert numbers.ask_funnel(store, "order", Filters()) == []
