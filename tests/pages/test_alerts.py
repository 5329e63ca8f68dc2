"""The pages Meldingen and Mededelingen: made, tried out, kept, silenced, sent, ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from kpi.alerts import looking, outbox
from kpi.alerts.rules import LATEST, rules
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import KPIS
from kpi.numbers.announcements import announcements
from kpi.store import Store
from kpi.web import running
from kpi.zones import to_local
from pages.manage.alerts import few
from pages.shared.alert_link import left_out, query
from tests.alerts.conftest import Postbox, mail_server, mailto
from tests.measures.world import world
from tests.pages.alone import run
from tests.pages.seen import links

CASES = [
    {
        "case_id": f"Z-{day}-{i}", "process": "fault", "status": "closed",
        "opened_at": f"2026-03-{day:02d} 10:{i:02d}",
        "closed_at": f"2026-03-{day:02d} {15 if i % 2 or day < 20 else 20}:00",
        "due_at": f"2026-03-{day:02d} 16:00",
    }
    for day in range(1, 29)
    for i in range(30)
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with world({"cases": CASES}, "2026-03-28 23:59", tmp_path_factory.mktemp("alerts")) as made:
        made.settings = dataclasses.replace(made.settings, language="en")
        target = {"kpi": "within_due", "process": "", "valid_from": date(2026, 1, 1), "value": 95.0}
        made.configure("targets", [target], "test")
        running.attach(made)
        yield made
        running.attach(None)


def button(app, label):
    return next(one for one in app.button if one.label == label)


def texts(app):
    kinds = (app.info, app.success, app.error, app.warning)
    return " ".join(one.value for kind in kinds for one in kind).replace("\\", "")


def test_a_chart_fills_in_what_an_alert_can_be_kept_to():
    filters = Filters.of(process=["fault"], channel=["phone", "chat"], segment=["household"])
    assert query((KPIS["avoidable"], filters)) == {"kpi": "avoidable", "process": "fault"}
    assert query((KPIS["churn"], Filters.of(process=["fault"]))) == {"kpi": "churn"}
    assert query("feed_late") == {"kpi": "feed_late"}
    # What it cannot be kept to is said where it is made.
    assert left_out((KPIS["avoidable"], filters))
    assert left_out((KPIS["churn"], Filters.of(process=["fault"])))
    assert not left_out((KPIS["avoidable"], Filters.of(process=["fault"], channel=["phone"])))
    assert not left_out("feed_late")


def test_an_alert_is_made_from_what_is_seen_tried_out_and_kept(store, quiet_places):
    app = run("manage.alerts", kpi="within_due", process="fault")
    assert not app.exception
    assert app.title[0].value == "Alerts"
    name = next(one for one in app.text_input if one.label == "Name")
    assert name.value == "Within own date, Faults and outages"
    next(one for one in app.number_input if one.label.startswith("Limit")).set_value(90.0)
    button(app, "When would it have gone off?").click().run()
    assert not app.exception
    assert "In the last 90 days it would have gone off once: from 21 Mar" in texts(app)
    button(app, "Keep this alert").click().run()
    assert not app.exception
    [rule] = rules(store)
    assert (rule.kpi, rule.process, rule.bound, rule.pending_days) == (
        "within_due", "fault", 90.0, 2,
    )  # fmt: skip
    assert "Nobody is told: it has no recipients." in texts(app)
    looking.look(store, looking.now())
    app = run("manage.alerts")
    assert app.title[0].value.replace("\\", "") == (
        "Within own date, Faults and outages: 50%, limit 90%"
    )


def test_an_alert_leads_to_where_its_number_stands(store, blocks):
    run("manage.alerts")
    [link] = links(blocks["alerts"])
    address, _mark, said = link.partition("?")
    assert address == "trends"
    assert parse_qs(said) == {
        "kpi": ["within_due"], "process": ["fault"], "since": ["2026-03-22"], "until": ["2026-03-28"],
        "lang": ["en"],
    }  # fmt: skip
    assert "going off" in blocks["alerts"].text()


def test_an_alert_that_cannot_be_judged_says_how_few_there_are(store):
    [rule] = rules(store)
    assert few(rule, 12) == "too few: n = 12, from 30 on it is judged"
    assert few(rule, 30) == ""


def test_how_few_may_be_judged_is_asked_of_a_control_limit_too(store, quiet_places):
    app = run("manage.alerts", kpi="contacts_per_hour")
    assert not app.exception
    fewest = next(one for one in app.number_input if one.label == "Fewest rows a week")
    fewest.set_value(12)
    next(one for one in app.text_input if one.label == "Name").set_value("Few")
    button(app, "Keep this alert").click().run()
    assert not app.exception
    made = next(one for one in rules(store) if one.title == "Few")
    assert (made.condition, made.least_n) == ("control_limit", 12)
    keys = [{"alert": made.alert, "valid_from": row["valid_from"]}
            for row in store.configuration.versions("alerts") if row["alert"] == made.alert]  # fmt: skip
    store.remove_configuration("alerts", keys, "test")


def test_an_alert_is_silenced_tested_and_its_failures_are_loud(store, quiet_places):
    [rule] = rules(store)
    row = store.configuration.row("alerts", LATEST, alert=rule.alert)
    store.configure("alerts", [{**row, "recipients": "team", "calendar": None}], "test")
    with mail_server(Postbox("550 no")) as port:
        store.settings = dataclasses.replace(store.settings, channels={"team": mailto(port)})
        looking.look(store, looking.now())
        app = run("manage.alerts")
        assert "Not arrived at team" in texts(app)
        assert "550 no" in texts(app)
        app.selectbox(key="alert-chosen").set_value(rule.alert).run()
        button(app, "Send a test message").click().run()
        assert not app.exception
        assert "team: The mail server refused it: 550 no" in texts(app)
    taking = Postbox()
    with mail_server(taking) as port:
        store.settings = dataclasses.replace(store.settings, channels={"team": mailto(port)})
        next(one for one in app.button if one.key.startswith("again-")).click().run()
        assert not app.exception
        assert [row["state"] for row in outbox.log(store)] == ["sent"]
        app.selectbox(key="alert-chosen").set_value(rule.alert).run()
        button(app, "Silent for a week").click().run()
    assert len(taking.taken) == 1
    # The last day by the organisation's clock: for an hour or two a day another than by UTC.
    today = to_local(looking.now(), store.settings.time_zone).date()
    assert rules(store)[0].snoozed_until == today + timedelta(days=6)
    button(app, "Take it away").click().run()
    assert rules(store) == []
    app = run("manage.alerts")
    assert "No alerts yet" in " ".join(one.value for one in app.markdown)


def test_an_overview_mail_is_kept_and_sent(store, quiet_places):
    taking = Postbox()
    with mail_server(taking) as port:
        store.settings = dataclasses.replace(store.settings, channels={"team": mailto(port)})
        app = run("manage.alerts")
        names = [one for one in app.text_input if one.label == "Name"]
        names[-1].set_value("Board")
        [one for one in app.multiselect if one.label == "Recipients"][-1].set_value(["team"])
        button(app, "Keep and send now").click().run()
        assert not app.exception
    assert "It was sent to team." in texts(app)
    assert taking.taken[0][1]["Subject"].startswith("Board: ")
    [row] = store.configuration.rows("digests", LATEST)
    assert (row["digest"], row["recipients"], row["at"]) == ("board", "team", "08:00")


def test_an_announcement_is_made_and_ended_with_one_click(store, quiet_places):
    app = run("manage.announcements")
    assert not app.exception
    assert app.title[0].value == "No outages, nothing to announce"
    title = next(one for one in app.text_input if one.label == "Title, English")
    title.set_value("![x](http://evil) Utrecht")
    button(app, "Keep this announcement").click().run()
    assert not app.exception
    with use("en"):
        [made] = announcements(store)
        assert (made.kind, made.title, made.ends_at) == (
            "outage", "![x](http://evil) Utrecht", None,
        )  # fmt: skip
    assert r"\!\[x\]" in app.title[0].value
    button(app, "End it now").click().run()
    assert not app.exception
    [made] = announcements(store)
    assert made.ends_at is not None
    assert made.ends_at >= made.starts_at
    store.configure(
        "announcements", [{**made.row, "ends_at": datetime(2026, 1, 2), "starts_at": datetime(2026, 1, 1)}], "test",
    )  # fmt: skip
    app = run("manage.announcements")
    assert app.title[0].value == "No outages, nothing to announce"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_alerts_of_the_demo_are_called_by_what_they_watch(demo_shown, blocks, language):
    app = run("manage.alerts", lang=language)
    assert not app.exception
    with use(language):
        assert _("Incoming contacts") in blocks["alerts"].text()
        assert _("Week overview") in blocks["digests"].text()
    for of in ("alert-chosen", "digest-chosen"):
        assert not any(one.startswith("demo-") for one in app.selectbox(key=of).options)
    # A mark of their own would stand where the arrow is that says they open.
    assert not any(one.icon for one in app.expander)
