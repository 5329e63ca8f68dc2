"""A trend tells whole periods from unfinished ones, starts where it says, and reads in Dutch."""

import pytest

from kpi import formats
from kpi.charts import Point, trend
from kpi.charts.control import Ring
from kpi.charts.flags import Flag
from kpi.charts.theme import DARK, LIGHT
from kpi.i18n import use
from kpi.model import Unit

POINTS = [
    Point("wk 1", "wk 1 2026", 70.0, 65, 75, 100, partial=True),
    Point("wk 2", "wk 2 2026", 72.0, 68, 76, 500),
    Point("wk 3", "wk 3 2026", 75.0, 71, 79, 500),
    Point("wk 4", "wk 4 2026", 40.0, 20, 60, 12, partial=True),
]


def drawn(points=POINTS, unit=Unit.PERCENT, **more):
    return trend(points, unit, colour="#0072B2", **more)


def said(value, low=71, high=79):
    return formats.value(value, Unit.PERCENT, low, high)


def named(figure, dash):
    return [trace for trace in figure.data if trace.line.dash == dash and trace.mode == "lines"]


def test_unfinished_periods_do_not_bend_the_line():
    figure = drawn()
    [solid] = [trace for trace in figure.data if trace.line.width == 2.2]
    assert list(solid.y) == [None, 72.0, 75.0, None]
    [dotted] = named(figure, "dot")
    assert list(dotted.y) == [70.0, 72.0, 75.0, 40.0]
    [marks] = [trace for trace in figure.data if trace.mode == "markers"]
    assert marks.marker.color == (LIGHT.ground, "#0072B2", "#0072B2", LIGHT.ground)


def ends(figure):
    return [note for note in figure.layout.annotations if note.axref == "x"]


def test_the_bold_number_is_that_of_the_last_whole_period():
    """The sentence above tells that one too; the unfinished has no number of its own."""
    [end] = ends(drawn())
    assert (end.x, end.y) == (2, 75.0)
    assert (end.text, end.font.color) == (f"<b>{said(75.0)}</b>", LIGHT.ink)
    assert end.ax > 3, "past the unfinished one: in the margin, not over its mark"


def test_where_none_is_over_the_number_is_quiet():
    [end] = ends(drawn([POINTS[3]]))
    assert (end.text, end.font.color) == (said(40.0, 20, 60), LIGHT.quiet)


def test_all_whole_has_nothing_dotted():
    assert not named(drawn(POINTS[1:3]), "dot")


def test_hover_says_value_interval_n_and_unfinished():
    with use("nl"):
        [marks] = [trace for trace in drawn().data if trace.mode == "markers"]
    text = marks.hovertemplate[-1].replace("\u00a0", " ")
    assert "wk 4 2026" in text
    assert "20–60 %" in text
    assert "n = 12" in text
    assert "niet compleet" in text


def test_target_is_a_labelled_line():
    figure = drawn(target=90, target_label="doel 90 %")
    [line] = figure.layout.shapes
    assert line.y0 == line.y1 == 90
    assert "doel 90 %" in [note.text for note in figure.layout.annotations]
    assert figure.layout.yaxis.range[1] > 90


@pytest.mark.parametrize(("low", "starts_at_zero"), [(40.0, True), (95.0, False)])
def test_an_axis_that_does_not_start_at_zero_says_so(low, starts_at_zero):
    points = [Point(str(i), str(i), low + i * (8 if starts_at_zero else 0.5)) for i in range(4)]
    with use("en"):
        figure = drawn(points)
    said = any("does not start at zero" in note.text for note in figure.layout.annotations)
    assert (figure.layout.yaxis.range[0] == 0) is starts_at_zero
    assert said is not starts_at_zero


def test_dutch_separators_and_ticks():
    points = [Point(str(i), str(i), 1000.0 * i, n=5) for i in range(1, 5)]
    with use("nl"):
        figure = drawn(points, Unit.COUNT)
    assert figure.layout.separators == ",."
    assert "2.000" in figure.layout.yaxis.ticktext


def test_nothing_known_is_an_empty_figure():
    figure = drawn([Point("a", "a", None), Point("b", "b", None)])
    assert not [y for trace in figure.data for y in trace.y or () if y is not None]


def test_many_periods_name_the_last():
    points = [Point(f"p{i}", f"p{i}", float(i)) for i in range(60)]
    texts = drawn(points).layout.xaxis.ticktext
    assert texts[-1] == "p59"
    assert len(texts) <= 13


def test_dark_follows_the_page():
    figure = drawn(theme="dark")
    assert figure.layout.font.color == DARK.ink
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_can_be_drawn(unit):
    with use("nl"):
        assert drawn(unit=unit, target=3.0).data


def test_a_word_above_a_ring_stays_below_the_flags():
    points = [Point(name, name, value) for name, value in (("a", 20.0), ("b", 33.0), ("c", 25.0))]
    rings = [Ring(1, "above", True)]
    bare = drawn(points, Unit.COUNT, rings=rings)
    flagged = drawn(points, Unit.COUNT, rings=rings, flags=[Flag(1, 1.0, "x")])
    tops = [made.layout.yaxis.range[1] for made in (bare, flagged)]
    # A seventh of the height is room for ring and word.
    assert (tops[1] - 33) / tops[1] > 0.13 > (tops[0] - 33) / tops[0]


def test_the_interval_of_few_is_no_block_of_colour():
    few = Point("wk 5", "wk 5 2026", 0.0, 0, 79, 3)
    bands = [trace for trace in drawn([*POINTS[1:3], few]).data if trace.fill == "tonexty"]
    assert [list(band.x) for band in bands] == [[0, 1]]
    assert drawn([few, few]).layout.yaxis.range[1] < 20


def test_a_narrow_figure_names_fewer_periods():
    weeks = [Point(f"wk {i}", f"wk {i} 2026", 70.0, 65, 75, 100) for i in range(24)]
    assert len(drawn(weeks).layout.xaxis.ticktext) == 12
    assert len(drawn(weeks, most_named=8).layout.xaxis.ticktext) == 8
