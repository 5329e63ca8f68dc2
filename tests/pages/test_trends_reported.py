"""Trends: what was reported when a month closed stands beside what it is now, where it differs."""

import pytest

from kpi.bulletin.tables import Shown
from kpi.numbers.month_ends import keep_closed
from kpi.web import running
from pages.shared import page
from tests.measures.world import load, world
from tests.pages.alone import run


def case(process, number, closed):
    return {
        "case_id": f"{process}{number}",
        "process": process,
        "opened_at": "2024-04-08 10:00",
        "closed_at": f"{closed} 10:00",
        "status": "closed",
        "opened_channel": "phone",
    }


def cases(closed, fault, request):
    return [
        *(case("fault", n, closed) for n in range(fault)),
        *(case("request", n, closed) for n in range(request)),
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Of April all was closed in time; five faults and one request turned out not to be."""
    rows = cases("2024-04-09", 20, 30)
    with world({"cases": rows}, "2024-04-30 23:59", tmp_path_factory.mktemp("late")) as made:
        keep_closed(made)
        load(made, {"cases": cases("2024-05-07", 5, 1)}, "2024-05-08 12:00")
        yield made


@pytest.fixture
def drawn(store, quiet_places, monkeypatch):
    """The tables that the page draws, by their key."""
    found = {}
    table = page.table

    def keep(what, key, **how):
        found[key] = what
        table(what, key, **how)

    monkeypatch.setattr(page, "table", keep)
    running.attach(store)
    try:
        yield found
    finally:
        running.attach(None)


def trends(**query):
    asked = {"since": "2024-04-01", "until": "2024-04-30", "lang": "en", "kpi": "within_norm"}
    app = run("steer.trends", **{**asked, **query})
    assert not app.exception
    return " ".join(one.value for one in app.markdown).replace("\\", "")


def heads(table):
    return [column.title for column in table.columns]


def test_whole(drawn, store):
    said = trends(grain="month")
    file = store.imports()[0]["file"]
    assert "1 month changed after it closed: Apr 2024, reported 100%, now 88%" in said
    assert f"(by {file}, " in said
    table = drawn["trend-within_norm-table"]
    assert heads(table)[1:3] == ["Reported", "Now"]
    [row] = table.rows
    # What was reported stands as it was; what is known now leads to its rows.
    assert (row[1], row[2].text) == (Shown("100%", under="as of 30 Apr 2024"), "88%")
    assert "kpi=within_norm" in row[2].leads
    assert row[-1].startswith(f"by {file}, ")


def test_of_one_process(drawn):
    assert "reported 100%, now 75%" in trends(grain="month", process="fault")


def test_told_apart_by_process(drawn):
    said = trends(grain="month", by="process")
    assert "2 values changed after their month closed; most of all Faults and outages" in said
    assert "reported 100%, now 75%" in said
    table = drawn["trend-groups-table"]
    assert heads(table)[2:4] == ["Reported", "Now"]
    assert {(row[0].text, row[2].text, row[3].text) for row in table.rows} == {
        ("Faults and outages", "100%", "75%"),
        ("Request or change a product", "100%", "97%"),
    }


@pytest.mark.parametrize(
    "query",
    [
        {"grain": "week"},
        {"grain": "month", "by": "channel"},
        {"grain": "month", "channel": "phone"},
        {"grain": "month", "until": "2024-04-29"},
        {"grain": "month", "kpi": "promise_kept"},
    ],
)
def test_elsewhere_nothing_was_kept(drawn, query):
    assert "reported" not in trends(**query)
    assert all("Reported" not in heads(table) for table in drawn.values())
