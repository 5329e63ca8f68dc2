"""Control limits and signals against examples worked out by hand."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest

from kpi.results.signals import Control, Method, Observed, Rule, Signal, control

#: Mean 11, mean moving range 2: limits 11 ± 5.32, two standard deviations 2 × 2 / 1.128 = 3.546.
STEADY = [10.0, 12.0] * 6


def of(values: list[float | None], upto: int | None = 12) -> Control:
    found = control([Observed(value) for value in values], upto)
    assert found is not None
    return found


def test_limits_are_those_of_the_baseline_and_stay() -> None:
    found = of([*STEADY, 40.0, 11.5, 10.5])
    limits = [(one.centre, one.low, one.high) for one in found.limits if one]
    assert limits == [(11.0, pytest.approx(5.68), pytest.approx(16.32))] * 15
    assert (found.method, found.baseline) == (Method.XMR, (0, 11))
    assert found.signals == (Signal(Rule.OUTSIDE, 12, 12, up=True),)


def test_eight_on_one_side_are_a_run_and_seven_are_not() -> None:
    assert not of([*STEADY, 10.0, *[11.5] * 7]).signals
    found = of([*STEADY, 10.0, *[11.5] * 8, 10.0])
    assert found.signals == (Signal(Rule.RUN, 13, 20, up=True),)
    # On the centre is on neither side.
    assert not of([*STEADY, 10.0, *[11.5] * 4, 11.0, *[11.5] * 4]).signals


def test_two_of_three_beyond_two_standard_deviations() -> None:
    assert of([*STEADY, 15.0, 11.5, 15.0]).signals == (Signal(Rule.NEAR, 12, 14, up=True),)
    assert not of([*STEADY, 14.5, 11.5, 14.5]).signals
    assert not of([*STEADY, 15.0, 11.5, 11.5, 15.0]).signals
    # One above and one below are no signal together.
    assert not of([*STEADY, 15.0, 7.0, 11.0]).signals
    # What overlaps is told once.
    assert of([*STEADY, 7.0, 11.5, 7.0, 7.0]).signals == (Signal(Rule.NEAR, 12, 15, up=False),)


def test_limits_follow_the_rows_where_any_week_that_is_judged_is_large() -> None:
    def shares(*bases: float) -> Control:
        points = [Observed(20.0, base / 5, base) for base in bases]
        found = control(points, 12, method=Method.P)
        assert found is not None
        return found

    assert shares(*[100.0] * 16).method is Method.XMR
    assert shares(*[100.0] * 15, 140.0).method is Method.XMR
    found = shares(*[100.0] * 15, 400.0)
    assert found.method is Method.P
    *_others, usual, large = [one for one in found.limits if one is not None]
    assert large.high - large.centre == pytest.approx((usual.high - usual.centre) / 2)


def test_what_is_not_known_is_passed_over() -> None:
    found = of([*STEADY, 11.5, None, *[11.5] * 7])
    assert found.limits[13] is None
    assert found.signals == (Signal(Rule.RUN, 11, 20, up=True),)


def test_fewer_than_twelve_say_nothing() -> None:
    assert control([Observed(value) for value in [*STEADY[:11], None]]) is None
    assert of(STEADY, None).baseline == (0, 11)


@pytest.mark.parametrize(
    ("before", "after", "baseline"),
    # The latest twenty before what is asked; else the first there are, with some left to judge.
    [(30, 5, (10, 29)), (12, 5, (0, 11)), (5, 10, (0, 11)), (0, 22, (0, 11)), (0, 24, (0, 19))],
)
def test_the_baseline(before: int, after: int, baseline: tuple[int, int]) -> None:
    assert of([10.0, 12.0] * ((before + after + 1) // 2), before).baseline == baseline


def test_a_p_chart_is_wider_where_there_are_fewer_rows() -> None:
    # 20 % everywhere: nothing varies beyond counting, so σ = 100 √(0.2 × 0.8 / n).
    points = [Observed(20.0, n / 5, float(n)) for n in [100, 400] * 6]
    found = control(
        [*points, Observed(33.0, 33, 100), Observed(33.0, 132, 400)], 12, method=Method.P
    )
    assert found is not None
    assert found.method is Method.P
    few, many = found.limits[:2]
    assert few is not None
    assert many is not None
    assert (few.low, few.high) == (pytest.approx(8.0), pytest.approx(32.0))
    assert (many.low, many.high) == (pytest.approx(14.0), pytest.approx(26.0))
    assert [one.first for one in found.signals if one.rule is Rule.OUTSIDE] == [12, 13]


def test_limits_widen_with_what_varies_beyond_counting() -> None:
    """Laney: scores of ±3 by turns have a moving range of 6, so σ is 6 / 1.128 times as wide."""
    sigma = {n: math.sqrt(0.2 * 0.8 / n) for n in (10_000, 40_000)}
    points = []
    for place in range(12):
        n = 10_000 if place % 2 else 40_000
        share = 0.2 + (3 * sigma[n] if place % 4 < 2 else -3 * sigma[n])
        points.append(Observed(100 * share, share * n, float(n)))
    found = control(points, 12, method=Method.P)
    assert found is not None
    limit = found.limits[0]
    assert limit is not None
    plain = 100 * sigma[40_000]
    scores = [3 if place % 4 < 2 else -3 for place in range(12)]
    moving = sum(abs(b - a) for a, b in pairwise(scores)) / 11
    assert limit.centre == pytest.approx(20.0, abs=0.01)
    assert limit.sigma == pytest.approx(plain * moving / 1.128, rel=0.01)
    assert not [one for one in found.signals if one.rule is Rule.OUTSIDE]


def test_a_u_chart_follows_the_hours() -> None:
    # Two an hour, over 40 hours and over 10: σ = √(2 / hours).
    points = [Observed(2.0, 2.0 * hours, float(hours)) for hours in [40, 10] * 6]
    found = control(points, 12, method=Method.U, least=0.0)
    assert found is not None
    assert found.limits[0] is not None
    assert found.limits[1] is not None
    assert found.limits[0].high == pytest.approx(2 + 3 * math.sqrt(2 / 40))
    assert found.limits[1].high == pytest.approx(2 + 3 * math.sqrt(2 / 10))
    assert [one.low for one in found.limits if one][:2] == [
        pytest.approx(2 - 3 * math.sqrt(0.05)),
        pytest.approx(2 - 3 * math.sqrt(0.2)),
    ]


def test_alike_rows_give_an_xmr_chart_and_bounds_hold() -> None:
    points = [Observed(value, value, 100.0) for value in [1.0, 3.0] * 6]
    found = control(points, 12, method=Method.P, least=0.0, most=100.0)
    assert found is not None
    assert found.method is Method.XMR
    assert {one.low for one in found.limits if one} == {0.0}


def test_chance_alone_is_seldom_a_signal() -> None:
    """Points outside: about 3 in 1,000 by design, not more than 15 for so short a baseline."""
    drawn = random.Random(5)
    outside = judged = 0
    for _ in range(200):
        points = []
        for _place in range(32):
            n = drawn.randint(60, 400)
            hits = sum(drawn.random() < 0.3 for _row in range(n))
            points.append(Observed(100 * hits / n, float(hits), float(n)))
        found = control(points, 20, method=Method.P)
        assert found is not None
        judged += 12
        outside += sum(one.rule is Rule.OUTSIDE and one.first >= 20 for one in found.signals)
    assert outside / judged < 0.015


def test_what_stood_out_in_the_baseline_is_not_usual() -> None:
    """One week of an outage would draw the centre after it, and all weeks since would lie below."""
    outage = [*STEADY[:8], 60.0, *STEADY[:8]]
    found = of([*outage, *STEADY], 17)
    assert found.apart == (8,)
    assert found.baseline == (0, 16)
    assert all(one is not None and one.centre == 11.0 for one in found.limits)
    # It stands out itself, and nothing after it does.
    assert found.signals == (Signal(Rule.OUTSIDE, 8, 8, up=True),)


def test_a_large_week_does_not_weigh_in_what_is_usual() -> None:
    points = [Observed(value, value * 3, 300.0) for value in [86.0, 88.0] * 8]
    points[9] = Observed(97.0, 97 * 36.0, 3600.0)
    found = control([*points, *points[:8]], 16, method=Method.P)
    assert found is not None
    assert (found.method, found.apart) == (Method.P, (9,))
    assert [one.centre for one in found.limits if one] == [pytest.approx(87.0, abs=0.2)] * 24
    assert [one.rule for one in found.signals] == [Rule.OUTSIDE]


def test_a_baseline_that_is_not_in_control_stays_as_it_is() -> None:
    # Of twelve none can be missed, and where many lie outside they are how it is.
    assert of([*STEADY[:11], 60.0, *STEADY]).apart == ()
    wild = [10.0] * 9 + [40.0] * 8
    assert of([*wild, *wild], 17).apart == ()
