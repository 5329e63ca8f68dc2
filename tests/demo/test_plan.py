"""What can be asked of a demo, and what is refused with a sentence."""

from datetime import date

import pytest

from kpi.demo.fill import plan_from
from kpi.demo.plan import Plan, PlanProblem


def test_it_begins_on_a_first_of_the_month_and_holds_the_months_asked():
    plan = Plan(until=date(2026, 3, 14), months=24)
    assert plan.since == date(2024, 3, 1)
    assert plan.day(plan.last) == date(2026, 3, 14)


def test_january_reaches_back_over_the_year():
    assert Plan(until=date(2026, 1, 31), months=13).since == date(2024, 12, 1)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"customers": 3}, "3"),
        ({"customers": 10**9}, "1000000000"),
        ({"months": 1}, "months"),
        ({"seed": -4}, "-4"),
        ({"until": date(1850, 1, 1)}, "1850-01-01"),
    ],
)
def test_what_cannot_be_made_is_refused(asked, says):
    with pytest.raises(PlanProblem) as refused:
        Plan(**{"until": date(2026, 1, 1), **asked})
    assert says in str(refused.value)


def test_a_plan_is_known_again():
    plan = Plan(until=date(2026, 3, 14), customers=900, months=9, seed=3, zone="Europe/Athens")
    assert plan_from(plan.describe()) == plan


def test_chance_of_one_part_does_not_move_another():
    plan = Plan(until=date(2026, 3, 14))
    first = plan.random("a").random(3)
    plan.random("b").random(1000)
    assert (plan.random("a").random(3) == first).all()
    assert (plan.random("b").random(3) != first).all()
