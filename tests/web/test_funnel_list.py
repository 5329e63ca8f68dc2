"""The list behind a bar as a file: as many lines as the bar counts, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kpi.filters import Filters
from kpi.numbers import ask_funnel
from kpi.web import funnel_list, running
from tests.measures.world import world

DAYS = {"since": "2024-05-01", "until": "2024-05-31"}


@pytest.fixture
def client(tmp_path):
    steps = ("start", "address", "date", "done")
    rows = [
        {
            "entity_id": "=1+1" if number == 3 else f"s{number}",
            "funnel": "move",
            "step": step,
            "at": f"2024-05-{2 + number % 28:02d} {10 + place:02d}:00",
            "customer_id": "k1" if number % 2 else None,
        }
        for number in range(40)
        for place, step in enumerate(steps[: 1 + number % 4])
    ]
    people = [{"customer_id": "k1", "customer_since": "2023-01-01", "segment": "business"}]
    tables = {"web_events": rows, "customers": people}
    with world(tables, "2024-05-31T23:59", tmp_path) as store:
        running.attach(store)
        try:
            yield TestClient(Starlette(routes=[Route("/download/funnel", funnel_list.entities)]))
        finally:
            running.attach(None)


def lines(answer):
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel needs it to read UTF-8"
    told = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    return [line for line in told if not line[0].startswith("# ")]


def test_as_many_lines_as_came_in_in_a_week(client):
    asked = {"funnel": "move", "step": "start", **DAYS}
    whole, week = (
        lines(client.get("/download/funnel", params={**asked, **more}))[1:]
        for more in ({}, {"entered": "2024-W19"})
    )
    assert week == [line for line in whole if line[2][:2] in {f"{day:02d}" for day in range(6, 13)}]
    assert 0 < len(week) < len(whole)


def test_as_many_lines_as_the_bar(client):
    bars = ask_funnel(
        running.store(), "move", Filters.from_query({k: [v] for k, v in DAYS.items()})[0]
    )
    for place, bar in enumerate(bars):
        heads, *rows = lines(
            client.get(
                "/download/funnel",
                params={"funnel": "move", "step": bar.step, **DAYS, "lang": "nl"},
            )
        )
        assert len(rows) == bar.entities
        assert heads[0] == "Bezoek"
        lost = client.get(
            "/download/funnel", params={"funnel": "move", "step": bar.step, "view": "lost", **DAYS}
        )
        after = bars[place + 1].entities if place + 1 < len(bars) else bar.entities
        assert len(lines(lost)) - 1 == bar.entities - after


def test_dimensions_keep_and_what_does_not_apply_is_left(client):
    asked = {"funnel": "move", "step": "start", **DAYS}
    assert len(lines(client.get("/download/funnel", params={**asked, "segment": "business"}))) == 21
    assert len(lines(client.get("/download/funnel", params={**asked, "channel": "phone"}))) == 41


def test_a_cell_is_run_by_no_spreadsheet_and_numbers_are_dutch(client):
    asked = {"funnel": "move", "step": "done", "lang": "nl", **DAYS}
    answer = client.get("/download/funnel", params=asked)
    rows = {row[0]: row for row in lines(answer)[1:]}
    assert "'=1+1" in rows
    assert rows["'=1+1"][2] == "05-05-2024 10:00:00"
    assert rows["'=1+1"][5] == "0,125"


def test_it_says_what_it_is_about(client):
    asked = {"funnel": "move", "step": "start", "view": "lost", "segment": "business", **DAYS}
    told = client.get("/download/funnel", params={**asked, "entered": "2024-W19", "lang": "nl"})
    about = told.content.decode("utf-8-sig").splitlines()[:5]
    assert "wie afhaakte na Verhuizing melden" in about[0]
    assert "6 mei" in about[0]
    assert "business" in " ".join(about)
    assert any(line.startswith("# Peildatum") for line in about)
    # What does not apply is not kept to, and not said.
    other = client.get(
        "/download/funnel", params={"funnel": "move", "step": "start", "channel": "phone", **DAYS}
    )
    assert "phone" not in other.content.decode()


def test_the_same_as_a_workbook(client):
    asked = {"funnel": "move", "step": "start", **DAYS}
    answer = client.get("/download/funnel", params={**asked, "as": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert len([row for row in rows if isinstance(row[2], datetime)]) == 40
    assert any(row[0] == "=1+1" for row in rows)
    assert client.get("/download/funnel", params={**asked, "as": "ods"}).status_code == 404


def test_nobody_keeps_it(client):
    answer = client.get("/download/funnel", params={"funnel": "move", "step": "start", **DAYS})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="funnel-move-start.csv"'


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"funnel": "xyz"}, 404, "xyz"),
        ({}, 404, "order"),
        ({"funnel": "move", "step": "nowhere"}, 404, "nowhere"),
        ({"funnel": "move", "step": "start", "since": "soon"}, 400, "soon"),
    ],
)
def test_what_is_not_there_is_a_sentence(client, query, status, said):
    answer = client.get("/download/funnel", params=query)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.headers["cache-control"] == "no-store"
