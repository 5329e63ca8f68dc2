"""Klanten: every number is the one that is asked, groups make up the whole, too young is said."""

from datetime import date

import pytest

from kpi import formats, numbers
from kpi.filters import Filters
from kpi.i18n import use
from kpi.periods import Period
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.web import running
from pages.shared import (
    cards,
    customers_after,
    customers_contact,
    customers_groups,
    customers_sold,
    customers_stay,
)
from pages.shared.asked import Asked
from tests.measures.world import load
from tests.pages import alone, seen

NOW, BEFORE = Period(date(2025, 3, 1), date(2025, 5, 31)), Period(date(2024, 12, 1), date(2025, 2, 28))  # fmt: skip


pytestmark = pytest.mark.usefixtures("quiet_places")


def run(**query):
    return alone.run("steer.customers", **query)


@pytest.fixture
def store(demo_shown):
    return demo_shown


ASKED = Asked(Filters.of(NOW.since, NOW.until), NOW, BEFORE, None)


def texts(table):
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in table.rows]


def number(text):
    return int(text.replace(".", ""))


@pytest.mark.parametrize("dimension", customers_groups.DIMENSIONS)
def test_groups_are_what_is_asked_and_make_up_all(store, dimension):
    compared = numbers.compare(store, ["churn"], ASKED.filters, (dimension,))
    [whole] = numbers.compare(store, ["churn"], ASKED.filters)
    with use("nl"):
        rows = texts(customers_groups.rows_of(ASKED, ASKED.filters, compared, dimension, whole))
        expected = [
            [
                customers_groups.title(dimension, one.now.by[dimension]),
                formats.number(one.now.numerator),
                formats.value(one.now.value, one.now.unit, one.now.low, one.now.high),
            ]
            for one in compared
        ]
    assert [row[:3] for row in rows[:-1]] == expected
    assert sum(number(row[1]) for row in rows[:-1]) == number(rows[-1][1]) == whole.now.numerator
    assert sum(one.now.denominator for one in compared) == whole.now.denominator


def test_all_cross_sections_of_the_demo_are_offered(store):
    assert customers_groups.told_apart(ASKED.filters) == list(customers_groups.DIMENSIONS)


def test_after_each_process_stands_what_is_asked(store):
    found = numbers.ask(store, ["churn_after"], ASKED.filters, ("process",))
    assert len(found) > 3
    with use("nl"):
        by_title = {one.by["process"]: one for one in found}
        rows = texts(customers_after.table_of(ASKED, ASKED.filters, by_title))
        for row, one in zip(rows, found, strict=True):
            assert row[1] == formats.number(one.n)
            assert row[3] == formats.number(one.extras["without_n"])
            if not one.too_few:
                assert row[2] == formats.value(one.value, one.unit, one.low, one.high)
                assert row[5].lstrip("+").startswith(formats.number(one.extras["difference"], 1))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"split": "value_class", "channel": "phone", "process": "fault"},
        {"split": "segment", "compare": "none"},
        {"split": "<b>nothing</b>"},
        {"period": "12m", "compare": "year"},
        {"since": "2030-01-01", "until": "2030-02-01"},
        {"since": "1995-01-01", "until": "1995-02-01"},
        {"view": "stay"},
        {"view": "stay", "split": "caller"},
        {"view": "contact", "split": "segment"},
        {"view": "sold"},
        {"view": "sold", "since": "2030-01-01", "until": "2030-02-01", "compare": "none"},
    ],
)
def test_the_page_stands_in_whatever_is_asked(store, query):
    # Each in one language, in turn: every sentence has been said in both elsewhere.
    app = run(lang="en" if len(query) % 2 else "nl", **query)
    assert not app.exception
    assert app.title[0].value
    assert "<b>" not in app.title[0].value


def test_tiles_and_title_say_the_numbers(store):
    app = run(lang="nl", since="2025-03-01", until="2025-05-31")
    [churn] = numbers.ask(store, ["churn"], ASKED.filters)
    with use("nl"):
        share = formats.value(churn.value, churn.unit, churn.low, churn.high)
        assert app.title[0].value.replace("\\", "").startswith(share)


def test_the_title_tells_of_the_part_that_is_shown(store):
    asked = {"lang": "nl", "since": "2025-03-01", "until": "2025-05-31"}
    titles = {
        view: seen.plain(run(view=view, **asked).title[0].value)
        for view in ("flow", "stay", "contact", "sold")
    }
    assert "vertrok" in titles["flow"]
    assert titles["stay"].startswith("Na een jaar is")
    assert "contacten per 100 klanten per maand in mrt–mei" in titles["contact"]
    [sold] = numbers.ask(store, ["services_sold"], ASKED.filters)
    assert titles["sold"].startswith(f"{formats.number(sold.value)} nieuwe diensten verkocht")


def test_too_young_to_tell_what_came_after_says_so(store):
    # As-of of the demo is 17 September 2025: ninety days before it lies 19 June.
    app = run(lang="nl", since="2025-07-01", until="2025-08-31")
    said = seen.plain(" ".join(info.value for info in app.info))
    assert "Nog niet te zeggen" in said
    assert "19-06-2025" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({}, "Er zijn nog geen gegevens"),
        ({"cases": [{"case_id": "Z-1", "opened_at": "2026-03-02 09:00", "status": "open"}]}, "Klanten"),
        ({"customers": [{"customer_id": "K-1", "customer_since": "2026-01-05"}]}, "Klanten"),
    ],
)  # fmt: skip
def test_little_or_nothing_loaded(tmp_path, rows, said):
    with open_store(load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")) as store:
        running.attach(store)
        try:
            if rows:
                load(store, rows, "2026-03-31 23:59")
            app = run(lang="nl")
        finally:
            running.attach(None)
    assert not app.exception
    assert app.title[0].value == said
    if "cases" in rows:
        assert any("klantnummer" in text.value for text in app.markdown)


def test_the_curve_passes_through_what_is_asked(store):
    [whole] = numbers.ask(store, ["survival"], ASKED.filters)
    [curve] = numbers.retention_curves(store, ASKED.filters)
    assert curve.points[0].share == 1
    assert 100 * curve.points[4].share == pytest.approx(whole.value)
    assert 100 * curve.points[4].low == pytest.approx(whole.low)
    assert 100 * curve.points[8].share == pytest.approx(whole.extras["year_2"])
    shares = [point.share for point in curve.points if point]
    assert shares == sorted(shares, reverse=True)
    by_portal = {one.by["has_portal"]: one for one in numbers.ask(store, ["survival"], ASKED.filters, ("has_portal",))}  # fmt: skip
    found = numbers.retention_curves(store, ASKED.filters, ("has_portal",))
    assert sum(one.n for one in found) == curve.n
    with use("nl"):
        rows = texts(customers_stay.rows_of(ASKED.filters, found, by_portal, whole, "has_portal"))
        for row, one in zip(rows, found, strict=False):
            asked = by_portal[one.group]
            assert 100 * one.points[4].share == pytest.approx(asked.value)
            assert row[3] == formats.value(asked.value, asked.unit, asked.low, asked.high)
    with pytest.raises(numbers.AskProblem):
        numbers.retention_curves(store, ASKED.filters, ("channel",))


def test_who_is_in_touch_is_what_is_asked(store):
    with use("nl"):
        rows = texts(customers_contact.rows_of(ASKED.filters, ["has_portal", "caller"]))
        found = [
            one
            for dimension in ("has_portal", "caller")
            for one in numbers.ask(store, ["contact_rate"], ASKED.filters, (dimension,))
            if one.n or one.denominator
        ]
        [whole] = numbers.ask(store, ["contact_rate"], ASKED.filters)
        # Also those of nobody known: each cross-section adds up to all contacts.
        assert sum(number(row[1]) for row in rows) == 2 * whole.n
        assert any(one.by.get("has_portal", "") is None for one in found)
        assert sorted(row[1] for row in rows) == sorted(formats.number(one.n) for one in found)
        assert sorted(row[2] for row in rows) == sorted(
            formats.value(one.value, one.unit) for one in found
        )


def test_what_is_sold_is_what_is_asked(store):
    [whole] = numbers.ask(store, ["services_sold"], ASKED.filters)
    with use("nl"):
        for dimension in ("channel", "has_portal"):
            rows = texts(customers_sold.rows_of(ASKED.filters, dimension, "x"))
            assert sum(number(row[1]) for row in rows) == whole.value
            assert sum(number(row[2]) for row in rows) == whole.extras["existing"]
            assert all(number(row[1]) == number(row[2]) + number(row[3]) for row in rows)


def test_a_column_that_is_too_early_says_where_there_is_something_to_see(store):
    """As-of of the demo is 17 September 2025: ninety days before it lies 19 June."""

    def said(since, until):
        period = Period(since, until)
        asked = Asked(Filters.of(since, until), period, None, None)
        with use("nl"):
            card = cards.scorecard(asked)
        return next(head.partly for head in card.heads if head.kpi == "churn_after")

    assert (
        said(date(2025, 7, 1), date(2025, 8, 31)) == "bekend t/m 19 jun: kies een langere periode"
    )
    assert said(date(2025, 6, 1), date(2025, 8, 31)) == "t/m 19 jun"
    assert said(date(2025, 3, 1), date(2025, 5, 31)) == ""
