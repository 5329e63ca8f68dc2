"""Several groups: a name at the end of each line, flags with numbers."""

from itertools import pairwise

from kpi import formats
from kpi.charts import Point
from kpi.charts.axis import LABEL_GAP
from kpi.charts.flags import Flag, together
from kpi.charts.heatmap import contrast
from kpi.charts.lines import OTHERS, Series, colours, lines
from kpi.charts.theme import DARK, LIGHT
from kpi.charts.trend import trend
from kpi.i18n import use
from kpi.model import Unit

HOSTILE = "<img src=x onerror=alert(1)>"


def series(name, values, colour="#0072B2", n=100):
    points = [Point(f"p{i}", f"period {i}", value, n=n) for i, value in enumerate(values)]
    return Series(name, tuple(points), colour)


def ends(figure):
    return [note for note in figure.layout.annotations if note.axref == "x"]


def test_every_line_is_named_and_no_name_lies_over_another():
    made = lines([series(f"group {i}", [20, 30, 50 + i / 10]) for i in range(6)], Unit.PERCENT)
    names = ends(made)
    assert {note.text.split("  ")[1] for note in names} == {f"group {i}" for i in range(6)}
    low, high = made.layout.yaxis.range
    inner = made.layout.height - 58
    heights = sorted((note.ay - low) / (high - low) * inner for note in names)
    gaps = [b - a for a, b in pairwise(heights)]
    assert min(gaps) >= LABEL_GAP - 1e-6


def test_a_line_says_the_value_of_its_last_whole_period():
    whole = series("a", [50, 60]).points
    open_ = Point("p2", "period 2", 10, n=100, partial=True)
    made = lines([Series("a", (*whole, open_), "#0072B2")], Unit.PERCENT)
    [end] = ends(made)
    assert (end.x, end.y) == (1, 60)
    assert end.text.startswith(formats.value(60, Unit.PERCENT))
    assert end.ax > 2, "in the margin"


def test_the_name_of_a_line_cannot_do_anything():
    made = lines([series(HOSTILE, [1.0, 2.0])], Unit.COUNT)
    texts = [note.text for note in made.layout.annotations]
    texts += [text for trace in made.data for text in trace.hovertemplate or ()]
    assert not any("<img" in text for text in texts)
    assert any("&lt;img" in text for text in texts)


def test_a_line_without_values_takes_no_label():
    made = lines([series("a", [1.0, 2.0]), series("b", [None, None])], Unit.COUNT)
    assert len(ends(made)) == 1


def test_too_few_has_no_colour_and_joins_no_line():
    [drawn] = [series("a", [50, 90, 55], n=100)]
    few = Point("p1", "period 1", 90, n=9)
    drawn = Series("a", (drawn.points[0], few, drawn.points[2]), "#0072B2")
    made = lines([drawn], Unit.PERCENT)
    [solid] = [trace for trace in made.data if trace.line.width == 2.0]
    assert list(solid.y) == [50, None, 55]
    [marks] = [trace for trace in made.data if trace.mode == "markers"]
    assert marks.marker.line.color == ("#0072B2", LIGHT.quiet, "#0072B2")
    with use("nl"):
        hover = lines([drawn], Unit.PERCENT).data[-1].hovertemplate[1]
    assert "te weinig" in hover


def test_unknown_is_grey_and_the_rest_differ():
    found = colours(["fault", None, "x", "y"], {"fault": "#D55E00"}, "#888888")
    assert found == ["#D55E00", "#888888", OTHERS[0], OTHERS[1]]
    many = colours([str(i) for i in range(6)], {}, "#888888")
    assert len(set(many)) == 6


def test_flags_that_would_touch_stand_together():
    flags = [Flag(1, 2.0, "one"), Flag(3, 2.1, "three"), Flag(2, 30.0, "two")]
    assert [[flag.number for flag in group] for group in together(flags, 53)] == [[1, 3], [2]]


def test_a_flag_has_its_number_and_says_what_happened():
    points = series("a", [1.0, 2.0, 3.0]).points
    made = trend(points, Unit.COUNT, colour="#0072B2", flags=[Flag(7, 0.4, HOSTILE)])
    [flag] = [note for note in made.layout.annotations if note.hovertext]
    assert flag.text == "7"
    assert flag.x == 0.4
    assert "&lt;img" in flag.hovertext
    assert [shape.x0 for shape in made.layout.shapes if shape.type == "line"] == [0.4]


def test_the_year_before_is_thin_grey_and_named():
    now, before = series("a", [10.0, 20.0, 30.0]).points, series("b", [12.0, 18.0, 29.0]).points
    made = trend(now, Unit.COUNT, colour="#0072B2", earlier=before, earlier_label="a year before")
    [grey] = [trace for trace in made.data if trace.mode == "lines" and trace.hovertemplate]
    assert list(grey.y) == [12.0, 18.0, 29.0]
    assert grey.line.width < 1.5
    assert "a year before" in [note.text for note in ends(made)]


def test_the_label_of_a_target_is_not_on_the_curve():
    # Just below the target at the right, far below it at the left.
    points = series("a", [20.0] * 10 + [88.0] * 10).points
    made = trend(points, Unit.PERCENT, colour="#0072B2", target=90, target_label="target 90%")
    [label] = [note for note in made.layout.annotations if note.text == "target 90%"]
    assert (label.x, label.yanchor) != (1, "top")


def test_two_years_of_days_name_few_of_them():
    made = trend(series("a", range(730)).points, Unit.COUNT, colour="#0072B2")
    assert len(made.layout.xaxis.ticktext) <= 13
    assert max(len(trace.x) for trace in made.data) == 730


def test_every_line_can_be_seen_on_both_grounds():
    for colour in OTHERS:
        for ground in (LIGHT.ground, DARK.ground):
            assert contrast(colour, ground) >= 3, (colour, ground)
