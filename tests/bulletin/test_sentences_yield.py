"""What is said of fewer contacts: amounts as exact as they are, and in what sense they are money."""

import pytest

from kpi import stats
from kpi.bulletin import sentences_yield as sentences
from kpi.bulletin.scorecard import Target
from kpi.i18n import use
from kpi.model import Result, Unit
from kpi.results.yields import Amount, Yield


def plain(text):
    return text.replace("\u00a0", " ")


def share(hits, n, **more):
    low, high = stats.wilson(hits, n)
    return Result("three_contacts", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n, **more)


@pytest.mark.parametrize(
    ("one", "unit", "said"),
    [
        (Amount(1234.5, 1100.2, 1399.9), Unit.COUNT, "1.230 (1.100–1.400)"),
        (Amount(18.4, 12.1, 28.2), Unit.COUNT, "18 (12–28)"),
        (Amount(9240, 7911, 10802), Unit.EURO, "€ 9.200 (7.900–10.800)"),
    ],
)
def test_as_many_figures_as_the_interval_bears(one, unit, said):
    with use("nl"):
        assert plain(sentences.amount(one, unit)) == said


def test_marginal_is_time_and_never_a_saving():
    one = Yield(Amount(1000, 900, 1100), Amount(4000, 3600, 4400))
    with use("nl"):
        full = plain(sentences.of_yield("“Brief”", 50, one, marginal=False))
        time = plain(sentences.of_yield("“Brief”", 30, one, marginal=True))
        assert full.startswith(
            "Zonder de helft van de onnodige contacten over “Brief”: 1.000 (900–1.100)"
        )
        assert full.endswith("; die kosten nu € 4.000 (3.600–4.400), tegen volledige kosten.")
        assert time.startswith("Zonder 30 % van de onnodige contacten")
        assert "vrijgekomen werktijd" in time
        for marginal in (True, False):
            meant = sentences.meaning(marginal=marginal, sample=True)
            assert "voorbeelden" in meant
            assert "besparing" not in (full + time + meant).lower()
            # No money comes in either.
            assert "opbrengst" not in (full + time + meant).lower()
        assert "niet bekend" in sentences.of_yield(
            "x", 50, Yield(one.contacts, None), marginal=True
        )
        assert "Te weinig" in sentences.of_yield("x", 50, None, marginal=True)


def test_who_comes_back():
    with use("nl"):
        said = plain(sentences.of_three(share(250, 4000), Target(2)))
        assert said.startswith(
            "250 klanten kwamen een derde keer of vaker over hetzelfde proces: 6 %"
        )
        assert said.endswith("tegen een doel van 2 %.")
        assert "Te weinig" in sentences.of_three(share(1, 9), None)
        said = sentences.of_chain((1000, 200, 50, 10))
        assert (
            "komen er 20 een tweede keer terug, en van de 100 die terugkwamen komen er 25" in said
        )
        assert sentences.of_chain((1000, 5, 0, 0)).endswith("een tweede keer terug.")
        assert "Te weinig" in sentences.of_chain((9, 3, 0, 0))


def test_sales_come_after_and_not_because():
    with use("nl"):
        said = plain(sentences.of_sales(share(41, 1000)))
        assert "(41 keer)" in said
        assert said.endswith("Erna, niet erdoor.")
        assert "Te weinig" in sentences.of_sales(share(0, 9))


def test_what_came_in_a_few_weeks_is_no_year():
    with use("nl"):
        said = plain(sentences.one_off([3] * 10 + [90, 120, 60]))
        assert said.startswith("90 % ervan kwam in 3 van de 13 weken")
        assert sentences.one_off([20, 25, 18, 30] * 4) == "", "an ordinary up and down"
        assert sentences.one_off([0] * 10 + [5, 6, 7]) == "", "too few to say"
        assert sentences.one_off([100, 1, 1, 1]) == "", "too few weeks to say"
