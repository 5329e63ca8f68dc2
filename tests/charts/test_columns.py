"""Rows of columns: from nought, on their own scale or on one, with the figures there is room for."""

from itertools import pairwise

import pytest

from kpi.charts import Point
from kpi.charts.columns import Strip, columns
from kpi.i18n import use
from kpi.model import Unit
from tests.charts.svg import HOSTILE, of_class, read, share, tags, texts


def strip(values, unit=Unit.PERCENT, title="Groep", **more):
    points = tuple(
        Point(f"p{i}", f"period {i}", value, n=50, key=f"{title} {i}")
        for i, value in enumerate(values)
    )
    return Strip(title, points, unit, **more)


def tall(root, row):
    marks = [one for one in of_class(root, "mark") if one.get("data-of") == str(row)]
    return [float(one.get("height")) for one in marks]


def test_each_has_its_own_scale_unless_they_are_alike():
    two = [strip([1.0, 2.0]), strip([60.0, 90.0])]
    own, one = read(columns(two)), read(columns(two, alike=True))
    assert max(tall(own, 0)) == pytest.approx(max(tall(own, 1)), abs=0.1)
    assert tall(own, 0)[0] == pytest.approx(tall(own, 0)[1] / 2, abs=0.1), "from nought"
    assert tall(one, 0)[1] / tall(one, 1)[1] == pytest.approx(2 / 90, abs=0.002)


def test_all_stand_over_one_axis():
    root = read(columns([strip([1.0, 2.0, 3.0]), strip([5.0, None, 6.0])]))
    upper, lower = (
        [share(one.get("x")) for one in of_class(root, "mark") if one.get("data-of") == row]
        for row in "01"
    )
    assert lower == [upper[0], upper[2]]
    assert texts(root, "period").count("p2") >= 1


def test_what_stands_out_the_last_and_the_named_have_their_figures():
    with use("nl"):
        made = columns([strip([1.0, 4.0, 3.0, 2.0, 5.0, 6.0], out=(1,), named=(3,))])
    root = read(made)
    assert texts(root, "figure") == ["4,0\u00a0%", "2,0\u00a0%", "6,0\u00a0%"]
    assert [one.get("data-at") for one in of_class(root, "figure")] == ["1", "3", "5"]
    assert [one.get("data-at") for one in of_class(root, "out")] == ["1"]


def test_figures_never_run_into_each_other():
    with use("nl"):
        root = read(columns([strip([1000.0 + i for i in range(53)], Unit.COUNT, named=tuple(range(53)))]))  # fmt: skip
    places = [int(one.get("data-at")) for one in of_class(root, "figure")]
    narrow = [
        int(one.get("data-at"))
        for one in of_class(root, "figure")
        if "loose" not in one.get("class").split()
    ]
    assert 52 in narrow, "the last one always"
    for found, width in ((places, 480), (narrow, 270)):
        apart = width / 53.2
        assert all((later - one) * apart > 6 * 5 for one, later in pairwise(found))
    assert len(narrow) < len(places) < 53


def test_few_and_unfinished_are_hollow_but_not_where_they_are_counted():
    points = (
        Point("a", "a", 1.0, n=50), Point("b", "b", 2.0, n=5), Point("c", "c", 2.0, n=50, partial=True),
    )  # fmt: skip
    shares = columns([Strip("x", points, Unit.PERCENT)])
    assert [one.get("class") for one in of_class(read(shares), "mark")] == ["mark", "mark open", "mark open"]  # fmt: skip
    counts = columns([Strip("x", points, Unit.COUNT)])
    assert [one.get("class") for one in of_class(read(counts), "mark")] == ["mark", "mark", "mark open"]  # fmt: skip
    assert shares.said[0][1][-1] == "too few for a conclusion"
    assert counts.said[0][1] == ("x", "b", "2")
    assert counts.said[0][2][-1] == "not complete"


def test_the_target_is_drawn_and_named_and_fits():
    root = read(columns([strip([10.0], target=80, target_label="doel 80 %")]))
    [line] = of_class(root, "target")
    assert 0 < float(line.get("y1")) < 88 - tall(root, 0)[0]
    assert "doel 80 %" in texts(root, "title")[0]


def test_the_target_is_drawn_before_the_figures_that_break_it():
    root = read(columns([strip([79.0], target=80.0)]))
    drawn = [one.get("class") for one in root.iter()]
    assert drawn.index("mark") < drawn.index("target") < drawn.index("figure")


def test_a_mark_tells_its_own_key_and_its_row():
    made = columns([strip([1.0, 2.0], title="Een"), strip([None, 4.0], title="Twee")])
    assert made.marks == ("Een 0", "Een 1", "Twee 0", "Twee 1")
    assert [one.get("data-at") for one in of_class(read(made), "mark")] == ["0", "1", "3"]
    assert made.said[0][3][:2] == ("Twee", "period 1")
    assert made.said[0][2] == (), "no value, nothing to say"
    told = of_class(read(made), "one")[0].get("aria-label")
    assert told.startswith("Een, period 1, ")
    assert "; Twee, period 1, " in told


def test_nothing_and_noughts_are_drawn_too():
    assert columns([]).marks == ()
    assert columns([], alike=True).said == ((),)
    assert tall(read(columns([strip([0.0, 0.0])])), 0) == [0, 0]
    assert tall(read(columns([strip([None, None])])), 0) == []


def test_what_comes_from_files_stays_text():
    made = columns([strip([1.0], title=HOSTILE, target=2.0, target_label=HOSTILE)])
    assert tags(read(made)) <= {"div", "svg", "g", "text", "tspan", "title", "line", "rect"}
