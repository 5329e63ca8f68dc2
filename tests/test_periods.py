"""Weeks, months, what is complete and what came before, both clock changes included."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import periods
from kpi.periods import Period

ZONE = "Europe/Amsterdam"
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def period(since: str, until: str) -> Period:
    return Period(date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-03-30", "2026-W14"),
        ("2025-12-29", "2026-W01"),
        ("2027-01-03", "2026-W53"),
        ("2024-12-30", "2025-W01"),
        ("2023-01-01", "2022-W52"),
    ],
)
def test_weeks_are_iso_weeks_of_iso_years(day, week):
    assert periods.bucket(date.fromisoformat(day), "week") == week


def test_buckets_are_named_as_the_command_line_says():
    day = date(2026, 4, 5)
    names = [periods.bucket(day, grain) for grain in ("day", "week", "month", "quarter")]
    assert names == ["2026-04-05", "2026-W14", "2026-04", "2026-Q2"]


@given(DAYS, st.sampled_from(["day", "week", "month", "quarter"]))
def test_a_bucket_holds_exactly_the_days_that_are_named_so(day, grain):
    name = periods.bucket(day, grain)
    days = periods.days_of(name, grain)
    assert days.since <= day <= days.until
    assert periods.bucket(days.since, grain) == periods.bucket(days.until, grain) == name
    assert periods.bucket(days.since - timedelta(days=1), grain) != name
    assert periods.bucket(days.until + timedelta(days=1), grain) != name


@given(DAYS, st.integers(0, 500), st.sampled_from(["day", "week", "month", "quarter"]))
def test_buckets_of_a_period_cover_it_without_overlap(since, length, grain):
    whole = Period(since, since + timedelta(days=length))
    parts = [part for _, part in periods.buckets(whole, grain)]
    assert parts[0].since == whole.since
    assert parts[-1].until == whole.until
    assert all(
        following.since == before.until + timedelta(days=1)
        for before, following in itertools.pairwise(parts)
    )


def test_a_month_is_compared_with_the_month_before_and_not_with_as_many_days():
    assert period("2026-03-01", "2026-03-31").previous() == period("2026-02-01", "2026-02-28")
    assert period("2026-04-01", "2026-06-30").previous() == period("2026-01-01", "2026-03-31")


def test_other_periods_are_compared_with_as_many_days():
    assert period("2026-03-02", "2026-03-08").previous() == period("2026-02-23", "2026-03-01")
    assert period("2026-03-01", "2026-03-30").previous() == period("2026-01-30", "2026-02-28")


def test_a_few_days_are_held_against_the_same_weekdays():
    # Sunday to Tuesday would be held against Thursday to Saturday.
    assert period("2026-03-22", "2026-03-24").comparable() == period("2026-03-15", "2026-03-17")
    assert period("2026-03-29", "2026-03-29").comparable() == period("2026-03-22", "2026-03-22")
    for longer in (period("2026-03-02", "2026-03-08"), period("2026-03-01", "2026-03-31")):
        assert longer.comparable() == longer.previous()


def test_a_year_earlier():
    assert period("2024-02-01", "2024-02-29").year_before() == period("2023-02-01", "2023-02-28")
    assert period("2025-02-01", "2025-02-28").year_before() == period("2024-02-01", "2024-02-29")
    assert period("2024-02-29", "2024-02-29").year_before() == period("2023-02-28", "2023-02-28")
    assert period("2026-03-10", "2026-03-20").year_before() == period("2025-03-10", "2025-03-20")


@given(DAYS, st.integers(0, 800))
def test_the_period_before_ends_where_this_one_begins(since, length):
    now = Period(since, since + timedelta(days=length))
    before = now.previous()
    assert before.until + timedelta(days=1) == now.since
    if now.whole_months is None:
        assert before.days == now.days
    else:
        assert before.whole_months == now.whole_months


def test_days_of_a_clock_change_have_23_and_25_hours():
    spring = period("2024-03-31", "2024-03-31")
    autumn = period("2024-10-27", "2024-10-27")
    assert spring.ends_at(ZONE) - spring.starts_at(ZONE) == timedelta(hours=23)
    assert autumn.ends_at(ZONE) - autumn.starts_at(ZONE) == timedelta(hours=25)
    assert spring.starts_at(ZONE) == datetime(2024, 3, 30, 23)


@pytest.mark.parametrize(
    ("as_of", "month", "week"),
    [
        (datetime(2024, 6, 29, 21, 58), False, False),  # Saturday 23:58 local
        (datetime(2024, 6, 29, 22, 0), False, False),  # Sunday 0:00: nothing of it was told
        (datetime(2024, 6, 30, 15, 39), True, False),  # Sunday 17:39: the latest fact of a month
        (datetime(2024, 6, 30, 21, 58), True, False),
        (datetime(2024, 6, 30, 21, 59), True, True),  # 23:59: an extract's cut-off
        (datetime(2024, 6, 30, 22, 0), True, True),
    ],
)
def test_a_month_is_complete_on_its_last_day_and_a_week_when_that_is_over(as_of, month, week):
    june = period("2024-06-01", "2024-06-30")
    assert june.complete(as_of, ZONE) is month
    assert (periods.complete_months(as_of, ZONE).until == june.until) is month
    assert period("2024-06-24", "2024-06-30").complete(as_of, ZONE) is week


def test_the_last_twelve_complete_months():
    found = periods.complete_months(datetime(2026, 4, 15, 10), ZONE)
    assert found == period("2025-04-01", "2026-03-31")
    assert found.whole_months == 12


def test_full_days_leave_out_a_day_that_is_not_over():
    assert periods.full_days(datetime(2024, 6, 13, 7), ZONE, 7) == period(
        "2024-06-06", "2024-06-12"
    )
    assert periods.full_days(datetime(2024, 6, 13, 21, 59), ZONE, 7) == period(
        "2024-06-07", "2024-06-13"
    )


def test_a_partial_period_is_compared_with_equal_elapsed_length():
    now = period("2024-05-01", "2024-05-31")
    as_of = datetime(2024, 5, 17, 10)
    assert periods.equal_elapsed(now, now.previous(), as_of, ZONE) == period(
        "2024-04-01", "2024-04-17"
    )
    later = datetime(2024, 6, 2)
    assert periods.equal_elapsed(now, now.previous(), later, ZONE) == now.previous()


def test_a_period_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        period("2024-05-02", "2024-05-01")


def test_without_any_fact_nothing_is_partial():
    assert period("2024-05-01", "2024-05-31").complete(None, ZONE)


def test_a_grain_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="fortnight"):
        periods.bucket(date(2024, 5, 1), "fortnight")
    with pytest.raises(ValueError, match="fortnight"):
        periods.days_of("2024-05-01", "fortnight")
