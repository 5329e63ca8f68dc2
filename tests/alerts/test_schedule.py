"""When a digest is due: on its days, once, however late somebody looks."""

from datetime import date, datetime, timedelta

import pytest

from kpi.alerts.schedule import due
from kpi.calendar import default_calendar

OFFICE = default_calendar()
DAILY = {"frequency": "day", "weekday": None, "at": "08:30"}
WEEKLY = {"frequency": "week", "weekday": 1, "at": None}


@pytest.mark.parametrize(
    ("row", "local", "expected"),
    [
        (DAILY, "2026-03-17 08:29", "2026-03-16"),
        (DAILY, "2026-03-17 08:30", "2026-03-17"),
        (DAILY, "2026-03-15 12:00", "2026-03-13"),  # Sunday: that of Friday
        (DAILY, "2026-04-06 12:00", "2026-04-03"),  # Easter Monday
        (WEEKLY, "2026-03-16 07:59", "2026-03-09"),
        (WEEKLY, "2026-03-16 08:00", "2026-03-16"),
        (WEEKLY, "2026-03-22 23:00", "2026-03-16"),
        (WEEKLY, "2026-04-06 12:00", "2026-03-30"),  # Easter Monday is put off ...
        (WEEKLY, "2026-04-07 08:00", "2026-04-07"),  # ... to Tuesday
        ({**WEEKLY, "weekday": 7}, "2026-03-16 09:00", "2026-03-16"),
    ],
)
def test_due(row, local, expected):
    assert due(row, datetime.fromisoformat(local), OFFICE) == date.fromisoformat(expected)


def test_looking_every_hour_of_a_year_each_is_due_once_and_in_order():
    for row, expected in ((DAILY, 255), (WEEKLY, 52)):
        moment, seen = datetime(2026, 1, 1), []
        while moment < datetime(2027, 1, 1):
            day = due(row, moment, OFFICE)
            if day and day.year == 2026 and day not in seen:
                seen.append(day)
            moment += timedelta(hours=1)
        assert seen == sorted(seen)
        assert len(seen) == expected
        assert all(OFFICE.hours(day) for day in seen)
