"""The owner's desk, goals and agenda: what is shown is what is asked, and what is kept comes back."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kpi import formats
from kpi.access import Scope
from kpi.bulletin.states import State
from kpi.calendar import default_calendar
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.meeting import gather
from kpi.model import Better, Result
from kpi.numbers import AskProblem, agenda, ask, contact_surges, desk
from kpi.numbers.goals import Goal, goals, pulls
from kpi.periods import Period, first_moment
from kpi.results.surge import stories
from kpi.web.agenda import page as agenda_page
from pages.shared import cards, data, desk_flow, desk_moments, desk_work, goals_table, places
from pages.shared.asked import Asked
from tests.pages import alone, seen

PERIOD = {"since": "2025-06-01", "until": "2025-08-31"}
NAMED = Filters.of(date(2025, 6, 1), date(2025, 8, 31), process=["fault"])
HOSTILE = "<img src=x onerror=alert(1)>"

pytestmark = pytest.mark.usefixtures("quiet_places")


@pytest.fixture
def store(demo_shown):
    return demo_shown


@pytest.mark.parametrize(
    "view", ["core", "lead", "work", "reasons", "moments", "meeting", "nonsense"]
)
def test_every_part_of_the_desk_opens(store, view):
    app = alone.run("steer.process", process="fault", view=view, lang="nl", **PERIOD)
    assert not app.exception
    assert app.title[0].value.startswith("Storingen")
    headers = " ".join(one.value for one in app.header)
    expected = {
        "lead": "Waar de tijd zit",
        "work": "Dreigt de norm te missen",
        "reasons": "Contactredenen",
        "moments": "Contactmomenten",
        "meeting": "Besluiten van het klantprocesoverleg",
    }.get(view, "Belangrijkste redenen")
    assert expected in headers
    # Only the part that is open is asked for.
    assert sum(one in headers for one in ("Waar de tijd zit", "Dreigt de norm", "Redenen van")) < 2


def test_goals_and_where_help_is_needed(store):
    app = alone.run("steer.goals", lang="nl", **PERIOD)
    assert not app.exception
    assert "doel" in app.title[0].value.lower()
    headers = [one.value for one in app.header]
    assert headers[:3] == [goal.title("nl") for goal in goals(store, date(2025, 8, 31))]
    assert {"Tegenstrijdige doelen", "Acties die vastzitten"} <= set(headers)


def test_a_process_is_judged_alike_on_overview_and_among_the_goals(store):
    since, until = (date.fromisoformat(PERIOD[name]) for name in ("since", "until"))
    period = Period(since, until)
    asked = Asked(Filters.of(since, until), period, period.previous(), None)
    processes = data.processes(until)
    card = cards.scorecard(asked)
    there = {
        (cell.kpi, row.process.id): cell.state for row in card.rows for cell in row.cells
    }  # fmt: skip
    compared = aims = 0
    for goal in goals(store, until):
        for kpi in (goal.kpi, *goal.serving):
            row = goals_table._row(asked, goal, kpi, processes)
            for process, cell in zip(processes, row[3:], strict=True):
                own = data.target(kpi, process, until)
                if own is not None and cell.under:
                    # One of its own stands below the number that is judged by it.
                    assert cell.under[0] == ("≥" if kpi.better is Better.UP else "≤")
                    assert cell.under.endswith(formats.value(own.value, kpi.unit))
                    aims += 1
                known = there.get((kpi.name, process))
                if known in {State.GOOD, State.ATTENTION, State.BAD, State.NO_TARGET}:
                    judged = None if known is State.NO_TARGET else known
                    assert cell.state is judged, (kpi.name, process)
                    compared += 1
    assert compared > 20
    assert aims
    assert State.NO_TARGET in there.values()


def test_open_work_is_the_backlog_of_the_command_line(store):
    """At as-of: the same cases that `show` counts, one for one."""
    day = date(2025, 9, 17)
    for process in ("fault", "request"):
        filters = Filters.of(date(2025, 9, 1), day, process=[process])
        backlog, silent = ask(store, ["backlog", "silent_cases"], filters)
        found = desk.due(store, process)
        assert found.late + found.due + found.later == backlog.value
        assert sum(one.n for one in found.ages) == backlog.value
        assert len(desk.silent(store, process)) == min(silent.value, desk.MOST)
        nearest = desk.about_to_miss(store, process, found)
        assert len(nearest) == min(found.due, desk.MOST)
        deadlines = [row["deadline_at"] for row in nearest]
        assert deadlines == sorted(deadlines)
        assert all(found.as_of < one <= found.until for one in deadlines)
        overdue = desk.overdue(store, process)
        assert len(overdue) == min(found.late, desk.MOST)
        past = [row["deadline_at"] for row in overdue]
        assert past == sorted(past)
        assert all(one <= found.as_of for one in past)


def test_working_time_left_and_past_by_the_calendar_itself(store):
    """Against the calendar's own slow count, hour by hour."""
    calendar = default_calendar("NL", store.settings.time_zone)
    told = 0
    for process in ("fault", "request", "information", "complaint"):
        found = desk.due(store, process)
        nearest = desk.about_to_miss(store, process, found)
        pairs = [(row["left_hours"], found.as_of, row["deadline_at"]) for row in nearest]
        pairs += [
            (row["late_hours"], row["deadline_at"], found.as_of)
            for row in desk.overdue(store, process)
        ]
        for hours, since, until in pairs:
            slow = calendar.open_between(since, until).total_seconds() / 3600
            assert hours == pytest.approx(slow, abs=1e-6)
            told += 1
    assert told > 10


def test_who_may_not_see_rows_sees_numbers_only(store):
    nobody = Scope()
    counted = desk.due(store, "fault", scope=nobody)
    with pytest.raises(AskProblem):
        desk.about_to_miss(store, "fault", counted, scope=nobody)
    with pytest.raises(AskProblem):
        desk.silent(store, "fault", scope=nobody)
    with pytest.raises(AskProblem):
        desk.overdue(store, "fault", scope=nobody)
    other = Scope(processes=frozenset({"request"}), personal=True)
    for asked in (desk.due, desk.overdue, desk.silent):
        with pytest.raises(AskProblem):
            asked(store, "fault", scope=other)
    with pytest.raises(AskProblem):
        gather(store, "fault", NAMED, other)
    with pytest.raises(AskProblem):
        desk.due(store, "fault", scope=Scope(personal=True, screen=True))


def test_departments_have_all_the_time_there_is(store):
    found = desk.stays(store, "fault", NAMED)
    assert sum(one.share for one in found) == pytest.approx(100)
    own = ask(store, ["within_norm_department"], NAMED, ("department",))
    assert {one.department for one in found} >= {one.by["department"] for one in own if one.n}
    assert all(0 <= one.p50 <= one.p90 for one in found)


def test_the_agenda_says_what_was_written_and_lets_nothing_out(demo_path, tmp_path):
    from kpi.settings import load_settings
    from kpi.store import open_store
    from tests.browser.serving import copied

    with open_store(load_settings(f"duckdb:///{copied(demo_path, tmp_path)}")) as own:
        period = agenda.period_name(alone_period())
        on = date(2025, 9, 2)
        own.configure(
            "explanations",
            [
                {"process": "fault", "kpi": "within_norm", "period": period, "valid_from": on,
                 "text": f"Te weinig planners {HOSTILE}", "author": "Eigenaar"},
                {"process": "fault", "kpi": "csat", "period": "2024-01-01/2024-03-31",
                 "valid_from": on, "text": "Een ander kwartaal", "author": "Eigenaar"},
            ],
            "test",
        )  # fmt: skip
        decision = {
            "decision": "B-1",
            "process": "fault",
            "valid_from": on,
            "text": "Eerder bellen",
        }
        own.configure("decisions", [{**decision, "owner": "Planning", "due": on}], "test")
        later = {
            **decision,
            "valid_from": date(2025, 9, 9),
            "state": "done",
            "outcome": "Gebeurt nu",
        }
        own.configure("decisions", [later], "test")
        [(_process, days), *_rest] = stories(
            {"fault": contact_surges(own, NAMED.during(date(2025, 1, 1), NAMED.until))["fault"]}
        )
        rush = NAMED.during(days[0].since - timedelta(days=40), days[-1].until)
        outage = {"announcement": "storing", "valid_from": days[0].since, "kind": "outage",
                  "title_nl": f"Geen warmte {HOSTILE}", "processes": "fault",
                  "starts_at": first_moment(days[0].since, "Europe/Amsterdam"),
                  "ends_at": datetime.combine(days[-1].until, time(16))}  # fmt: skip
        elsewhere = {**outage, "announcement": "elders", "processes": "complaint",
                     "title_nl": "Iets anders"}  # fmt: skip
        own.configure("announcements", [outage, elsewhere], "test")
        with use("nl"):
            near = gather(own, "fault", rush)
            made = gather(own, "fault", NAMED)
            html = made.html
    assert [(one.text, one.who, one.state, one.outcome) for one in made.decisions] == [
        ("Eerder bellen", "Planning", "gereed", "Gebeurt nu")
    ]
    [line] = [one for one in near.moved if one.sentence.startswith("Contacten over Storingen")]
    assert "mogelijk door storing Geen warmte" in line.because
    assert any("Storing: Geen warmte" in title for title, _when in near.announced)
    assert "Iets anders" not in near.html
    assert "<img" not in near.html
    by = {one.title: one for one in made.numbers}
    assert by["Binnen norm"].explanation.startswith("Te weinig planners")
    assert by["Klanttevredenheid"].explanation == ""
    # Each has a line, or stands among those with nothing to say of them.
    assert {one.title for one in [*made.told, *made.besides]} == set(by)
    assert made.besides
    for one in made.besides:
        assert one.title in html
        assert one.beside
        assert not one.deviates
        assert not one.explanation
    assert "<img" not in html
    assert "&lt;img src=x" in html
    assert "<script" not in html
    assert "Monteur belt een uur van tevoren" in html
    assert "Een ander kwartaal" not in html


def test_the_agenda_has_an_address(store):
    client = TestClient(Starlette(routes=[Route("/agenda", agenda_page)]))
    answer = client.get("/agenda", params={"process": "fault", "lang": "nl", **PERIOD})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "Klantprocesoverleg" in answer.text
    # Without a period the last three complete months.
    assert "jun–aug 2025" in client.get("/agenda?process=fault&lang=nl").text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 404, "Een agenda gaat over één klantproces"),
        ("process=", 404, "Een agenda gaat over één klantproces"),
        ("process=fault&process=details", 404, "Een agenda gaat over één klantproces"),
        ("process=nonsense", 404, "Er is geen klantproces “nonsense”."),
        ("process=<b>x", 404, "“&lt;b&gt;x”"),
        ("process=fault&channel=pigeon", 404, "channel=pigeon"),
        ("process=fault&since=abc", 400, "since=abc"),
    ],
)
def test_what_is_no_agenda_is_said_with_those_there_are(store, query, status, said):
    client = TestClient(Starlette(routes=[Route("/agenda", agenda_page)]))
    answer = client.get(f"/agenda?{query}&until=2025-08-31&lang=nl")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert said in answer.text
    ways = [one for one in seen.read(answer.text).all() if one.tag == "a"]
    processes = [str(row["process"]) for row in store.configuration.processes(date(2025, 8, 31))]
    assert len(ways) == len(processes) + 1
    for process, way in zip(processes, ways, strict=False):
        led = client.get(way.attributes["href"])
        assert led.status_code == 200, process
        assert way.text() in led.text


def alone_period():
    return Period(NAMED.since, NAMED.until)


def action(name, **more):
    return {
        "action": name, "state": "running", "process": "fault", "kpi": "csat", "moment": None,
        "direction": "up", "starts_on": date(2025, 1, 1), "stops_on": None, **more,
    }  # fmt: skip


def test_aims_that_pull_apart():
    goal = Goal("online", {}, KPIS["online_share"], Better.UP, 60.0, (KPIS["avoidable"],))
    calm = action("A")
    assert pulls([calm, action("B")], [goal]) == []
    # Two actions on one KPI; an action against a goal, by its own direction and by what is good.
    against = [
        action("C", direction="down"),
        action("D", kpi="online_share", direction="down"),
        action("E", kpi="avoidable", direction="up"),
        action("F", kpi="avoidable", direction="down"),
    ]
    found = pulls([calm, against[0]], [goal])
    assert [(one.action["action"], one.other["action"], one.about) for one in found] == [
        ("A", "C", ("kpi", "csat"))
    ]
    assert [one.action["action"] for one in pulls([against[1]], [goal])] == ["D"]
    assert [one.action["action"] for one in pulls([against[2]], [goal])] == ["E"]
    assert pulls([against[3]], [goal]) == []
    assert pulls([{**against[1], "state": "done"}], [goal]) == []


def test_the_head_and_the_backlog_count_the_same_cases(store):
    at = alone.run("steer.process", lang="en", process="request", view="work", **PERIOD)
    said = " ".join(str(one.value) for one in (*at.caption, *at.markdown))
    found = re.findall(r"([\d,]+) cases opened\b", said)
    assert len(found) > 1
    assert len(set(found)) == 1


@pytest.mark.parametrize("page", ["reasons", "goals"])
def test_the_way_to_the_avoidable_contacts_keeps_the_period(store, page, monkeypatch):
    ways = []
    monkeypatch.setattr(
        places, "link", lambda name, *_said, query=None, **_more: ways.append((name, query or {}))
    )
    if page == "goals":
        alone.run("steer.goals", lang="nl", **PERIOD)
    else:
        alone.run("steer.process", lang="nl", process="request", view=page, **PERIOD)
    [query] = [query for name, query in ways if name == "avoidable"]
    assert {name: query[name] for name in PERIOD} == PERIOD


def test_a_goal_further_over_all_than_anywhere_says_how(monkeypatch):
    def said(share):
        def result(value, **by):
            return Result(
                "online_share", by, value, value - 1, value + 1, n=500, extras={"from_totals": 900}
            )

        monkeypatch.setattr(goals_table, "_whole", lambda *_a: result(70.0))
        names = {"fault": share, "request": 62.0, None: 90.0}
        apart = {name: result(value, process=name) for name, value in names.items()}
        monkeypatch.setattr(goals_table, "_by_process", lambda *_a: apart)
        monkeypatch.setattr(goals_table.data, "title", lambda _kind, one: str(one))
        goal = Goal("online", {}, KPIS["online_share"], Better.UP, 60.0, ())
        return goals_table._sentence(None, goal, State.GOOD)

    assert "totals per period" in said(40.0)
    assert "totals per period" not in said(80.0)


def moment(title, clear, n):
    asked = dict.fromkeys(desk_moments.SAID, (None, 0)) | {desk_moments.SAID[0]: (clear, n)}
    return desk_moments.Moment({}, title, asked, {}, "")


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([moment("Aanvraag", 40.0, 200), moment("Levering", 80.0, 200)], "Aanvraag doet het meeste pijn"),
        ([moment("Aanvraag", 70.0, 30), moment("Levering", 80.0, 30)], "Geen moment is aantoonbaar"),
        ([moment("Aanvraag", 40.0, 200), moment("Levering", 20.0, 4)], "Alleen naar Aanvraag"),
    ],
)  # fmt: skip
def test_a_moment_hurts_most_where_that_is_beyond_chance(moments, said):
    with use("nl"):
        assert desk_moments._sentence(moments).startswith(said)


def test_moments_that_nothing_is_known_of_are_named_instead_of_rows_of_dashes(store, monkeypatch):
    drawn = {}
    monkeypatch.setattr(desk_moments.page, "table", lambda one, key: drawn.setdefault(key, one))
    app = alone.run("steer.process", process="request", view="moments", lang="nl", **PERIOD)
    assert not app.exception
    told = [row[0].text for row in drawn["moments"].rows]
    silent = next(one.value for one in app.caption if one.value.startswith("Nog niets bekend van"))
    every = [row["title_nl"] for row in store.configuration.moments(date(2025, 8, 31), "request")]
    assert told
    assert [one for one in every if (one in told) is not (one in silent)] == every
    # What was promised against what was found: each a KPI, with its target where it has one.
    [promised] = drawn["promise"].rows
    assert [cell.source.kpi for cell in promised] == ["promise_kept", "csat"]
    assert "doel 80 %" in promised[1].under.replace("\u00a0", " ")


def test_the_backlog_adds_up_with_what_was_withdrawn():
    assert desk_flow._in_out(10, 5, 40, 43) == (
        "The backlog grew from 40 to 43, 3 more: 10 cases opened, 5 closed and 2 withdrawn or without "
        "a usable time of closing."
    )
    assert "shrank from 5 to 1, 4 fewer" in desk_flow._in_out(1, 5, 5, 1)
    assert "none withdrawn" in desk_flow._in_out(1, 5, 5, 1)
    with use("nl"):
        assert "aan het eind 5, net als aan het begin" in desk_flow._in_out(1, 1, 5, 5)
        # What cannot add up makes no sum.
        assert "In deze periode 9 zaken geopend en 2 afgesloten" in desk_flow._in_out(9, 2, 1, 9)
        assert "In deze periode 9 zaken geopend en 2 afgesloten" in desk_flow._in_out(9, 2, None, 9)


@pytest.mark.parametrize(("open_cases", "beside"), [(43, True), (400, False), (0, False)])
def test_the_backlog_is_a_line_as_long_as_it_leaves_in_and_out_readable(open_cases, beside):
    stock = [None, Result("backlog", {}, float(open_cases), n=open_cases)]
    flow = [Result("lead_time", {}, 60.0, n=60)]
    assert desk_flow._beside(stock, flow) is beside


@pytest.mark.parametrize(
    ("late", "due", "later", "said"),
    [
        (9, 0, 0, "No open case reaches its norm in the next two working days; 9 are past it already ("),
        (0, 1, 2, "1 open case reaches its norm in the next two working days; 2 have more time ("),
        (0, 2, 0, "2 open cases reach their norm in the next two working days ("),
    ],
)  # fmt: skip
def test_what_is_about_to_be_late_names_no_noughts(monkeypatch, late, due, later, said):
    monkeypatch.setattr(desk_work.page, "as_of", lambda _moment: "as of now")
    moment = datetime(2026, 3, 31)
    found = desk.Due(moment, moment, late, due, later, [])
    assert desk_work._sentence(found).startswith(said)


def test_a_case_opens_in_its_source_system(demo_path, tmp_path):
    """By the address that was configured, beside the dashboard, whatever stands in the number."""
    from kpi.bulletin import table
    from kpi.settings import load_settings
    from kpi.store import StoreProblem, open_store
    from kpi.web import running
    from pages.shared import case_links
    from tests.browser.serving import copied

    on = date(2025, 9, 17)
    with open_store(load_settings(f"duckdb:///{copied(demo_path, tmp_path)}")) as own:
        running.attach(own)
        try:
            assert case_links.template("cases", on) == ""
            link = {
                "table_name": "cases",
                "valid_from": on,
                "url_template": "https://crm.example.org/case/{id}",
            }
            own.configure("source_links", [link], "test")
            with pytest.raises(StoreProblem):
                own.configure(
                    "source_links", [{**link, "url_template": "javascript:alert({id})"}], "test"
                )
            address = case_links.template("cases", on)
            cell = case_links.in_source(address, 'Z/1 "x"&amp;?')
            html = table("t", ["Bron"], [[cell]]).html
            assert 'href="https://crm.example.org/case/Z%2F1%20%22x%22%26amp%3B%3F"' in html
            assert 'target="_blank" rel="noopener noreferrer"' in html
            app = alone.run("steer.process", process="fault", view="work", lang="nl", **PERIOD)
            assert not app.exception
        finally:
            running.attach(None)
    # A page of our own opens where one is.
    assert "target=" not in table("t", ["Zaak"], [[case_links.Shown("1", href="zaak?case=1")]]).html
