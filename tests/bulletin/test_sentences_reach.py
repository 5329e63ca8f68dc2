"""What is said of reaching us: the fact, the hour, and what it would take."""

import pytest

from kpi import stats
from kpi.bulletin import sentences_reach as sentences
from kpi.bulletin.scorecard import Target
from kpi.i18n import use
from kpi.model import Result
from kpi.results.load import Load
from kpi.results.shortfall import Shortfall


def share(hits, n, **more):
    low, high = stats.wilson(hits, n)
    return Result("service_level", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n, **more)


SAYS = {"1-09": "maandag 9–10 u", "2-09": "dinsdag 9–10 u"}
SHORT = [Shortfall("1-09", share(40, 100), 3.6, 0.5), Shortfall("2-09", share(3, 12), 1.4, None)]


@pytest.mark.parametrize(
    ("level", "before", "worst", "said"),
    [
        (None, None, "", "Bereikbaarheid"),
        (share(3, 9), None, "", "Bereikbaarheid"),
        (share(690, 1000), None, "", "69 % is binnen 20 seconden beantwoord (11 punten onder het doel)"),
        (share(800, 1000), None, "", "80 % is binnen 20 seconden beantwoord (op doel)"),
        (
            share(690, 1000), share(600, 1000), "maandag 9–10 u (40 %)",
            (
                "69 % is binnen 20 seconden beantwoord (11 punten onder het doel), 9 punten hoger dan "
                "in eerder; het minst op maandag 9–10 u (40 %)"
            ),
        ),
        (
            share(690, 1000), share(680, 1000), "",
            "69 % is binnen 20 seconden beantwoord (11 punten onder het doel), niet aantoonbaar anders dan eerder",
        ),
    ],
)  # fmt: skip
def test_the_title(level, before, worst, said):
    with use("nl"):
        made = sentences.title("Bereikbaarheid", "", level, Target(80), before, "eerder", worst)
        assert made.replace("\u00a0", " ") == said


def test_an_hour_on_few_is_no_title():
    with use("nl"):
        assert sentences.worst(SHORT, SAYS).replace("\u00a0", " ") == "maandag 9–10 u (40 %)"
        assert sentences.worst(SHORT[1:], SAYS) == ""


def test_what_it_takes():
    with use("nl"):
        said = sentences.of_shortfalls(SHORT, 40, 80, SAYS, 1).replace("\u00a0", " ")
        assert said.startswith("2 van de 40 uren van de week liggen meer dan toevallig onder 80 %.")
        assert "zo'n 5 contacten per week" in said
        assert "30 min behandeltijd per week" in said
        assert "72 % daarvan op maandag 9–10 u" in said
        assert "Geen uur" in sentences.of_shortfalls([], 40, 80, SAYS, 1)
        assert "langere periode" in sentences.of_shortfalls([], 0, 80, SAYS, 1)


def test_load_is_told_only_where_it_differs():
    loads = {"maandag": Load(330, 100.0, 10), "vrijdag": Load(230, 100.0, 10)}
    levels = {"maandag": share(520, 1000), "vrijdag": share(780, 1000)}
    with use("nl"):
        said = sentences.of_staffing(loads, levels).replace("\u00a0", " ")
        assert "op maandag het meest binnen (3,3), op vrijdag het minst (2,3)" in said
        assert "52 % tegen 78 %" in said
        alike = {"maandag": Load(300, 100.0, 10), "vrijdag": Load(290, 100.0, 10)}
        assert "ongeveer evenveel" in sentences.of_staffing(alike, levels)
        assert sentences.of_staffing({}, {}) == ""


@pytest.mark.parametrize(("hours", "said"), [(0.5, "30 min"), (2.5, "2,5 u"), (12.4, "12 u")])
def test_hours(hours, said):
    with use("nl"):
        assert sentences.hours_of(hours).replace("\u00a0", " ") == said


def test_transfers():
    with use("nl"):
        whole = share(220, 10000, extras={"misrouted": 0.3})
        said = sentences.of_transfers(whole, [("Logistiek", share(60, 220))]).replace("\u00a0", " ")
        assert "(220)" in said
        assert "0,3 % van alle contacten kwam eerst bij het verkeerde proces" in said
        assert "Logistiek: 27 %" in said
        assert sentences.of_transfers(share(1, 9), []).startswith("Te weinig")
