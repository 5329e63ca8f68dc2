"""How long customers stay, against lifelines: the same curve and the same interval."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pytest

from kpi.results.retention import YEAR_DAYS, Followed, Stayed, stayed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

START, LAST = date(2020, 1, 1), date(2024, 12, 31)


def extract(seed: int, size: int = 400):
    """Customers as an extract from START on has them: who left before is not in it."""
    random = np.random.default_rng(seed)
    since = np.datetime64("2014-01-01") + random.integers(0, 365 * 11, size).astype("m8[D]")
    until = since + (1 + random.exponential(1200, size)).astype("m8[D]")
    until[until > np.datetime64(LAST) + 200] = np.datetime64("NaT")
    there = ~(until < np.datetime64(START))
    return since[there], until[there]


def fitted(since: np.ndarray, until: np.ndarray) -> KaplanMeierFitter:
    end = np.datetime64(LAST)
    left = ~np.isnat(until) & (until <= end)
    length = (np.where(left, until, end) - since).astype(int)
    # Just before the first day on which a leaving would be seen.
    entry = np.maximum(0, (np.datetime64(START) - since).astype(int) - 0.5)
    kept = (since <= end) & (length > entry)
    return KaplanMeierFitter().fit(length[kept], left[kept], entry=entry[kept])


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_and_interval_of_lifelines(seed):
    since, until = extract(seed)
    followed = Followed.of(since, until, np.ones(len(since), dtype=np.int64), START, LAST)
    theirs = fitted(since, until)
    band = theirs.confidence_interval_survival_function_
    for years in (1, 2, 5):
        ours = stayed(followed, years * YEAR_DAYS)
        assert ours is not None
        assert ours.share == pytest.approx(theirs.predict(years * YEAR_DAYS), abs=1e-9)
        row = band[band.index <= years * YEAR_DAYS].iloc[-1]
        assert (ours.low, ours.high) == pytest.approx(tuple(row), abs=1e-9)


def test_without_truncation_long_stays_weigh_too_much():
    since, until = extract(1)
    one = np.ones(len(since), dtype=np.int64)
    truncated = stayed(Followed.of(since, until, one, START, LAST), 2 * YEAR_DAYS)
    plain = stayed(Followed.of(since, until, one, None, LAST), 2 * YEAR_DAYS)
    # Half a year in ten leaves by the exponential: e^(-730.5 / 1200).
    assert truncated.share == pytest.approx(0.544, abs=0.06)
    assert plain.share > truncated.share + 0.06


def test_equal_periods_are_counted_together():
    since, until = extract(2, 60)
    one = np.ones(len(since), dtype=np.int64)
    apart = Followed.of(np.r_[since, since], np.r_[until, until], np.r_[one, one], START, LAST)
    together = Followed.of(since, until, 2 * one, START, LAST)
    assert stayed(apart, YEAR_DAYS) == stayed(together, YEAR_DAYS)


def days(*texts: str | None) -> np.ndarray:
    return np.array([text or "NaT" for text in texts], dtype="datetime64[D]")


def test_nobody_followed_so_long():
    one = np.ones(1, dtype=np.int64)
    followed = Followed.of(days("2024-01-02"), days(None), one, None, LAST)
    assert followed.length.tolist() == [364]
    assert stayed(followed, YEAR_DAYS) is None
    followed = Followed.of(days("2024-01-01"), days(None), one, None, LAST)
    assert stayed(followed, YEAR_DAYS) == Stayed(1.0, 1.0, 1.0)


def test_everybody_left():
    followed = Followed.of(
        days("2024-01-02"), days("2024-03-01"), np.ones(1, dtype=int), None, LAST
    )
    assert stayed(followed, YEAR_DAYS) == Stayed(0.0, None, None)


def test_who_left_on_the_first_day_that_is_known_counts():
    since, until = days("2023-01-01", "2023-01-01"), days("2024-01-01", None)
    followed = Followed.of(since, until, np.ones(2, dtype=int), date(2024, 1, 1), LAST)
    assert followed.entry.tolist() == [365, 365]
    assert stayed(followed, YEAR_DAYS).share == 0.5
