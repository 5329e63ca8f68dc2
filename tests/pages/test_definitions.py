"""The page Definities: what a KPI says and feeds it, and a target that is set there."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi.examples import example_of
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.measures.arithmetic import adds, date_of, left_out, made_by
from kpi.model import Kind
from kpi.numbers import ask
from kpi.numbers.explained import explained
from kpi.schema import TABLES
from kpi.web import running
from pages.manage import worked
from tests.measures.world import world

pytestmark = pytest.mark.usefixtures("quiet_places")

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    {
        "case_id": f"Z-{i}", "process": "fault", "opened_at": f"2026-03-{1 + i % 28:02d} 10:00",
        "closed_at": f"2026-03-{1 + i % 28:02d} 15:00", "status": "closed",
    }
    for i in range(40)
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("definitions")
    with world({"cases": CASES}, "2026-04-30 12:00", folder) as made:
        running.attach(made)
        yield made
        running.attach(None)


def page(**query):
    script = (
        "import streamlit as st\n"
        "from pages.shared import places, state\n"
        "from pages.shared.speech import speak\n"
        "from pages.manage import definitions\n"
        "speak()\n"
        "state.read('definities')\n"
        "definitions.show()\n"
    )
    app = AppTest.from_string(script, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_the_queries_are_those_that_made_the_number(store):
    filters = Filters.of()
    made = explained(store, "within_norm", filters)
    assert [made.result] == ask(store, ["within_norm"], filters)
    assert any("prepared_cases" in query for query in made.queries)


@pytest.mark.parametrize("name", [kpi.name for kpi in KPIS.values() if kpi.kind is not Kind.FUNNEL])
def test_every_kpi_can_be_explained(store, name):
    assert explained(store, name, Filters.of()).result.kpi == name


def test_a_page_per_kpi_in_its_language(store):
    app = page(kpi="within_norm", lang="nl")
    assert not app.exception
    assert app.title[0].value == "Binnen norm"
    assert page(kpi="within_norm", lang="en").title[0].value == "Within norm"


@pytest.mark.parametrize("kpi", ["nothing", "<b>", ""])
def test_an_unknown_kpi_is_the_usual_one(store, kpi):
    assert page(kpi=kpi, lang="en").title[0].value == "Within norm"


def test_an_example_says_which_rows_count_in_words(store, monkeypatch):
    tables, texts = {}, []
    monkeypatch.setattr(worked.page, "section", texts.append)
    monkeypatch.setattr(worked.page, "quiet", texts.append)
    monkeypatch.setattr(worked.page, "text", texts.append)
    monkeypatch.setattr(worked.page, "table", lambda shown, key: tables.update({key: shown}))
    with use("nl"):
        worked.show(KPIS["avoidable"])
    assert texts[-1].replace("\u00a0", " ") == "Over mei 2024 geeft dat: 4 van de 7 rijen, 57 %."
    assert "Teller: de rijen daarvan waarvoor het geldt." in texts[1]
    contacts = tables["example-contacts"]
    names = {column.name for one in TABLES.values() for column in one.columns}
    assert not names & {column.title for column in contacts.columns}
    marks = [row[0].text.replace("\u00a0", " ") for row in contacts.rows]
    assert marks.count("● teller en noemer") == 4
    assert marks.count("○ alleen noemer") == 3
    assert marks.count("– telt niet mee") == 1
    assert "Telefoon" in contacts.rows[0]
    assert len(tables["example-cases"].columns) < len(TABLES["cases"].columns)


def test_a_target_that_is_set_is_in_force(store):
    app = page(kpi="within_norm", lang="en", process="fault")
    app.number_input[0].set_value(85.0)
    app.text_input[0].set_value("Board")
    app.button[0].click().run()
    assert not app.exception
    rows = [r for r in store.configuration.versions("targets") if r["owner"] == "Board"]
    assert [(r["kpi"], r["process"], r["value"], r["sample"]) for r in rows] == [
        ("within_norm", "fault", 85.0, False)
    ]


def test_a_target_says_on_which_side_and_this_years_goal_stands_beside_it(store, blocks):
    goal = {
        "goal": "quick", "valid_from": date(2026, 1, 1), "title_en": "Quick", "title_nl": "Snel",
        "kpi": "within_norm", "target": 88.0, "direction": "up", "year": 2026, "owner": "Board",
        "sample": False,
    }  # fmt: skip
    store.configure("goals", [goal], "test")
    page(kpi="within_norm", lang="en")
    said = blocks["targets"].text()
    assert "at least 88%" in said
    assert "goal of this year: Quick" in said
    # Sample goal of the default configuration.
    page(kpi="avoidable", lang="nl")
    assert "hooguit" in blocks["targets"].text()


@pytest.mark.parametrize(
    ("kpi", "said"),
    [("avoidable", "no: what it is made of"), ("backlog", "yes"), ("lead_time", "no: made anew")],
)
def test_what_adds_up_is_said_of_the_value_and_not_of_what_is_below_it(kpi, said):
    assert adds(KPIS[kpi]).startswith(said)


def test_what_is_left_out_goes_on_in_the_sentence(store):
    with use("nl"):
        assert left_out(KPIS["avoidable"]).startswith("Buiten beschouwing: contacten zonder")
        assert "“Aandeel met een categorie”" in left_out(KPIS["avoidable"])
    assert left_out(KPIS["handle_time"]).startswith("Left out: waiting time")


def test_a_target_without_an_owner_is_not_kept(store):
    before = store.data_version
    app = page(kpi="within_norm", lang="en")
    app.number_input[0].set_value(85.0)
    app.button[0].click().run()
    assert "without an owner" in app.warning[0].value
    assert store.data_version == before


@pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.name)
def test_dates_and_arithmetic_are_said_in_words(kpi):
    assert made_by(kpi)
    assert "_" not in date_of(kpi)


@pytest.mark.parametrize(
    ("kpi", "made", "dated"),
    [
        ("contact_rate", "× 100, per 30.44 days", "the start of the contact"),
        ("complaints", "× 1,000", "the opening of the case"),
        ("contacts_per_case", "number of rows", "the closing of the case"),
        ("backlog", "open at the end of the period", "the end of the period"),
        ("survival", "Kaplan-Meier", "known at the end of the period"),
    ],
)
def test_the_words_are_those_of_this_kpi_and_not_of_its_kind(kpi, made, dated):
    assert made in made_by(KPIS[kpi])
    assert dated in date_of(KPIS[kpi])


@pytest.mark.parametrize("kpi", ["within_norm", "lead_time", "csat", "avoidable", "churn"])
def test_an_example_that_can_be_followed(kpi):
    found = example_of(kpi)
    assert found is not None
    assert found.single
    assert 0 < sum(map(len, found.tables.values())) < 30
