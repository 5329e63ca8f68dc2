"""The overview in its forms: what stands in it, that nobody's words do, and that it comes once."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi import formats
from kpi.alerts import digests, intranet, lines, looking, outbox, watching
from kpi.alerts.digests import Wanted
from kpi.alerts.machine import Phase, Standing
from kpi.alerts.outbox import Fate
from kpi.alerts.rules import LATEST, Rule
from kpi.alerts.states import keep
from kpi.commands.alert import alert as alert_command
from kpi.commands.digest import digest as command
from kpi.i18n import _, use
from kpi.measures import KPIS
from kpi.periods import Period
from kpi.results.feeds import FeedState, Punctual
from kpi.store import Store
from kpi.store.endpoint import Here
from kpi.tables import table
from tests.alerts.conftest import Postbox, mail_server, mailto
from tests.canaries import found, planted, planted_columns
from tests.measures.world import world

#: Thursday morning; the data tell of all of Wednesday.
NOW = datetime(2025, 9, 18, 6, 0)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with planted(tmp_path_factory.mktemp("canaries")) as made:
        made.settings = dataclasses.replace(made.settings, base_url="https://kz.example")
        since = date(2025, 1, 1)
        made.configure(
            "alerts",
            [
                {"alert": "rush", "valid_from": since, "condition": "surge", "process": "fault",
                 "pending_days": 1, "recipients": "team"},
                {"alert": "late", "valid_from": since, "condition": "feed_late",
                 "recipients": "team"},
                {"alert": "avoidable", "valid_from": since, "condition": "target_missed",
                 "kpi": "avoidable", "bound": 1.0, "days": 28, "recipients": "team",
                 "mode": "digest"},
                {"alert": "strange", "valid_from": since, "condition": "target_missed",
                 "kpi": "avoidable", "process": "KANARIE_contacts_process_information", "bound": 1.0,
                 "days": 92, "least_n": 10, "recipients": "team"},
            ],
            "test",
        )  # fmt: skip
        made.configure(
            "announcements",
            [{"announcement": "n", "valid_from": since, "kind": "outage", "title_nl": "<b>Utrecht</b>",
              "title_en": "<b>Utrecht</b>", "starts_at": datetime(2025, 9, 17, 7, 0),
              "ends_at": datetime(2025, 9, 17, 15, 0), "processes": "fault"}],
            "test",
        )  # fmt: skip
        yield made


def forms(store: Store, wanted: Wanted) -> dict[str, str]:
    made = digests.digest(store, wanted, NOW)
    assert made is not None
    return {"mail": made.mail, "page": made.page, "text": made.text}


def test_nothing_that_anybody_typed_is_in_any_mail_digest_or_intranet_page(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert len(planted_columns()) > 50
    late = FeedState(
        "KANARIE_file.csv", False, (), 1, None, None, None, None, None, None, Punctual.LATE
    )
    monkeypatch.setattr(watching, "late_feeds", lambda _store, _now: [late])
    said = []
    with use("nl"):
        said += forms(store, Wanted()).values()
        said += forms(store, Wanted(digests.DAY, ("fault",))).values()
    with use("en"):
        files = intranet.write(store, tmp_path, "week", ("complaint",), NOW)
        said += [file.read_text(encoding="utf-8") for file in files]
    done = looking.look(store, NOW, dry=True)
    letters = [part for one in done.ready for part in (one.subject, one.text, one.html)]
    assert {one.about for one in done.ready} >= {"rush", "late", "strange"}
    whole = "\n".join([*said, *letters])
    # There is much to tell: that none is in it says something.
    assert "Te late levering" in whole
    assert "Contacten over Storingen: " in whole
    assert found(whole) == []


def test_it_tells_what_moved_complaints_outages_actions_and_numbers(store: Store):
    with use("nl"):
        made = forms(store, Wanted())
    text = made["text"]
    assert "11 sep – 17 sep 2025, tegen de vier weken ervoor" in text
    assert "peildatum 17-09-2025" in text
    assert "alle klantprocessen, alle kanalen" in text
    assert re.search(r"1\. Te late levering: \d\d ", text)
    assert re.search(r"\d\d klachten hadden een reden die niet is ingericht", text)
    assert "mogelijk door storing <b>Utrecht</b> (gemeld 17-09-2025 09:00)" in text.replace(
        "\n  ", " "
    )
    assert "Minder: onnodige contacten, Storingen, Storing" in text
    assert "- Storingen: binnen norm " in text


def test_html_escapes_needs_no_script_and_fetches_nothing(store: Store):
    made = forms(store, Wanted())
    for text in (made["mail"], made["page"]):
        assert "&lt;b&gt;Utrecht&lt;/b&gt;" in text
        assert "<b>Utrecht" not in text
        assert not re.search(r"<script|\ssrc=|@import|url\(|<link(?! rel=.icon. href=.data:)", text)
    mail = made["mail"]
    # Outlook reads neither a style sheet nor SVG.
    assert not re.search(r"<style|<svg|class=", mail)


def test_a_day_is_the_last_working_day_and_on_monday_the_weekend_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    assert digests.period_of(store, "day") == Period(date(2025, 9, 17), date(2025, 9, 17))
    monkeypatch.setattr(store, "as_of", lambda _tables: datetime(2025, 9, 14, 21, 59))
    assert digests.period_of(store, "day") == Period(date(2025, 9, 12), date(2025, 9, 14))
    assert digests.period_of(store, "week") == Period(date(2025, 9, 8), date(2025, 9, 14))
    monkeypatch.setattr(store, "as_of", lambda _tables: None)
    assert digests.digest(store, Wanted(), NOW) is None


def test_a_feed_that_stopped_is_said_and_does_not_hold_the_period_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    told = store.as_of
    ended = datetime(2024, 9, 16, 21, 59)
    monkeypatch.setattr(
        store, "as_of", lambda tables: ended if "surveys" in tables else told(tables)
    )
    assert digests.period_of(store, "week") == Period(date(2025, 9, 11), date(2025, 9, 17))
    with use("nl"):
        made = digests.digest(store, Wanted(), NOW)
        assert made is not None
        title = _(KPIS["csat"].title)
        assert f"{title}: geen gegevens sinds 16-09-2024" in made.about
    place = digests._BOARD.index("csat")
    columns = list(zip(*(cells for _name, cells, _href in made.board.rows), strict=True))
    assert {cell.value for cell in columns[place]} == {formats.NOTHING}
    assert {cell.value for cell in columns[0]} != {formats.NOTHING}


def test_an_action_is_overdue_by_the_clock_and_not_by_the_data(store: Store):
    since = date(2025, 9, 1)
    row = {"kpi": "avoidable", "direction": "down", "process": "fault", "reason": None,
           "department": None, "starts_on": since, "stops_on": date(2025, 10, 20)}  # fmt: skip
    with use("nl"):
        for on, said in (
            (date(2025, 10, 20), "t/m 20-10-2025"),
            (date(2025, 10, 21), "te laat, had klaar moeten zijn op 20-10-2025"),
        ):
            assert said in str(lines.action(store, row, [], on, Wanted().scope(store)))


def test_processes_that_differ_in_signs_only_have_files_of_their_own():
    found = intranet._files(["a b", "a-b", "A B", "?"])
    assert len(set(found.values())) == 4
    assert found["a b"] == "process-a-b.html"


def test_files_are_whole_link_to_each_other_and_may_be_read_by_all(store: Store, tmp_path: Path):
    out: list[str] = []
    err: list[str] = []
    asked = {"out": str(tmp_path / "www"), "every": "week", "language": "en",
             "process": ["fault", "complaint"]}  # fmt: skip
    kept = os.umask(0o077)
    try:
        assert command(store, asked, Here(out.append, err.append)) == 0
    finally:
        os.umask(kept)
    names = sorted(path.name for path in (tmp_path / "www").iterdir())
    assert names == sorted(
        ["index.html", *(f"process-{one}.html" for one in ("fault", "complaint"))]
    )
    index = (tmp_path / "www" / "index.html").read_text()
    assert '<html lang="en">' in index
    links = set(re.findall(r'href="([^"h][^"]*\.html)"', index))
    assert links == {f"process-{one}.html" for one in ("fault", "complaint")}
    assert (tmp_path / "www").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "www" / "index.html").stat().st_mode & 0o777 == 0o644
    assert command(store, {**asked, "process": ["fualt"]}, Here(out.append, err.append)) == 2
    # In the data, and known to nobody: its name may be anything, so nothing is told of it.
    strange = "KANARIE_contacts_process_fault"
    assert store.rows(sa.select(table("contacts")).where(table("contacts").c.process == strange))
    assert command(store, {**asked, "process": [strange]}, Here(out.append, err.append)) == 2
    assert command(store, {"send": "nobody"}, Here(out.append, err.append)) == 2


def test_of_a_process_that_nobody_configured_nothing_is_counted(store: Store):
    with use("nl"):
        made = digests.digest(store, Wanted(processes=("KANARIE_contacts_process_fault",)), NOW)
        whole = forms(store, Wanted())["text"]
    assert made is not None
    assert made.board.rows == ()
    # Only announcements that are about every process are left, and alerts that are about none.
    assert [len(one.lines) for one in made.sections[:2]] == [0, 0]
    assert "Contacten over" in whole
    assert "Contacten over" not in made.text
    assert found(made.text + made.mail + made.page) == []


def test_due_once_however_often_and_late_somebody_looks(store: Store, postbox: Postbox):
    with store.write() as connection:
        connection.execute(table("alerts").delete())
    row = {"digest": "daily", "valid_from": date(2025, 9, 16), "frequency": "day", "at": "08:00",
           "recipients": "team, board", "language": "nl", "title": "Dag"}  # fmt: skip
    store.configure("digests", [row], "test")
    with mail_server(postbox) as port:
        channels = {"team": mailto(port), "board": mailto(port, "board@example.org")}
        store.settings = dataclasses.replace(store.settings, channels=channels)
        # Not on the day it was made, though its hour has come.
        assert looking.look(store, datetime(2025, 9, 16, 12, 0)).sent == []
        assert looking.look(store, datetime(2025, 9, 17, 5, 59)).sent == []
        assert len(looking.look(store, datetime(2025, 9, 17, 6, 0)).sent) == 2
        assert looking.look(store, datetime(2025, 9, 17, 6, 1)).sent == []
        # Nobody looked for five days: once, not five times.
        assert len(looking.look(store, datetime(2025, 9, 24, 9, 0)).sent) == 2
        assert looking.look(store, datetime(2025, 9, 24, 9, 1)).sent == []
    assert [row["state"] for row in outbox.log(store)] == [Fate.SENT] * 4
    message = postbox.taken[0][1]
    assert message["Subject"].startswith("Dag: ")
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert outbox.last_sent(store)["daily"] == datetime(2025, 9, 24, 9, 0)


def test_all_less_the_others_does_not_tell_fewer_than_ten(tmp_path: Path):
    cases = [
        {"case_id": f"{process}-{i}", "process": process, "reason": "late_delivery",
         "opened_at": f"2026-03-27 09:{i:02d}", "status": "open", "kind": "complaint"}
        for process, count in (("complaint", 26), ("details", 4)) for i in range(count)
    ]  # fmt: skip
    with world({"cases": cases}, "2026-03-31 23:59", tmp_path) as store, use("nl"):
        told = [
            made.sections[1].lines
            for of in ((), ("complaint",), ("details",))
            if (made := digests.digest(store, Wanted(processes=of), datetime(2026, 4, 1, 6)))
        ]
    # Thirty of all; what 26 of one process would leave is not told, as on a wall.
    assert [[line.figure for line in lines] for lines in told] == [["30"], [], []]


def test_nor_does_what_was_before(tmp_path: Path):
    def some(process: str, count: int, day: str) -> list[dict[str, object]]:
        return [
            {"case_id": f"{process}-{day}-{i}", "process": process, "reason": "late_delivery",
             "opened_at": f"{day} 09:{i:02d}", "status": "open"}
            for i in range(count)
        ]  # fmt: skip

    cases = [
        *some("complaint", 26, "2026-03-27"), *some("complaint", 44, "2026-02-10"),
        *some("details", 4, "2026-02-10"), *some("complaint", 1, "2026-01-05"),
    ]  # fmt: skip
    with world({"cases": cases}, "2026-03-31 23:59", tmp_path) as store, use("nl"):
        moved = [
            made.sections[1].lines[0].change
            for of in ((), ("complaint",))
            if (made := digests.digest(store, Wanted(processes=of), datetime(2026, 4, 1, 6)))
        ]
    # 48 before of all, so of this one process no 44: how many fewer would tell the four.
    assert [one and (one.arrow, one.amount != "") for one in moved] == [("▼", True), ("▼", False)]


def test_a_silent_alert_is_not_in_the_overview(store: Store):
    seen = watching.Seen(date(2025, 9, 17), True, value=30.0, n=100, bound=1.0)
    row = {"alert": "quiet", "valid_from": date(2025, 1, 1), "condition": "target_missed",
           "kpi": "avoidable", "bound": 1.0, "days": 28, "mode": "digest", "title": "x"}  # fmt: skip
    told = []
    for until in (None, date(2100, 1, 1)):
        store.configure("alerts", [{**row, "snoozed_until": until}], "test")
        rule = Rule.of(store.configuration.row("alerts", LATEST, alert="quiet") or {})
        firing = Standing(Phase.FIRING, date(2025, 9, 17), date(2025, 9, 17), True, seen)
        keep(store, rule, firing, NOW)
        with use("en"):
            told.append("30%, limit 1.0%" in forms(store, Wanted())["text"].replace("\xa0", " "))
    store.remove_configuration("alerts", [{"alert": "quiet", "valid_from": row["valid_from"]}], "t")
    assert told == [True, False]


def test_an_overview_that_cannot_be_made_is_loud(store: Store, monkeypatch: pytest.MonkeyPatch):
    row = {"digest": "broken", "valid_from": date(2025, 9, 1), "frequency": "day", "at": "08:00",
           "recipients": "team"}  # fmt: skip
    store.configure("digests", [row], "test")

    def fails(*_args: object) -> None:
        raise ValueError

    monkeypatch.setattr(digests, "digest", fails)
    monkeypatch.setattr(looking, "now", lambda: NOW)
    err: list[str] = []
    with use("en"):
        assert alert_command(store, {"as": "json"}, Here([].append, err.append)) == 1
    keys = [{"digest": "broken", "valid_from": row["valid_from"]}]
    store.remove_configuration("digests", keys, "test")
    assert "The overview mail broken could not be made" in "".join(err)
