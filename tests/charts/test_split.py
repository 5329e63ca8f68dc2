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


def test_a_name_of_usual_length_is_not_cut():
    assert parts(FOUND).layout.yaxis.ticktext[0] == "Hulp bij de website of mijn-omgeving"
