"""The figure of a funnel: order, zero, the grey part, and words that stay words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kpi.charts.funnel import Bar, bars
from tests.charts.svg import HOSTILE, of_class, read, share, tags, texts

STEPS = [
    Bar("1  Start", 90, 10, "100", "40 vallen af, 40 %", "helft binnen 1 min", "", ("bereikt: 100",)),
    Bar("2  Adres", 55, 5, "60 · 60 %", "10 vallen af, 17 %", "", "▼ 12 punten", ()),
    Bar("3  Klaar", 50, 0, "50 · 50 %"),
]  # fmt: skip


def drawn(steps=STEPS, **more):
    return read(bars(steps, colour="#009E73", **more))


def wide(root, name):
    return [share(one.get("width")) for one in of_class(root, name)]


def down(found):
    return [float(one.get("y")) for one in found]


def test_bars_lie_in_their_order_from_zero():
    root = drawn()
    settled = of_class(root, "settled")
    assert {one.get("x") for one in settled} == {"0"}
    assert down(settled) == sorted(down(settled)), "the first step on top"
    whole, young = wide(root, "mark"), wide(root, "young")
    assert whole[0] < 75, "room for the value at the end"
    one = whole[0] / 100
    assert wide(root, "settled") == pytest.approx([90 * one, 55 * one, 50 * one], abs=0.01)
    assert young == pytest.approx([10 * one, 5 * one], abs=0.01), "none where all is known"
    assert [share(x.get("x")) for x in of_class(root, "young")] == wide(root, "settled")[:2]
    assert [share(x.get("x")) for x in of_class(root, "end")] == whole


def test_a_bar_tells_its_place_and_what_it_is():
    found = bars(STEPS, colour=None)
    assert found.marks == ("0", "1", "2")
    assert found.said[0][0] == ("1  Start", "bereikt: 100")
    root = read(found)
    assert [one.get("data-row") for one in of_class(root, "mark")] == ["0", "1", "2"]
    [figure] = of_class(root, "one")
    assert "1  Start: 100; 2  Adres: 60 · 60 %" in figure.get("aria-label")
    assert len(of_class(root, "idle")) == 3
    assert not of_class(drawn(offers=True), "idle")


def test_the_young_are_not_of_the_series_colour():
    [figure] = of_class(drawn(), "one")
    assert figure.get("style") == "--own: #009E73", "that of the settled part alone (drawn.css)"
    assert of_class(read(bars(STEPS, colour=None)), "one")[0].get("style") is None


def test_the_chosen_one_is_outlined():
    assert ["chosen" in one.get("class") for one in of_class(drawn(chosen=1), "mark")] == [False, True, False]  # fmt: skip
    assert not of_class(drawn(), "chosen")


def test_words_do_not_lie_over_each_other_or_over_bars():
    root = drawn()
    words = sorted(down(one for one in root.iter("text") if one.get("x") is None))
    assert min(b - a for a, b in pairwise(words)) >= 16
    tops = [y for one in of_class(root, "settled") for y in (float(one.get("y")), float(one.get("y")) + float(one.get("height")))]  # fmt: skip
    for foot in words:
        # A letter reaches some 11 px above the foot of its line.
        assert not any(top - 3 < foot < top + 26 for top in tops[::2])
    [figure] = of_class(root, "one")
    assert max(words) < float(figure.get("height"))


def test_a_name_is_text_and_nothing_else():
    root = drawn([Bar(HOSTILE, 1, 0, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,))])
    for name in ("title", "end", "loss", "aside", "worse"):
        assert texts(root, name) == [HOSTILE]
    assert tags(root) <= {"div", "svg", "text", "rect"}


@pytest.mark.parametrize("steps", [[], [Bar("1", 0, 0, "0")]])
def test_nothing_to_draw_is_a_figure_too(steps):
    assert len(of_class(drawn(steps), "mark")) == len(steps)


def test_two_side_by_side_keep_step():
    lean = [Bar("1", 2, 0, "2", "x"), Bar("2", 1, 0, "1")]
    full = [Bar("1", 2, 0, "2", "x", worse="y"), Bar("2", 1, 0, "1")]
    height = {of_class(drawn(one, lines=2), "one")[0].get("height") for one in (lean, full)}
    assert len(height) == 1
    assert down(of_class(drawn(lean, lines=2), "mark")) == down(of_class(drawn(full), "mark"))
    assert of_class(drawn(lean), "one")[0].get("height") < height.pop()
