"""Who is counted: lists, groups and bars against a slow reading of the rule, row by row.

The oracle below follows K31's words with plain lists and datetimes; it shares no code with the
product.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from kpi.access import SCREEN, Scope
from kpi.filters import Filters
from kpi.numbers import AskProblem, ask_funnel
from kpi.numbers.funnels import ask_funnel_entities, funnels
from tests.measures.world import world

STEPS = ("a", "b", "c")
WINDOW = timedelta(days=3)
AS_OF = datetime(2024, 5, 31, 12)
MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))
SEGMENTS = {"k1": "household", "k2": "business", "k3": None}


def visits(seed: int) -> list[dict]:
    """Events on whole half days, so that ties and the window's very end occur often."""
    chance = random.Random(seed)
    rows = []
    for number in range(60):
        customer = chance.choice([*SEGMENTS, None])
        start = datetime(2024, 4, 28) + timedelta(hours=12 * chance.randrange(70))
        for _ in range(chance.randrange(1, 7)):
            rows.append(
                {
                    "entity_id": f"e{number}",
                    "funnel": chance.choice(["f", "f", "f", "other"]),
                    "step": chance.choice([*STEPS, "a", "elsewhere"]),
                    "at": start + timedelta(hours=12 * chance.randrange(9)),
                    "customer_id": customer,
                }
            )
    return rows


def walked(rows: list[dict]) -> dict[str, tuple[str | None, list[datetime]]]:
    """Per entity that came in: its customer, and the moments of the steps reached in order."""
    found = {}
    for entity in {row["entity_id"] for row in rows}:
        own = [row for row in rows if row["entity_id"] == entity and row["funnel"] == "f"]
        entries = [
            row["at"]
            for row in own
            if row["step"] == "a" and datetime(2024, 5, 1) <= row["at"] < datetime(2024, 6, 1)
        ]
        if not entries:
            continue
        moments = [min(entries)]
        for step in STEPS[1:]:
            later = [
                row["at"]
                for row in own
                if row["step"] == step and moments[-1] <= row["at"] <= moments[0] + WINDOW
            ]
            if not later:
                break
            moments.append(min(later))
        found[entity] = own[0]["customer_id"], moments
    return found


def young(moments: list[datetime]) -> bool:
    return moments[0] + WINDOW > AS_OF


@pytest.mark.parametrize("seed", range(6))
def test_bars_lists_and_groups_are_those_of_the_rule(tmp_path, seed):
    rows = visits(seed)
    customers = [
        {"customer_id": name, "customer_since": "2023-01-01", "segment": segment}
        for name, segment in SEGMENTS.items()
    ]
    expected = walked(rows)
    asked = {"steps": STEPS, "window": WINDOW}
    with world({"customers": customers, "web_events": rows}, AS_OF, tmp_path) as store:
        bars = ask_funnel(store, "f", MAY, **asked)
        apart = ask_funnel(store, "f", MAY, by=("segment",), beside=False, **asked)
        for place, step in enumerate(STEPS):
            reached = {e for e, (_c, moments) in expected.items() if len(moments) > place}
            lost = {e for e in reached if len(expected[e][1]) == place + 1}
            assert bars[place].entities == len(reached)
            assert bars[place].immature == sum(young(expected[e][1]) for e in reached)
            listed = ask_funnel_entities(store, "f", MAY, step, **asked)
            dropped = ask_funnel_entities(store, "f", MAY, step, lost=True, **asked)
            assert len(listed) == bars[place].entities
            assert {one.entity for one in listed} == reached
            if place + 1 < len(STEPS):
                assert len(dropped) == bars[place].entities - bars[place + 1].entities
                assert {one.entity for one in dropped} == lost
            else:
                assert dropped == []
            for one in listed:
                customer, moments = expected[one.entity]
                assert one.customer == customer
                assert one.last_step == STEPS[len(moments) - 1]
                assert one.last_at - one.entered == moments[-1] - moments[0]
                assert one.immature == young(moments)
            for segment in ("household", "business", None):
                own = [e for e in reached if SEGMENTS.get(expected[e][0]) == segment]
                [told] = [
                    found
                    for found in apart
                    if found.step == step and found.by["segment"] == segment
                ] or [None]
                assert (told.entities if told else 0) == len(own)
                assert told is None or told.contacts is None


@pytest.mark.parametrize("seed", range(3))
def test_buckets_of_entry_are_those_of_the_entry(tmp_path, seed):
    rows = visits(seed)
    expected = walked(rows)
    with world({"web_events": rows}, AS_OF, tmp_path) as store:
        found = ask_funnel(store, "f", MAY, steps=STEPS, window=WINDOW, by=("week",))
        for step in found:
            place = STEPS.index(step.step)
            own = [
                moments
                for _c, moments in expected.values()
                if len(moments) > place
                and "{}-W{:02d}".format(*moments[0].isocalendar()[:2]) == step.by["week"]
            ]
            assert step.entities == len(own)
            # Who came in earlier in the period too stays with that week.
            listed = ask_funnel_entities(
                store, "f", MAY, step.step, steps=STEPS, window=WINDOW, entered=step.by["week"]
            )
            assert len(listed) == step.entities
        assert sum(step.entities for step in found if step.position == 1) == len(expected)


def test_the_latest_entry_comes_first_and_a_bound_is_kept(tmp_path):
    rows = visits(1)
    with world({"web_events": rows}, AS_OF, tmp_path) as store:
        everybody = ask_funnel_entities(store, "f", MAY, "a", steps=STEPS, window=WINDOW)
        assert [one.entered for one in everybody] == sorted(
            (one.entered for one in everybody), reverse=True
        )
        some = ask_funnel_entities(store, "f", MAY, "a", steps=STEPS, window=WINDOW, most=3)
        assert some == everybody[:3]


def test_who_may_not_see_rows_sees_none(tmp_path):
    with world({"web_events": visits(1)}, AS_OF, tmp_path) as store:
        for scope in (Scope(), SCREEN, Scope(personal=True, screen=True)):
            with pytest.raises(AskProblem, match="not yours to see"):
                ask_funnel_entities(store, "f", MAY, "a", steps=STEPS, scope=scope)
        with pytest.raises(AskProblem, match=r"no step z; it has a, b, c"):
            ask_funnel_entities(store, "f", MAY, "z", steps=STEPS)


def test_what_can_be_asked_and_what_is_not_configured(tmp_path):
    def event(entity, funnel, step):
        return {
            "entity_id": entity, "funnel": funnel, "step": step, "at": "2024-05-02 10:00",
        }  # fmt: skip

    rows = [
        event("1", "order", "home"),
        event("1", "order", "basket"),
        *(event(entity, "eigen", "zoek") for entity in "12"),
        event("1", "eigen", "betaal"),
    ]
    with world({"web_events": rows}, AS_OF, tmp_path) as store:
        order, move, own = funnels(store)
        assert (order.name, move.name, own.name) == ("order", "move", "eigen")
        assert order.configured
        assert order.loaded
        assert order.strange == {"basket": 1}
        assert order.title("home") == "Home page"
        assert not move.loaded
        assert not own.configured
        assert own.steps == ("zoek", "betaal")
        assert own.title("zoek") == "zoek"
