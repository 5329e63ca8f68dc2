"""Bars keep their order and start at zero, say their figures, and can be read without colour."""

import pytest

from kpi.charts import Point
from kpi.charts.flow import flow
from kpi.charts.panels import panels
from kpi.charts.parts import Part, parts
from kpi.charts.theme import DARK, LIGHT
from kpi.i18n import use

MONTHS = [Point("jan", "jan 2026", 1.0, n=100), Point("feb", "feb 2026", 4.0, n=100), Point("mrt", "mrt 2026", 2.0, n=9, partial=True)]  # fmt: skip


def bars_of(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def said(figure):
    return [note.text for note in figure.layout.annotations]


def test_parts_make_up_the_whole_with_their_figures():
    figure = parts([Part(44, "44 %", "Onnodig", "2.839"), Part(38, "38 %", "Hygiëne"), Part(18, "18 %", "Waardevol")])  # fmt: skip
    assert sum(bar.x[0] for bar in bars_of(figure)) == 100
    assert figure.layout.barmode == "stack"
    assert list(figure.layout.xaxis.range) == [0, 100]
    assert "2.839" in said(figure)[0]
    assert len(said(figure)) == 3
    fills = [bar.marker.color for bar in bars_of(figure)]
    assert len(set(fills)) == 3


def test_panels_share_one_scale_and_write_the_peaks():
    quiet = [Point("jan", "jan 2026", 0.5), Point("feb", "feb 2026", 0.6), Point("mrt", "mrt 2026", 0.4)]  # fmt: skip
    texts = [["1 %", "4 %", "2 %"], ["0,5 %", "0,6 %", "0,4 %"]]
    figure = panels([("Zonder", MONTHS), ("Met", quiet)], texts, [(1,), ()])
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range
    assert figure.layout.yaxis.range[0] == 0
    upper, lower = bars_of(figure)
    assert upper.marker.color == (LIGHT.quiet, LIGHT.bad, LIGHT.ground)
    assert LIGHT.bad not in lower.marker.color
    assert list(upper.text) == ["", "4 %", "2 %"]
    assert list(lower.text) == ["", "0,6 %", "0,4 %"]
    assert figure.layout.xaxis.anchor == "y2", "months stand below the last panel"


def test_who_left_points_down_and_figures_are_dutch():
    went = [Point("jan", "jan 2026", 1234.0), Point("feb", "feb 2026", None), Point("mrt", "mrt 2026", 3.0)]  # fmt: skip
    with use("nl"):
        figure = flow(MONTHS, went, came_label="Nieuw", went_label="Vertrokken")
    up, down = bars_of(figure)
    assert list(up.y) == [1.0, 4.0, 2.0]
    assert list(down.y) == [-1234.0, None, -3.0]
    assert down.text[0] == "1.234"
    assert up.marker.color[2] == LIGHT.ground, "an unfinished month is hollow"
    low, high = figure.layout.yaxis.range
    assert low == -high


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_to_draw_is_an_empty_figure(theme):
    ink = (DARK if theme == "dark" else LIGHT).ink
    empty = [
        parts([], theme=theme),
        panels([], [], theme=theme),
        flow([], [], came_label="a", went_label="b", theme=theme),
    ]
    assert all(figure.layout.font.color == ink for figure in empty)
