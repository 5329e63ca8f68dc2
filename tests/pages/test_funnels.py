"""The page Funnels without a browser: what it says of a broken step, of the young, and of nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from kpi.web import running
from tests.measures.world import world

STEPS = ("start", "address", "date", "done")
JUNE = {"since": "2024-06-01", "until": "2024-06-30"}
AS_OF = "2024-07-31T23:59"


def page():
    """The shell with this page first: a test cannot choose one by its address."""
    import streamlit as st

    from pages.manage import definitions, load
    from pages.shared import places, state
    from pages.shared.speech import speak
    from pages.steer import funnels

    speak()
    pages = {
        "funnels": st.Page(funnels.show, title="Funnels", default=True),
        "load": st.Page(load.show, title="Load", url_path="load"),
        "definitions": st.Page(definitions.show, title="Definitions", url_path="definitions"),
    }
    places.register(pages)
    chosen = st.navigation(list(pages.values()))
    state.read(chosen.url_path)
    chosen.run()


def run(**query):
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def visits(month: str, count: int, stops_at: int, stopped: int, name: str = "move") -> list[dict]:
    """`count` visits on the days of a month, of which `stopped` take no more than `stops_at` steps."""
    first = datetime.fromisoformat(f"{month}-01T09:00")
    return [
        {
            "entity_id": f"{month}-{number}",
            "funnel": name,
            "step": step,
            "at": first + timedelta(days=number % 28, minutes=place),
            "customer_id": f"k{number % 2}",
        }
        for number in range(count)
        for place, step in enumerate(STEPS[: stops_at if number < stopped else 4])
    ]


PEOPLE = [
    {"customer_id": "k0", "customer_since": "2023-01-01", "segment": "household"},
    {"customer_id": "k1", "customer_since": "2023-01-01", "segment": "business"},
]
#: Something that the other pages rest on, so that the usual filters are drawn.
CASES = [{"case_id": "z1", "opened_at": "2024-06-03 09:00", "status": "open", "process": "details"}]


@pytest.fixture
def store(tmp_path, request):
    rows = request.param
    tables = {"web_events": rows, "customers": PEOPLE, "cases": CASES}
    with world(tables, AS_OF, tmp_path) as opened:
        running.attach(opened)
        yield opened
        running.attach(None)


BROKEN = [*visits("2024-05", 200, 2, 20), *visits("2024-06", 200, 2, 120)]
CALM = [*visits("2024-05", 200, 2, 70), *visits("2024-06", 200, 2, 71)]


def words(app) -> str:
    said = [*app.markdown, *app.caption, *app.info, *app.warning]
    return " ".join(one.value for one in said).replace("\\", "")


def title(app) -> str:
    return app.title[0].value.replace("\\", "").replace("\u00a0", " ")


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
def test_the_title_names_the_step_that_broke(store):
    app = run(lang="nl", funnel="move", **JUNE)
    assert title(app) == (
        "Verhuizing melden → Klaar: 40 % komt van Nieuw adres bij Datum, "
        "50 punten lager dan in mei 2024"
    )
    said = words(app).replace("\u00a0", " ")
    assert "van de 200 bezoeken vallen er 120 af" in said
    assert "meer dan toeval" in said
    assert "Wie doorgaat van Nieuw adres naar Datum" in app.header[0].value.replace("\\", "")


def fortnight(month: str, passed: int) -> list[dict]:
    """A month of visits of which in the first two weeks only `passed` of 100 get past the address."""
    rows = visits(month, 200, 2, 0)
    early = {row["entity_id"] for row in rows if row["at"].day <= 14}
    stopped = set(sorted(early)[passed:])
    return [row for row in rows if row["entity_id"] not in stopped or STEPS.index(row["step"]) < 2]


@pytest.mark.parametrize(
    "store", [visits("2024-05", 200, 2, 20) + fortnight("2024-07", 10)], indirect=True
)
def test_some_weeks_are_named_also_in_a_long_period(store):
    app = run(lang="en", funnel="move", compare="none", since="2024-01-01", until="2024-07-31")
    assert title(app) == (
        "Report a move → Done: in wk 27 – wk 28 2024 10% get from New address to Date, "
        "in the rest of the period 91%; over since wk 29"
    )


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
def test_without_comparison_nothing_is_called_worse(store):
    app = run(lang="en", funnel="move", compare="none", **JUNE)
    assert "most drop out between New address and Date: 120 of 200" in title(app)
    assert "more than chance" not in words(app)


@pytest.mark.parametrize("store", [CALM], indirect=True)
def test_chance_is_not_news(store):
    app = run(lang="en", funnel="move", **JUNE)
    assert "most drop out between New address and Date" in title(app)
    assert "No step differs from May 2024 by more than chance" in words(app)


@pytest.mark.parametrize(
    "store", [visits("2024-05", 12, 2, 1) + visits("2024-06", 12, 2, 10)], indirect=True
)
def test_a_dozen_is_not_enough_for_a_title(store):
    assert "most drop out" in title(run(lang="en", funnel="move", **JUNE))


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "120 visits reached New address and not Date."),
        ({"step": "address", "view": "reached"}, "200 visits reached New address."),
        ({"step": "done"}, "80 visits reached Done."),
        ({"step": "nonsense"}, "120 visits reached New address and not Date."),
    ],
)
def test_the_list_is_that_of_the_step_in_the_link(store, query, said):
    assert said in words(run(lang="en", funnel="move", **JUNE, **query))


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
def test_a_point_of_the_course_leads_to_who_came_in_then(store):
    # 3 to 9 June are seven of the 28 days on which they come in, in turn.
    whole = {"lang": "en", "funnel": "move", "step": "address", "entered": "2024-W23", **JUNE}
    lost, reached = (
        words(run(**whole, **more)).replace("\u00a0", " ") for more in ({}, {"view": "reached"})
    )
    assert "Entered in wk 23 2024: 34 visits reached New address and not" in lost
    assert "Entered in wk 23 2024: 51 visits reached New address." in reached
    other = words(run(**(whole | {"entered": "2019-W01"})))
    assert "120 visits reached New address and not Date." in other


@pytest.mark.parametrize("store", [visits("2024-07", 280, 2, 140)], indirect=True)
def test_the_young_are_told_apart(store):
    app = run(lang="en", funnel="move", since="2024-07-01", until="2024-07-31")
    said = words(app)
    # From 18 July 09:00 on the 14 days are not over at the end of the 31st.
    assert "Grey: 110 visits came in less than 14 days before the as-of date" in said
    assert "may still go on" in said


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
def test_apart_by_segment(store):
    said = words(run(lang="en", funnel="move", split="segment", **JUNE))
    assert "household: 100 came in" in said
    assert "business: 100 came in" in said
    assert "No difference between them is more than chance." in said


def of(customer: str | None, name: str, count: int, stopped: int) -> list[dict]:
    """Visits of one customer in June, of which `stopped` stop at the second step."""
    rows = visits("2024-06", count, 2, stopped)
    return [{**row, "entity_id": name + row["entity_id"], "customer_id": customer} for row in rows]


@pytest.mark.parametrize(
    ("store", "said", "not_said"),
    [
        (of("k0", "a", 110, 10) + of("k1", "b", 100, 70), "with “household”, with “business”", "No difference"),
        # Who did not sign in is held against who did where only that is known.
        (of("k0", "a", 100, 10) + of(None, "b", 100, 70), "with “household”, with “unknown”", "No difference"),
        # Nine are not judged, however bad they are.
        (of("k0", "a", 100, 10) + of("k1", "b", 9, 9), "No difference between them", "with “"),
        (of("k0", "a", 50, 10), "there is nothing to compare", "with “"),
    ],
    indirect=["store"],
)  # fmt: skip
def test_a_difference_is_said_where_it_is_real(store, said, not_said):
    found = words(run(lang="en", funnel="move", split="segment", **JUNE))
    assert said in found
    assert not_said not in found


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
@pytest.mark.parametrize("query", [{"channel": "phone"}, {"split": "colour"}, {"funnel": "none"}])
def test_what_does_not_apply_is_no_obstacle(store, query):
    app = run(lang="en", **({"funnel": "move"} | query), **JUNE)
    assert title(app)
    if "channel" in query:
        assert "which have no channel" in words(app)


@pytest.mark.parametrize("store", [BROKEN], indirect=True)
def test_nobody_in_the_period(store):
    app = run(lang="en", funnel="move", since="2023-01-01", until="2023-01-31")
    assert "Nobody came in at Report a move" in words(app)


@pytest.mark.parametrize("store", [[]], indirect=True)
def test_no_web_events_says_what_to_load(store):
    app = run(lang="en", funnel="order")
    assert "entity_id, funnel, step, at" in words(app)
    assert "home, offer, details, confirm" in words(app)


@pytest.mark.parametrize("store", [visits("2024-06", 40, 2, 10, "<b>eigen</b>")], indirect=True)
def test_one_that_is_not_configured_is_said_and_shown(store):
    app = run(lang="en", funnel="<b>eigen</b>", **JUNE)
    assert "is not configured" in words(app)
    assert "most drop out between address and date" in title(app)
    other = run(lang="en", funnel="order", **JUNE)
    assert "not configured: <b>eigen</b>" in words(other)


def test_web_events_alone_are_enough(tmp_path):
    with world({"web_events": BROKEN}, AS_OF, tmp_path) as opened:
        running.attach(opened)
        try:
            app = run(lang="en", funnel="move", **JUNE)
        finally:
            running.attach(None)
    assert "40% get from New address to Date" in title(app)


def test_an_empty_store_says_what_to_do(tmp_path):
    with world({}, None, tmp_path) as opened:
        running.attach(opened)
        try:
            app = run(lang="en")
        finally:
            running.attach(None)
    assert title(app) == "There are no data yet"


def test_configured_steps_that_no_event_names(tmp_path):
    steps = [
        {"funnel": "move", "step": step, "valid_from": date(2020, 1, 1), "position": place,
         "entity": "web", "process": "details", "kind": "service", "window_days": 14,
         "title_nl": step, "title_en": step}
        for place, step in enumerate(("start", "address"), start=1)
    ]  # fmt: skip
    with world({"web_events": visits("2024-06", 20, 2, 5)}, AS_OF, tmp_path) as opened:
        opened.remove_configuration(
            "funnels",
            [
                {"funnel": "move", "step": row["step"], "valid_from": row["valid_from"]}
                for row in opened.configuration.versions("funnels")
                if row["funnel"] == "move"
            ],
            "test",
        )
        opened.configure("funnels", steps, "test")
        running.attach(opened)
        try:
            app = run(lang="en", funnel="move", **JUNE)
        finally:
            running.attach(None)
    assert "steps that are not configured: date (15), done (15)" in words(app)


def test_a_funnel_of_cases_has_channels_and_customers(tmp_path):
    cases = [
        {"case_id": f"z{n}", "process": "fault", "opened_channel": "phone" if n % 2 else "email",
         "opened_at": "2024-06-03 09:00", "status": "open"}
        for n in range(40)
    ]  # fmt: skip
    events = [
        {"event_id": f"{n}-{place}", "case_id": f"z{n}", "kind": "moment", "value": step,
         "occurred_at": f"2024-06-0{4 + place} 10:00"}
        for n in range(40)
        for place, step in enumerate(("report", "repair")[: 1 + (n % 4 > 0)])
    ]  # fmt: skip
    steps = [
        {"funnel": "repair", "step": step, "valid_from": date(2020, 1, 1), "position": place,
         "entity": "case", "process": "fault", "kind": "service", "window_days": 30,
         "title_nl": step, "title_en": step}
        for place, step in enumerate(("report", "repair"), start=1)
    ]  # fmt: skip
    tables = {"cases": cases, "chain_events": events}
    with world(tables, AS_OF, tmp_path, configuration={"funnels": steps}) as opened:
        running.attach(opened)
        try:
            whole = run(lang="en", funnel="repair", split="channel", **JUNE)
            phone = run(lang="en", funnel="repair", channel="phone", **JUNE)
        finally:
            running.attach(None)
    assert title(whole) == "report → repair: most drop out between report and repair: 10 of 40"
    assert "of 40 cases, 10 drop out" in words(whole)
    assert "20 cases came in" in words(phone)
    assert "which have no channel" not in words(phone)
