"""The clock of working time, and local time to UTC."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kpi.demo.plan import Plan
from kpi.demo.rhythm import CLOSES, DAY, OPENS, Rhythm
from kpi.demo.zone import Zone
from kpi.zones import to_utc

PLAN = Plan(until=date(2026, 3, 14), customers=500, months=12)
RHYTHM = Rhythm(PLAN)
MOMENTS = st.integers(int(PLAN.starts), int(PLAN.cutoff))


def seconds(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()


def test_friday_afternoon_ends_on_monday():
    # Friday 15:00 and three working hours more.
    later = RHYTHM.after_working(np.array([seconds(2026, 2, 6, 15)]), np.array([3 * 3600.0]))
    assert later[0] == seconds(2026, 2, 9, 10)


def test_holidays_do_not_count():
    # From the Wednesday before Christmas 2025 (a Thursday and a Friday off) to the Monday.
    later = RHYTHM.after_working(np.array([seconds(2025, 12, 24, 16)]), np.array([2 * 3600.0]))
    assert later[0] == seconds(2025, 12, 29, 10)


@given(MOMENTS, st.integers(1, 20 * 8 * 3600))
def test_working_time_and_back(moment, working):
    start = np.array([float(moment)])
    later = RHYTHM.after_working(start, np.array([float(working)]))
    assert RHYTHM.worked(later)[0] == RHYTHM.worked(start)[0] + working
    place = RHYTHM.index(later)[0]
    assert RHYTHM.working[place]


@given(st.lists(MOMENTS, min_size=1, max_size=30))
def test_into_opening_lands_on_an_open_day_not_before_it_was(moments):
    given_moments = np.array(moments, dtype=float)
    moved = RHYTHM.into_opening(given_moments, np.random.default_rng(1))
    assert RHYTHM.working[RHYTHM.index(moved)].all()
    within = moved - np.floor(moved / DAY) * DAY
    inside = (within >= OPENS) & (within < CLOSES)
    # The hour profile knows a few callers just before and after.
    assert ((within >= 8 * 3600) & (within < 19 * 3600)).all()
    assert (np.floor(moved / DAY) >= np.floor(given_moments / DAY)).all()
    unmoved = RHYTHM.working[RHYTHM.index(given_moments)] & (moved == given_moments)
    assert inside[unmoved].all()


@given(st.integers(0, 3 * 365 * 24 * 4))
def test_local_time_is_read_as_everywhere(quarters):
    zone = Zone("Europe/Amsterdam", date(2024, 1, 1), date(2027, 1, 10))
    local = datetime(2024, 1, 2) + timedelta(minutes=15 * quarters)
    wanted = to_utc(local, "Europe/Amsterdam").utc.replace(tzinfo=UTC).timestamp()
    assert zone.to_utc(np.array([local.replace(tzinfo=UTC).timestamp()]))[0] == wanted
