"""The pages without a browser: what they say when there is no store, and that what is shown is what is asked."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from kpi.settings import load_settings
from kpi.store import open_store
from kpi.web import running
from tests.browser.shots import PAGES
from tests.measures.world import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_store(tmp_path):
    with open_store(load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")) as store:
        running.attach(store)
        try:
            yield store
        finally:
            running.attach(None)


def test_a_picture_is_taken_of_every_page():
    source = (ROOT / "pages" / "shell.py").read_text(encoding="utf-8")
    pages = {f"/{name}" for name in re.findall(r'url_path="([a-z-]+)"', source)}
    assert len(pages) > 15
    assert pages | {"/"} == {urlsplit(path).path for path in PAGES.values()}


def run(**query):
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_without_a_store_it_says_why():
    running.attach(None, "De opslag is van een nieuwere versie.")
    try:
        app = run()
    finally:
        running.attach(None)
    assert not app.exception
    assert "De opslag is van een nieuwere versie" in app.markdown[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Er zijn nog geen gegevens"), ("en", "There are no data yet")]
)
def test_an_empty_store_says_what_to_do(empty_store, language, title):
    app = run(lang=language)
    assert not app.exception
    assert app.title[0].value == title
    assert "ketenzicht demo" in app.code[0].value


def test_an_unknown_language_is_that_of_the_settings(empty_store):
    assert run(lang="xx").title[0].value == "Er zijn nog geen gegevens"


def test_what_no_number_rests_on_is_said(empty_store):
    load(empty_store, {"staffing": [{"date": "2026-03-02", "staffed_hours": 40}]}, None)
    app = run(lang="en")
    assert not app.exception
    assert app.title[0].value == "There is nothing to see here yet"
    assert "Staffing" in app.markdown[0].value


def test_what_a_link_says_and_no_page_knows_is_told(empty_store):
    load(
        empty_store,
        {"cases": [{"case_id": "Z-1", "opened_at": "2026-03-02 09:00", "status": "open"}]},
        None,
    )
    app = run(lang="en", proces="<b>fault</b>", period="3m")
    told = [one.value for one in app.caption if "The link also asks for" in one.value]
    assert len(told) == 1
    assert "proces" in told[0]
    assert "period" not in told[0]
    assert not [one for one in run(lang="en").caption if "The link also asks for" in one.value]


@pytest.mark.parametrize(
    "rows",
    [
        {"customers": [{"customer_id": "K-1", "customer_since": "2026-01-05"}]},
        {"cases": [{"case_id": "Z-1", "opened_at": "2026-03-02 09:00", "status": "open"}]},
        {"contacts": [{"contact_id": "C-1", "started_at": "2026-03-02 09:00", "channel": "phone"}]},
    ],
)
@pytest.mark.parametrize(
    "query", [{}, {"channel": "phone"}, {"since": "2030-01-01", "until": "2030-02-01"}]
)
def test_a_single_row_is_enough_for_a_page(empty_store, rows, query):
    load(empty_store, rows, None)
    app = run(lang="nl", **query)
    assert not app.exception
    assert app.title[0].value
