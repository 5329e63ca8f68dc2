"""The periods of a figure: every one of them there, few of them named, a year before one for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.charts.span import Span
from kpi.filters import GRAINS
from kpi.i18n import use
from kpi.model import Result
from kpi.periods import Period, bucket

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(0, 900), st.sampled_from(GRAINS))
def test_the_year_before_has_as_many_periods(since, days, grain):
    until = date.fromordinal(since.toordinal() + days)
    now = Span.of(Period(since, until), grain)
    before = now.year_before()
    assert len(before.names) == len(now.names)
    assert before.names[0] < now.names[0]


def test_weeks_a_year_before_are_the_same_weekdays():
    now = Span.of(Period(date(2026, 4, 1), date(2026, 6, 30)), "week")
    before = now.year_before()
    assert before.period.since.isoweekday() == now.period.since.isoweekday()
    assert (now.names[0], before.names[0]) == ("2026-W14", "2025-W14")


def test_february_a_year_before_is_whole():
    leap = Span.of(Period(date(2028, 2, 1), date(2028, 2, 29)), "month")
    assert leap.year_before().period == Period(date(2027, 2, 1), date(2027, 2, 28))
    after = Span.of(Period(date(2029, 2, 1), date(2029, 2, 28)), "month")
    assert after.year_before().period.until == date(2028, 2, 29)


@given(DAYS, st.integers(0, 900), st.sampled_from(GRAINS), st.integers(2, 13))
def test_few_are_named_and_each_knows_its_year(since, days, grain, most):
    until = date.fromordinal(since.toordinal() + days)
    span = Span.of(Period(since, until), grain)
    labels = span.labels(most)
    named = [i for i, label in enumerate(labels) if label]
    assert len(labels) == len(span.names)
    assert len(named) <= most
    # A year stands below the first, and wherever it is another than that before.
    years = [span.names[i][:4] for i in named]
    for place, i in enumerate(named):
        changed = place == 0 or years[place] != years[place - 1]
        assert labels[i].endswith(f"<br>{years[place]}") is changed


def test_two_years_of_days_are_named_by_month():
    with use("nl"):
        span = Span.of(Period(date(2024, 11, 1), date(2026, 10, 31)), "day")
        labels = [label for label in span.labels() if label]
    assert len(span.names) == 730
    assert labels[0].startswith("dec<br>2024")
    assert "feb<br>2025" in labels


def test_points_keep_what_a_result_says_and_gaps_stay_gaps():
    span = Span.of(Period(date(2026, 1, 1), date(2026, 3, 31)), "month")
    one = Result("avoidable", {"month": "2026-02"}, 12.5, 10, 15, n=42, partial=True)
    points = span.points([None, one, None], ["", "feb", ""])
    assert [point.value for point in points] == [None, 12.5, None]
    assert (points[1].low, points[1].high, points[1].n) == (10, 15, 42)
    assert points[1].partial


@pytest.mark.parametrize("grain", GRAINS)
def test_one_day_is_one_period(grain):
    day = date(2026, 1, 1)
    assert Span.of(Period(day, day), grain).names == (bucket(day, grain),)
