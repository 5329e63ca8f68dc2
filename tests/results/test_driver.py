"""What stands behind a change: parts that add up, and the run of weeks that is apart."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.results.driver import Part, largest, parts, run, shifts

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c", None])), st.integers(0, 500), max_size=4
)


@given(COUNTS, COUNTS, st.integers(1, 5000), st.integers(1, 5000))
def test_parts_add_up_to_the_change(now, before, all_now, all_before):
    found = parts(now, before, all_now, all_before, 100)
    change = 100 * (sum(now.values()) / all_now - sum(before.values()) / all_before)
    assert math.isclose(sum(part.amount for part in found), change, abs_tol=1e-9)


def test_nothing_to_divide_by_has_no_parts():
    assert parts({("a",): 3}, {}, 0, 10) == []


def test_the_largest_part_of_what_moved_the_same_way():
    found = [Part(("letter",), 7.0), Part(("portal",), 2.0), Part(("late",), -5.0)]
    assert largest(found, 4.0) == Part(("letter",), 7.0)
    assert largest(found, -4.0) == Part(("late",), -5.0)


def test_no_group_stands_out():
    assert largest([Part((str(i),), 1.0) for i in range(10)], 10.0) is None


def test_of_two_that_share_it_alike_neither_is_most_of_it():
    assert (
        largest([Part(("moving",), 3.9), Part(("offer",), 3.7), Part(("rest",), 0.6)], 8.2) is None
    )
    assert largest([Part(("letter",), 5.0), Part(("offer",), 3.7)], 8.7) == Part(("letter",), 5.0)


def test_the_unknown_explain_nothing_but_count():
    assert largest([Part((None,), 9.0), Part(("a",), 1.0)], 10.0) is None


def test_medians_are_weighed_by_their_rows():
    found = shifts({("a",): (4.0, 30), ("b",): (2.0, 10)}, {("a",): (2.0, 20), ("b",): (2.0, 10)})
    assert found == [Part(("a",), 1.5), Part(("b",), 0.0)]


def weeks(shares, n=400, seed=1):
    chance = random.Random(seed)
    return [(sum(chance.random() < share for _ in range(n)), n) for share in shares]


def test_three_weeks_that_are_apart():
    found = run(weeks([0.1] * 10 + [0.25] * 3 + [0.1] * 10), up=True)
    assert (found.first, found.last) == (10, 12)


def test_since_a_week_and_still():
    found = run(weeks([0.1] * 12 + [0.2] * 6), up=True)
    assert (found.first, found.last) == (12, 17)


def test_only_the_way_that_is_asked():
    assert run(weeks([0.3] * 12 + [0.1] * 6), up=False).first == 12
    found = run(weeks([0.1] * 12 + [0.3] * 2 + [0.1] * 6), up=False)
    assert found is None or found.last < 12 or found.first > 13


@pytest.mark.parametrize("seed", range(8))
def test_chance_is_no_run(seed):
    assert run(weeks([0.15] * 26, seed=seed), up=True) is None


def test_what_began_a_few_weeks_ago_is_told_and_the_same_in_the_middle_is_not_yet():
    """Nine a week instead of two or three, of a few thousand: three weeks of it are enough."""
    usual = [(float(hits), 6200.0) for hits in (3, 2, 4, 3, 2, 5, 3, 3, 2, 3, 4, 2, 3)]
    risen = [(float(hits), 6200.0) for hits in (10, 8, 9)]
    found = run([*usual, *usual, *usual, *risen], up=True)
    assert (found.first, found.last) == (39, 41)
    assert run([*usual, *usual, *risen, *usual], up=True) is None


@pytest.mark.parametrize("mean", [1, 3, 10])
def test_noise_is_hardly_ever_told_as_begun(mean):
    """As often as any other run: less than once in a thousand; of three hundred at most one."""
    chance = random.Random(11)

    def hits():
        # Poisson, by the time between one and the next.
        n, at = 0, chance.expovariate(mean)
        while at < 1:
            n, at = n + 1, at + chance.expovariate(mean)
        return float(n)

    told = sum(run([(hits(), 6200.0) for _ in range(30)], up=True) is not None for _ in range(300))
    assert told <= 1


def test_too_little_to_tell():
    assert run([], up=True) is None
    assert run([(1, 2)], up=True) is None
    assert run([(0, 0)] * 5, up=True) is None
