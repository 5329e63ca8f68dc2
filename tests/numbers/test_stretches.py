"""Weeks in which a share differed: found, told the way it became, and nothing where nothing is up."""

from datetime import date, timedelta

import pytest

from kpi.filters import Filters
from kpi.numbers import stretches
from tests.measures.world import world

FIRST, LAST = date(2025, 11, 3), date(2026, 6, 28)
PERIOD = Filters.of(date(2026, 1, 1), date(2026, 6, 30))
#: First day and the day after the last one on which the third of the contacts is unnecessary.
LETTER = (date(2026, 5, 4), date(2026, 5, 25))
BETTER_FROM = date(2026, 3, 2)
#: The week in which a rush dies down.
LAST_OF_RUSH = (date(2026, 5, 25), date(2026, 6, 1))


def contact(number, day, process, unnecessary):
    return {
        "contact_id": f"C-{number}", "started_at": f"{day} 10:{number % 60:02d}",
        "answered_at": f"{day} 10:59", "channel": "phone", "direction": "in", "process": process,
        "customer_id": f"K-{number}", "category": "unnecessary" if unnecessary else "hygiene",
    }  # fmt: skip


def contacts():
    """Ten a working day and process: information has its letter, request becomes better, details not.

    Faults have a rush in the weeks of the letter, and a last week of it that is hardly half as bad.
    """
    made, day = [], FIRST
    while day <= LAST:
        for i in range(10) if day.isoweekday() < 6 else ():
            letter = LETTER[0] <= day < LETTER[1]
            dying = LAST_OF_RUSH[0] <= day < LAST_OF_RUSH[1]
            rush = 8 if letter else 3 + day.isoweekday() % 2 if dying else 2
            # In whole weeks each has the same share: what differs was made to.
            made += [
                contact(len(made), day, "information", i < (6 if letter else 2)),
                contact(len(made) + 1, day, "request", i < (3 if day >= BETTER_FROM else 6)),
                contact(len(made) + 2, day, "details", i < 2),
                contact(len(made) + 3, day, "fault", i < rush),
            ]
        day += timedelta(days=1)
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stretches")
    with world({"contacts": contacts()}, "2026-07-01 00:00", folder) as made:
        yield made


def test_the_weeks_and_what_it_was_otherwise(store):
    found = {one.group: one for one in stretches(store, ["avoidable"], PERIOD)}
    assert set(found) == {"information", "request", "fault"}
    letter = found["information"]
    assert (letter.since, letter.until, letter.lasting) == ("2026-W19", "2026-W21", False)
    assert letter.inside.value == pytest.approx(60)
    assert letter.outside.value == pytest.approx(20)
    assert letter.strength > 1


def test_a_rush_is_over_when_its_weeks_no_longer_surely_differ(store):
    """Else a chart calls a week unusual in which a title has it over."""
    [found] = stretches(store, ["avoidable"], PERIOD.keeping("process", ["fault"]))
    assert (found.since, found.until, found.lasting) == ("2026-W19", "2026-W22", False)
    assert found.inside.value == pytest.approx((3 * 80 + 36) / 4)
    assert found.outside.value == pytest.approx(20)


def test_what_changed_for_good_is_told_as_what_it_became(store):
    [found] = stretches(store, ["avoidable"], PERIOD.keeping("process", ["request"]))
    assert (found.since, found.lasting) == ("2026-W10", True)
    assert found.inside.value == pytest.approx(30)
    assert found.outside.value == pytest.approx(60)


def test_what_was_over_before_the_period_is_no_news_of_it(store):
    june = Filters.of(date(2026, 6, 1), date(2026, 6, 30), process=["information"])
    assert stretches(store, ["avoidable"], june) == []


def test_what_goes_on_after_the_period_is_told_whole(store):
    cut = Filters.of(date(2026, 5, 1), date(2026, 5, 10), process=["information"])
    ahead = date(2026, 6, 30)
    [whole] = stretches(store, ["avoidable"], cut, ahead=ahead)
    assert (whole.since, whole.until, whole.lasting) == ("2026-W19", "2026-W21", False)
    # One that begins after the period is none of it.
    april = cut.during(date(2026, 4, 1), date(2026, 4, 30))
    assert stretches(store, ["avoidable"], april, ahead=ahead) == []
    # A run that ended a week ago may go on: it lasts, and not surely.
    [near] = stretches(store, ["avoidable"], cut.during(date(2026, 5, 1), date(2026, 5, 31)))
    assert (near.until, near.lasting, near.sure) == ("2026-W21", True, False)


def test_only_shares_and_only_a_named_period(store):
    assert stretches(store, ["handle_time"], PERIOD) == []
    with pytest.raises(ValueError, match="named"):
        stretches(store, ["avoidable"], Filters.of())
