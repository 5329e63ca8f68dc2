"""Weekdays by hours: figures where there are enough, closed set apart from quiet, readable text."""

import pytest

from kpi.charts.heatmap import Cell, contrast, heatmap, slot, weekday_name
from kpi.charts.theme import LIGHT
from kpi.i18n import use
from kpi.model import Unit

CELLS = {
    "1-09": Cell(12.25, 490, 40.0),
    "1-10": Cell(30.0, 1200, 40.0),
    "1-11": Cell(0.0, 0, 40.0),
    "2-09": Cell(0.2, 8, 40.0),
    "3-11": Cell(7.0, 280, 40.0),
}


def cells_with(figure, wanted):
    """Row and column of every cell that a trace fills, for the traces that `wanted` takes."""
    return {
        (row, column)
        for trace in figure.data
        if trace.type == "heatmap" and wanted(trace)
        for row, line in enumerate(trace.z)
        for column, value in enumerate(line)
        if value is not None
    }


def is_plain(colour):
    return lambda trace: trace.colorscale[0][1] == colour and trace.colorscale[1][1] == colour


def test_each_hour_is_drawn_once_and_in_one_way_only():
    made = heatmap(CELLS, Unit.PER_HOUR)
    closed = cells_with(made, is_plain(LIGHT.grid))
    few = cells_with(made, is_plain(LIGHT.ground))
    coloured = cells_with(made, lambda t: t.colorscale[0][1] != t.colorscale[1][1])
    assert coloured == {(0, 0), (0, 1), (2, 2)}
    # An open hour in which nothing came is not a closed one.
    assert few == {(0, 2), (1, 0)}
    assert len(closed) == 7 * 3 - 5
    assert not (closed & few | few & coloured | closed & coloured)


def test_figures_are_in_the_cells_without_unit_and_as_the_reader_writes_them():
    with use("nl"):
        made = heatmap(CELLS, Unit.PER_HOUR)
    texts = {
        text
        for trace in made.data
        if trace.type == "heatmap" and trace.text is not None
        for line in trace.text
        for text in line
    }
    assert texts == {"", "12,3", "30,0", "0,0", "0,2", "7,0"}


def test_monday_is_on_top_in_the_language_of_the_reader():
    with use("nl"):
        made = heatmap(CELLS, Unit.PER_HOUR, scarce=[3])
        assert weekday_name(7, full=True) == "zondag"
    assert made.data[0].y == ("ma", "di", "wo *", "do", "vr", "za", "zo")
    assert made.layout.yaxis.autorange == "reversed"
    assert list(made.data[0].x) == ["9 u", "10 u", "11 u"]
    with use("en"):
        assert heatmap(CELLS, Unit.PER_HOUR).data[0].y[0] == "Mon"


def test_closed_hours_say_so():
    made = heatmap(CELLS, Unit.PER_HOUR, empty="closed")
    closed = made.data[0]
    assert closed.z[6][0] == 1
    assert closed.hovertext[6][0].endswith("closed")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_in_every_cell(theme):
    cells = {f"1-{hour:02d}": Cell(float(hour), 100) for hour in range(24)}
    made = heatmap(cells, Unit.PER_HOUR, theme=theme)
    for trace in made.data:
        if trace.text is None or trace.zmin is None:
            continue
        low, high = trace.colorscale[0][1], trace.colorscale[1][1]
        for value in [value for line in trace.z for value in line if value is not None]:
            share = (value - trace.zmin) / (trace.zmax - trace.zmin)
            at = "#" + "".join(
                f"{round(int(low[i : i + 2], 16) * (1 - share) + int(high[i : i + 2], 16) * share):02x}"
                for i in (1, 3, 5)
            )
            assert contrast(trace.textfont.color, at) >= 4.5


def test_nothing_and_all_the_same_can_be_drawn():
    assert heatmap({}, Unit.PERCENT).data
    assert heatmap({"5-12": Cell(3.0, 50)}, Unit.COUNT).data


def test_slot():
    assert slot("7-23") == (7, 23)


def test_every_hour_can_be_clicked_and_tells_which_it_is():
    with use("nl"):
        made = heatmap(CELLS, Unit.PER_HOUR)
    [marks] = [trace for trace in made.data if trace.type == "scatter"]
    assert [one for [one] in marks.customdata] == sorted(CELLS)
    place = [one for [one] in marks.customdata].index("3-11")
    assert (marks.y[place], marks.x[place]) == ("wo", "11 u")
    assert "n = 280" in marks.hovertext[place]
    # Seen is the cell below; chosen or not.
    assert marks.marker.opacity == 0
