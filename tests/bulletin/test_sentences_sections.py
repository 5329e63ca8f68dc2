"""What is said of cross-sections: only what surely differs, and what is not counted."""

from kpi import stats
from kpi.bulletin import sentences_sections as sentences
from kpi.bulletin.sentences_sections import Named
from kpi.i18n import use
from kpi.model import Result, Unit


def plain(text):
    return text.replace("\u00a0", " ")


def share(hits, n, **more):
    low, high = stats.wilson(hits, n)
    return Result("survival", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n, **more)


def rate(value, n):
    return Result("contact_rate", {}, value, n=n, unit=Unit.PER_HUNDRED_MONTH)


def test_retention_names_groups_only_where_they_surely_differ():
    whole = share(870, 1000, extras={"year_2": 78.2, "year_5": None})
    far = [Named("klanten zonder", share(700, 1000)), Named("klanten met", share(950, 1000))]
    near = [Named("klanten zonder", share(86, 100)), Named("klanten met", share(88, 100))]
    with use("nl"):
        said = "Na een jaar is 87 % nog klant, na 2 jaar 78 %"
        assert plain(sentences.title_of_retention("Klanten", whole)) == said
        assert plain(sentences.of_retention(far[:1], whole)) == f"{said}."
        assert plain(sentences.of_retention(far, whole)) == (
            "Het kortst blijven klanten zonder (na een jaar nog 70 %), het langst klanten met (95 %)."
        )
        assert "geen groep" in sentences.of_retention(near, whole)
        assert "Nog niemand" in sentences.of_retention([], None)
        assert sentences.title_of_retention("Klanten", None) == "Klanten"


def test_rates_are_told_apart_from_enough_and_far_enough():
    with use("nl"):
        said = sentences.of_rate([Named("klanten zonder", rate(31.0, 500)), Named("klanten met", rate(22.0, 900))])  # fmt: skip
        assert said == (
            "Het meest contact hebben klanten zonder: 31,0 contacten per 100 klanten per maand, "
            "tegen 22,0 van klanten met."
        )
        assert "even vaak" in sentences.of_rate([Named("a", rate(23.0, 500)), Named("b", rate(22.0, 500))])  # fmt: skip
        assert "Te weinig" in sentences.of_rate([Named("a", rate(90.0, 9)), Named("b", rate(22.0, 500))])  # fmt: skip


def test_titles_of_the_parts_tell_what_they_are_about_and_how_it_moved():
    when, earlier = "in jun–aug 2025", "mrt–mei 2025"
    with use("nl"):
        said = sentences.title_of_rate("Klanten", when, rate(25.08, 900), rate(26.69, 900), earlier)
        assert said == (
            "25,1 contacten per 100 klanten per maand in jun–aug 2025, 1,6 minder dan in mrt–mei 2025"
        )
        sold, was = (Result("services_sold", {}, n, n=n, unit=Unit.COUNT) for n in (1749, 1181))
        said = sentences.title_of_sales("Klanten", when, sold, was, earlier)
        assert said == (
            "1.749 nieuwe diensten verkocht in jun–aug 2025, 568 meer dan in mrt–mei 2025"
        )
        alone = "1.749 nieuwe diensten verkocht in jun–aug 2025"
        assert sentences.title_of_sales("Klanten", when, sold, None, "") == alone
        assert sentences.title_of_sales("Klanten", when, sold, sold, earlier) == alone
        assert sentences.title_of_sales("Klanten", when, None, None, "") == "Klanten"
        assert sentences.title_of_rate("Klanten", when, rate(None, 0), None, "") == "Klanten"


def test_sales_say_what_is_not_counted():
    sold = Result("services_sold", {}, 200.0, n=200, extras={"existing": 150, "annulled": 7, "renewals": 3})  # fmt: skip
    with use("nl"):
        assert plain(sentences.of_sales(sold)) == (
            "200 nieuwe diensten zijn verkocht, waarvan 150 (75 %) aan wie al klant was; niet meegeteld: "
            "7 geannuleerd, 3 verlengd."
        )
        assert "bekend" in sentences.of_sales(None)
