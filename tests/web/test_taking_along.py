"""Files of tables and of rows: over our own routes, kept by no cache, and no more than was seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpi import numbers
from kpi.bulletin import table
from kpi.filters import Filters
from kpi.store import Store
from kpi.web import running, shelf
from kpi.web.routes import routes
from tests.measures.world import world

ASKED = "since=2026-03-01&until=2026-03-31&lang=nl"
PERIOD = Filters.of(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    cases = [
        {
            "case_id": f"=Z-{place}",
            "opened_at": f"2026-03-{place + 1:02} 10:00",
            "closed_at": f"2026-03-{place + 2:02} 10:30" if place else None,
            "status": "closed" if place else "open",
            "process": "fault" if place % 2 else None,
        }
        for place in range(6)
    ]
    with world({"cases": cases}, "2026-04-01 12:00", tmp_path_factory.mktemp("take")) as made:
        yield made


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    running.attach(store)
    try:
        yield TestClient(Starlette(routes=routes()))
    finally:
        running.attach(None)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_all_rows_behind_a_number_in_order(client: TestClient, store: Store) -> None:
    found = client.get(f"/download/rows?kpi=lead_time&part=numerator&sort=case_id&{ASKED}")
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert "lead_time-numerator.csv" in found.headers["content-disposition"]
    lines = rows_of(found.text)
    about = [line for line in lines if line[0].startswith("#")]
    head, first = lines[len(about) :][:2]
    assert about[0] == ["# Doorlooptijd incl. openstaand: 5 zaken die meetellen"]
    assert head[:3] == ["Zaak", "Geopend", "Gesloten"]
    assert first[:3] == ["'=Z-1", "02-03-2026 10:00:00", "03-03-2026 10:30:00"]
    wanted = numbers.rows(store, "lead_time", PERIOD, part="numerator").total
    assert len(lines) - len(about) - 1 == wanted == 5


def test_what_is_not_known_can_be_kept_to(client: TestClient) -> None:
    found = client.get(f"/download/rows?kpi=lead_time&process=-&as=xlsx&{ASKED}")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(found.content)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == ["=Z-4", "=Z-2", "=Z-0"]
    told = dict(zip(*(sheet.to_python()[:2]), strict=True))
    assert (told["Klantproces"], told["Reden"]) == ("onbekend", "onbekend")


@pytest.mark.parametrize(
    ("text", "told"), [("Z-3", "1 van 5 bevat"), ("fault", "3 van 5 bevatten")]
)
def test_a_file_of_what_was_searched_says_how_many_of_how_many(
    client: TestClient, text: str, told: str
) -> None:
    query = f"kpi=lead_time&part=numerator&search={text}&{ASKED}"
    lines = rows_of(client.get(f"/download/rows?{query}").text)
    assert lines[0] == [f"# Doorlooptijd incl. openstaand: 5 zaken die meetellen; {told} “{text}”"]
    below = [line for line in lines if not line[0].startswith("#")]
    assert len(below) - 1 == int(told[0])


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("kpi=lead_time&as=nope", 404, "as=csv of as=xlsx"),
        ("kpi=lead_time&as=", 404, "as=csv of as=xlsx"),
        ("kpi=nothing", 404, "geen KPI nothing"),
        ("kpi=backlog&part=missed", 404, "numerator"),
        ("kpi=backlog&since=tomorrow", 400, "since=tomorrow"),
    ],
)
def test_what_cannot_be_taken_is_said(
    client: TestClient, query: str, status: int, said: str
) -> None:
    found = client.get(f"/download/rows?{query}&lang=nl")
    assert found.status_code == status
    assert said in found.text


def test_a_table_is_kept_under_a_name_that_nobody_guesses(client: TestClient) -> None:
    shown = table("Binnen norm", ["Groep"], [["Storingen"]])
    name = shelf.keep(shown, (("Filters", "alle"),), "nl")
    assert shelf.keep(shown, (("Filters", "alle"),), "nl") == name
    assert shelf.keep(shown, (("Filters", "phone"),), "nl") != name
    found = client.get(f"/download/table/{name}?as=csv")
    assert rows_of(found.text) == [["# Binnen norm"], ["# Filters: alle"], ["Groep"], ["Storingen"]]
    assert found.headers["cache-control"] == "no-store"
    odd = client.get(f"/download/table/{name}?as=pdf")
    assert odd.status_code == 404
    assert "as=csv of as=xlsx" in odd.text
    gone = client.get("/download/table/0123")
    assert gone.status_code == 404
    for place in range(shelf.MOST):
        shelf.keep(shown, (("n", str(place)),), "nl")
    assert client.get(f"/download/table/{name}").status_code == 404
