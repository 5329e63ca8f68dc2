"""Strips of different units: each on a scale of its own, over one axis."""

from kpi.charts.point import Point
from kpi.charts.stacked import Strip, stacked
from kpi.charts.theme import LIGHT
from kpi.model import Unit

HOSTILE = "<b>x</b>"


def strip(values, unit=Unit.PER_HOUR, **more):
    points = tuple(Point(str(i), f"day {i}", value, n=50) for i, value in enumerate(values))
    return Strip(more.pop("title", "Load"), points, unit, **more)


def test_each_has_its_own_scale_and_all_one_axis():
    made = stacked([strip([1.0, 2.0]), strip([60.0, 90.0], Unit.PERCENT)])
    assert made.layout.yaxis.range[1] < 3
    assert made.layout.yaxis2.range[1] > 90
    assert made.layout.yaxis.domain[0] > made.layout.yaxis2.domain[1]
    assert list(made.layout.xaxis.ticktext) == ["0", "1"]


def test_the_target_is_drawn_and_named_and_fits():
    [bars] = (
        made := stacked([strip([10.0], Unit.PERCENT, target=80, target_label="doel 80")])
    ).data
    assert made.layout.shapes[0].y0 == 80
    assert made.layout.yaxis.range[1] > 80
    assert "doel 80" in made.layout.annotations[0].text
    assert bars.textposition == "inside"


def test_few_and_unfinished_are_hollow_and_what_is_out_stands_out():
    points = (
        Point("a", "a", 1.0, n=50), Point("b", "b", 2.0, n=5), Point("c", "c", 2.0, n=50, partial=True),
    )  # fmt: skip
    [bars] = stacked([Strip("x", points, Unit.PER_HOUR, out=(0,))]).data
    assert list(bars.marker.color) == [LIGHT.bad, LIGHT.ground, LIGHT.ground]
    assert bars.text[1] == ""


def test_what_comes_from_files_stays_text():
    made = stacked([strip([1.0], title=HOSTILE)])
    assert HOSTILE not in made.layout.annotations[0].text
