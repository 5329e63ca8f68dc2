"""Small pictures tell the course: gaps stay gaps, an unfinished period is set apart."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kpi.bulletin.spark import sparkline

NUMBERS = st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False), min_size=0, max_size=30)


def test_nothing_to_draw_with_one_value():
    assert sparkline([None, 3.0, None]) == ""
    assert sparkline([]) == ""


def test_a_gap_breaks_the_line():
    assert sparkline([1, 2, None, 3, 4]).count("<polyline") == 2


def test_unfinished_period_is_dashed_and_hollow():
    picture = sparkline([1, 2, 3], partial=True)
    assert 'class="line open"' in picture
    assert 'class="dot open"' in picture
    assert "open" not in sparkline([1, 2, 3])


def test_target_only_where_it_is_in_sight():
    assert 'class="target"' in sparkline([80, 85], target=88)
    assert 'class="target"' not in sparkline([80, 85], target=800)


def test_up_is_up():
    points = re.search(r'points="([^"]+)"', sparkline([1, 5]))
    (_, low), (_, high) = (map(float, pair.split(",")) for pair in points[1].split())
    assert high < low


@given(NUMBERS, st.booleans(), st.none() | st.floats(-1e6, 1e6))
def test_never_leaves_its_frame(values, partial, target):
    picture = sparkline(values, partial=partial, target=target, width=72, height=22)
    for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", picture):
        assert -1 <= float(x) <= 73
        assert -0.1 <= float(y) <= 22.1
    assert "nan" not in picture
    assert "inf" not in picture
