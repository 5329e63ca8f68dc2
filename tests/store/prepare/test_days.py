"""Days, offsets and calendars as tables, against zoneinfo and the calendar in plain Python."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from kpi.calendar import Calendar
from kpi.settings import Settings
from kpi.store.prepare import prepare
from kpi.store.prepare.days import Range, held, needed
from kpi.tables import table
from kpi.zones import to_local, to_utc
from tests.store.prepare.world import CONFIG, World, fill, read, typed

CALENDAR_TABLES = ("days", "utc_offsets", "calendar_days", "calendar_hours")
ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "UTC"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return World.at(tmp_path_factory.mktemp("days") / "empty.duckdb", pinned=False)


def case(opened, **more):
    return typed("cases", {"case_id": opened, "opened_at": opened, "status": "open", **more})


def tables_of(world, zone="Europe/Amsterdam", **facts):
    with world.engine.connect() as connection:
        for name, rows in facts.items():
            fill(connection, name, [typed(name, row) for row in rows])
        prepare(connection, Settings(time_zone=zone))
        found = read(connection, CALENDAR_TABLES)
        connection.rollback()
    return found


@pytest.fixture(scope="module", params=ZONES)
def zone(request):
    return request.param


@pytest.fixture(scope="module")
def calendars(empty, zone):
    return tables_of(empty, zone, cases=[case("2025-12-25 10:00"), case("2026-06-01 10:00")])


def test_no_facts_no_days(empty):
    assert not any(tables_of(empty).values())


@pytest.mark.parametrize("opened", ["9999-12-31 23:59", "9998-12-01 10:00", "0001-01-03 00:00"])
def test_a_date_at_the_end_of_time_needs_no_days_after_it(empty, opened):
    """The checks let none in; one that came otherwise must not stop everything else."""
    with empty.engine.connect() as connection:
        fill(connection, "cases", [case("2026-06-01 10:00"), case(opened)])
        found = needed(connection)
        connection.rollback()
    assert found is not None
    assert found.first <= date(2025, 1, 1) < date(2027, 12, 31) <= found.last


def test_whole_years_with_room_on_both_sides(calendars):
    days = [row["day"] for row in calendars["days"]]
    assert (days[0], days[-1]) == (date(2024, 1, 1), date(2027, 12, 31))
    assert all(later - day == timedelta(days=1) for day, later in pairwise(days))


def test_days_and_their_periods(calendars, zone):
    for row in calendars["days"]:
        day = row["day"]
        iso = day.isocalendar()
        assert row["week"] == f"{iso.year:04}-W{iso.week:02}"
        assert row["month"] == day.isoformat()[:7]
        assert row["quarter"] == f"{day.year}-Q{(day.month + 2) // 3}"
        assert row["weekday"] == iso.weekday
        midnight = datetime(day.year, day.month, day.day)
        assert row["starts_at"] == to_utc(midnight, zone).utc
        assert row["ends_at"] == to_utc(midnight + timedelta(days=1), zone).utc


def test_offsets(calendars, zone):
    for row in calendars["utc_offsets"]:
        start = datetime(row["utc_day"].year, row["utc_day"].month, row["utc_day"].day)
        end = start + timedelta(days=1)
        switch = row["switches_at"]
        assert start <= switch <= end
        if row["minutes_before"] == row["minutes_after"]:
            assert switch == end
        second = timedelta(seconds=1)
        for moment in {start, switch - second, switch, end - second}:
            if start <= moment < end:
                minutes = row["minutes_before" if moment < switch else "minutes_after"]
                assert moment + timedelta(minutes=minutes) == to_local(moment, zone)


def plain(name, zone):
    return Calendar(
        tuple(
            {"valid_from": date(1900, 1, 1), "retired": False, **row}
            for row in CONFIG["calendars"]
            if row["calendar"] == name
        ),
        tuple(
            {"valid_from": date(1900, 1, 1), "retired": False, **row}
            for row in CONFIG["holidays"]
            if row["calendar"] == name
        ),
        zone=zone,
    )


@pytest.mark.parametrize("name", ["office", "always", "opening"])
def test_calendar_tables(calendars, zone, name):
    oracle = plain(name, zone)
    rows = [row for row in calendars["calendar_days"] if row["calendar"] == name]
    hours = {
        (row["day"], row["hour"]): row["open_hours"]
        for row in calendars["calendar_hours"]
        if row["calendar"] == name
    }
    expected_hours = {}
    working = 0
    for row in rows:
        opened = oracle.hours(row["day"])
        working += opened is not None
        assert row["working"] == (opened is not None)
        assert (row["opens_minute"], row["closes_minute"]) == (opened or (None, None))
        assert row["working_index"] == working
        per_hour = oracle.open_hours(row["day"])
        assert row["open_hours"] == pytest.approx(sum(per_hour.values()))
        expected_hours |= {(row["day"], hour): share for hour, share in per_hour.items()}
    assert hours == pytest.approx(expected_hours)
    assert len(rows) == len(calendars["days"])
    for row in rows[:-10]:
        assert row["next_working_day"] == oracle.next_working_day(row["day"])


def test_calendars_there_are_without_configuration(tmp_path):
    bare = World.at(tmp_path / "bare.duckdb", {}, pinned=False)
    rows = tables_of(bare, cases=[case("2026-06-01 10:00")])["calendar_days"]
    assert {row["calendar"] for row in rows} == {"office", "opening"}
    week = {
        (row["day"].isoweekday(), row["opens_minute"], row["closes_minute"])
        for row in rows
        if date(2026, 6, 1) <= row["day"] <= date(2026, 6, 7)
    }
    assert week == {(day, 540, 1020) for day in range(1, 6)} | {(6, None, None), (7, None, None)}


def test_opening_hours_follow_the_office_until_configured(tmp_path):
    office = [{**row, "opens": "07:30"} for row in CONFIG["calendars"] if row["weekday"] == 1]
    office = [row for row in office if row["calendar"] == "office"]
    world = World.at(tmp_path / "office.duckdb", {"calendars": office}, pinned=False)
    rows = tables_of(world, cases=[case("2026-06-01 10:00")])["calendar_days"]
    opening = [row for row in rows if row["calendar"] == "opening" and row["working"]]
    assert {(row["day"].isoweekday(), row["opens_minute"]) for row in opening} == {(1, 450)}


def test_a_far_norm_makes_room_for_its_deadline(empty):
    with empty.engine.connect() as connection:
        fill(connection, "cases", [case("2026-06-01 10:00", process="long")])
        before = needed(connection)
        fill(connection, "processes", [
            {"process": "long", "valid_from": date(1900, 1, 1), "norm": 500.0, "retired": False}
        ])  # fmt: skip
        after = needed(connection)
        prepare(connection, Settings())
        (row,) = read(connection, ["prepared_cases"])["prepared_cases"]
        connection.rollback()
    assert before == Range(date(2025, 1, 1), date(2027, 12, 31))
    assert after.last > before.last
    assert row["deadline_at"] is not None


def test_days_are_made_anew_only_when_facts_outgrow_them(empty):
    with empty.engine.connect() as connection:
        fill(connection, "cases", [case("2026-06-01 10:00")])
        prepare(connection, Settings())
        days = table("days")
        # A mark that only a refill takes away.
        connection.execute(sa.update(days).values(week="marked"))
        fill(connection, "cases", [case("2026-07-01 10:00")])
        prepare(connection, Settings(), {"cases"})
        marked = connection.execute(sa.select(days.c.week).distinct()).scalars().all()
        fill(connection, "cases", [case("2029-07-01 10:00")])
        prepare(connection, Settings(), {"cases"})
        weeks = connection.execute(sa.select(days.c.week).distinct()).scalars().all()
        over = held(connection)
        connection.rollback()
    assert marked == ["marked"]
    assert "marked" not in weeks
    assert over.last.year == 2030
