"""Why a number moved, asked of a store in which it is known."""

from datetime import date, timedelta

import pytest

from kpi.filters import Filters
from kpi.numbers import VOLUME, Why, contact_surges, why
from kpi.numbers.daily import daily_counts
from kpi.periods import Period
from tests.measures.world import world

BEFORE = Period(date(2026, 1, 1), date(2026, 3, 31))
NOW = Filters.of(date(2026, 4, 1), date(2026, 6, 30), process=["information"])


def contact(number, day, **more):
    return {
        "contact_id": f"C-{number}", "started_at": f"{day} 10:{number % 60:02d}",
        "answered_at": f"{day} 10:59", "channel": "phone", "direction": "in",
        "process": "information", "customer_id": f"K-{number}", **more,
    }  # fmt: skip


def contacts():
    """Ten a working day; in three weeks of May six more about a letter, and one day forty more."""
    made, day = [], date(2025, 11, 3)
    while day <= date(2026, 6, 30):
        if day.isoweekday() < 6:
            in_letter = date(2026, 5, 4) <= day < date(2026, 5, 25)
            made += [
                contact(
                    len(made) + i, day,
                    category="unnecessary" if i == 0 else "hygiene", cause="late" if i == 0 else None,
                )
                for i in range(10)
            ]  # fmt: skip
            letters = (6 if in_letter else 0) + (40 if day == date(2026, 6, 10) else 0)
            made += [
                contact(
                    len(made) + i, day,
                    category="unnecessary" if in_letter else "hygiene",
                    cause="letter_unclear" if in_letter else None,
                )
                for i in range(letters)
            ]  # fmt: skip
        day += timedelta(days=1)
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with world(
        {"contacts": contacts()}, "2026-07-01 00:00", tmp_path_factory.mktemp("why")
    ) as made:
        yield made


def test_the_cause_its_department_and_the_weeks(store):
    found = why(store, "avoidable", NOW, BEFORE)
    assert found.by == ("cause", "causing_department")
    assert found.key == ("letter_unclear", "communication")
    assert (found.since, found.until) == ("2026-W19", "2026-W21")
    assert found.part > 0


def test_nothing_moved_nothing_is_said(store):
    quiet = Filters.of(date(2026, 2, 1), date(2026, 2, 28), process=["information"])
    found = why(store, "avoidable", quiet, Period(date(2026, 1, 1), date(2026, 1, 31)))
    assert (found.since, found.until) == (None, None)
    elsewhere = Filters.of(date(2026, 4, 1), date(2026, 6, 30), process=["fault"])
    assert why(store, "avoidable", elsewhere, BEFORE) == Why()


def test_a_period_must_be_named(store):
    with pytest.raises(ValueError, match="named"):
        why(store, "avoidable", Filters.of(), BEFORE)
    with pytest.raises(ValueError, match="named"):
        contact_surges(store, Filters.of())


def test_the_day_on_which_far_more_came(store):
    found = contact_surges(store, Filters.of(date(2026, 4, 1), date(2026, 6, 30)))
    days = [(one.since, one.count) for one in found["information"]]
    assert (date(2026, 6, 10), 50) in days
    assert set(found) == {"information"}


def test_all_that_came_count_also_while_we_were_closed(tmp_path):
    """An outage on a Sunday is a rush, though nobody was there to answer."""
    sunday = date(2026, 6, 14)
    there = contacts()
    night = [contact(len(there) + i, sunday, answered_at=None) for i in range(30)] + [
        contact(len(there) + 100 + i, sunday - timedelta(weeks=1 + i % 9)) for i in range(9)
    ]
    with world({"contacts": there + night}, "2026-07-01 00:00", tmp_path) as store:
        span = Filters.of(date(2026, 6, 8), date(2026, 6, 30), process=["information"])
        found = contact_surges(store, span)["information"]
        assert (sunday, 30) in [(one.since, one.count) for one in found]
        # The alert that watches the same counts the same.
        assert daily_counts(store, VOLUME, span)[sunday] == 30


def case(number, month, department, days):
    opened = date(2026, month, 2) + timedelta(days=number % 25)
    return {
        "case_id": f"Z-{number}", "process": "fault", "status": "closed", "department": department,
        "opened_at": f"{opened} 10:00", "closed_at": f"{opened + timedelta(days=days)} 11:00",
    }  # fmt: skip


def handled(missed, days):
    """Three months with two departments, and three with the slower one only, of which so many late."""
    made = []
    for month in range(1, 7):
        late, long = (26, 15) if month < 4 else (missed, days)
        lengths = [long] * late + [0] * (40 - late)
        made += [case(len(made) + i, month, "production", each) for i, each in enumerate(lengths)]
        if month < 4:
            made += [case(len(made) + i, month, "operations", 0) for i in range(80)]
    return made


@pytest.mark.parametrize("name", ["within_norm", "lead_time"])
def test_who_only_weighs_more_is_not_named(name, tmp_path):
    faults = Filters.of(date(2026, 4, 1), date(2026, 6, 30), process=["fault"])
    with world({"cases": handled(27, 16)}, "2026-09-01 00:00", tmp_path) as store:
        assert why(store, name, faults, BEFORE).key == (), "others stayed away"
    other = tmp_path / "worse"
    other.mkdir()
    with world({"cases": handled(39, 40)}, "2026-09-01 00:00", other) as store:
        assert why(store, name, faults, BEFORE).key == ("production",)
