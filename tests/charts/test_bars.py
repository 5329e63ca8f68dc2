"""Bars keep their order and start at zero, say their figures, and can be read without colour."""

import pytest

from kpi.charts import Point
from kpi.charts.flow import flow
from kpi.charts.panels import panels
from kpi.charts.parts import Part, parts
from kpi.charts.theme import DARK, LIGHT
from kpi.i18n import use
from tests.charts.svg import HOSTILE, of_class, read, tags, texts

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
    went = [Point("jan", "jan 2026", 1234.0, key="k"), Point("feb", "feb 2026", None), Point("mrt", "mrt 2026", 3.0)]  # fmt: skip
    with use("nl"):
        made = flow(MONTHS, went, came_label="Nieuw", went_label="Vertrokken")
    root = read(made)
    naught = float(of_class(root, "naught")[0].get("y1"))
    ends = [
        (float(mark.get("y")), float(mark.get("y")) + float(mark.get("height")))
        for mark in of_class(root, "mark")
    ]
    assert [low for _top, low in ends[:3]] == pytest.approx([naught] * 3, abs=0.2), "up from nought"
    assert [top for top, _low in ends[3:]] == pytest.approx([naught] * 2, abs=0.2), "down from it"
    tall = [low - top for top, low in ends]
    assert tall[0] / tall[3] == pytest.approx(1 / 1234, abs=0.001), "on one scale"
    assert texts(root, "figure") == ["1", "4", "2", "1.234", "3"]
    assert texts(root, "title") == ["Nieuw", "Vertrokken"]
    assert [mark.get("class") for mark in of_class(root, "mark")][2] == "mark open"
    assert made.marks[3] == "k"
    assert made.said[0][3] == ("jan 2026", "Vertrokken: 1.234")
    assert made.said[0][4] == (), "no value, nothing to say"
    assert of_class(root, "one")[0].get("aria-label") == (
        "Nieuw, mrt 2026: 2; Vertrokken, mrt 2026: 3"
    )


def test_figures_that_would_run_into_each_other_on_a_phone_are_marked():
    wide = [Point(f"m{i}", f"m{i}", 12345.0 + i) for i in range(12)]
    assert of_class(read(flow(wide, wide, came_label="a", went_label="b")), "tight")
    assert of_class(read(flow(MONTHS, MONTHS, came_label="a", went_label="b")), "loose")


def test_a_name_of_columns_cannot_do_anything():
    made = flow(MONTHS, MONTHS, came_label=HOSTILE, went_label=HOSTILE)
    assert tags(read(made)) <= {"div", "svg", "g", "text", "line", "rect"}
    assert flow([], [], came_label="a", went_label="b").marks == ()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_to_draw_is_an_empty_figure(theme):
    ink = (DARK if theme == "dark" else LIGHT).ink
    empty = [
        parts([], theme=theme),
        panels([], [], theme=theme),
    ]
    assert all(figure.layout.font.color == ink for figure in empty)
