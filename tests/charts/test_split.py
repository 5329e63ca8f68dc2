"""A change per group as bars: each tells which it is when clicked, and its name stands whole."""

from kpi.charts.split import Part, parts

FOUND = [
    Part("letter", "Hulp bij de website of mijn-omgeving", 0.2, 9.1, "+9,3 punten", False),
    Part("name", "Naamswijziging", -0.4, 0.0, "−0,4 punten", True),
]


def test_a_click_tells_the_group():
    for trace in parts(FOUND).data:
        assert [list(one) for one in trace.customdata] == [["letter"], ["name"]]
        # Plotly tells nothing of a click on what it skips.
        assert trace.hoverinfo != "skip"


def test_a_name_stands_above_its_bar_and_is_not_cut():
    """Beside it, it lay under the figure at its end on a narrow screen."""
    made = parts(FOUND)
    names = {one.text: one.y for one in made.layout.annotations if one.xref == "paper"}
    assert names == {"Hulp bij de website of mijn-omgeving": 0, "Naamswijziging": 1}
    assert all(bar > name for bar, name in zip(made.data[0].y, names.values(), strict=True))
