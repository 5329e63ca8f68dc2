"""Numbers told as values and how many times each, against numpy and a plain count."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.tally import NOTHING, Tally, merged

FEW = st.lists(st.integers(0, 12).map(float), max_size=40)


@given(FEW, st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_quantiles_are_numpys(numbers, shares):
    found = Tally.of(np.array(numbers)).quantiles(*shares)
    expected = np.quantile(numbers, shares) if numbers else [math.nan] * len(shares)
    assert found == pytest.approx(list(expected), nan_ok=True, abs=1e-9)


@given(FEW)
def test_every_rank_is_that_of_the_numbers_in_order(numbers):
    tally = Tally.of(np.array(numbers))
    assert tally.n == len(numbers)
    assert tally.ranked(list(range(len(numbers)))) == sorted(numbers)


@given(FEW, FEW)
def test_both_together_are_counted_together(some, others):
    one, other = Tally.of(np.array(some)), Tally.of(np.array(others))
    values, times, further = merged(one, other)
    assert list(values) == sorted({*some, *others})
    assert list(times) == [Counter(some)[value] for value in values]
    assert list(further) == [Counter(others)[value] for value in values]
    both, expected = one.with_(other), Tally.of(np.array([*some, *others]))
    assert (list(both.values), list(both.times)) == (list(expected.values), list(expected.times))
    assert list(NOTHING.with_(one).values) == list(one.values)


@given(FEW)
def test_in_another_unit_it_is_as_often(numbers):
    tally = Tally.of(np.array(numbers) * 60).over(60)
    assert list(np.repeat(tally.values, tally.times.astype(int))) == sorted(numbers)
