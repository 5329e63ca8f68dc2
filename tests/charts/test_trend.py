"""A trend tells whole periods from unfinished ones, starts where it says, and reads in Dutch."""

import re

import pytest

from kpi import formats
from kpi.charts import Point, trend
from kpi.charts.control import Ring, Usual
from kpi.charts.flags import Flag
from kpi.i18n import use
from kpi.model import Unit
from tests.charts.svg import HOSTILE, of_class, places, read, share, tags, texts

POINTS = [
    Point("wk 1", "wk 1 2026", 70.0, 65, 75, 100, partial=True),
    Point("wk 2", "wk 2 2026", 72.0, 68, 76, 500),
    Point("wk 3", "wk 3 2026", 75.0, 71, 79, 500),
    Point("wk 4", "wk 4 2026", 40.0, 20, 60, 12, partial=True),
]


def drawn(points=POINTS, unit=Unit.PERCENT, **more):
    return read(trend(points, unit, colour="#0072B2", **more))


def counts(values, n=100):
    return [Point(f"p{i}", f"period {i}", value, n=n, key=f"k{i}") for i, value in enumerate(values)]  # fmt: skip


def said(value, low=71, high=79):
    return formats.value(value, Unit.PERCENT, low, high)


def test_unfinished_periods_do_not_bend_the_line():
    root = drawn()
    across = [share(mark.get("cx")) for mark in of_class(root, "mark")]
    [solid], [dotted] = places(root, "line"), places(root, "dotted")
    assert [x for x, _y in solid] == pytest.approx([10 * x for x in across[1:3]], abs=0.1)
    assert len(dotted) == 4
    assert ["open" in mark.get("class") for mark in of_class(root, "mark")] == [
        True, False, False, True,
    ]  # fmt: skip


def test_the_large_number_is_that_of_the_last_whole_period():
    """The sentence above tells that one too; the unfinished has no number of its own."""
    root = drawn()
    [ending], [lead, bend] = of_class(root, "ending"), of_class(root, "lead")
    third, last = of_class(root, "mark")[2:]
    assert ending.get("class").split() == ["ending", "large"]
    assert texts(root, "end") == [said(75.0)]
    assert (lead.get("x1"), lead.get("y1")) == (third.get("cx"), third.get("cy"))
    assert (lead.get("y2"), bend.get("y1")) == (third.get("cy"), third.get("cy")), "level"
    assert ending.get("data-at") == third.get("data-at"), "its label is pointed at as it is"
    beyond = share(lead.get("x2"))
    assert beyond > share(last.get("cx")), "in the margin, not over the mark of the unfinished one"


def test_where_none_is_over_the_number_is_quiet():
    root = drawn([POINTS[3]])
    assert texts(root, "end") == [said(40.0, 20, 60)]
    assert of_class(root, "ending")[0].get("class").split() == ["ending", "few"]


def test_all_whole_has_nothing_dotted():
    assert not of_class(drawn(POINTS[1:3]), "dotted")


def test_a_mark_says_value_interval_n_and_unfinished():
    with use("nl"):
        told = trend(POINTS, Unit.PERCENT).said[0][-1]
    text = "\n".join(told).replace("\u00a0", " ")
    assert "wk 4 2026" in text
    assert "20–60 %" in text
    assert "n = 12" in text
    assert "niet compleet" in text


def test_target_is_a_labelled_line_within_the_figure():
    root = drawn(target=90, target_label="doel 90 %")
    [line], [label] = of_class(root, "target"), of_class(root, "aim")
    assert 0 < float(line.get("y1")) < min(float(m.get("cy")) for m in of_class(root, "mark"))
    assert label.text == "doel 90 %"


@pytest.mark.parametrize(("low", "starts_at_zero"), [(40.0, True), (95.0, False)])
def test_an_axis_that_does_not_start_at_zero_says_so(low, starts_at_zero):
    points = [Point(str(i), str(i), low + i * (8 if starts_at_zero else 0.5)) for i in range(4)]
    with use("en"):
        root = drawn(points)
    assert ("0%" in texts(root, "value")) is starts_at_zero
    assert texts(root, "low") == ([] if starts_at_zero else ["axis does not start at zero"])


def test_dutch_ticks():
    with use("nl"):
        root = drawn(counts([1000.0 * i for i in range(1, 5)]), Unit.COUNT)
    assert "2.000" in texts(root, "value")


def test_nothing_known_is_an_empty_figure():
    root = drawn([Point("a", "a", None), Point("b", "b", None)])
    assert not any(of_class(root, name) for name in ("mark", "line", "end", "value"))
    assert trend([], Unit.COUNT).marks == ()


def test_many_periods_name_the_last():
    root = drawn([Point(f"p{i}", f"p{i}", float(i)) for i in range(60)])
    for group in of_class(root, "periods"):
        names = texts(group, "period")
        assert names[-1] == "p59"
        assert len(names) <= 13


def test_a_narrow_place_names_fewer_periods_and_each_tells_its_year():
    months = [*(f"m{i}" for i in range(13))]
    labels = [f"{name}<br>2025" if i == 0 else f"{name}<br>2026" if i == 6 else name
              for i, name in enumerate(months)]  # fmt: skip
    root = drawn([Point(label, label, 70.0, n=100) for label in labels])
    named = {group.get("class"): texts(group, "period") for group in of_class(root, "periods")}
    assert [name for name in named["periods wide"] if name.startswith("m")] == months
    # From the last one back, each second and each fourth; the year below the first of it.
    assert named["periods mid"] == [
        "m0", "2025", "m2", "m4", "m6", "2026", "m8", "m10", "m12",
    ]  # fmt: skip
    assert named["periods few"] == ["m0", "2025", "m4", "m8", "2026", "m12"]


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_can_be_drawn(unit):
    with use("nl"):
        assert of_class(drawn(unit=unit, target=3.0), "mark")


def test_what_is_usual_takes_the_place_of_the_interval():
    bare = drawn(POINTS[1:3])
    assert of_class(bare, "interval")
    assert not of_class(bare, "usual")
    limits = [Usual(73.0, 60.0, 80.0)] * 2
    told = drawn(POINTS[1:3], usual=limits, rings=[Ring(1, "hoog <b>", True)])
    assert not of_class(told, "interval")
    assert len(places(told, "usual")[0]) == 8, "two corners at both limits of both periods"
    [ring], [mark] = of_class(told, "ring"), of_class(told, "mark")[1:]
    assert (ring.get("cx"), ring.get("cy")) == (mark.get("cx"), mark.get("cy"))
    [word] = of_class(told, "word")
    assert word.text == "hoog <b>"
    assert float(word.get("y")) < float(ring.get("cy"))


def test_a_word_above_a_ring_stays_below_the_flags():
    points = counts([20.0, 33.0, 25.0])
    rings = [Ring(1, "above", True)]
    bare = drawn(points, Unit.COUNT, rings=rings)
    flagged = drawn(points, Unit.COUNT, rings=rings, flags=[Flag(1, 1.0, "x")])
    tops = [float(of_class(made, "word")[0].get("y")) for made in (bare, flagged)]
    # A line of text is so high.
    assert tops[1] > 14 > tops[0]


def test_a_word_does_not_stand_on_the_names_of_the_periods():
    root = drawn(counts([20.0, 0.0, 25.0]), Unit.COUNT, rings=[Ring(1, "below", False)])
    [word], [ring] = of_class(root, "word"), of_class(root, "ring")
    assert float(word.get("y")) < float(ring.get("cy"))
    at_the_side = drawn(counts([20.0] * 40), Unit.COUNT, rings=[Ring(0, "a", True), Ring(39, "b", True)])  # fmt: skip
    assert [one.get("class") for one in of_class(at_the_side, "word")] == ["word first", "word last"]  # fmt: skip


def test_the_interval_of_few_is_no_block_of_colour():
    few = Point("wk 5", "wk 5 2026", 0.0, 0, 79, 3)
    root = drawn([*POINTS[1:3], few])
    [band], marks = places(root, "interval"), of_class(root, "mark")
    # Of two periods, each with two bounds.
    assert len(band) == 4
    assert max(x for x, _y in band) < 10 * share(marks[2].get("cx"))
    assert "79" not in "".join(texts(drawn([few, few]), "value"))


def test_a_gap_is_no_line_and_no_interval():
    gap = Point("wk", "wk", None)
    root = drawn([*POINTS[1:3], gap, *POINTS[1:3]])
    assert [len(line) for line in places(root, "line")] == [2, 2]
    assert [len(band) for band in places(root, "interval")] == [4, 4]


def test_the_year_before_is_named_and_told_with_its_period():
    now, before = counts([10.0, 20.0, None]), counts([12.0, 18.0, 29.0])
    made = trend(now, Unit.COUNT, earlier=before, earlier_label="a year before")
    root = read(made)
    [grey] = places(root, "earlier")
    assert len(grey) == 3
    assert texts(root, "whose") == ["a year before"]
    # Where there is no room beside the lines the name stands above them.
    assert ["".join(one.itertext()) for one in of_class(root, "key")] == ["a year before"]
    assert made.said[0][0][-1] == "period 0: 12"
    # Where only the year before is known, that is told.
    assert made.said[0][2] == ("period 2", "period 2: 29")
    assert [mark.get("class") for mark in of_class(root, "mark")] == ["mark before", "mark", "mark"]
    assert not re.search("key", drawn().get("class") or ""), "nothing to name, no room for it"
    assert "--key: 0px" in of_class(drawn(), "one")[0].get("style")


def test_a_flag_has_its_number_and_says_what_happened():
    root = drawn(counts([1.0, 2.0, 3.0]), Unit.COUNT, flags=[Flag(7, 0.4, HOSTILE)])
    [flag], [number] = of_class(root, "flag"), of_class(root, "number")
    first, second = (share(mark.get("cx")) for mark in of_class(root, "mark")[:2])
    assert share(flag.get("x1")) == pytest.approx(first + 0.4 * (second - first), abs=0.01)
    assert "".join(number.itertext()) == f"{HOSTILE}7"
    assert tags(root) <= {
        "div", "svg", "g", "text", "tspan", "title", "line", "polyline", "polygon", "circle", "rect",
    }  # fmt: skip


def test_the_label_of_a_target_is_not_on_the_curve():
    # Just below the target at the right, far below it at the left.
    values = [20.0] * 10 + [88.0] * 10
    root = drawn(counts(values), Unit.PERCENT, target=90, target_label="target 90%")
    [label], [line] = of_class(root, "aim"), of_class(root, "target")
    below = float(label.get("y")) > float(line.get("y1"))
    assert not (below and "last" in label.get("class"))


def test_two_years_of_days_are_all_there():
    root = drawn(counts(range(730)), Unit.COUNT)
    assert len(places(root, "line")[0]) == 730 == len(of_class(root, "mark"))
    assert {mark.get("r") for mark in of_class(root, "mark")} == {"1.5"}
    assert of_class(root, "dense")


def test_it_is_read_out_and_a_click_tells_the_period():
    made = trend(counts([1.0, 2.0]), Unit.COUNT)
    assert made.marks == ("k0", "k1")
    assert [mark.get("data-at") for mark in of_class(read(made), "mark")] == ["0", "1"]
    assert of_class(read(made), "one")[0].get("aria-label").startswith("period 1, 2")


def test_a_share_may_lie_outside_its_bounds():
    """A change of one may."""
    for values in ([-5.0, 3.0], [90.0, 130.0], [120.0, 130.0]):
        depth = [float(mark.get("cy")) for mark in of_class(drawn(counts(values)), "mark")]
        assert 0 <= depth[1] < depth[0] <= 270, values


def test_words_of_rings_do_not_lie_on_each_other():
    points = counts([20.0] * 40)
    near = [Ring(10, "a", True), Ring(12, "b", True), Ring(30, "c", True)]
    root = drawn(points, Unit.COUNT, rings=near)
    assert texts(root, "word") == ["a", "c"]
    assert len(of_class(root, "ring")) == 3
    # On the other side there is room.
    near[1] = Ring(12, "b", False)
    assert texts(drawn(points, Unit.COUNT, rings=near), "word") == ["a", "b", "c"]


def test_a_year_before_of_one_period_is_a_dot():
    one, other = counts([10.0]), counts([12.0])
    root = drawn(one, Unit.COUNT, earlier=other, earlier_label="a year before")
    assert len(of_class(root, "lone")) == 1
    two = drawn(counts([1.0, 2.0]), Unit.COUNT, earlier=counts([1.0, 2.0]), earlier_label="x")
    assert not of_class(two, "lone")


def test_in_a_narrow_place_numbers_of_flags_stand_together():
    flags = [Flag(n, place, f"what {n}") for n, place in ((1, 2.0), (2, 6.0), (3, 30.0))]
    root = drawn(counts([1.0] * 52), Unit.COUNT, flags=flags)
    said = {
        group.get("class"): [one.find("text").text for one in of_class(group, "number")]
        for group in of_class(root, "flags")
    }
    assert said == {"flags wide": ["1", "2", "3"], "flags few": ["1·2", "3"]}
    assert len(of_class(root, "flag")) == 3


def test_it_is_read_out_of_what_it_is():
    said = of_class(drawn(counts([1.0]), Unit.COUNT, title="Contacts"), "one")[0].get("aria-label")
    assert said.startswith("Contacts: period 0, 1")
    empty = drawn([Point("a", "a", None)], title="Contacts")
    assert of_class(empty, "one")[0].get("aria-label") == "Contacts"


def test_between_the_ends_of_a_run_rings_are_smaller():
    rings = [Ring(0, "run", True), Ring(1, "", True, within=True), Ring(2, "", True)]
    made = of_class(drawn(counts([20.0, 21.0, 22.0]), Unit.COUNT, rings=rings), "ring")
    sizes = [float(one.get("r")) for one in made]
    assert sizes[0] == sizes[2] > sizes[1]
    # The mark itself stays in sight.
    assert sizes[1] > 3
