"""Onnodige contacten: every number is the one that is asked, and parts make up the whole."""

from dataclasses import replace
from datetime import date

import pytest

from kpi import formats, numbers
from kpi.bulletin.sentences_avoidable import ranked
from kpi.filters import Filters
from kpi.i18n import use
from kpi.news import weeks
from kpi.periods import Period
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.web import running
from pages.shared import (
    avoidable_back,
    avoidable_causes,
    avoidable_tables,
    avoidable_valuable,
    avoidable_yield,
    moved,
    page,
    pareto,
)
from pages.shared.asked import Asked
from tests.measures.world import load
from tests.pages import alone

NOW, BEFORE = Period(date(2025, 6, 1), date(2025, 8, 31)), Period(date(2025, 3, 1), date(2025, 5, 31))  # fmt: skip


pytestmark = pytest.mark.usefixtures("quiet_places")


def run(**query):
    return alone.run("steer.avoidable", **query)


@pytest.fixture
def store(demo_shown):
    return demo_shown


def asked(process=None):
    where = {"process": [process] if process else []}
    return Asked(Filters.of(NOW.since, NOW.until, **where), NOW, BEFORE, process)


def texts(table):
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("dimension", ["cause", "causing_department"])
@pytest.mark.parametrize("process", [None, "information"])
def test_causes_are_what_is_asked_and_sum_to_the_whole(store, dimension, process):
    one = asked(process)
    found = avoidable_causes.shares(one, dimension)
    expected = {
        result.by[dimension]: result
        for result in numbers.ask(store, ["causer"], one.filters, (dimension,))
    }
    earlier = {
        result.by[dimension]: result
        for result in numbers.ask(
            store, ["causer"], one.filters.during(BEFORE.since, BEFORE.until), (dimension,)
        )
    }
    costs = {
        result.by[dimension]: result.value
        for result in numbers.ask(store, ["avoidable_cost"], one.filters, (dimension,))
    }
    assert {share.id for share in found} == {*expected, *earlier}
    for share in found:
        there = expected.get(share.id)
        assert share.contacts == (there.numerator if there else 0)
        assert share.now.value == pytest.approx(there.value if there else 0)
        assert share.before.numerator == (earlier[share.id].numerator if share.id in earlier else 0)
        assert (share.cost.value if share.cost else None) == costs.get(share.id)
    [whole] = numbers.ask(store, ["avoidable"], one.filters)
    [cost] = numbers.ask(store, ["avoidable_cost"], one.filters)
    assert sum(share.contacts for share in found) == whole.numerator
    assert sum(share.cost.value or 0 for share in found if share.cost) == pytest.approx(cost.value)


def test_the_pareto_loses_nobody_and_shows_the_unknown_last(store):
    found = avoidable_causes.shares(asked(), "cause")
    with use("nl"):
        bars = pareto.bars_of(found)
        rows = texts(avoidable_causes.rows_of(found, "Oorzaak", "eerder"))
    assert sum(bar.value for bar in bars) == pytest.approx(100)
    assert bars[-1].id == pareto.UNKNOWN
    assert bars[-1].apart
    assert bars[-1].together.startswith("100")
    order = [bar.value for bar in bars if not bar.apart]
    assert order == sorted(order, reverse=True)
    assert [bar.id for bar in bars if not bar.apart] == [one.id for one in ranked(found)]
    [whole] = numbers.ask(store, ["avoidable"], asked().filters)
    with use("nl"):
        assert rows[-1][1] == formats.number(whole.numerator)


def test_one_cause_narrows_departments_and_reasons(store):
    chosen = ranked(avoidable_causes.shares(asked(), "cause"))[0]
    departments = avoidable_causes.shares(asked(), "causing_department", chosen.id)
    assert sum(one.contacts for one in departments) == chosen.contacts
    with use("nl"):
        for by in (avoidable_tables.PROCESS, avoidable_tables.REASON):
            rows = texts(avoidable_tables.cause_rows(asked(), by, chosen.id))
            assert rows[-1][1] == formats.number(chosen.contacts)


def test_the_unknown_can_be_chosen_too(store):
    unknown = next(one for one in avoidable_causes.shares(asked(), "cause") if one.id is None)
    departments = avoidable_causes.shares(asked(), "causing_department", pareto.UNKNOWN)
    assert unknown.contacts > 0
    assert sum(one.contacts for one in departments) == unknown.contacts


@pytest.mark.parametrize("by", [avoidable_tables.PROCESS, avoidable_tables.REASON])
def test_tables_sum_to_the_whole_and_carry_their_question(store, by):
    with use("nl"):
        shown = avoidable_tables.rows_of(asked(), avoidable_tables.ask(asked(), by))
        [whole] = numbers.ask(store, ["avoidable"], asked().filters)
        [cost] = numbers.ask(store, ["avoidable_cost"], asked().filters)
        rows = texts(shown)
        assert rows[-1][1] == formats.number(whole.numerator)
        assert rows[-1][2] == formats.percent(whole.value)
        assert rows[-1][4] == formats.euro(cost.value)
        by_key = {
            tuple(one.by[name] for name in by): one
            for one in numbers.ask(store, ["avoidable"], asked().filters, by)
        }
        # Those that nobody judged are in no row: there is nothing to say of them.
        expected = sorted(
            formats.number(one.numerator) for one in by_key.values() if one.denominator
        )
    assert sorted(row[1] for row in rows[:-1]) == expected
    questions = [row[2].source.asked for row in shown.rows[:-1] if row[2].source]
    assert questions
    assert all("kpi=avoidable&" in one and f"{by[-1]}=" in one for one in questions)


@pytest.mark.parametrize("cause", [None, "letter_unclear"])
def test_of_many_reasons_the_first_stand_and_all_are_a_click_away(store, monkeypatch, cause):
    """The sum below both is that of all."""
    tables = {}
    monkeypatch.setattr(page, "table", lambda made, key, **_more: tables.update({key: made}))
    monkeypatch.setattr(avoidable_tables, "WHOLE", 3)
    monkeypatch.setattr(avoidable_tables, "FIRST", 2)

    def shown():
        return (
            avoidable_tables.show_of_cause(asked(), cause, "a letter")
            if cause
            else avoidable_tables.show(asked())
        )

    shown()
    key = "per-reason-cause" if cause else "per-reason"
    first, every = texts(tables[key]), texts(tables[f"{key}-all"])
    assert len(every) > 4
    assert first[:2] == every[:2]
    assert first[-1][1:] == every[-1][1:]
    assert first[-1][0] == f"Total of all {len(every) - 1} reasons", "not of the rows above it"
    assert every[-1][0] == "Total"
    assert tables[key].note.startswith(f"The first 2 of {len(every) - 1}.")
    assert not tables[f"{key}-all"].note.startswith("The first")
    monkeypatch.setattr(avoidable_tables, "WHOLE", len(every) - 1)
    tables.clear()
    shown()
    assert texts(tables[key]) == every
    assert f"{key}-all" not in tables


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"process": "information", "channel": "phone"},
        {"step": "letter_unclear", "kpi": "avoidable_cost"},
        {"step": "-", "compare": "none"},
        {"step": "<b>nothing</b>", "kpi": "nothing"},
        {"period": "12m", "compare": "year"},
        {"view": "yield", "less": "30", "cost": "marginal"},
        {"view": "yield", "of": "<b>nothing</b>", "less": "much", "process": "fault"},
        {"view": "back"},
        {"view": "valuable", "process": "request"},
    ],
)
def test_the_page_stands_in_whatever_is_asked(store, query):
    # Each in one language, in turn: every sentence has been said in both elsewhere.
    language = "en" if len(query) % 2 else "nl"
    app = run(lang=language, **query)
    assert not app.exception
    assert ("onnodig" if language == "nl" else "avoidable") in app.title[0].value.lower()
    assert "<b>" not in app.title[0].value


def test_the_title_is_what_stands_out_where_anything_does(store):
    year = {"since": "2024-09-01", "until": "2025-08-31", "lang": "nl"}
    app = run(**year)
    period = Period(date(2024, 9, 1), date(2025, 8, 31))
    with use("nl"):
        whole = Asked(Filters.of(period.since, period.until), period, period.previous(), None)
        found = weeks.of(moved.asking(whole), ["avoidable"])
    worst = max((one for one in found if not one.better), key=lambda one: one.strength)
    title = app.title[0].value.replace("\\", "")
    assert title.startswith(worst.sentence.split(" %")[0])
    assert title.endswith(worst.still)
    # The whole of the period is told below it, and is the title where nothing stands out.
    fact = "van de contacten was onnodig"
    assert fact not in title
    assert any(fact in one.value for one in app.markdown)
    quiet = run(process="cancellation", **year)
    assert fact in quiet.title[0].value


def test_a_period_without_contacts_says_so(store):
    app = run(lang="nl", since="2030-01-01", until="2030-02-01")
    assert not app.exception
    assert app.info


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"customers": [{"customer_id": "K-1", "customer_since": "2026-01-05"}]},
        {
            "contacts": [
                {
                    "contact_id": f"C-{i}", "started_at": f"2026-03-{i + 1:02d} 09:00",
                    "channel": "phone", "direction": "in", "answered_at": f"2026-03-{i + 1:02d} 09:01",
                }
                for i in range(12)
            ]
        },
    ],
)  # fmt: skip
def test_little_or_nothing_loaded(tmp_path, rows):
    with open_store(load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")) as store:
        running.attach(store)
        try:
            if rows:
                load(store, rows, "2026-03-31 23:59")
            app = run(lang="nl")
        finally:
            running.attach(None)
    assert not app.exception
    assert app.title[0].value
    if "contacts" in rows:
        assert "categorie" in app.info[0].value


def test_what_might_fall_away_is_what_is_asked(store):
    one = asked()
    alone.run("steer.avoidable")
    by_reason = {
        (result.by["process"] or "", result.by["reason"]): result
        for result in numbers.ask(store, ["causer"], one.filters, ("process", "reason"))
    }
    costs = {
        (result.by["process"] or "", result.by["reason"]): result.value
        for result in numbers.ask(store, ["avoidable_cost"], one.filters, ("process", "reason"))
    }
    found = avoidable_yield.candidates(one, "avoidable_cost")
    reasons = [each for each in found if each.kind == "reason"]
    assert {(each.process, each.value) for each in reasons} == {
        key for key in by_reason if key[1] is not None
    }
    for each in reasons:
        key = (each.process, each.value)
        assert each.contacts == by_reason[key].numerator
        assert each.cost == costs.get(key)
        assert sum(each.weekly) <= each.contacts
    # What came in a few weeks may be over: it is chosen by who asks for it, not at first.
    assert avoidable_yield.first(found) == max(reasons, key=lambda each: each.contacts)
    rush = replace(reasons[0], weekly=(0,) * 10 + (40, 40, 40))
    assert avoidable_yield.first([rush, reasons[1]]) == reasons[1]
    assert avoidable_yield.first([rush]) == rush
    assert avoidable_yield.days_told(one) == 92
    assert len(avoidable_yield.whole_weeks(one)) == 13
    largest = reasons[0]
    drafted = avoidable_yield.draft(one, largest, 50)
    [whole] = numbers.ask(store, ["avoidable"], one.filters.keeping("process", [largest.process]))
    left = largest.contacts / 2
    expected = 100 * (whole.numerator - left) / (whole.n - left)
    assert drafted.target == pytest.approx(expected, abs=0.06)
    assert (drafted.kpi, drafted.direction, drafted.reason) == ("avoidable", "down", largest.value)


@pytest.mark.parametrize("kpi", ["three_contacts", "repeat_contacts"])
def test_who_comes_back_is_what_is_asked(store, kpi):
    by_reason = numbers.ask(store, [kpi], asked().filters, ("process", "reason"))
    column = {"three_contacts": 1, "repeat_contacts": 3}[kpi]
    with use("nl"):
        rows = texts(avoidable_back.rows_of(asked()))
        most = sorted((int(one.numerator or 0) for one in by_reason), reverse=True)
    shown = [int(row[column].replace(".", "")) for row in rows]
    assert set(shown) <= set(most)
    assert max(shown) == most[0]
    [repeat] = numbers.ask(store, ["repeat_contacts"], asked().filters)
    assert sum(avoidable_back.steps_of(repeat)) == repeat.denominator


def test_kinds_are_what_is_asked(store):
    found = {
        (one.by["process"], one.by["reason"]): one
        for one in numbers.ask(store, ["avoidable"], asked().filters, ("process", "reason"))
        if one.n
    }
    with use("nl"):
        rows = texts(avoidable_valuable.rows_of(asked()))
        expected = sorted(formats.number(one.n) for one in found.values())
    assert sorted(row[1] for row in rows) == expected


def test_one_click_makes_an_action_of_it(tmp_path):
    rows = {
        "contacts": [
            {
                "contact_id": f"C-{i}", "started_at": f"2026-03-{i % 28 + 1:02d} {9 + i // 28:02d}:00",
                "answered_at": f"2026-03-{i % 28 + 1:02d} {9 + i // 28:02d}:01", "channel": "phone",
                "direction": "in", "reason": "letter" if i % 2 else "conditions",
            }
            for i in range(56)
        ]
    }  # fmt: skip
    with open_store(load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")) as store:
        running.attach(store)
        try:
            load(store, rows, "2026-03-31 23:59")
            app = run(lang="nl", view="yield", since="2026-03-01", until="2026-03-31")
            assert not app.exception
            # What the harness fills in is said in the language of this thread.
            with use("nl"):
                # Nobody acts yet: it is not kept.
                app.button[-1].click().run()
                assert app.warning
                assert not store.configuration.versions("actions")
                app.text_input[1].set_value("Teamleider Communicatie")
                app.button[-1].click().run()
            [kept] = store.configuration.versions("actions")
            assert app.success
        finally:
            running.attach(None)
    assert kept["action"] == "A-1"
    assert (kept["reason"], kept["kpi"], kept["direction"]) == ("letter", "avoidable", "down")
    assert (kept["cause"], kept["department"]) == ("letter_unclear", "communication")
    assert (kept["owner"], kept["state"]) == ("Teamleider Communicatie", "planned")
    # 28 of 56 are avoidable; without half of those 14 of 42 are left.
    assert kept["target"] == pytest.approx(33.3, abs=0.05)
