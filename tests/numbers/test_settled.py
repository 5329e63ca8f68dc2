"""What seems worse only because a rush made the period before it better is no news."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.model import Result
from kpi.news import settled
from kpi.news.question import Asking
from kpi.periods import Period
from kpi.stats import wilson

BEFORE = Period(date(2025, 10, 1), date(2025, 12, 31))
RUSH = (date(2025, 11, 11), date(2025, 11, 15))


def result(hits, rows, **by):
    low, high = wilson(hits, rows)
    return Result("within_norm", by, 100 * hits / rows, 100 * low, 100 * high, hits, rows, rows)


def line(*, better, kpi="within_norm", process="fault"):
    return Moved("", "", "", better, process, kpi, "")


@pytest.fixture
def asked(monkeypatch):
    """`asked(now, usual)`: of 1,000 each week so many, in the week of the rush 9,800 of 10,000."""

    def made(now, usual):
        weeks = [f"2025-W{week}" for week in range(41, 53) if week != 46]
        answers = {
            (): [result(10 * now, 10_000)],
            ("week",): [
                *(result(usual, 1000, week=week) for week in weeks),
                result(9800, 10_000, week="2025-W46"),
            ],
        }
        monkeypatch.setattr(settled, "_asked", lambda _asking, _kpi, _of, *by: answers[by])
        monkeypatch.setattr(settled.rushes, "days_before", lambda _asking: {"fault": RUSH})
        return Asking(None, Filters.of(date(2026, 1, 1), date(2026, 3, 31)), BEFORE)

    return made


def test_worse_than_in_a_rush_and_as_ever_is_left_out(asked):
    asking = asked(now=870, usual=871)
    worse = line(better=False)
    assert settled.by_rush(asking, worse)
    assert settled.left(asking, [worse]) == []


def test_worse_than_the_other_weeks_too_is_told(asked):
    worse = line(better=False)
    assert settled.left(asked(now=820, usual=871), [worse]) == [worse]


def test_better_than_the_other_weeks_is_no_decline(asked):
    assert settled.left(asked(now=900, usual=871), [line(better=False)]) == []


def test_better_is_told_with_the_rush_that_it_is_after(asked):
    better = line(better=True)
    asking = asked(now=870, usual=871)
    assert settled.left(asking, [better]) == [better]
    assert settled.by_rush(asking, better)


def test_without_a_rush_in_it_or_of_no_share_nothing_is_left_out(asked):
    asking = asked(now=870, usual=871)
    others = [line(better=False, process="request"), line(better=False, kpi="lead_time")]
    assert settled.left(asking, others) == others
    every = [line(better=False)]
    alone = Asking(None, asking.filters, None)
    assert settled.left(alone, every) == every


def test_all_of_the_period_in_a_rush_says_nothing(asked, monkeypatch):
    asking = asked(now=870, usual=871)
    long = (BEFORE.since, BEFORE.until)
    monkeypatch.setattr(settled.rushes, "days_before", lambda _asking: {"fault": long})
    every = [line(better=False)]
    assert settled.left(asking, every) == every
