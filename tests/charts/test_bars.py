"""Bars keep their order and start at zero, say their figures, and can be read without colour."""

import pytest
from kpi.charts.keys import Key

from kpi.charts import Point
from kpi.charts.flow import flow
from kpi.charts.pairs import Pair, pairs
from kpi.charts.panels import panels
from kpi.charts.pareto import Bar, pareto
from kpi.charts.parts import Part, parts
from kpi.charts.theme import DARK, LIGHT
from kpi.i18n import use

HOSTILE = "<a href='javascript:x'>x</a>"
BARS = [
    Bar("letter", "Brief onduidelijk", 40.0, "40 · 40 %  ▲ was 10 %", "40 %", 10.0, grew=True),
    Bar("broken", HOSTILE, 25.0, "25 · 25 %", "65 %", 30.0),
    Bar("-", "onbekend", 35.0, "35 · 35 %", "100 %", apart=True),
]
MONTHS = [Point("jan", "jan 2026", 1.0, n=100), Point("feb", "feb 2026", 4.0, n=100), Point("mrt", "mrt 2026", 2.0, n=9, partial=True)]  # fmt: skip


def bars_of(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def said(figure):
    return [note.text for note in figure.layout.annotations]


def test_the_first_is_on_top_and_bars_start_at_zero():
    figure = pareto(BARS, together="opgeteld")
    [bars] = bars_of(figure)
    assert bars.orientation == "h"
    assert list(bars.x) == [40.0, 25.0, 35.0]
    bottom, top = figure.layout.yaxis.range
    assert bottom > top, "the axis runs downwards"
    assert list(bars.y) == sorted(bars.y)
    low, high = figure.layout.xaxis.range
    assert -0.4 < low < 0, "room for the edge of a hollow bar, and no more"
    assert high == 40.0


def test_figures_stand_behind_bar_and_mark():
    figure = pareto(BARS, together="opgeteld")
    [ends] = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert list(ends.x) == [40.0, 30.0, 35.0]
    assert "▲ was 10 %" in ends.text[0]
    assert {"opgeteld", "40 %", "65 %", "100 %"} <= set(said(figure))


def test_without_colour_unknown_is_hollow_and_before_is_a_mark():
    figure = pareto(BARS)
    [bars] = bars_of(figure)
    assert bars.marker.color[2] == LIGHT.ground
    assert bars.marker.line.width[2] > 0
    assert bars.marker.color[0] != bars.marker.color[1]
    [marks] = [
        trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"
    ]
    assert list(marks.x) == [10.0, 30.0]
    assert marks.marker.symbol == "line-ns"


def test_a_key_says_what_the_bars_that_there_are_mean():
    key = Key("grew", "did not", "unknown", "mei 2026")
    told = said(pareto(BARS, key=key))[-1]
    for shape, word in {"■ ▲": "grew", "■": "did not", "□": "unknown", "|": "mei 2026"}.items():
        assert f">{shape}</span> {word}" in told
    [calm] = [BARS[1]]
    assert "grew" not in said(pareto([calm], key=key))[-1]
    assert "unknown" not in said(pareto([calm], key=key))[-1]
    hostile = said(pareto([calm], key=Key("", HOSTILE, "")))[-1]
    assert "<a" not in hostile


def test_a_click_gives_the_id_also_on_the_figures():
    figure = pareto(BARS)
    clickable = [trace for trace in figure.data if trace.customdata is not None]
    assert len(clickable) == 2
    assert all(list(trace.customdata) == ["letter", "broken", "-"] for trace in clickable)
    # Plotly tells nothing of a click on what it skips.
    assert all(trace.hoverinfo != "skip" for trace in clickable)


def test_what_is_chosen_stands_out_from_the_others():
    chosen = [*BARS[:1], Bar("broken", "Stuk", 25.0, "25", chosen=True)]
    [bars] = bars_of(pareto(chosen))
    assert bars.marker.opacity[0] < bars.marker.opacity[1] == 1
    assert set(bars_of(pareto(BARS))[0].marker.opacity) == {1.0}


def test_names_are_text_and_nothing_else():
    figure = pareto(BARS)
    assert not any("<a" in text for text in said(figure))
    assert not any("<a" in text for text in bars_of(figure)[0].hovertext)
    assert any("&lt;a" in text for text in said(figure))


def test_parts_make_up_the_whole_with_their_figures():
    figure = parts([Part(44, "44 %", "Onnodig", "2.839"), Part(38, "38 %", "Hygiëne"), Part(18, "18 %", "Waardevol")])  # fmt: skip
    assert sum(bar.x[0] for bar in bars_of(figure)) == 100
    assert figure.layout.barmode == "stack"
    assert list(figure.layout.xaxis.range) == [0, 100]
    assert "2.839" in said(figure)[0]
    assert len(said(figure)) == 3
    fills = [bar.marker.color for bar in bars_of(figure)]
    assert len(set(fills)) == 3


def test_pairs_have_a_filled_and_a_hollow_dot_and_an_interval():
    rows = [
        Pair("Klachten", 8.2, 3.6, 17.8, 1.8, "▲ 8 % tegen 1,8 %", stands_out=True),
        Pair("Storingen", None, None, None, None, "te weinig (n = 4)", pale=True),
    ]
    figure = pairs(rows, filled="met een zaak", hollow="zonder")
    dots = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]
    assert list(dots[0].x) == [1.8, 8.2]
    assert dots[0].marker.color == (LIGHT.ground, LIGHT.bad)
    [interval] = [
        trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"
    ]
    assert list(interval.x) == [3.6, 17.8]
    assert figure.layout.xaxis.range[1] >= 17.8
    assert "te weinig (n = 4)" in said(figure)
    assert "● met een zaak   ○ zonder" in said(figure)


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
        pareto([], theme=theme),
        parts([], theme=theme),
        pairs([], filled="a", hollow="b", theme=theme),
        panels([], [], theme=theme),
        flow([], [], came_label="a", went_label="b", theme=theme),
    ]
    assert all(figure.layout.font.color == ink for figure in empty)
