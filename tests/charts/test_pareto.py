"""A Pareto keeps its order and starts at zero, says its figures, and can be read without colour."""

import pytest

from kpi.charts.pareto import Bar, Key, pareto
from tests.charts.svg import HOSTILE, of_class, read, share, tags, texts

BARS = [
    Bar("letter", "Brief onduidelijk", 40.0, "40 · 40 %  ▲ was 10 %", "40 %", 10.0, grew=True),
    Bar("broken", HOSTILE, 25.0, "25 · 25 %", "65 %", 30.0, facts=("kosten € 10",)),
    Bar("-", "onbekend", 35.0, "35 · 35 %", "100 %", apart=True),
]


def test_the_first_is_on_top_and_bars_start_at_zero():
    bars = of_class(read(pareto(BARS)), "bar")
    assert [one.get("data-at") for one in bars] == ["0", "1", "2"]
    assert {one.get("x") for one in bars} == {"0"}
    tops = [float(one.get("y")) for one in bars]
    assert tops == sorted(tops)
    longest, *others = (share(one.get("width")) for one in bars)
    assert 0 < longest < 60, "room for the figures behind the longest"
    assert [one / longest for one in others] == pytest.approx([25 / 40, 35 / 40], abs=1e-3)


def test_all_is_within_the_height():
    root = read(pareto(BARS, together="opgeteld", key=Key("a", "b", "c", "d")))
    [figure] = of_class(root, "one")
    height = float(figure.get("height"))
    [*tops] = [float(one.get("y")) for one in root.iter() if one.get("y")]
    assert min(tops) >= 0
    assert max(tops) < height
    assert max(float(one.get("y")) + float(one.get("height")) for one in of_class(root, "catch")) <= height  # fmt: skip


def test_figures_stand_behind_bar_and_mark():
    root = read(pareto(BARS, together="opgeteld"))
    longest = share(of_class(root, "bar")[0].get("width"))
    ends = [share(one.get("x")) for one in of_class(root, "figures")]
    assert ends == pytest.approx([longest, longest * 30 / 40, longest * 35 / 40], abs=0.01)
    assert "▲ was 10 %" in texts(root, "figures")[0]
    assert texts(root, "column") == ["opgeteld", "40 %", "65 %", "100 %"]


def test_without_colour_unknown_is_hollow_and_before_is_a_mark():
    root = read(pareto(BARS))
    kinds = [one.get("class").split() for one in of_class(root, "bar")]
    assert [one[-1] for one in kinds] == ["grew", "other", "apart"]
    longest = share(of_class(root, "bar")[0].get("width"))
    marks = of_class(root, "before")
    assert [share(one.get("x1")) for one in marks] == pytest.approx(
        [longest * 10 / 40, longest * 30 / 40], abs=0.01
    )
    assert all(one.get("x1") == one.get("x2") for one in marks)
    # Longer than the bar is thick, and on the ground: else a light bar swallows it.
    bar = of_class(root, "bar")[0]
    top, thick = (float(bar.get(name)) for name in ("y", "height"))
    assert float(marks[0].get("y1")) < top
    assert float(marks[0].get("y2")) > top + thick
    assert [one.get("x1") for one in of_class(root, "around")] == [one.get("x1") for one in marks]


def test_a_key_says_what_the_bars_that_there_are_mean():
    key = Key("grew", "did not", "unknown", "mei 2026")
    told = " ".join(texts(read(pareto(BARS, key=key)), "key"))
    for shape, word in {"■ ▲": "grew", "■": "did not", "□": "unknown", "|": "mei 2026"}.items():
        assert f"{shape} {word}" in told
    calm = " ".join(texts(read(pareto([BARS[1]], key=key)), "key"))
    assert "grew" not in calm
    assert "unknown" not in calm
    assert texts(read(pareto(BARS)), "key") == []
    [hostile] = texts(read(pareto([BARS[1]], key=Key("", HOSTILE, ""))), "key")
    assert HOSTILE in hostile


def test_a_bar_says_what_it_is_and_tells_its_id():
    made = pareto(BARS)
    assert made.marks == ("letter", "broken", "-")
    assert made.said[0][0] == ("Brief onduidelijk", "40 · 40 %  ▲ was 10 %")
    assert made.said[0][1][-1] == "kosten € 10"
    [figure] = of_class(read(made), "one")
    label = figure.get("aria-label")
    assert all(f"{bar.label}: {bar.end}" in label for bar in BARS), "read out without the picture"


def test_what_is_chosen_stands_out_from_the_others():
    chosen = [BARS[0], Bar("broken", "Stuk", 25.0, "25", chosen=True)]
    first, second = (one.get("class") for one in of_class(read(pareto(chosen)), "bar"))
    assert "beside" in first
    assert "chosen" in second
    assert not of_class(read(pareto(BARS)), "beside")


def test_names_are_text_and_nothing_else():
    root = read(pareto(BARS, together=HOSTILE))
    assert HOSTILE in texts(root, "name")
    assert tags(root) <= {"div", "svg", "text", "tspan", "rect", "line"}


@pytest.mark.parametrize("bars", [[], [Bar("a", "A", 0.0, "0")]], ids=["none", "nothing"])
def test_nothing_to_draw_is_drawn_all_the_same(bars):
    made = pareto(bars, together="opgeteld", key=Key("a", "b", "c"))
    assert [one.get("width") for one in of_class(read(made), "bar")] == ["0.00%"] * len(bars)
