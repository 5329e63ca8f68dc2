"""How fast cases are closed: shares in the language spoken, and nothing over the first day's name."""

import pytest

from kpi import i18n
from kpi.charts.curve import Steps, curve

SLOW = Steps("opened", (0.5, 2.0, 9.0), (10.0, 50.0, 90.0), "#111111")
FAST = Steps("closed", (0.5, 1.5, 8.0), (10.0, 51.0, 92.0), "#777777", dashed=True)


@pytest.mark.parametrize(("language", "quarter"), [("en", "25%"), ("nl", "25\u00a0%")])
def test_shares_are_written_as_the_language_does(language, quarter):
    with i18n.use(language):
        made = curve([FAST, SLOW], 12.0)
    assert list(made.layout["yaxis"]["ticktext"])[1] == quarter


def test_a_point_tells_its_line_and_its_days_and_round_days_are_dots():
    line, dots = curve(
        [Steps("o", (0.0, 0.33333, 2.0), (0, 10, 50), "#111111", key="k", dots=(2.0,))], 3
    ).data
    assert list(line.customdata) == ["k 0", "k 0.3333", "k 2", "k 3"]
    assert (list(dots.x), list(dots.y)) == ([2.0], [50.0])
    # What is pointed at is the line's own point.
    assert dots.hoverinfo == "skip"


def test_the_first_day_stands_beside_the_lowest_share():
    low, high = curve([FAST, SLOW], 12.0).layout["xaxis"]["range"]
    assert low < 0 < high == 12.0
