"""A change per group as bars: each tells which it is when clicked, and its name stands whole."""

import pytest

from kpi.charts.split import Part, parts
from kpi.charts.theme import look
from kpi.i18n import use
from kpi.model import Better

FOUND = [
    Part(
        "letter",
        "Hulp bij de website of mijn-omgeving",
        0.2,
        9.1,
        "+9,3 punten",
        ("door de eigen waarde +0,2",),
    ),
    Part("name", "Naamswijziging", -0.4, 0.0, "−0,4 punten"),
]


def test_a_click_tells_the_group():
    for trace in parts(FOUND).data:
        assert [list(one) for one in trace.customdata] == [["letter"], ["name"]]
        # Plotly tells nothing of a click on what it skips.
        assert trace.hoverinfo != "skip"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_part_has_the_colour_of_its_own_direction(theme):
    """More of one group may be worse where its own change is better, whatever both are together."""
    of, found = look(theme), [Part("a", "A", 4.8, -0.6, "+4,2"), Part("b", "B", -0.1, 0.3, "+0,2")]
    own, share = parts(found, better=Better.DOWN, theme=theme).data
    assert list(own.marker.color) == [of.bad, of.good]
    assert list(share.marker.line.color) == [of.good, of.bad]
    own, share = parts(found, better=Better.UP, theme=theme).data
    assert list(own.marker.color) == [of.good, of.bad]
    own, share = parts(found, theme=theme).data
    assert {*own.marker.color, *share.marker.line.color} == {of.ink}


def test_which_side_is_better_is_said_in_words():
    def sides(better):
        made = parts(FOUND, better=better)
        return [one.text for one in made.layout.annotations if one.yref == "paper"]

    with use("nl"):
        assert sides(Better.DOWN) == ["← beter", "slechter →"]
        assert sides(Better.UP) == ["← slechter", "beter →"]
        assert sides(Better.CONTEXT) == []
    assert "door de eigen waarde +0,2" in parts(FOUND).data[0].hovertext[0]


def test_a_name_stands_above_its_bar_and_is_not_cut():
    """Beside it, it lay under the figure at its end on a narrow screen."""
    made = parts(FOUND)
    names = {one.text: one.y for one in made.layout.annotations if one.xref == "paper"}
    assert names == {"Hulp bij de website of mijn-omgeving": 0, "Naamswijziging": 1}
    assert all(bar > name for bar, name in zip(made.data[0].y, names.values(), strict=True))


@pytest.mark.parametrize(
    "found",
    [
        FOUND,
        [Part("a", "A", -0.1, -6.1, "−6,2 punten, beter"), Part("b", "B", 4.8, -0.6, "+4,2 punten")],
        [Part("a", "A", 5.0, -5.0, "0,0 punten"), Part("b", "B", -3.0, 3.0, "0,0 punten")],
        [Part("a", "A", 0.0, 0.0, "0,0 punten")],
        [],
    ],
)  # fmt: skip
def test_the_words_beside_a_bar_have_a_third_of_the_width(found):
    """As they take on a phone: past the end of the longest bar they were cut."""
    made = parts(found)
    low, high = made.layout.xaxis.range
    said = [one for one in made.layout.annotations if one.xref != "paper"]
    assert len(said) == len(found)
    for one, words in zip(found, said, strict=True):
        ends = [0, one.rate, one.mix, one.rate + one.mix]
        assert low < min(ends)
        assert max(ends) < high
        room = high - words.x if words.xanchor == "left" else words.x - low
        assert room > 0.37 * (high - low)
        # And they lie beside it, not on it.
        assert words.x >= max(ends[:3]) if words.xanchor == "left" else words.x <= min(ends[:3])
