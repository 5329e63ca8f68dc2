"""The figure of a funnel: order, zero, the grey part, and words that stay words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kpi.charts.funnel import Bar, bars

STEPS = [
    Bar("1  Start", 90, 10, "100", "40 vallen af, 40 %", "helft binnen 1 min", "", ("bereikt: 100",)),
    Bar("2  Adres", 55, 5, "60 · 60 %", "10 vallen af, 17 %", "", "▼ 12 punten", ()),
    Bar("3  Klaar", 50, 0, "50 · 50 %"),
]  # fmt: skip


def said(figure):
    return [note.text for note in figure.layout.annotations]


def test_bars_lie_in_their_order_from_zero():
    figure = bars(STEPS, colour="#009E73")
    settled, young = figure.data
    assert settled.orientation == young.orientation == "h"
    assert list(settled.x) == [90, 55, 50]
    assert list(young.x) == [10, 5, 0]
    assert figure.layout.barmode == "stack"
    top, bottom = figure.layout.yaxis.range[1], figure.layout.yaxis.range[0]
    assert top == 0 < bottom, "the first step on top"
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.xaxis.range[1] > 100, "room for the value at the end"


def test_a_bar_tells_its_place():
    figure = bars(STEPS, colour="#009E73")
    assert [one[0] for one in figure.data[0].customdata] == ["0", "1", "2"]


def test_the_young_are_not_of_the_series_colour():
    for theme in ("light", "dark"):
        settled, young = bars(STEPS, colour="#009E73", theme=theme).data
        assert settled.marker.color == "#009E73"
        assert young.marker.color != "#009E73"


def test_the_chosen_one_is_outlined():
    edges = bars(STEPS, colour="#009E73", chosen=1).data[0].marker.line.width
    assert list(edges) == [0, 2, 0]


def test_words_do_not_lie_over_each_other():
    figure = bars(STEPS, colour="#009E73")
    below = sorted(note.y for note in figure.layout.annotations if note.x == 0)
    pixels = figure.layout.height / figure.layout.yaxis.range[0]
    assert min(b - a for a, b in pairwise(below)) * pixels >= 16


@pytest.mark.parametrize(
    "name", ["<a href='http://evil.nl'>x</a>", "%{x} & co", "<b>vet</b>", "$x$"]
)
def test_a_name_is_text_and_nothing_else(name):
    figure = bars([Bar(name, 1, 0, name, name, name, name, (name,))], colour="#009E73")
    for text in [*said(figure), figure.data[0].customdata[0][1]]:
        assert "<a" not in text
        assert "<b>vet" not in text
    assert figure.data[0].hovertemplate == "%{customdata[1]}<extra></extra>"


def test_no_step_at_all_is_a_figure_too():
    assert bars([], colour="#009E73").layout.xaxis.range[1] > 0


def test_two_side_by_side_keep_step():
    lean = [Bar("1", 2, 0, "2", "x"), Bar("2", 1, 0, "1")]
    full = [Bar("1", 2, 0, "2", "x", worse="y"), Bar("2", 1, 0, "1")]
    heights = {bars(one, colour="#009E73", lines=2).layout.height for one in (lean, full)}
    assert len(heights) == 1
    assert bars(lean, colour="#009E73").layout.height < heights.pop()
