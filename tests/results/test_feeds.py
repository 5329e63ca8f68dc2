"""When the next delivery is due, and what a rhythm may be read off."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calendar import default_calendar
from kpi.results.feeds import Every, Punctual, Rhythm, due_at, rhythm_of, state_of

CALENDAR = default_calendar()
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def days(*ahead: int) -> list[date]:
    return [MONDAY + n * DAY for n in ahead]


def test_working_days_are_a_rhythm_of_their_own():
    assert rhythm_of(days(0, 1, 2, 3, 4, 7, 8), CALENDAR) == Rhythm(
        1, Every.WORKING_DAYS, read_off=7
    )
    # In the weekend too: every day.
    assert rhythm_of(days(0, 1, 2, 3, 4, 5, 6), CALENDAR) == Rhythm(1, Every.DAYS, read_off=7)


def test_weeks_and_months_have_some_slack():
    assert rhythm_of(days(0, 7, 14, 21, 28), CALENDAR) == Rhythm(7, Every.DAYS, "", 2, 5)
    months = [date(2026, month, 1) for month in range(1, 8)]
    found = rhythm_of(months, CALENDAR)
    assert found is not None
    assert (found.every, found.slack) == (31, 7)


def test_nothing_is_read_off_few_or_irregular_deliveries():
    assert rhythm_of(days(0, 1, 2), CALENDAR) is None
    # A history loaded on one day is one delivery.
    assert rhythm_of(days(0, 0, 0, 0, 0), CALENDAR) is None
    assert rhythm_of(days(0, 1, 2, 40, 41), CALENDAR) is None


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        # Friday 6 March 07:00 local; in winter an hour ahead of UTC.
        (Rhythm(1, Every.WORKING_DAYS, "08:00"), datetime(2026, 3, 9, 7)),
        (Rhythm(1, Every.WORKING_DAYS), datetime(2026, 3, 9, 23)),
        (Rhythm(1, Every.DAYS, "08:00"), datetime(2026, 3, 7, 7)),
        (Rhythm(7, Every.DAYS, slack=2), datetime(2026, 3, 15, 23)),
        (Rhythm(4, Every.HOURS), datetime(2026, 3, 6, 10)),
        # Summer time begins on 29 March.
        (Rhythm(24, Every.DAYS, "08:00"), datetime(2026, 3, 30, 6)),
    ],
)
def test_due(rhythm, due):
    assert due_at(datetime(2026, 3, 6, 6), rhythm, CALENDAR) == due


def test_a_public_holiday_is_no_working_day():
    # Thursday before Easter; Good Friday is worked, Easter Monday is not.
    thursday = datetime(2026, 4, 2, 6)
    assert due_at(thursday, Rhythm(2, Every.WORKING_DAYS, "12:00"), CALENDAR) == datetime(
        2026, 4, 7, 10
    )


def test_late_begins_after_the_due_moment():
    due = datetime(2026, 3, 9, 7)
    assert state_of(due, None, due) is Punctual.ON_TIME
    assert state_of(due, None, due + timedelta(seconds=1)) is Punctual.LATE
    assert state_of(None, None, due) is Punctual.NO_RHYTHM


@given(st.lists(st.integers(0, 400), min_size=4, max_size=20))
def test_who_comes_as_before_is_never_late(ahead):
    """The rhythm that is read off never calls the usual gap late."""
    came = sorted({MONDAY + n * DAY for n in ahead})
    rhythm = rhythm_of(came, CALENDAR)
    if rhythm is None:
        return
    last = datetime.combine(came[-1], datetime.min.time()) + timedelta(hours=5)
    assert due_at(last, rhythm, CALENDAR) >= last + timedelta(hours=18)
    if rhythm.unit is Every.DAYS:
        gaps = sorted((b - a).days for a, b in zip(came[-13:], came[-13:][1:], strict=False))
        assert due_at(last, rhythm, CALENDAR) > last + gaps[(len(gaps) - 1) // 2] * DAY
