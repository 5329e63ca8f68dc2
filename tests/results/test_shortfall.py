"""What an hour is short of its target, what was held against staffed hours, and parts as a whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import stats
from kpi.model import Result
from kpi.results.load import Load, loads
from kpi.results.pooled import pooled
from kpi.results.shortfall import missing, shortfalls


def share(hits, n):
    low, high = stats.wilson(hits, n)
    return Result("service_level", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n)


@given(st.integers(1, 5000), st.floats(0, 100), st.data())
def test_just_enough_more_reach_the_target(n, target, data):
    hits = data.draw(st.integers(0, n))
    more = missing(share(hits, n), target)
    assert 100 * (hits + more) / n >= target - 1e-6 or hits + more == n
    if more:
        assert 100 * (hits + more - 1) / n < target


def test_only_what_is_surely_below_is_short_and_the_most_contacts_come_first():
    hours = {
        "1-09": share(40, 100),
        "1-10": share(100, 200),
        "1-11": share(79, 100),  # below 80, but it may be chance
        "1-12": share(0, 9),  # too few to say
        "1-13": share(95, 100),
    }
    found = shortfalls(hours, 80, 28, 360)
    assert [one.hour for one in found] == ["1-10", "1-09"]
    # 60 more in four weeks is 15 a week, six minutes each.
    assert found[0].a_week == pytest.approx(15)
    assert found[0].hours_a_week == pytest.approx(1.5)
    assert shortfalls(hours, 80, 28, None)[0].hours_a_week is None
    # Of one day no more is short than was: that hour comes once a week.
    assert shortfalls(hours, 80, 1, 360)[0].a_week == missing(found[0].level, 80)


def test_days_without_staffing_are_left_out_and_days_without_contacts_count():
    monday = date(2026, 6, 1)
    days = [monday + timedelta(days=place) for place in range(4)]
    found = loads(
        {days[0]: 30, days[1]: 20, days[3]: 99},
        {days[0]: 10.0, days[1]: 5.0, days[2]: 5.0},
        lambda day: "first" if day == monday else "rest",
    )
    assert found == {"first": Load(30, 10.0, 1), "rest": Load(20, 10.0, 2)}
    assert found["rest"].per_hour == 2
    assert Load(3, 0.0, 1).per_hour is None


def test_parts_as_a_whole_are_sums_and_not_an_average_of_averages():
    found = pooled([share(9, 10), share(10, 90)])
    assert (found.value, found.n) == (pytest.approx(19), 100)
    assert found.low < 19 < found.high
    assert pooled([]) is None
