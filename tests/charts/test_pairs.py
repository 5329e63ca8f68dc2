"""Dots in pairs: on one scale from nought, read without colour, telling which of the two is chosen."""

import pytest

from kpi.charts.pairs import Pair, explained, pairs
from kpi.i18n import use
from tests.charts.svg import HOSTILE, of_class, read, share, tags, texts

ROWS = [
    Pair("Klachten", 8.0, 4.0, 18.0, 2.0, "▲ 8 % tegen 2 %", stands_out=True, facts=("n = 40",),
         other_facts=("2 %",), key="complaint", other_key="others"),
    Pair("Storingen", None, None, None, None, "te weinig (n = 4)", pale=True),
    Pair(HOSTILE, 6.0, 5.0, 7.0, 0.0, HOSTILE, pale=True, key="x", other_key="y"),
]  # fmt: skip


def made(rows=ROWS):
    return pairs(rows, filled="met een zaak", hollow="zonder")


def across(root, name):
    return [share(one.get("cx")) for one in of_class(root, name)]


def test_all_lie_on_one_scale_from_nought():
    root = read(made())
    grid = [share(one.get("x")) for one in of_class(root, "grid")]
    names = texts(root, "tick")
    assert names[0].startswith("0")
    assert len(names) == len(grid) >= 3
    nought, filled, hollow = grid[0], across(root, "filled"), across(root, "hollow")
    assert hollow[1] == nought, "a value of nought"
    one = (hollow[0] - nought) / 2
    assert filled == pytest.approx([nought + 8 * one, nought + 6 * one], abs=0.1)
    ends = [(share(x.get("x1")), share(x.get("x2"))) for x in of_class(root, "between")]
    assert ends[0] == pytest.approx((nought + 4 * one, nought + 18 * one), abs=0.1)
    assert 0 < nought < max(max(pair) for pair in ends) < 100, "no dot over the edge"


def test_which_dot_is_which_is_said_and_shown_by_shape():
    root = read(made())
    [key] = texts(root, "key")
    assert "● met een zaak" in key
    assert "○ zonder" in key
    assert [one.get("class") for one in of_class(root, "row")] == ["row out", "row pale", "row pale"]  # fmt: skip


def test_without_values_there_is_no_dot_and_its_words_are_there():
    root = read(made([ROWS[1]]))
    assert not of_class(root, "mark")
    assert texts(root, "beside") == texts(root, "below") == ["te weinig (n = 4)"]
    assert "idle" in of_class(root, "catch")[0].get("class"), "nothing is chosen by a click"


def test_each_dot_tells_its_own():
    found = made()
    assert found.marks == ("others", "complaint", "", "", "y", "x")
    assert found.said[0][0] == ("Klachten", "○ zonder", "2 %")
    assert found.said[0][1] == ("Klachten", "● met een zaak", "n = 40")
    marks = of_class(read(found), "mark")
    assert [(one.get("data-at"), one.get("data-row")) for one in marks] == [
        ("0", "0"), ("1", "0"), ("4", "2"), ("5", "2"),
    ]  # fmt: skip
    [figure] = of_class(read(found), "one")
    assert all(f"{row.label}: {row.end}" in figure.get("aria-label") for row in ROWS)


def test_names_are_text_and_nothing_else():
    root = read(pairs(ROWS, filled=HOSTILE, hollow=HOSTILE))
    assert HOSTILE in texts(root, "name")
    assert tags(root) <= {"div", "svg", "g", "text", "rect", "line", "circle"}


def test_what_the_line_and_the_tints_mean_is_said_of_those_that_are_there():
    with use("nl"):
        said = explained(ROWS, "met een zaak").replace("\u00a0", " ")
        assert said == (
            "Lijn: het 95 %-interval van “met een zaak”. Rood, met ▲: een groter verschil dan toeval "
            "geeft. Grijs: het verschil kan toeval zijn."
        )
        # Of too few there is no dot to be grey.
        assert explained(ROWS[1:2], "met een zaak").endswith("“met een zaak”.")


@pytest.mark.parametrize("rows", [[], [Pair("a", 0.0, 0.0, 0.0, 0.0, "0 %")]])
def test_nothing_to_draw_is_drawn_all_the_same(rows):
    assert len(of_class(read(made(rows)), "mark")) == 2 * len(rows)
