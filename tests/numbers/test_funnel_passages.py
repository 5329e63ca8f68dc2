"""From step to step: who is left out, what is lost, and when a difference is more than chance."""

from __future__ import annotations

import pytest

from kpi import stats
from kpi.results.funnel import (
    FunnelStep,
    Passage,
    by_group,
    difference,
    dip,
    passages,
    together,
)


def step(name, entities, immature=0, **by):
    return FunnelStep(name, 1, entities, immature, None, None, None, None, None, by)


def test_the_young_are_lost_from_the_bars_and_not_in_the_share():
    [first, second] = passages([step("a", 100, 20), step("b", 50, 5), step("c", 50, 5)])
    assert (first.n, first.hits) == (80, 45)
    assert first.share == pytest.approx(56.25)
    assert first.lost == 50, "as many as the two bars differ"
    assert first.waiting == 15
    assert first.lost_share == pytest.approx(50)
    assert second.lost == 0
    low, high = first.interval
    assert (low, high) == pytest.approx([100 * x for x in stats.wilson(45, 80)])


def test_nobody_gives_no_share():
    [only] = passages([step("a", 0), step("b", 0)])
    assert only.share is None
    assert only.lost_share is None
    assert only.interval == (None, None)


def test_a_real_difference_is_newcombe_s():
    worse = difference(Passage("a", "b", 200, 80), Passage("a", "b", 200, 160))
    assert worse.worse
    assert worse.real
    assert not worse.better
    assert worse.points == pytest.approx(-40)
    expected = stats.newcombe(80, 200, 160, 200)
    assert (worse.points, worse.low, worse.high) == pytest.approx([100 * x for x in expected])
    same = difference(Passage("a", "b", 200, 101), Passage("a", "b", 200, 100))
    assert not same.real


def test_fewer_than_ten_are_not_judged():
    many = Passage("a", "b", 500, 500)
    assert difference(Passage("a", "b", 9, 0), many) is None
    assert difference(many, Passage("a", "b", 9, 0)) is None
    assert difference(Passage("a", "b", 10, 0), many).worse
    assert difference(None, many) is None


def test_groups_and_what_they_are_together():
    steps = [
        step("a", 10, 1, segment="x"), step("b", 5, 0, segment="x"),
        step("a", 20, 2, segment=None), step("b", 6, 1, segment=None),
    ]  # fmt: skip
    groups = by_group(steps)
    assert list(groups) == [("x",), (None,)]
    both = together(passages(own)[0] for own in groups.values())
    assert both == Passage("a", "b", 27, 10, 19, 2, 3)
    assert together([]) is None


def weeks(*shares, n=20):
    return [Passage("a", "b", n, round(n * share)) for share in shares]


def test_a_breakdown_of_some_weeks_is_found():
    found = dip([*weeks(*[0.85] * 10), *weeks(0.2, 0.1, 0.2), *weeks(*[0.85] * 20), None])
    assert (found.first, found.last) == (10, 12)
    assert (found.inside.n, found.inside.hits) == (60, 10)
    assert (found.outside.n, found.outside.hits) == (600, 510)


def test_an_empty_week_is_no_part_of_a_breakdown():
    found = dip([*weeks(*[0.9] * 20), None, None, *weeks(0.1, 0.1), None])
    assert (found.first, found.last) == (22, 23)


def test_what_comes_and_goes_is_no_breakdown():
    swaying = weeks(*[0.85, 0.7, 0.9, 0.75] * 12)
    assert dip(swaying) is None
    assert dip([]) is None
    assert dip([None] * 5) is None
    # A few, however bad: not enough to be sure.
    assert dip([*weeks(*[0.85] * 20, n=4), *weeks(0.0, 0.0, n=4)]) is None
    # Better than the rest is no breakdown.
    assert dip([*weeks(*[0.3] * 20), *weeks(1.0, 1.0)]) is None
