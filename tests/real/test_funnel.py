"""The steps of a real web shop, as its REFERENCE.md counts them."""

from datetime import date

import pytest

from kpi.filters import Filters
from kpi.numbers import ask_funnel
from kpi.numbers.funnels import ask_funnel_entities, funnels
from tests.real.test_counts import FUNNEL

JANUARY = Filters(date(2015, 1, 1), date(2015, 1, 31))
STEPS = ("home", "search", "payment", "confirmation")


def test_the_order_proposed_is_that_of_the_shop(loaded):
    store, _ = loaded(*FUNNEL)
    [shop] = [one for one in funnels(store) if not one.configured]
    assert shop.name == "webshop"
    assert shop.steps == STEPS


def test_steps_and_conversion(loaded):
    store, _ = loaded(*FUNNEL)
    found = ask_funnel(store, "webshop", JANUARY, steps=STEPS)
    assert [step.entities for step in found] == [90400, 45200, 6030, 452]
    assert [step.immature for step in found] == [0, 0, 0, 0]
    assert found[-1].share_of_first == pytest.approx(0.5, abs=0.0005)


def test_the_list_is_as_long_as_the_bar(loaded):
    store, _ = loaded(*FUNNEL)
    reached = ask_funnel_entities(store, "webshop", JANUARY, "payment", steps=STEPS)
    lost = ask_funnel_entities(store, "webshop", JANUARY, "payment", steps=STEPS, lost=True)
    assert (len(reached), len(lost)) == (6030, 6030 - 452)
