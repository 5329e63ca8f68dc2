"""Days with far more than usual."""

import random
import statistics
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.results.surge import LEAST, Surge, stories, surges

START = date(2026, 1, 5)


def daily(count, days=140):
    return {START + timedelta(days=i): count(i) for i in range(days)}


def judged(counts):
    return surges(counts, START + timedelta(days=70), START + timedelta(days=139))


def test_one_day_in_the_words_of_the_sheet():
    # 20 every day of the week: variance 0, so the bound is 20 + 3 sqrt(20) = 33.4.
    day = START + timedelta(days=100)
    assert judged(daily(lambda i: 20) | {day: 34}) == [Surge(day, day, 34, 20)]
    assert judged(daily(lambda i: 20) | {day: 33}) == []


def test_days_in_a_row_are_one_and_the_next_is_not_hidden():
    first, again = START + timedelta(days=90), START + timedelta(days=97)
    counts = daily(lambda i: 20) | {first: 90, first + timedelta(days=1): 50, again: 60}
    assert judged(counts) == [
        Surge(first, first + timedelta(days=1), 140, 40),
        Surge(again, again, 60, 20),
    ]


def one_by_one(counts, since, until):
    """The days of a surge and what was usual on each, as the sheet has it, a day at a time."""
    found, apart = {}, set()
    for day in (START + timedelta(days=56 + i) for i in range(200)):
        earlier = {day - timedelta(weeks=back) for back in range(1, 9)} - apart
        usual = [counts.get(one, 0.0) for one in sorted(earlier)]
        # A surge up to eight weeks before the period is no part of what is usual in it.
        if not since - timedelta(weeks=8) <= day <= until or len(usual) < 2:
            continue
        mean = statistics.fmean(usual)
        bound = mean + 3 * sqrt(max(mean, statistics.variance(usual)))
        if counts.get(day, 0.0) >= LEAST and counts.get(day, 0.0) > bound:
            apart.add(day)
            if day >= since:
                found[day] = counts[day], mean
    return found


@given(
    usual=st.integers(0, 60), seed=st.integers(0, 10_000), share=st.floats(0, 0.3),
    since=st.integers(-30, 160), days=st.integers(-2, 180),
)  # fmt: skip
def test_all_at_once_finds_what_one_by_one_does(usual, seed, share, since, days):
    """With rushes among the weeks that others are held against, and days without any count."""
    chance = random.Random(seed)
    counts = {
        START + timedelta(days=i): float(
            max(0, round(chance.gauss(usual, sqrt(usual) + 1)))
            * (4 if chance.random() < share else 1)
        )
        for i in range(200)
        if i in (0, 199) or chance.random() > 0.1
    }
    first = START + timedelta(days=since)
    last = first + timedelta(days=days)
    expected = one_by_one(counts, first, last)
    found = surges(counts, first, last)
    told = {
        one.since + timedelta(days=i)
        for one in found
        for i in range((one.until - one.since).days + 1)
    }
    assert told == set(expected)
    assert sum(one.count for one in found) == sum(count for count, _mean in expected.values())
    assert sum(one.usual for one in found) == pytest.approx(
        sum(mean for _count, mean in expected.values())
    )


def test_fewer_than_ten_are_none():
    assert judged(daily(lambda i: 0) | {START + timedelta(days=100): 9}) == []


def test_busy_mondays_are_usual():
    assert judged(daily(lambda i: 90 if i % 7 == 0 else 20)) == []


def test_without_eight_weeks_before_nobody_can_tell():
    counts = daily(lambda i: 20, 50) | {START + timedelta(days=40): 500}
    assert surges(counts, START, START + timedelta(days=49)) == []
    assert surges({}, START, START) == []


@pytest.mark.parametrize("seed", range(5))
def test_chance_makes_few(seed):
    chance = random.Random(seed)
    counts = daily(lambda i: sum(chance.random() < 0.5 for _ in range(80)))
    assert len(judged(counts)) <= 2


def test_a_few_more_of_a_few_is_no_news():
    # Six processes and a quarter: eleven where two are usual comes by chance now and then.
    assert not Surge(START, START, 11, 1.75).news
    assert Surge(START, START, 52, 17).news
    assert Surge(START, START, 20, 4).news


def test_what_is_news_and_near_together_is_one_story():
    day = START
    first = Surge(day, day, 90, 20)
    again = Surge(day + timedelta(days=7), day + timedelta(days=8), 80, 40)
    later = Surge(day + timedelta(days=30), day + timedelta(days=30), 300, 100)
    small = Surge(day + timedelta(days=60), day + timedelta(days=60), 35, 20)
    never = Surge(day, day, 12, 0)
    assert stories({"a": [again, small, first], "b": [later, never]}) == [
        ("b", [later]),
        ("a", [first, again]),
    ]
