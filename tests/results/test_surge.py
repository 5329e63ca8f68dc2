"""Days with far more than usual."""

import random
from datetime import date, timedelta

import pytest

from kpi.results.surge import Surge, stories, surges

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
