"""How many different ones came between two days: as a set of them says, in whatever part."""

import numpy as np
import pytest

from kpi.numbers.firsts import Firsts


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_a_set_counts(seed):
    random = np.random.default_rng(seed)
    rows, parts, everybody = 400, 3, 25
    first = 20_000
    day = np.sort(random.integers(first, first + (300 if seed % 2 else 40), rows)).astype(np.int32)
    part = random.integers(0, parts, rows)
    who = random.integers(0, everybody, rows).astype(np.int32)
    made = Firsts.of(day, part, parts, who, everybody)
    for _ in range(200):
        low, high = (int(one) for one in random.integers(first - 20, first + 320, 2))
        for one in range(parts):
            there = {
                int(w)
                for d, p, w in zip(day, part, who, strict=True)
                if p == one and low <= d <= high
            }
            assert made.between(one, low, high) == len(there)


def test_of_nobody_nobody_came():
    nothing = np.zeros(0, dtype=np.int32)
    made = Firsts.of(nothing, nothing.astype(np.int64), 4, nothing, 0)
    assert made.between(3, -5, 40_000) == 0


def test_who_came_often_on_one_day_came_once():
    day, who = np.array([5, 5, 5, 6], dtype=np.int32), np.array([1, 1, 1, 1], dtype=np.int32)
    made = Firsts.of(day, np.zeros(4, dtype=np.int64), 1, who, 2)
    assert len(made.before) == 2
    assert [made.between(0, 5, 5), made.between(0, 5, 6), made.between(0, 6, 6)] == [1, 1, 1]
