"""A KPI costs one declaration, one example and one translation: then it is everywhere.

Added while the product runs, and looked for wherever KPIs are shown.
"""

import json
import shutil
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from kpi import cli, docs, examples, i18n, numbers
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.measures.words import CONTACT
from kpi.model import Better, Kind, Kpi, Unit
from kpi.web import running
from kpi.web.routes import routes
from pages.steer import overview
from tests.golden.test_golden import asked, holds
from tests.measures.world import load, world
from tests.pages import alone
from tests.pages.test_shell import ROOT

TITLE, DUTCH = "Reached by telephone", "Telefonisch bereikt"
ADDED = Kpi(
    name="by_phone",
    id="K99",
    title=TITLE,
    definition="Of the contacts from customers: the share by telephone.",
    unit=Unit.PERCENT,
    better=Better.UP,
    target=60,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: c.inbound,
    numerator=lambda c, _: c.channel == "phone",
    headline=1,
)
CONTACTS = [
    {
        "contact_id": f"C-{i}", "customer_id": f"K-{i}", "process": ("fault", "request")[i % 2],
        "started_at": f"2026-{1 + i // 40:02d}-{1 + i % 28:02d} 10:00", "direction": "in",
        "channel": "phone" if i % 4 else "email",
        "answered_at": f"2026-{1 + i // 40:02d}-{1 + i % 28:02d} 10:01",
    }
    for i in range(120)
]  # fmt: skip
EXAMPLE = {
    "kpi": "by_phone", "since": "2026-01-01", "until": "2026-01-31", "as_of": "2026-01-31 23:59",
    "tables": {"contacts": CONTACTS[:4]}, "expect": {"value": 75.0, "n": 4},
}  # fmt: skip
PO = f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{TITLE}"\nmsgstr "{DUTCH}"\n'


@pytest.fixture(autouse=True)
def added(monkeypatch, tmp_path):
    """The declaration, the translation and the example."""
    monkeypatch.setitem(KPIS, ADDED.name, ADDED)
    shutil.copytree(i18n.LOCALE_FOLDER, tmp_path / "locale")
    (tmp_path / "locale" / "nl" / "added.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path / "locale")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "added.json").write_text(json.dumps([EXAMPLE]), encoding="utf-8")
    monkeypatch.setattr(examples, "folder", lambda: tmp_path / "examples")
    for kept in (i18n._translations, examples.example_of):
        kept.cache_clear()
    yield
    monkeypatch.undo()
    for kept in (i18n._translations, examples.example_of):
        kept.cache_clear()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with world({}, None, tmp_path_factory.mktemp("added")) as made:
        load(made, {"contacts": CONTACTS}, "2026-03-31 23:59")
        running.attach(made)
        yield made
        running.attach(None)


def page(module, **query):
    app = alone.run(module, lang="nl", **query)
    assert not app.exception
    return app


def test_its_example_holds(tmp_path):
    [example] = examples.examples(examples.folder() / "added.json")
    with world(example["tables"], example["as_of"], tmp_path) as own:
        [found] = asked(example, own)
    holds(found, example["expect"])
    assert examples.example_of("by_phone").value == found.value == 75


def test_scorecard(store, monkeypatch):
    drawn = []
    monkeypatch.setattr(overview, "bulletin", lambda html, *_, **__: drawn.append(html))
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.query_params["lang"] = "nl"
    app.run()
    assert not app.exception
    html = drawn[0]
    assert DUTCH in html
    assert 'data-kpi="by_phone"' in html


@pytest.mark.usefixtures("quiet_places")
def test_trend(store):
    app = page("steer.trends", kpi="by_phone")
    chosen = app.selectbox(key="choose-kpi")
    assert chosen.value == "by_phone"
    assert DUTCH in chosen.format_func(chosen.value)


def test_definitions(store):
    app = page("manage.definitions", kpi="by_phone")
    said = " ".join(one.value for one in [*app.markdown, *app.title, *app.subheader])
    assert DUTCH in said
    assert ADDED.definition in docs.definitions()


@pytest.mark.usefixtures("quiet_places")
def test_drill(store):
    app = page("customer.rows", kpi="by_phone", since="2026-01-01", until="2026-03-31")
    chosen = app.selectbox(key="choose-kpi")
    assert chosen.value == "by_phone"
    # The rows behind the number: as many as it counts.
    [number] = numbers.ask(store, ["by_phone"], Filters(date(2026, 1, 1), date(2026, 3, 31)))
    assert number.numerator == 90
    assert "90 contacten" in app.title[0].value


@pytest.mark.usefixtures("quiet_places")
def test_alert_list(store):
    app = page("manage.alerts", kpi="by_phone")
    assert any(DUTCH in box.options for box in app.selectbox)


def test_wall(store):
    said = TestClient(Starlette(routes=routes())).get("/wall/scoreboard?lang=nl").text
    assert DUTCH in said


def test_command_line(tmp_path, monkeypatch, capsys):
    world({"contacts": CONTACTS}, "2026-03-31 23:59", tmp_path).close()
    monkeypatch.setenv("KETENZICHT_DATABASE_URL", f"duckdb:///{tmp_path / 'store.duckdb'}")
    monkeypatch.setenv("KETENZICHT_LANGUAGE", "en")
    asking = ["show", "by_phone", "--by", "process", "--as", "json", "--since", "2026-01-01"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*asking, "--until", "2026-03-31"])
    assert ended.value.code == 0
    said = json.loads(capsys.readouterr().out)
    assert {one["by"]["process"]: one["value"] for one in said} == {"fault": 50.0, "request": 100.0}
    with pytest.raises(SystemExit):
        cli.main(["show", "by_phon"])
    assert "Did you mean by_phone?" in capsys.readouterr().err
