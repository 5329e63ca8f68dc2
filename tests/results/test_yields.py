"""What fewer contacts bring in a year: sums that add up, and intervals that are never too narrow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.results.yields import a_year, dispersion, share_after


def test_half_of_a_quarter_is_two_quarters_a_year():
    found = a_year(130, [10] * 13, 91, 0.5, 650.0)
    assert found.contacts.value == pytest.approx(130 * 365.25 / 91 / 2)
    assert found.euro.value == pytest.approx(650 * 365.25 / 91 / 2)
    # Even weeks: as sure as chance lets a count be.
    assert found.contacts.high / found.contacts.value == pytest.approx(math.exp(1.95996 / math.sqrt(130)))  # fmt: skip


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=60), st.floats(0.1, 1), st.integers(7, 800)
)
def test_the_interval_holds_the_value_and_parts_are_in_proportion(weekly, part, days):
    contacts = sum(weekly)
    found = a_year(contacts, weekly, days, part, 7.5 * contacts)
    if contacts < 10:
        assert found is None
        return
    assert 0 < found.contacts.low < found.contacts.value < found.contacts.high
    assert found.euro.value == pytest.approx(7.5 * found.contacts.value)
    whole = a_year(contacts, weekly, days, 1.0, None)
    assert whole.euro is None
    assert found.contacts.value == pytest.approx(part * whole.contacts.value)
    # It is never surer than chance.
    assert dispersion(weekly) >= 1


def test_weeks_that_differ_make_it_less_sure():
    even, uneven = [20] * 10, [2, 60, 5, 70, 1, 0, 30, 12, 18, 2]
    assert sum(even) == sum(uneven)
    first, second = (a_year(200, weeks, 70, 0.5, None) for weeks in (even, uneven))
    assert second.contacts.low < first.contacts.low < first.contacts.high < second.contacts.high
    # A few weeks do not tell.
    assert dispersion([0, 100]) == 1


def test_the_share_that_is_left():
    assert share_after(450, 1000, 100) == pytest.approx(100 * 350 / 900)
    assert share_after(10, 10, 10) is None
    assert share_after(5, 100, 10) == 0
