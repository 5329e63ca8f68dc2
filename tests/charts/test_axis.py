"""Labels at the end do not lie over each other, names are harmless, the axis tells where it starts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.charts.axis import Range, named_ticks, plain, short, short_both, some, spread, value_range
from kpi.model import Unit

HEIGHTS = st.lists(st.floats(-50, 400, allow_nan=False), min_size=1, max_size=12)


@given(HEIGHTS)
def test_labels_keep_their_distance_and_stay_inside(wanted):
    placed = spread(wanted, 17, 4, 296)
    ordered = sorted(placed)
    assert all(b - a >= 17 - 1e-6 for a, b in pairwise(ordered))
    assert ordered[0] >= 4 - 1e-6
    assert ordered[-1] <= 296 + 1e-6


@given(HEIGHTS)
def test_labels_keep_their_order(wanted):
    placed = spread(wanted, 17, 4, 296)
    for i, one in enumerate(wanted):
        for j, other in enumerate(wanted):
            if one < other:
                assert placed[i] < placed[j]


def test_labels_with_room_stay_where_they_belong():
    assert spread([10, 100, 250], 17, 4, 296) == [10, 100, 250]


def test_more_labels_than_room_are_spread_over_all_of_it():
    assert spread([50.0] * 5, 17, 0, 40) == pytest.approx([0, 10, 20, 30, 40])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<a href='http://evil.nl'>x</a>", "&lt;a href='http://evil.nl'&gt;x&lt;/a&gt;"),
        ("%{x} & y", "%&#123;x} &amp; y"),
        ("line\nbreak", "line break"),
    ],
)
def test_names_from_data_are_only_text(text, shown):
    assert plain(text) == shown


def test_a_long_name_is_cut_where_it_may_be():
    assert short("abcdef", 6) == "abcdef"
    assert short("abc defg", 5) == "abc…"


@given(st.integers(1, 800), st.integers(1, 20))
def test_some_has_the_last_and_no_more_than_asked(count, most):
    found = some(range(count), most)
    assert found[-1] == count - 1
    assert len(found) <= most
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("numbers", "unit", "target", "expected"),
    [
        ([40, 64], Unit.PERCENT, None, Range(0.0, 64 + 0.18 * 24)),
        ([40, 64], Unit.PERCENT, 90, Range(0.0, 90 + 0.18 * 50)),
        ([98, 100], Unit.PERCENT, None, Range(97.5, 100.36)),
        ([], Unit.COUNT, None, Range(0.0, 1.0)),
        ([-5, 5], Unit.COUNT, None, Range(-7.5, 6.8)),
    ],
)
def test_range(numbers, unit, target, expected):
    found = value_range(numbers, unit, target)
    assert (found.bottom, found.top) == pytest.approx((expected.bottom, expected.top))


def test_of_two_names_the_first_gives_way():
    assert short_both("Faults · Phone", 30) == "Faults · Phone"
    assert short_both("Request or change a product · E-mail", 30) == "Request or change a… · E-mail"
    assert short_both("Request or change a product", 12) == short("Request or change a product", 12)
    assert short_both("Short name · " + "x" * 40, 30) == "Short n… · " + "x" * 40


@pytest.mark.parametrize(
    ("top", "named"),
    [
        (1.6, ["0 h", "12 h", "24 h", "36 h"]),
        (0.1, ["0 h", "1 h", "2 h"]),
        (0.03, ["0.00 h", "0.25 h", "0.50 h"]),
        (2.4, ["0 d", "1 d", "2 d"]),
    ],
)
def test_below_two_days_an_axis_is_in_hours_as_its_values_are(top, named):
    at, words = named_ticks(Range(0.0, top), Unit.DAYS, about=3)
    assert [word.replace("\u00a0", " ") for word in words] == named
    assert at[0] == 0.0
    assert at[1] == pytest.approx(at[-1] / (len(at) - 1))
    assert at[-1] <= top


def test_an_axis_in_hours_that_does_not_start_at_zero():
    at, words = named_ticks(Range(1.0, 1.5), Unit.DAYS)
    assert words == ["24\u00a0h", "28\u00a0h", "32\u00a0h", "36\u00a0h"]
    assert at == pytest.approx([1.0, 28 / 24, 32 / 24, 1.5])
