"""The parts of a change add up to it, whatever the groups; and mean what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.results.split import parts_of_whole, splits

KEYS = st.tuples(st.sampled_from(["a", "b", "c", "d", None]))


@st.composite
def sums(draw: st.DrawFn) -> dict[tuple[str | None, ...], tuple[float, float]]:
    found = {}
    for key in draw(st.sets(KEYS, max_size=5)):
        rows = draw(st.integers(0, 500))
        found[key] = (float(draw(st.integers(0, rows))), float(rows))
    return found


def value(of: dict[tuple[str | None, ...], tuple[float, float]]) -> float:
    return 100 * sum(a for a, _d in of.values()) / sum(d for _a, d in of.values())


@given(sums(), sums())
def test_rate_and_mix_add_up_to_the_change(now, before):
    found = splits(now, before, 100)
    if not all(sum(d for _a, d in of.values()) for of in (now, before)):
        assert not found
        return
    assert sum(one.total for one in found) == pytest.approx(value(now) - value(before), abs=1e-9)
    assert sum(one.weight_now for one in found) == pytest.approx(1)


@given(
    st.dictionaries(KEYS, st.integers(0, 500).map(float), max_size=5),
    st.dictionaries(KEYS, st.integers(0, 500).map(float), max_size=5),
    st.floats(0.1, 1e4),
    st.floats(0.1, 1e4),
)
def test_parts_of_one_denominator_add_up(now, before, whole_now, whole_before):
    found = parts_of_whole(now, before, whole_now, whole_before, 1000)
    change = 1000 * (sum(now.values()) / whole_now - sum(before.values()) / whole_before)
    assert sum(one.total for one in found) == pytest.approx(change, rel=1e-9, abs=1e-9)


def test_own_change_and_more_of_it_are_told_apart():
    """By hand: a stays 10 %, b 50 %; b grows from a quarter to a half, so all of it is mix."""
    before = {("a",): (30.0, 300.0), ("b",): (50.0, 100.0)}
    now = {("a",): (20.0, 200.0), ("b",): (100.0, 200.0)}
    found = {one.key: one for one in splits(now, before, 100)}
    assert [one.rate for one in found.values()] == [0, 0]
    # 20 % became 30 %; the mean is 25 %: b has 0.25 × (50 - 25), a -0.25 × (10 - 25).
    assert found["b",].mix == pytest.approx(6.25)
    assert found["a",].mix == pytest.approx(3.75)
    # The other way round: equal weights, b rises from 10 to 30 %.
    before = {("a",): (10.0, 100.0), ("b",): (10.0, 100.0)}
    now = {("a",): (10.0, 100.0), ("b",): (30.0, 100.0)}
    found = {one.key: one for one in splits(now, before, 100)}
    assert (found["b",].rate, found["b",].mix) == (pytest.approx(10), 0)
    assert found["a",].total == 0


def test_what_was_not_there_before_is_more_of_it():
    found = {
        one.key: one
        for one in splits({("a",): (10.0, 100.0), ("new",): (50.0, 100.0)}, {("a",): (10.0, 100.0)})
    }
    assert (found["new",].rate, found["new",].before) == (0, None)
    assert found["new",].mix + found["a",].mix == pytest.approx(0.2)
