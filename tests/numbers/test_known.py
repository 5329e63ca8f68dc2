"""An extract begins somewhere: what was over before it is not in it, and is no measure of anything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kpi import numbers
from kpi.filters import Comparison, Filters
from kpi.numbers import signals
from tests.measures.world import world

#: The first day that the extract tells of as it happened.
BEGINS = date(2024, 1, 1)


def cases():
    """Ten a week, closed the next day; and of the year before the twelve that were still open."""
    for n in range(12):
        opened = date(2023, 3, 1) + timedelta(days=20 * n)
        yield case(f"old{n}", opened, BEGINS + timedelta(days=1 + n))
    for week in range(52):
        for n in range(10):
            opened = BEGINS + timedelta(days=7 * week + n % 5)
            yield case(f"{week}-{n}", opened, opened + timedelta(days=1))


def case(key: str, opened: date, closed: date) -> dict[str, str]:
    return {
        "case_id": key,
        "process": "fault",
        "status": "closed",
        "opened_at": f"{opened} 10:00",
        "closed_at": f"{closed} 09:00",
    }


def customers():
    """Four thousand since long; from the beginning on some leave every week."""
    leave = [
        day
        for week in range(52)
        for day in [BEGINS + timedelta(days=7 * week)] * (3, 7, 5, 6, 2, 8)[week % 6]
    ]
    for n in range(4000):
        left = {"customer_until": str(leave[n])} if n < len(leave) else {}
        yield {"customer_id": str(n), "customer_since": "2010-01-01", **left}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    tables = {"cases": [*cases()], "customers": [*customers()]}
    with world(tables, "2024-12-31 23:59", tmp_path_factory.mktemp("known")) as opened:
        yield opened


def compared(store, name: str, since: date, until: date):
    asked = Filters(since, until, comparison=Comparison.PREVIOUS)
    [found] = numbers.compare(store, [name], asked)
    return found


@pytest.mark.parametrize("name", ["within_norm", "lead_time", "backlog", "within_norm_department"])
def test_cases_that_were_still_open_when_it_began_are_no_earlier_period(store, name):
    year = compared(store, name, date(2024, 1, 1), date(2024, 12, 31))
    assert year.now.n or year.now.value == 0
    assert year.before is None
    half = compared(store, name, date(2024, 7, 1), date(2024, 12, 31))
    assert half.before is not None


def test_closed_cases_are_compared_by_when_they_closed(store):
    assert compared(store, "lead_time_closed", date(2024, 7, 1), date(2024, 12, 31)).before


def test_time_in_which_nobody_seems_to_have_left_is_no_baseline(store):
    """As many left in every part of the year: nothing happened."""
    [chart] = signals(store, "churn", Filters(date(2024, 1, 1), date(2024, 12, 31))).values()
    assert min(chart.names) >= "2024-W01"
    assert not chart.control.signals


def test_from_when_it_is_known_follows_what_a_kpi_counts(store):
    told = {
        name: numbers.known_from(store, numbers.find(name))
        for name in ("churn", "within_norm", "lead_time_closed", "avoidable", "complaints")
    }
    assert told == {
        "churn": BEGINS,
        "within_norm": BEGINS + timedelta(days=1),
        "lead_time_closed": None,
        "avoidable": None,
        "complaints": None,
    }
