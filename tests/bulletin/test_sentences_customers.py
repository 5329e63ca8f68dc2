"""What is said of customers names a group, a month or a process only where the difference is real."""

from datetime import date

import pytest

from kpi import dates, stats
from kpi.bulletin import sentences_customers as sentences
from kpi.bulletin.sentences_customers import Group, peaks
from kpi.i18n import use
from kpi.model import Result


def churn(hits, n, partial=False, **extras):
    low, high = stats.wilson(hits, n)
    return Result(
        "churn", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n,
        partial=partial, extras=extras,
    )  # fmt: skip


def title(now, before, groups=(), earlier="jan–mrt 2026"):
    with use("nl"):
        return sentences.title("Klanten", "in apr–jun 2026", now, before, earlier, groups).replace(
            "\u00a0", " "
        )


WITHOUT = Group("klanten zonder mijn-omgeving", churn(180, 3000), churn(78, 3000))
WITH = Group("klanten met mijn-omgeving", churn(106, 5400), churn(100, 5400))


def test_a_price_rise_is_in_the_title():
    said = title(churn(286, 8400), churn(178, 8400), [[WITH, WITHOUT]])
    assert said == (
        "3,4 % van de klanten vertrok in apr–jun 2026, 1,3 punten hoger dan in jan–mrt 2026; "
        "vooral klanten zonder mijn-omgeving: 3 % → 6 %"
    )


def test_a_group_that_does_not_stand_apart_is_not_named():
    both = [Group("a", churn(180, 3000), churn(78, 3000)), Group("b", churn(185, 3000), churn(80, 3000))]  # fmt: skip
    said = title(churn(365, 6000), churn(158, 6000), [both])
    assert said.endswith("hoger dan in jan–mrt 2026")
    assert title(churn(286, 8400), churn(178, 8400), [[WITHOUT]]).endswith("jan–mrt 2026")


def test_chance_is_no_change_but_a_lasting_difference_is_told():
    low = Group("klanten met mijn-omgeving", churn(50, 5000), churn(50, 5000))
    high = Group("klanten zonder mijn-omgeving", churn(150, 3000), churn(150, 3000))
    said = title(churn(200, 8000), churn(195, 8000), [[low, high]])
    assert "niet aantoonbaar anders dan jan–mrt 2026" in said
    assert (
        "klanten zonder mijn-omgeving vaker dan klanten met mijn-omgeving: 5 % tegen 1,0 %" in said
    )


@pytest.mark.parametrize("now", [None, Result("churn", {}, None), churn(2, 9)])
def test_too_few_is_no_fact(now):
    assert title(now, churn(20, 100)) == "Klanten"


USUAL = [churn(26, 3000) for _ in range(10)]


def test_peaks_are_all_months_that_lie_above_the_others():
    months = [*USUAL[:5], churn(100, 3000), churn(124, 3000), *USUAL[:4]]
    found = peaks(months)
    assert found.places == (5, 6)
    assert found.usual == pytest.approx(100 * 26 / 3000)


@pytest.mark.parametrize(
    "months",
    [
        [churn(20 + i % 7, 3000) for i in range(12)],
        [*USUAL, churn(124, 3000, partial=True)],
        [*USUAL, None],
        [churn(9, 30), churn(1, 30), churn(1, 30), churn(0, 30)],
        [],
    ],
)
def test_no_peak_without_a_sure_one(months):
    assert peaks(months).places == ()


def test_the_course_names_group_and_months():
    months = [f"mnd {i}" for i in range(12)]
    out = [*USUAL, churn(100, 3000), churn(124, 3000)]
    with use("nl"):
        said = sentences.of_course(
            [("klanten met", [*USUAL, *USUAL[:2]]), ("klanten zonder", out)], months
        ).replace("\u00a0", " ")
        none = sentences.of_course([("klanten met", USUAL)], months[:10])
    assert said == "Klanten zonder: 3 % in mnd 10 en 4 % in mnd 11 vertrok, tegen 0,9 % in de andere maanden."  # fmt: skip
    assert none.startswith("Geen maand springt eruit")


def beside(hits, n, difference, low, high, without=1.8):
    return churn(
        hits, n, without=without, difference=difference, difference_low=low, difference_high=high
    )


def test_only_processes_whose_interval_excludes_nothing_are_named():
    found = {
        "Klachten en tips": beside(5, 61, 6.4, 1.8, 16.0),
        "Storingen": beside(4, 99, 2.2, -0.3, 8.1),
        "Informatievragen": beside(3, 8, 36.0, 5.0, 60.0),
        "Gegevens wijzigen": beside(4, 29, 12.0, 3.0, 29.0),
    }
    with use("nl"):
        said = sentences.of_after(found).replace("\u00a0", " ")
    assert said == (
        "Na een zaak vertrokken meer klanten dan zonder, bij: Klachten en tips (8 % tegen "
        "1,8 %). Erna, niet erdoor."
    )


def test_no_process_stands_out():
    with use("nl"):
        assert "Na geen enkel proces" in sentences.of_after({"A": beside(4, 99, 2.2, -0.3, 8.1)})
        assert "te weinig klanten" in sentences.of_after({"A": beside(3, 8, 9.0, 1.0, 20.0)})
        assert "te weinig klanten" in sentences.of_after({})


def test_a_difference_has_its_sign_and_interval():
    with use("nl"):
        assert sentences.difference(beside(5, 61, 6.43, 1.78, 16.03)) == "+6,4 (1,8 – 16,0)"
        assert sentences.difference(beside(5, 61, -1.2, -2.0, -0.4)).startswith("\u22121,2")
        assert not sentences.difference(beside(3, 8, 6.0, 1.0, 9.0))
        assert not sentences.difference(churn(5, 61))


@pytest.mark.parametrize(("now", "before", "sure"), [(186, 299, True), (321, 339, False), (0, 0, False)])  # fmt: skip
def test_counts_differ_beyond_chance(now, before, sure):
    one, other = (Result("customers_lost", {}, float(n), n=n) for n in (now, before))
    assert sentences.counts_differ(one, other) is sure
    assert not sentences.counts_differ(one, None)


def test_a_balance_has_its_sign():
    with use("nl"):
        assert [sentences.signed(n) for n in (1350, 0, -20)] == ["+1.350", "0", "\u221220"]


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (172, "daarvan vertrokken er 169. Nog 3 klanten kwamen én vertrokken binnen de periode; samen 172."),
        (170, "Nog 1 klant kwam"),
        (169, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_why_more_left_than_churn_counts(lost, said):
    all_lost = Result("customers_lost", {}, lost, n=lost or 0)
    with use("nl"):
        text = sentences.of_bases(all_lost, churn(169, 8266))
    assert said in text
    assert bool(said) == bool(text)


@pytest.mark.parametrize(
    ("since", "until", "when"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), "op 24 nov 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "in feb 2026"),
        (date(2026, 1, 1), date(2026, 3, 31), "in jan–mrt 2026"),
        (date(2026, 3, 23), date(2026, 3, 29), "van 23 mrt tot en met 29 mrt 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "van 29 dec 2025 tot en met 4 jan 2026"),
    ],
)
def test_customers_leave_on_a_day_in_months_or_from_one_day_to_another(since, until, when):
    with use("nl"):
        said = sentences.title("Klanten", dates.during(since, until), churn(20, 6000), None, "", ())
    assert said.replace("\u00a0", " ").endswith(f"van de klanten vertrok {when}")


def test_one_who_came_is_no_plural():
    with use("nl"):
        said = sentences.of_flow(
            Result("customers_new", {}, 1.0, n=1), Result("customers_lost", {}, 2.0, n=2)
        ).replace("\u00a0", " ")
    assert said == "nieuwe klanten 1, vertrokken 2: saldo \u22121."
