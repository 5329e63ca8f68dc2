"""Several groups: a name at the end of each line, a mark for each point, flags that stand together."""

from itertools import pairwise

from kpi import formats
from kpi.charts import Point
from kpi.charts.ends import GAP
from kpi.charts.flags import Flag, together
from kpi.charts.heatmap import contrast
from kpi.charts.lines import OTHERS, Series, colours, lines
from kpi.charts.theme import DARK, LIGHT
from kpi.i18n import use
from kpi.model import Unit
from tests.charts.svg import HOSTILE, of_class, places, read, share, tags, texts


def series(name, values, colour="#0072B2", n=100):
    points = [Point(f"p{i}", f"period {i}", value, n=n, key=f"k{i}") for i, value in enumerate(values)]  # fmt: skip
    return Series(name, tuple(points), colour)


def drawn(*all_of_them, unit=Unit.PERCENT):
    return read(lines(all_of_them, unit))


def test_every_line_is_named_and_no_name_lies_over_another():
    root = drawn(*(series(f"group {i}", [20, 30, 50 + i / 10]) for i in range(6)))
    assert texts(root, "whose") == [f"group {i}" for i in range(6)]
    heights = sorted(float(one.get("y")) for one in of_class(root, "end"))
    assert min(b - a for a, b in pairwise(heights)) >= GAP - 0.1
    # And once more above them, for where there is no room beside.
    assert ["".join(one.itertext()) for one in of_class(root, "key")] == texts(root, "whose")
    assert f"--key: {6 * GAP + 4:g}px" in of_class(root, "one")[0].get("style")


def test_a_line_says_the_value_of_its_last_whole_period():
    whole = series("a", [50, 60]).points
    open_ = Point("p2", "period 2", 10, n=100, partial=True)
    root = drawn(Series("a", (*whole, open_), "#0072B2"))
    [lead, _bend], marks = of_class(root, "lead"), of_class(root, "mark")
    assert (lead.get("x1"), lead.get("y1")) == (marks[1].get("cx"), marks[1].get("cy"))
    assert texts(root, "end") == [f"{formats.value(60, Unit.PERCENT)}a"]
    assert share(lead.get("x2")) > share(marks[2].get("cx")), "in the margin"


def test_a_line_that_ends_sooner_has_its_name_there():
    """A line on to the margin would look like values."""
    root = drawn(series("a", [1, 2, None, None]), series("b", [3, 3, 3, 3]))
    short, long = (share(one.get("x2")) for one in of_class(root, "lead")[::2])
    ends = [share(mark.get("cx")) for mark in of_class(root, "mark")]
    assert ends[1] < short < ends[4]
    assert long > ends[-1]


def test_the_name_of_a_line_cannot_do_anything():
    made = lines([series(HOSTILE, [1.0, 2.0])], Unit.COUNT)
    assert made.names == (HOSTILE,)
    assert tags(read(made)) <= {"div", "svg", "g", "text", "tspan", "line", "polyline", "circle", "rect"}  # fmt: skip


def test_a_line_without_values_takes_no_label():
    root = drawn(series("a", [1.0, 2.0]), series("b", [None, None]), unit=Unit.COUNT)
    assert len(of_class(root, "end")) == 1
    assert lines([], Unit.COUNT).marks == ()


def test_a_mark_tells_its_period_and_its_line():
    made = lines([series("a", [1.0, None]), series("b", [3.0, 4.0])], Unit.COUNT)
    told = [(mark.get("data-of"), mark.get("data-at")) for mark in of_class(read(made), "mark")]
    assert told == [("0", "0"), ("1", "2"), ("1", "3")]
    assert made.marks == ("k0", "k1", "k0", "k1")
    assert made.names == ("a", "b")
    assert made.said[0][1] == (), "no value, nothing to say"
    assert made.said[0][3][:2] == ("period 1", "4")
    assert of_class(read(made), "one")[0].get("data-runs") == "plane"


def test_too_few_has_no_colour_and_joins_no_line():
    whole = series("a", [50, 90, 55]).points
    few = Point("p1", "period 1", 90, n=9)
    one = Series("a", (whole[0], few, whole[2]), "#0072B2")
    root = drawn(one)
    assert not places(root, "line")
    assert not places(root, "pale")
    assert [mark.get("class") for mark in of_class(root, "mark")] == ["mark", "mark few", "mark"]
    with use("nl"):
        assert any("te weinig" in line for line in lines([one], Unit.PERCENT).said[0][1])


def test_unknown_is_grey_and_the_rest_differ():
    found = colours(["fault", None, "x", "y"], {"fault": "#D55E00"}, "#888888")
    assert found == ["#D55E00", "#888888", OTHERS[0], OTHERS[1]]
    many = colours([str(i) for i in range(6)], {}, "#888888")
    assert len(set(many)) == 6


def test_flags_that_would_touch_stand_together():
    flags = [Flag(1, 2.0, "one"), Flag(3, 2.1, "three"), Flag(2, 30.0, "two")]
    assert [[flag.number for flag in group] for group in together(flags, 53)] == [[1, 3], [2]]


def test_every_line_can_be_seen_on_both_grounds():
    for colour in OTHERS:
        for ground in (LIGHT.ground, DARK.ground):
            assert contrast(colour, ground) >= 3, (colour, ground)
