"""Actions and meeting: what moved in the process is told there as on the first page, with its action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.i18n import use
from kpi.meeting import gather
from kpi.news import broken
from kpi.numbers import agenda
from kpi.numbers.broken import about, told
from kpi.numbers.funnels import funnels
from kpi.periods import Period, months_up_to
from kpi.store import Store
from kpi.web import running
from pages.shared import cards, data, desk_moved, moved
from pages.shared.actions import Action
from pages.shared.asked import Asked
from tests.measures.world import world
from tests.pages import alone

#: The weeks in which most visitors of the order funnel stop at its second step.
BROKE = Period(date(2026, 3, 23), date(2026, 4, 12))
VISITED = Period(date(2026, 3, 2), date(2026, 4, 30))
STEPS = ("home", "offer", "details", "confirm")

pytestmark = pytest.mark.usefixtures("quiet_places")


def asked_of(period: Period, **where: list[str]) -> Asked:
    length = timedelta(days=period.days)
    before = Period(period.since - length, period.since - timedelta(days=1))
    [process] = where.get("process", [None])
    return Asked(Filters.of(period.since, period.until, **where), period, before, process)


@pytest.mark.parametrize("months", [1, 12])
def test_the_desk_tells_what_the_first_page_tells_of_its_process(demo_shown, months):
    with use("nl"):
        period = months_up_to(data.default_period().until, months)
        whole = asked_of(period)
        first = moved.lines(whole, cards.scorecard(whole))
        told = 0
        for process in data.processes(period.until):
            asked = asked_of(period, process=[process])
            card = cards.scorecard(asked, agenda.kpis(asked.filters.where))
            found = desk_moved.lines(asked, card)
            assert all(process in {one.process, one.owned} for one in found)
            assert all(one.href and not one.acts for one in found)
            theirs = {one.sentence for one in first if process in {one.process, one.owned}}
            assert theirs <= {one.sentence for one in found}, process
            told += len(theirs)
            # The pack of the meeting has the same lines, in the same order, and says who acts.
            packed = gather(demo_shown, process, asked.filters).moved
            assert [bare(one) for one in packed] == [bare(one) for one in found]
            assert all(one.better or one.acts for one in packed)
    assert told


def bare(line):
    """The line without what differs on paper: the ways on, and who acts."""
    also = tuple(bare(one) for one in line.also)
    return replace(line, href="", acts="", acts_href="", also=also)


def test_each_line_has_its_action_or_one_can_be_made(demo_shown, blocks):
    year = {"since": "2024-09-01", "until": "2025-08-31", "view": "meeting", "lang": "nl"}
    app = alone.run("steer.process", process="complaint", **year)
    assert not app.exception
    assert "Klachten over te late levering" in blocks["moved"].text()
    [action] = [one for one in blocks["moved"].all() if "acts" in one.classes]
    assert action.text() == "actie “Tweede bezorgdienst voor apparaten”: loopt"
    assert "of=A-5" in action.attributes["href"]
    label = "Maak een verbeteractie van wat slechter werd"
    assert label not in [one.label for one in app.expander]

    app = alone.run("steer.process", process="fault", **year)
    assert not app.exception
    assert "Contacten over Storingen" in blocks["moved"].text()
    assert label in [one.label for one in app.expander]


def test_where_nothing_moved_nothing_is_said(demo_shown, blocks):
    app = alone.run(
        "steer.process", process="cancellation", view="meeting", since="2025-06-01",
        until="2025-08-31", lang="nl",
    )  # fmt: skip
    assert not app.exception
    assert "tiles" in blocks
    assert "moved" not in blocks
    assert "Maak een verbeteractie van wat slechter werd" not in [one.label for one in app.expander]


def test_no_other_part_of_the_desk_asks_for_it(demo_shown, blocks, monkeypatch):
    asked = []
    monkeypatch.setattr(moved, "found", lambda *_asked: asked.append(1) or [])
    for view in ("core", "lead", "work", "reasons", "moments", "meeting"):
        asked.clear()
        app = alone.run("steer.process", process="fault", view=view, lang="nl")
        assert not app.exception
        assert bool(asked) == (view in {"core", "meeting"}), view


@pytest.mark.parametrize("view", ["core", "meeting"])
def test_what_moved_stands_where_one_comes_first_too(demo_shown, blocks, monkeypatch, view):
    """The tiles need not hold it: complaints about one reason are in none of them."""
    risen = replace(LINE, sentence="Klachten over te late levering", kpi="", process="")
    monkeypatch.setattr(moved, "found", lambda *_asked: [risen])
    app = alone.run("steer.process", process="complaint", view=view, lang="nl")
    assert not app.exception
    assert "Klachten over te late levering" in blocks["moved"].text()


LINE = Moved("29 % → 41 %", "", "", False, "fault", "avoidable", "trends")


@pytest.mark.parametrize(
    ("line", "aims"),
    [
        (LINE, "number"),
        (replace(LINE, kpi="csat"), None),
        (replace(LINE, kpi="csat", reason="late"), "reason"),
        (replace(LINE, kpi="csat", cause="letter"), "reason"),
        (replace(LINE, reason="late"), "number"),
        # Complaints are told of per reason: an action against complaints about another is none.
        (replace(LINE, kpi="", aims="complaints", reason="late"), "reason"),
        (replace(LINE, kpi="", aims="complaints", reason="other"), None),
        (replace(LINE, kpi="", aims="contact_rate"), "contacts"),
        (replace(LINE, kpi="", also=(LINE,)), "number"),
    ],
)
def test_an_action_aims_at_the_number_else_at_the_reason_or_cause(line, aims):
    row = {"reason": None, "cause": None, "state": "running"}
    live = [
        Action({**row, "action": "reason", "kpi": "complaints", "reason": "late",
                "cause": "letter"}, None, None),
        Action({**row, "action": "number", "kpi": "avoidable"}, None, None),
        Action({**row, "action": "contacts", "kpi": "contact_rate"}, None, None),
    ]  # fmt: skip
    found = desk_moved.aiming(line, live)
    assert (found.row["action"] if found else None) == aims


def test_what_an_action_would_aim_at():
    asked = asked_of(VISITED, process=["fault"])
    rush = replace(LINE, kpi="", aims="contact_rate")
    for line, kpi in ((LINE, "avoidable"), (rush, "contact_rate")):
        draft = desk_moved.drafted(asked, line)
        assert draft is not None
        assert (draft.kpi, draft.direction, draft.process) == (kpi, "down", "fault")
    draft = desk_moved.drafted(asked, replace(rush, also=(replace(LINE, cause="letter"),)))
    assert draft is not None
    assert (draft.kpi, draft.cause) == ("avoidable", "letter")
    # Of a funnel no number of the process tells.
    assert desk_moved.drafted(asked, replace(LINE, kpi="")) is None


def visits() -> Iterator[dict[str, object]]:
    for ahead in range(VISITED.days):
        day = VISITED.since + timedelta(days=ahead)
        for i in range(40):
            few = BROKE.since <= day <= BROKE.until
            reached = (2 if i % 4 else 4) if few else (4 if i % 4 else 2)
            for place, step in enumerate(STEPS[:reached]):
                yield {"entity_id": f"{day}-{i}", "funnel": "order", "step": step,
                       "at": f"{day} 10:{place:02d}"}  # fmt: skip


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    rows = {
        "web_events": list(visits()),
        # Something that the desk has numbers of.
        "cases": [
            {"case_id": f"{process}-{day}", "opened_at": f"2026-03-{day:02d} 09:00",
             "closed_at": f"2026-03-{day:02d} 15:00", "status": "closed", "process": process}
            for process in ("request", "fault") for day in range(2, 29)
        ],
    }  # fmt: skip
    with world(rows, "2026-04-30 23:59", Path(tmp_path_factory.mktemp("visited"))) as made:
        running.attach(made)
        try:
            yield made
        finally:
            running.attach(None)


def test_a_broken_funnel_is_told_of_to_the_process_it_is_of(visited, blocks):
    sentence = "Startpagina → Bevestigen, na Aanbod van wk 13 tot en met wk 15: 25 % gaat door, anders 75 %"
    with use("nl"):
        for where, told in (
            ({}, True),
            ({"process": ["request"]}, True),
            ({"process": ["fault"]}, False),
            # Whose visitors they are is known, what they would ask about is not.
            ({"reason": ["order_status"]}, False),
            ({"channel": ["phone"]}, False),
        ):
            found = broken.lines(moved.asking(asked_of(VISITED, **where)))
            assert [one.process for one in found] == ["request"] * told, where
            said = [one.sentence.replace("\u00a0", " ") for one in found]
            assert said == [sentence] * told
        for process in ("request", "fault"):
            kept = asked_of(VISITED, process=[process])
            # The pack of the meeting says it in the same words.
            packed = {one.sentence for one in gather(visited, process, kept.filters).moved}
            there = {one.sentence for one in broken.lines(moved.asking(kept))}
            assert there <= packed
            assert bool(there) == (process == "request")
            assert any("Startpagina" in one for one in packed) == (process == "request")
    days = {"since": VISITED.since.isoformat(), "until": VISITED.until.isoformat()}
    app = alone.run("steer.process", process="request", view="meeting", lang="nl", **days)
    assert not app.exception
    assert "Startpagina → Bevestigen" in blocks["moved"].text()
    [acts] = [one for one in blocks["moved"].all() if "acts" in one.classes]
    assert acts.text() == "maak een verbeteractie"
    assert "process=request" in acts.attributes["href"]


def test_a_funnel_is_about_what_it_can_be_kept_to(visited):
    [order] = [one for one in funnels(visited) if one.name == "order"]
    # As they are told of where nobody asks how often each step was taken.
    plain = [replace(one, strange={}) for one in funnels(visited, VISITED.until)]
    assert told(visited, VISITED.until) == plain
    assert about(order, Filters.of(segment=["consumer"], process=["request", "fault"]))
    assert not about(order, Filters.of(segment=["consumer"], department=["x"]))
    assert about(replace(order, entity="case"), Filters.of(department=["x"]))
    assert not about(replace(order, process=None), Filters.of(process=["request"]))
    assert not about(replace(order, loaded=False), Filters.of())
