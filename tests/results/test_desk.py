"""Working time, ages and curves: held against plain counting."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from kpi.query.spans import CLOSED, OPEN, UNTIMED
from kpi.results import desk

#: Monday 2 to Friday 6 March 2026, nine to five (UTC here), as a calendar's own count has it.
MONDAY = datetime(2026, 3, 2)
DAYS = {
    "opens_at": np.array(
        [MONDAY + timedelta(days=i, hours=9) for i in range(5)], dtype="datetime64[us]"
    ),
    "open_hours": np.full(5, 8.0),
    "open_hours_before": 80.0 + 8.0 * np.arange(5),
}


def at(day, hour, minute=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (at(0, 10), at(0, 11, 30), 1.5),
        (at(0, 7), at(0, 8), 0.0),
        (at(0, 16), at(1, 10), 2.0),
        (at(0, 18), at(1, 8), 0.0),
        (at(4, 16), at(6, 12), 1.0),
        (at(-2, 12), at(0, 10), 1.0),
        (at(0, 9), at(4, 17), 40.0),
    ],
)
def test_only_open_hours_count(since, until, hours):
    moments = [np.array([one], dtype="datetime64[us]") for one in (since, until)]
    [found] = desk.working_hours(DAYS, *moments)
    assert found == pytest.approx(hours)


def test_who_had_the_time():
    # As DuckDB brings them, masked or not, and as PostgreSQL does.
    entered = [np.array([at(0, 9), at(0, 9)], dtype="datetime64[us]"), [at(1, 9)], [at(2, 9)]]
    left = [np.ma.array([at(0, 10), at(0, 12)], dtype="datetime64[us]"), [at(1, 17)], [at(2, 13)]]
    columns = {"department": np.array(["a", "b", None], dtype=object)}
    for name, arrays in (("entered", entered), ("left", left)):
        columns[name] = np.empty(3, dtype=object)
        columns[name][:] = arrays
    found = desk.stays(columns, DAYS)
    assert [(one.department, one.n, one.hours) for one in found] == [
        ("b", 1, 8.0), ("a", 2, 4.0), (None, 1, 4.0),
    ]  # fmt: skip
    assert sum(one.share for one in found) == pytest.approx(100)
    assert (found[1].p50, found[0].p50) == (2.0, 8.0)


def test_every_open_case_has_one_age():
    as_of = at(30, 0)
    opened = [as_of - timedelta(days=days) for days in (0.5, 2, 4.9, 10, 19.9, 20, 400)]
    norms = [at(31, 0), None, as_of, at(29, 0), at(29, 0), at(29, 0), at(1, 0)]
    columns = {
        "opened_at": np.array(opened, dtype="datetime64[us]"),
        "deadline_at": np.array(norms, dtype="datetime64[us]"),
    }
    assert desk.deadlines(columns, as_of, at(31, 0)) == (5, 1, 0)
    assert desk.deadlines(columns, as_of, at(30, 9)) == (5, 0, 1)
    found = desk.ages(columns, as_of)
    assert [(one.least, one.most, one.n, one.late) for one in found] == [
        (0, 2, 1, 0), (2, 5, 2, 1), (5, 10, 0, 0), (10, 20, 2, 2), (20, None, 2, 2),
    ]  # fmt: skip


def arrays(*values: list[float]) -> np.ndarray:
    return np.fromiter((np.array(one) for one in values), dtype=object, count=len(values))


def test_open_cases_hold_the_curve_down():
    day = 86_400.0
    closed = {"seconds": arrays([2 * day, day, day, day])}
    of_closed = desk.closed_curve(closed)
    assert (of_closed.days[-1], of_closed.share[-1], of_closed.n) == (2.0, 100.0, 4)
    assert [of_closed.within(days) for days in (0.9, 1, 2)] == pytest.approx([0, 75, 100])
    assert [of_closed.longer(days) for days in (0.9, 1, 2)] == [4, 1, 0]
    opened = {
        # Four still open after a day and a half; three closed after a day, one after two; of two
        # more nothing can be timed.
        "ending": np.array([OPEN, CLOSED, UNTIMED]),
        "seconds": arrays([1.5 * day] * 4, [day, 2 * day, day, day], [np.nan, np.nan]),
        "n": np.array([4, 4, 2]),
    }
    found = desk.opened_curve(opened)
    assert found.n == 8
    assert found.within(1.0) == pytest.approx(100 * 3 / 8)
    # Of the one left at two days it closes: everybody known by then.
    assert found.within(2.0) == pytest.approx(100)
    # Open ones are known to take longer than they have lasted.
    assert [found.longer(days) for days in (0.5, 1, 1.4, 1.5, 2)] == [8, 5, 5, 1, 0]


def test_what_is_told_of_a_curve_is_not_what_its_picture_has_room_for():
    seconds = np.arange(1, 10_001) * 100.0
    found = desk.closed_curve({"seconds": arrays(list(seconds))})
    assert found.within(5_011 * 100 / 86_400) == pytest.approx(50.11)
    assert len(found.drawn()[0]) < 250
    assert desk.closed_curve({"seconds": np.array([None])}) is None
    assert desk.opened_curve({"ending": np.array([UNTIMED]), "seconds": np.array([None])}) is None
