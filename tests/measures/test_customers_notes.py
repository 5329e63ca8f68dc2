"""What is said beside numbers of surveys, channels and chains, and what a screen may not show."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import numbers
from kpi.access import Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.results import answers, conflicts
from tests.measures.world import world

MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))


def answer(number: int, metric: str, score: int, **more):
    return {
        "response_id": f"{metric}{number}",
        "process": "fault",
        "responded_at": "2024-05-06 10:00",
        "metric": metric,
        "score": score,
        "moment": None,
        **more,
    }


@pytest.fixture
def store(tmp_path):
    rows = [answer(n, "clear", n % 2, moment="repair") for n in range(20)]
    rows += [answer(n, "clear", 1, moment="report") for n in range(20, 24)]
    rows += [answer(n, "nps", 9) for n in range(12)]
    with world({"surveys": rows}, "2024-06-30 00:00", tmp_path) as opened:
        yield opened


def test_a_screen_shows_no_moment_that_rests_on_too_few(store):
    [told] = numbers.ask(store, ["moment_clear"], MAY)
    assert told.extras["moments"]["fault/report"] == 100
    assert told.extras["moments_n"]["fault/report"] == 4
    [shown] = numbers.ask(store, ["moment_clear"], MAY, scope=Scope(screen=True))
    assert shown.extras["moments"]["fault/repair"] == 50
    assert shown.extras["moments"]["fault/report"] is None
    assert shown.extras["moments_n"]["fault/report"] == 0


def test_moments_of_processes_out_of_sight_are_not_named(store):
    [told] = numbers.ask(store, ["moment_clear"], MAY, scope=Scope(frozenset({"complaint"})))
    assert {name.split("/")[0] for name in told.extras["moments"]} == {"complaint"}
    assert told.value is None


def test_all_promoters_have_no_spread(store):
    [told] = numbers.ask(store, ["nps"], MAY)
    assert (told.value, told.low, told.high) == (100, 100, 100)


def test_the_score_stays_between_its_ends():
    assert answers.nps(0, 0, 0) is None
    value, low, high = answers.nps(4, 3, 3)
    assert value == 75
    assert -100 < low < 75
    assert high == 100


def test_steering_looks_at_what_nobody_answered_too():
    assert KPIS["channel_supporting"].better == "context"
    assert KPIS["channel_preferred"].better == "up"
    assert KPIS["channel_discouraged"].better == "down"


ACTION = {
    "action": "A", "process": "fault", "kpi": "avoidable", "moment": None, "direction": "up",
    "state": "running", "starts_on": None, "stops_on": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, True),
        ({"direction": "up"}, False),
        ({"direction": None}, False),
        ({"kpi": None}, False),
        ({"process": None}, True),
        ({"process": "complaint"}, False),
        ({"starts_on": date(2024, 1, 1)}, True),
    ],
)
def test_in_conflict(other, said):
    down = {**ACTION, "direction": "down", **other}
    assert conflicts.in_conflict(ACTION, down) is said
    assert conflicts.in_conflict(down, ACTION) is said


def test_actions_after_each_other_are_not_in_conflict():
    first = {**ACTION, "stops_on": date(2024, 5, 1)}
    second = {**ACTION, "direction": "down", "starts_on": date(2024, 5, 2)}
    assert not conflicts.in_conflict(first, second)
    assert conflicts.in_conflict(first, {**second, "starts_on": date(2024, 5, 1)})


@pytest.fixture
def customers(tmp_path):
    """Nobody who left before March 2024 is in the extract; contacts and cases begin in April."""
    rows = [{"customer_id": str(n), "customer_since": "2020-01-01"} for n in range(40)]
    rows[0]["customer_until"] = "2024-03-15"
    contact = {"customer_id": "1", "channel": "phone", "direction": "in", "process": "fault"}
    moments = ("2024-04-02 10:00", "2024-06-20 12:00")
    contacts = [
        {"contact_id": at, "started_at": at, "answered_at": at, **contact} for at in moments
    ]
    with world({"customers": rows, "contacts": contacts}, "2024-06-30 00:00", tmp_path) as opened:
        yield opened


def asked(store, name: str, since: str, until: str, by: tuple[str, ...] = ()) -> list:
    period = Filters(date.fromisoformat(since), date.fromisoformat(until))
    return numbers.ask(store, [name], period, by)


@pytest.mark.parametrize("name", ["churn", "customers_lost", "customers_net"])
def test_that_nobody_left_is_not_known_of_before_the_extract(customers, name):
    says = "nobody is known to have left before 2024-03-15"
    [year] = asked(customers, name, "2023-01-01", "2023-12-31")
    assert says in year.note
    february, march = asked(customers, name, "2024-02-01", "2024-03-31", ("month",))
    assert says in february.note
    assert says not in (march.note or "")


def test_who_came_is_known_from_who_is_there(customers):
    [year] = asked(customers, "customers_new", "2023-01-01", "2023-12-31")
    assert "known to have left" not in year.note


@pytest.mark.parametrize("name", ["churn", "customers_lost", "customers_new", "customers_closing"])
def test_of_a_period_after_as_of_nothing_is_known(customers, name):
    [told] = asked(customers, name, "2024-09-01", "2024-09-30")
    assert (told.value, told.low, told.n) == (None, None, 0)


def test_a_rate_of_contacts_says_from_when_they_are_known(customers):
    [half] = asked(customers, "contact_rate", "2024-01-01", "2024-06-30")
    assert "the data begin on 2024-04-02" in half.note
    [june] = asked(customers, "contact_rate", "2024-06-01", "2024-06-30")
    assert "the data begin" not in june.note


@pytest.mark.parametrize("name", ["contacts_per_case", "first_line", "silent_cases"])
def test_what_is_not_loaded_is_not_told_as_none_at_all(tmp_path, name):
    rows = [
        {"case_id": "a", "process": "fault", "opened_at": "2024-05-06 10:00", "closed_at": "2024-05-07 10:00", "status": "closed"},
        {"case_id": "b", "process": "fault", "opened_at": "2024-05-06 10:00", "closed_at": None, "status": "open"},
    ]  # fmt: skip
    with world({"cases": rows}, "2024-06-30 00:00", tmp_path) as store:
        [told] = numbers.ask(store, [name], MAY)
    assert told.n == 1
    assert "loaded" in told.note


def test_where_the_source_gives_the_line_no_hand_over_is_missed(tmp_path):
    row = {"case_id": "a", "opened_at": "2024-05-06 10:00", "closed_at": "2024-05-07 10:00"}
    with world(
        {"cases": [row | {"status": "closed", "line": 1}]}, "2024-06-30 00:00", tmp_path
    ) as store:
        [told] = numbers.ask(store, ["first_line"], MAY)
    assert (told.value, "loaded" in told.note) == (100, False)
