"""Small figures: one scale, one time axis, every point told, and nothing that a name can do."""

import re
from xml.etree import ElementTree

import pytest

from kpi import formats
from kpi.charts import Point
from kpi.charts.axis import Range
from kpi.charts.control import Ring, Usual
from kpi.charts.flags import Flag
from kpi.charts.lines import Series
from kpi.charts.small import Small, small
from kpi.i18n import use
from kpi.model import Unit
from tests.charts.svg import HOSTILE, of_class

AXIS = Range(0.0, 80.0)


def series(name, values, **more):
    points = [
        Point(f"p{i}", f"period {i}", value, n=100, key=f"k{i}", **more)
        for i, value in enumerate(values)
    ]
    return Series(name, tuple(points), "#0072B2")


def drawn(*figures, axis=AXIS, **more):
    made = small(figures, Unit.PERCENT, axis, **more)
    return made, ElementTree.fromstring(f"<div>{made.html}</div>")


def test_all_share_the_scale_they_are_given():
    _made, root = drawn(Small(series("a", [0, 40])), Small(series("b", [80, 40])))
    assert len(of_class(root, "one")) == 2
    # 80 is the top, 0 the bottom, and the same value lies as high in both.
    assert [float(mark.get("cy")) for mark in of_class(root, "mark")] == [112, 56, 0, 56]
    across = [mark.get("cx") for mark in of_class(root, "mark")]
    assert across[:2] == across[2:] == ["27.27%", "72.73%"]


def test_every_point_says_what_it_is():
    made, root = drawn(Small(series("a", [20, None, 30])), Small(series("b", [1, 2, 3])))
    assert made.marks == ("k0", "k1", "k2")
    assert made.names == ("a", "b")
    assert made.said[0][1] == (), "no value, nothing to say"
    assert made.said[0][2][0] == "period 2"
    assert made.said[0][2][1] == formats.value(30, Unit.PERCENT)
    assert [mark.get("data-at") for mark in of_class(root, "mark")] == ["0", "2", "0", "1", "2"]
    labels = [one.get("aria-label") for one in of_class(root, "one")]
    assert labels[0].startswith("a: period 2"), "read out: the last that is over"


def test_a_gap_is_no_line():
    _made, root = drawn(Small(series("a", [10, 20, None, 30, 40, None, 50])))
    lines = [one.get("points").split() for one in of_class(root, "line")]
    assert [len(line) for line in lines] == [2, 2], "a value alone is a mark without a line"


def test_an_unfinished_period_is_dotted_and_hollow():
    points = (*series("a", [10, 20]).points, Point("p2", "period 2", 15, n=100, partial=True))
    _made, root = drawn(Small(Series("a", points, "#0072B2")))
    assert len(of_class(root, "line")[0].get("points").split()) == 2
    assert len(of_class(root, "dotted")[0].get("points").split()) == 2
    assert len(of_class(root, "open")) == 1


def test_the_value_beside_is_that_of_the_last_whole_period():
    points = (*series("a", [10, 20]).points, Point("p2", "period 2", 60, n=100, partial=True))
    _made, root = drawn(Small(Series("a", points, "#0072B2")))
    [end], [lead] = of_class(root, "end"), of_class(root, "lead")
    whole = of_class(root, "mark")[1]
    assert (end.text, end.get("x")) == (formats.value(20, Unit.PERCENT), "100%")
    assert end.get("data-at") == whole.get("data-at"), "pointed at as its mark is"
    assert (lead.get("x1"), lead.get("y1"), end.get("y")) == (
        whole.get("cx"), whole.get("cy"), whole.get("cy"),
    )  # fmt: skip
    assert of_class(root, "one")[0].get("aria-label").startswith("a: period 1")


def test_too_few_joins_no_line_of_its_colour():
    few = Point("p1", "period 1", 90, n=9)
    one, _middle, last = series("a", [50, 90, 55]).points
    _made, root = drawn(Small(Series("a", (one, few, last), "#0072B2")))
    assert not of_class(root, "line")
    assert len(of_class(root, "pale")[0].get("points").split()) == 3
    assert len(of_class(root, "few")) == 1


def test_limits_rings_and_a_target():
    bare = Small(series("a", [20, 21, 60]))
    _made, root = drawn(bare)
    assert not any(of_class(root, name) for name in ("usual", "ring", "target", "flag"))
    _made, root = drawn(
        Small(
            bare.series, 40.0, (Flag(7, 0.4, "what"),),
            (Usual(20.0, 10.0, 30.0),) * 3, (Ring(2, "word", up=True),),
        )
    )  # fmt: skip
    [ring], [target], [flag] = (of_class(root, name) for name in ("ring", "target", "flag"))
    assert (ring.get("cx"), ring.get("cy")) == ("81.25%", "28.0")
    assert target.get("y1") == "56.0"
    assert flag.get("x1") == "31.25%"
    band = [point.split(",") for point in of_class(root, "usual")[0].get("points").split()]
    assert {float(y) for _x, y in band} == {70.0, 98.0}, "from 10 to 30"
    assert "word" not in ElementTree.tostring(root, encoding="unicode"), "no room for words"


def test_limits_beyond_the_axis_end_with_it():
    usual = tuple(Usual(70.0, -20.0, 200.0) for _ in range(2))
    _made, root = drawn(Small(series("a", [60, 70]), usual=usual))
    [shape] = of_class(root, "usual")
    heights = {float(place.split(",")[1]) for place in shape.get("points").split()}
    assert heights == {0.0, 112.0}


def test_durations_beside_each_other_are_in_one_unit():
    with use("nl"):
        made = small([Small(series("a", [0.9])), Small(series("b", [2.8]))], Unit.DAYS, Range(0, 3))
    assert [figure[0][1].replace("\u00a0", " ") for figure in made.said] == ["0,9 d", "2,8 d"]


def test_what_all_share_is_numbered_once():
    figures = [Small(series(name, [1, 2, 3]), flags=(Flag(7, 0.4, "what"),)) for name in "ab"]
    assert len(of_class(drawn(*figures)[1], "number")) == 2
    assert len(of_class(drawn(*figures, flags_named=False)[1], "number")) == 1
    assert len(of_class(drawn(*figures, flags_named=False)[1], "flag")) == 2


@pytest.mark.parametrize("label", ["wk 1", "wk 1<br>2026"])
def test_at_most_three_periods_are_named_the_last_among_them(label):
    points = tuple(Point(label if i % 4 else "", "full", 1.0, n=100) for i in range(52))
    _made, root = drawn(Small(Series("a", points, "#0072B2")))
    named = {one.get("x") for one in of_class(root, "period")}
    assert 2 <= len(named) <= 3
    assert max(float(x.rstrip("%")) for x in named) > 98
    assert {one.text for one in of_class(root, "period")} == set(label.split("<br>"))


def test_an_axis_that_does_not_start_at_zero_says_so_once():
    figures = [Small(series(name, [60, 70])) for name in "ab"]
    with use("nl"):
        made, _root = drawn(*figures, axis=Range(50.0, 80.0))
        assert made.html.count("begint niet bij nul") == 1
        assert "begint niet bij nul" not in drawn(*figures)[0].html


def test_a_name_cannot_do_anything():
    one = Small(series(HOSTILE, [1.0, 2.0]), flags=(Flag(1, 0.5, HOSTILE),))
    made, root = drawn(one)
    assert not re.search(r"<(img|script)", made.html)
    assert {part.tag for part in root.iter()} <= {
        "div", "svg", "text", "title", "line", "polyline", "polygon", "circle", "rect", "g",
    }  # fmt: skip
    # As data it goes out as it is: the script writes it as text.
    assert made.names == (HOSTILE,)


def test_nothing_to_draw():
    made, root = drawn(Small(series("a", [None, None])))
    assert not of_class(root, "mark")
    assert not of_class(root, "end")
    assert made.said == (((), ()),)
    assert small([], Unit.COUNT, AXIS).marks == ()


def test_a_line_that_ends_sooner_has_its_value_at_its_last_point():
    """A line on to the side would look like values."""
    _made, root = drawn(Small(series("a", [20, 40, None, None])), Small(series("b", [1, 2, 3, 4])))
    ends = of_class(root, "end")
    marks = of_class(root, "mark")
    assert ends[0].get("x") == marks[1].get("cx")
    assert ends[1].get("x") == "100%"
    assert not of_class(root, "lead")


def test_long_values_get_the_room_that_they_need():
    def room(value):
        points = series("a", [value / 2, value])
        html = small([Small(points)], Unit.SECONDS, Range(0.0, 4000.0)).html
        return int(re.search(r"margin: \d+px (\d+)px", html).group(1))

    assert room(45) == 58
    assert room(3599) > 66
