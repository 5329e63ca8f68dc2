"""Working days, opening hours and deadlines."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calendar import Calendar, default_calendar, in_force, minutes, public_holidays
from kpi.zones import to_local, to_utc

ZONE = "Europe/Amsterdam"
OFFICE = default_calendar()


def utc(text):
    return to_utc(datetime.fromisoformat(text), ZONE).utc


def local(moment):
    return to_local(moment, ZONE)


def weekly(opens="09:00", closes="17:00", days=range(1, 8), since=date(2000, 1, 1), **more):
    row = {"valid_from": since, "opens": opens, "closes": closes, "keeps_holidays": True}
    return tuple({"weekday": day, "retired": False, **row, **more} for day in days)


ROUND_THE_CLOCK = Calendar(weekly("00:00", "24:00", keeps_holidays=False))


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-01",
        "2025-04-21",  # Easter Monday
        "2025-04-26",  # King's Day: the 27th was a Sunday
        "2025-05-05",  # a lustrum year
        "2025-05-29",  # Ascension Day
        "2025-06-09",  # Whit Monday
        "2025-12-25",
        "2025-12-26",
        "2026-04-27",
        "2020-05-05",
    ],
)
def test_public_holiday(day):
    day = date.fromisoformat(day)
    assert day in public_holidays("NL", day.year, day.year)


@pytest.mark.parametrize(
    "day",
    [
        "2025-04-18",  # Good Friday
        "2026-04-03",  # Good Friday
        "2025-04-27",  # the Sunday that King's Day moved from
        "2024-05-05",
        "2026-05-05",  # five years, not every year
        "2026-12-24",
        "2026-12-31",
    ],
)
def test_no_public_holiday(day):
    day = date.fromisoformat(day)
    assert day not in public_holidays("NL", day.year, day.year)


def test_holidays_of_another_country():
    assert date(2025, 7, 21) in public_holidays("BE", 2025, 2025)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2024-01-05 15:30", "2024-01-09 15:30"),  # Friday
        ("2024-01-06 10:00", "2024-01-10 09:00"),  # Saturday
        ("2024-01-08 08:15", "2024-01-10 09:00"),  # before opening time
        ("2024-01-08 09:00", "2024-01-10 09:00"),
        ("2024-01-08 16:59:59", "2024-01-10 16:59:59"),
        ("2024-01-08 17:00", "2024-01-11 09:00"),  # closing time is closed
        ("2024-01-05 18:00", "2024-01-10 09:00"),
        ("2026-12-23 11:00", "2026-12-28 11:00"),  # over both Christmas days and a weekend
        ("2026-04-02 11:00", "2026-04-07 11:00"),  # Good Friday is worked, Easter Monday is not
        ("2025-05-01 11:00", "2025-05-06 11:00"),  # 5 May 2025
        ("2026-05-01 11:00", "2026-05-05 11:00"),  # 5 May 2026
        ("2026-03-27 10:00", "2026-03-31 10:00"),  # the clock went forward in between
        ("2026-10-23 10:00", "2026-10-27 10:00"),  # and back
    ],
)
def test_two_working_days(opened, due):
    assert local(OFFICE.deadline(utc(opened), 2)) == datetime.fromisoformat(due)


def test_over_the_switch_the_same_clock_time_is_an_hour_less():
    opened = utc("2026-03-28 10:00")
    assert ROUND_THE_CLOCK.deadline(opened, 1) - opened == timedelta(hours=23)


def test_a_deadline_that_does_not_exist_shifts_forward():
    due = ROUND_THE_CLOCK.deadline(utc("2026-03-27 02:30"), 2)
    assert local(due) == datetime(2026, 3, 29, 3, 30)


def test_hours_are_elapsed_time():
    opened = utc("2026-03-27 16:00")
    assert OFFICE.deadline(opened, 48, "hours") - opened == timedelta(hours=48)


def test_parts_of_a_working_day_count_as_a_whole():
    opened = utc("2024-01-08 10:00")
    assert OFFICE.deadline(opened, 1.5) == OFFICE.deadline(opened, 2)


def test_no_norm_is_the_rolled_opening():
    assert local(OFFICE.deadline(utc("2024-01-06 10:00"), 0)) == datetime(2024, 1, 8, 9)


def test_never_open():
    with pytest.raises(LookupError, match="no working day"):
        Calendar(()).deadline(utc("2024-01-08 10:00"), 2)


def exception(day, closed, since=date(2000, 1, 1), **more):
    return {"day": day, "closed": closed, "valid_from": since, "retired": False, **more}


def test_extra_closing_day():
    closed = Calendar(weekly(), (exception(date(2026, 12, 24), True),))
    assert closed.hours(date(2026, 12, 24)) is None
    assert closed.hours(date(2026, 12, 23)) == (540, 1020)


def test_a_holiday_that_is_worked():
    worked = Calendar(weekly(), (exception(date(2026, 12, 25), False),))
    assert worked.hours(date(2026, 12, 25)) == (540, 1020)
    assert worked.hours(date(2026, 12, 26)) is None


def test_an_exception_taken_back():
    day = date(2026, 12, 24)
    withdrawn = exception(day, True, since=date(2026, 12, 1), retired=True)
    assert Calendar(weekly(), (exception(day, True), withdrawn)).hours(day) == (540, 1020)


def test_a_worked_day_without_hours_stays_closed():
    office = Calendar(weekly(days=range(1, 6)), (exception(date(2026, 11, 21), False),))
    assert office.hours(date(2026, 11, 21)) is None


def test_a_calendar_that_keeps_no_holidays():
    assert ROUND_THE_CLOCK.hours(date(2026, 12, 25)) == (0, 1440)


def test_hours_change_from_a_day_on():
    changed = Calendar((*weekly(), *weekly("08:00", "20:00", since=date(2026, 6, 1))))
    assert changed.hours(date(2026, 5, 31)) == (540, 1020)
    assert changed.hours(date(2026, 6, 1)) == (480, 1200)


def test_a_weekday_retired():
    row = weekly(days=[6], since=date(2026, 6, 1), retired=True)
    changed = Calendar((*weekly(), *row))
    assert changed.hours(date(2026, 5, 30)) == (540, 1020)
    assert changed.hours(date(2026, 6, 6)) is None


def test_closing_before_opening_is_closed():
    assert Calendar(weekly("17:00", "09:00")).hours(date(2026, 6, 1)) is None


def test_in_force_before_the_first_version():
    assert in_force([{"valid_from": date(2026, 1, 1)}], date(2025, 12, 31)) is None


def test_minutes():
    assert (minutes("00:00"), minutes("09:30"), minutes("24:00")) == (0, 570, 1440)


def test_open_hours_of_a_plain_day():
    opened = Calendar(weekly("08:30", "10:15")).open_hours(date(2026, 6, 2))
    assert opened == {8: 0.5, 9: 1.0, 10: 0.25}


def test_open_hours_when_the_clock_goes_forward():
    opened = ROUND_THE_CLOCK.open_hours(date(2026, 3, 29))
    assert sum(opened.values()) == 23
    assert 2 not in opened


def test_open_hours_when_the_clock_goes_back():
    opened = ROUND_THE_CLOCK.open_hours(date(2026, 10, 25))
    assert sum(opened.values()) == 25
    assert opened[2] == 2


def test_closed_has_no_open_hours():
    assert OFFICE.open_hours(date(2026, 11, 22)) == {}


openings = st.datetimes(datetime(2019, 1, 1), datetime(2027, 12, 31))
norms = st.integers(0, 15)


@given(openings, norms)
def test_a_deadline_lies_in_working_time(opened, norm):
    due = local(OFFICE.deadline(opened, norm))
    assert OFFICE.hours(due.date()) is not None
    assert 9 <= due.hour < 17


@given(openings, norms)
def test_as_many_working_days_as_the_norm(opened, norm):
    start = OFFICE.rolled(local(opened))
    due = local(OFFICE.deadline(opened, norm))
    days = (due.date() - start.date()).days
    passed = [start.date() + timedelta(days=ahead) for ahead in range(1, days + 1)]
    assert sum(OFFICE.hours(day) is not None for day in passed) == norm
    assert due.time() == start.time()


@given(openings, openings, norms)
def test_who_comes_first_is_due_first(one, other, norm):
    first, second = sorted([one, other])
    assert OFFICE.deadline(first, norm) <= OFFICE.deadline(second, norm)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        # Within a day, before opening to after closing, over a weekend, wholly outside.
        (OFFICE, "2026-06-01 10:00", "2026-06-01 11:30", 1.5),
        (OFFICE, "2026-06-01 07:00", "2026-06-01 19:00", 8),
        (OFFICE, "2026-06-05 16:00", "2026-06-08 10:00", 2),
        (OFFICE, "2026-06-06 10:00", "2026-06-07 23:00", 0),
        # Whit Monday is no working day.
        (OFFICE, "2026-05-22 16:00", "2026-05-26 10:00", 2),
        (OFFICE, "2026-06-01 10:00", "2026-06-01 10:00", 0),
        # Round the clock it is elapsed time, also when the clock is switched.
        (ROUND_THE_CLOCK, "2026-03-28 12:00", "2026-03-29 12:00", 23),
        (ROUND_THE_CLOCK, "2026-10-24 12:00", "2026-10-25 12:00", 25),
    ],
)
def test_working_time_between_two_moments(calendar, start, end, hours):
    assert calendar.open_between(utc(start), utc(end)) == timedelta(hours=hours)
