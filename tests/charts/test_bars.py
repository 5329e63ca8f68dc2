"""Columns up and down, and one bar in parts: on one scale, with their figures, readable without colour."""

import pytest

from kpi.charts import Point
from kpi.charts.flow import flow
from kpi.charts.parts import Part, parts
from kpi.i18n import use
from tests.charts.svg import HOSTILE, of_class, read, share, tags, texts

MONTHS = [Point("jan", "jan 2026", 1.0, n=100), Point("feb", "feb 2026", 4.0, n=100), Point("mrt", "mrt 2026", 2.0, n=9, partial=True)]  # fmt: skip


def test_parts_make_up_the_whole_with_their_figures():
    made = parts([Part(44, "44 %", "Onnodig", "2.839", "o"), Part(38, "38 %", "Hygiëne", "7", "h"), Part(18, "18 %", "Waardevol", "5", "w")])  # fmt: skip
    root = read(made)
    bars = of_class(root, "mark")
    assert [share(bar.get("width")) for bar in bars] == [44, 38, 18]
    assert [share(bar.get("x")) for bar in bars] == [0, 44, 82], "one after another"
    assert len({bar.get("class") for bar in bars}) == 3
    words = [(one.get("data-at"), one.text) for one in root.iter("text")]
    assert words[:3] == [("0", "44 %"), ("0", "Onnodig"), ("0", "2.839")]
    assert len(words) == 9
    assert made.marks == ("o", "h", "w")
    assert made.said[0][1] == ("Hygiëne", "38 %")
    told = of_class(root, "one")[0].get("aria-label")
    assert told == "Onnodig: 44 %; Hygiëne: 38 %; Waardevol: 18 %"


@pytest.mark.parametrize("shares", [(4, 3, 93), (96, 2, 2), (44, 38, 18), (30, 70), (100,)])
def test_names_of_parts_never_lie_over_each_other(shares):
    root = read(parts([Part(one, f"{one} %", "Naam") for one in shares]))
    places = [share(one.get("x")) for one in root.iter("text") if "bold" in one.get("class")]
    assert places[0] == 0
    assert all(place == 100 for place in places[1:][-1:])
    assert all(38 <= place <= 62 for place in places[1:-1])


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


def test_a_name_of_a_part_cannot_do_anything():
    made = parts([Part(100, HOSTILE, HOSTILE, HOSTILE)])
    assert tags(read(made)) <= {"div", "svg", "text", "rect"}
    assert parts([]).marks == ()
