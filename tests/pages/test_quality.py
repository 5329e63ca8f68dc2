"""Datakwaliteit: the page says what the numbers say, agrees on a rhythm, and settles a failure."""

import pytest

from kpi.alerts.rules import LATEST
from kpi.bulletin import sentences_quality
from kpi.filters import Filters
from kpi.numbers import ask, default_period
from kpi.numbers.feeds import feeds
from kpi.numbers.quality import quality
from kpi.periods import Period
from kpi.results.feeds import Every
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.deliveries import note_failure
from kpi.web import running
from pages.shared import places
from tests.browser.serving import copied
from tests.pages import alone

pytestmark = pytest.mark.usefixtures("quiet_places")


@pytest.fixture
def store(demo_path, tmp_path):
    """A demo of one's own, for it is changed."""
    with open_store(load_settings(f"duckdb:///{copied(demo_path, tmp_path)}")) as opened:
        running.attach(opened)
        yield opened
        running.attach(None)


def test_the_page(store):
    note_failure(store, "zaken.csv", "inbox", "Geen **kolom** X.")
    page = alone.run("manage.quality")
    assert not page.exception
    since, until = default_period(store, ["avoidable"])
    found = quality(store, Period(since, until))
    assert found.gaps
    title = page.title[0].value
    assert title.startswith("1 levering vraagt aandacht; ")
    assert "heeft geen" in title
    heads = [head.value for head in page.header]
    assert heads[:3] == ["Wat er ontbreekt, en welke cijfers dat minder zeker maakt", "Leveringen", "Wat er per maand ontbreekt"]  # fmt: skip
    assert "Apart gezet" in heads
    assert any("Wat u kunt doen" in one.value for one in page.markdown)
    # Dealt with: no longer told.
    [button] = [one for one in page.button if one.label == "zaken.csv is afgehandeld"]
    button.click().run()
    assert not page.exception
    assert "levering vraagt" not in page.title[0].value
    # Agreed: the next delivery of the demo is due.
    page.text_input[0].input("08:00")
    [keep] = [one for one in page.button if one.label == "Bewaar"]
    keep.click().run()
    assert not page.exception
    [one] = [one for one in feeds(store) if one.feed == "demo"]
    assert one.rhythm is not None
    assert (one.rhythm.unit, one.rhythm.by, one.rhythm.read_off) == (Every.WORKING_DAYS, "08:00", 0)


def test_what_is_without_a_category_is_what_its_kpi_leaves_out(store):
    since, until = default_period(store, ["avoidable"])
    found = quality(store, Period(since, until))
    [category] = [one for one in found.coverage if one.field == "category"]
    [avoidable] = ask(store, ["avoidable"], Filters.of(since, until))
    assert category.whole.share is not None
    assert 100 * category.whole.share == pytest.approx(avoidable.extras["coverage"])
    assert sentences_quality.rows_title(category) == "Answered inbound contacts"


def test_codes_that_nobody_configured_are_led_to(store, monkeypatch):
    led = []
    monkeypatch.setattr(
        places, "link", lambda name, label, *_args, **_more: led.append((name, label))
    )
    alone.run("manage.quality")
    assert {"load", "codes"} <= {name for name, _label in led}
    [(_name, before)] = [one for one in led if one[0] == "codes"]
    row = store.configuration.row("reasons", LATEST, reason="defect")
    store.configure("reasons", [{**row, "retired": True}], "test")
    led.clear()
    alone.run("manage.quality")
    [(_name, after)] = [one for one in led if one[0] == "codes"]
    number = int(before.split()[0])
    assert after == f"{number + 1} codes zijn nog niet ingericht"
