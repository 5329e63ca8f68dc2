"""Verbeteracties: what runs, what is stuck and whether it helped; an action is changed and made there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi.i18n import use
from kpi.measures import KPIS
from kpi.store import Store
from kpi.web import running
from pages.shared import actions, sent_twice
from tests.measures.world import world
from tests.pages import alone, seen

#: One contact on every day: what is told of, until the end of March.
ROWS = {
    "contacts": [
        {
            "contact_id": f"C-{month}-{day}", "started_at": f"2026-{month:02d}-{day:02d} 10:00",
            "channel": "phone", "direction": "in", "process": "fault",
        }
        for month in (1, 2, 3) for day in range(1, 29)
    ]
}  # fmt: skip
ACTION = {
    "valid_from": date(2025, 12, 1),
    "process": "fault",
    "kpi": "avoidable",
    "direction": "down",
}
ACTIONS = [
    {
        **ACTION, "action": "A-1", "title": "Statusbericht sturen", "owner": "Teamleider",
        "state": "running", "starts_on": date(2026, 3, 2), "stops_on": date(2026, 6, 1),
    },
    {
        **ACTION, "action": "A-2", "title": "Brief herschrijven", "state": "running",
        "starts_on": date(2026, 1, 5), "stops_on": date(2026, 2, 1),
    },
    {
        **ACTION, "action": "A-3", "title": "Terugbellen", "owner": "Teamleider", "state": "done",
        "process": "request", "starts_on": date(2026, 1, 5), "stops_on": date(2026, 2, 1),
    },
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world(ROWS, "2026-03-31 23:59", tmp_path, configuration={"actions": ACTIONS}) as made:
        running.attach(made)
        try:
            yield made
        finally:
            running.attach(None)


def run(**query: str) -> AppTest:
    app = alone.run("steer.actions", lang="nl", **query)
    assert not app.exception
    return app


def kept(store: Store, action: str) -> dict[str, object]:
    row = store.configuration.row("actions", date(2026, 3, 31), action=action)
    assert row is not None
    return dict(row)


def test_it_says_what_runs_and_what_is_stuck(store: Store, blocks: dict[str, seen.Node]) -> None:
    app = run()
    assert app.title[0].value == "2 verbeteracties gepland of lopend, 1 zit vast"
    # The day that the data tell up to, not the end of a period.
    assert "31-03-2026" in seen.plain(app.markdown[0].value)
    assert "Brief herschrijven" in blocks["stuck"].text()
    assert "Statusbericht" not in blocks["stuck"].text()
    assert "voorbij de einddatum" in blocks["stuck"].text()
    assert "actions?of=A-2&lang=nl" in seen.links(blocks["stuck"])
    assert {"Statusbericht sturen", "Brief herschrijven"} <= {
        one.text().strip() for one in blocks["actions-live"].all() if one.tag == "a"
    }
    assert "Terugbellen" in blocks["actions-over"].text()
    # The days of an action as those of any period, beside its figures too.
    assert "2 mrt – 1 jun 2026" in seen.plain(blocks["actions-live"].text().replace("\u00a0", " "))


def test_one_process_has_its_own(store: Store, blocks: dict[str, seen.Node]) -> None:
    app = run(process="request")
    assert app.title[0].value == "Er is geen verbeteractie gepland of lopend"
    assert "Terugbellen" in blocks["actions-over"].text()
    assert "stuck" not in blocks


def test_an_action_is_changed(store: Store, blocks: dict[str, seen.Node]) -> None:
    app = run(of="A-2")
    with use("nl"):
        change = next(one for one in app.button if one.label == "Bewaar de wijziging")
        change.click().run()
        # Nobody acts yet: it is not kept.
        assert app.warning
        assert not kept(store, "A-2")["owner"]
        app = run(of="A-2")
        owner = next(one for one in app.text_input if one.value == "")
        owner.set_value("Teamleider Post")
        ends = next(one for one in app.date_input if one.value == date(2026, 2, 1))
        ends.set_value(date(2026, 7, 1))
        next(one for one in app.button if one.label == "Bewaar de wijziging").click().run()
    now = kept(store, "A-2")
    assert (now["owner"], now["stops_on"]) == ("Teamleider Post", date(2026, 7, 1))
    assert (now["title"], now["kpi"], now["state"]) == (
        "Brief herschrijven",
        "avoidable",
        "running",
    )
    again = run()
    assert again.title[0].value == "2 verbeteracties gepland of lopend, geen zit vast"


def test_a_new_action_has_who_and_when(store: Store, blocks: dict[str, seen.Node]) -> None:
    app = run(process="fault")
    with use("nl"):
        empty = [one for one in app.text_input if one.value == ""]
        title, owner = empty[-2:]
        title.set_value("Monteur belt vooraf")
        owner.set_value("Hoofd Planning")
        next(one for one in app.button if one.label == "Bewaar deze actie").click().run()
    [row] = [
        one
        for one in store.configuration.versions("actions")
        if one["title"] == "Monteur belt vooraf"
    ]
    assert (row["action"], row["owner"], row["process"]) == ("A-4", "Hoofd Planning", "fault")
    assert row["starts_on"] < row["stops_on"]


def test_what_is_kept_twice_is_one(store: Store) -> None:
    """A second click while the first is kept made a second action."""
    new = {**ACTIONS[0], "action": "A-9"}
    assert sent_twice.only("actions", "action", new)["action"] == "A-1"
    assert sent_twice.only("actions", "action", {**new, "owner": "Planning"})["action"] == "A-9"
    # What was taken away may be made anew.
    gone = {"action": "A-1", "valid_from": date(2026, 1, 1), "retired": True}
    store.configure("actions", [gone], "test")
    assert sent_twice.only("actions", "action", new)["action"] == "A-9"


@pytest.mark.parametrize(
    ("direction", "target", "said"),
    [
        ("down", 25.0, "omlaag naar 25 %"),
        ("up", 90.0, "omhoog naar 90 %"),
        ("down", None, "omlaag"),
        (None, 25.0, "25 %"),
    ],
)
def test_an_aim_says_where_to_and_not_by_how_much(direction, target, said):
    row = {"kpi": "avoidable", "direction": direction, "target": target}
    with use("nl"):
        assert actions._whither(row, KPIS["avoidable"]).replace("\u00a0", " ") == said


def test_the_aim_of_a_rate_says_what_it_is_of():
    row = {"kpi": "complaints", "direction": "down", "target": 8.0}
    with use("nl"):
        said = actions._whither(row, KPIS["complaints"]).replace("\u00a0", " ")
    assert said == "omlaag naar 8 per 1.000 klanten"
