"""Rounds over a store: fired, told once, retried, snoozed, recovered; Monday tells Friday."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi import formats
from kpi.alerts import looking, outbox, watching, words
from kpi.alerts.machine import Phase
from kpi.alerts.outbox import Fate
from kpi.alerts.rules import Rule
from kpi.commands.alert import alert, trouble
from kpi.i18n import use
from kpi.results.feeds import FeedState, Punctual
from kpi.store import Store
from kpi.store.endpoint import Here
from kpi.tables import table
from tests.alerts.conftest import Postbox, mail_server, mailto
from tests.measures.world import load, world

FIRST = date(2025, 11, 17)
#: From this day on there are forty cases a day; before it fewer, which is enough to know what is usual.
FULL = date(2026, 3, 2)
#: Half of the cases of these days were late: Monday 9 to Friday 13 March.
BAD = (date(2026, 3, 9), date(2026, 3, 13))
MONDAY = datetime(2026, 3, 16, 9, 30)  # UTC
RULE = {
    "alert": "norm", "valid_from": date(2026, 1, 1), "title": "Storingen onder de norm",
    "condition": "target_missed", "kpi": "within_due", "process": "fault", "bound": 90.0, "days": 1,
    "least_n": 20, "owner": "Klantprocesregisseur", "recipients": "team", "language": "nl",
    "calendar": "office",
}  # fmt: skip


def cases(since: date, until: date) -> list[dict[str, object]]:
    """Cases of every day, all on time but for half of those of the bad days."""
    found: list[dict[str, object]] = []
    for place in range((until - since).days + 1):
        day = since + timedelta(days=place)
        for i in range(40 if day >= FULL else 6):
            late = BAD[0] <= day <= BAD[1] and i % 2
            found.append(
                {
                    "case_id": f"{day}-{i}", "process": "fault", "opened_at": f"{day} 09:{i:02d}",
                    "closed_at": f"{day} {'18' if late else '11'}:00", "status": "closed",
                    "due_at": f"{day} 12:00",
                }
            )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Up to the last bad day, a Friday."""
    folder = tmp_path_factory.mktemp("looking")
    with world({"cases": cases(FIRST, BAD[1])}, "2026-03-13 23:59", folder) as store:
        yield store


@pytest.fixture
def store(kept: Store) -> Store:
    """The same with no alert and no message yet, and no channel."""
    with kept.write() as connection:
        for name in ("alerts", "alert_states", "messages"):
            connection.execute(table(name).delete())
    kept.settings = dataclasses.replace(kept.settings, channels={}, base_url="https://kz.example")
    return kept


def reach(store: Store, **channels: str) -> None:
    store.settings = dataclasses.replace(store.settings, channels=channels)


def keep(store: Store, **more: object) -> None:
    store.configure("alerts", [{**RULE, **more}], "test")


def states(store: Store) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in reversed(outbox.log(store))]


def test_it_fires_is_told_once_and_says_how_sure_since_when_and_where(
    store: Store, postbox: Postbox
):
    keep(store)
    with mail_server(postbox) as port:
        reach(store, team=mailto(port))
        first = looking.look(store, MONDAY)
        again = looking.look(store, MONDAY + timedelta(minutes=1))
        # As another process would: it remembers nothing.
        looking._asked.clear()
        looking.look(store, MONDAY + timedelta(minutes=2))
    assert first.alerts[0].standing.phase is Phase.FIRING
    assert (len(first.sent), again.sent, again.ready) == (1, [], [])
    [(_to, message)] = postbox.taken
    plain, html = (part.get_content() for part in message.iter_parts())
    assert (
        message["Subject"] == "Melding: Binnen streefdatum, Storingen: 50\u00a0%, grens 90\u00a0%"
    )
    assert "Hoe zeker: 95%-interval 35–65\u00a0%, n = 40" in plain
    assert "Sinds: vr 13 maart (1 dag)" in plain
    assert "Eigenaar: Klantprocesregisseur" in plain
    link = (
        "https://kz.example/trends?process=fault&since=2026-02-14&until=2026-03-13&kpi=within_due"
        "&lang=nl"
    )
    assert link in plain
    assert link.replace("&", "&amp;") in html
    assert "<script" not in html
    assert "Storingen onder de norm" in html


def test_the_link_shows_the_very_days_of_a_value_and_weeks_around_a_day():
    day = date(2026, 3, 13)

    def since(**more: object) -> str:
        return words.screen(Rule.of({**RULE, **more}), day)["since"][0]

    assert since(days=7) == "2026-03-07"
    assert since(days=1) == "2026-02-14"
    assert since(condition="control_limit") == "2025-10-25"
    found = words.screen(Rule.of({**RULE, "condition": "surge", "kpi": None}), day)
    assert (found["kpi"], found["grain"]) == (["offered_per_hour"], ["day"])
    # Which file is late stands at the deliveries, and is of no period.
    late = Rule.of({**RULE, "condition": "feed_late"})
    assert (words.place(late), set(words.screen(late, day))) == ("quality", {"lang"})


def test_what_goes_on_already_is_pending_and_then_told_with_its_first_day(store: Store):
    keep(store, pending_days=3)
    [one] = looking.look(store, MONDAY, dry=True).alerts
    assert (one.standing.phase, one.standing.since) == (Phase.FIRING, date(2026, 3, 11))
    assert outbox.log(store) == []


def test_monday_tells_friday(store: Store, postbox: Postbox):
    keep(store)
    friday_evening = datetime(2026, 3, 13, 22, 0)
    with mail_server(postbox) as port:
        reach(store, team=mailto(port))
        assert looking.look(store, friday_evening).sent == []
        assert looking.look(store, friday_evening + timedelta(days=1)).sent == []
        # Monday nine o'clock, winter time.
        assert looking.look(store, datetime(2026, 3, 16, 7, 59)).sent == []
        assert len(looking.look(store, datetime(2026, 3, 16, 8, 0)).sent) == 1


def test_a_failed_send_is_loud_tried_again_later_each_time_and_then_given_up(store: Store):
    keep(store, calendar=None)
    with mail_server(Postbox("451 later")) as port:
        reach(store, team=mailto(port))
        moment = MONDAY
        assert not looking.look(store, moment).well
        for tries, minutes in enumerate(outbox.RETRY, 1):
            [row] = outbox.log(store)
            assert (row["state"], row["tries"]) == (Fate.WAITING, tries)
            assert row["next_at"] == moment + timedelta(minutes=minutes)
            assert looking.look(store, row["next_at"] - timedelta(seconds=1)).failed == []
            moment = row["next_at"]
            looking.look(store, moment)
    [row] = outbox.log(store)
    assert (row["state"], row["tries"]) == (Fate.FAILED, len(outbox.RETRY) + 1)
    assert "451 later" in row["problem"]
    assert len(outbox.troubled(store, moment)) == 1
    assert outbox.troubled(store, moment + 2 * outbox.LOUD) == []


def test_what_did_not_arrive_is_told_in_sentences_with_the_next_try_in_local_time(store: Store):
    keep(store, calendar=None)
    with mail_server(Postbox("550 no such mailbox")) as port:
        reach(store, team=mailto(port))
        looking.look(store, MONDAY)
    [row] = outbox.log(store)
    with use("nl"):
        next_try = formats.moment(MONDAY + timedelta(minutes=1), store.settings.time_zone)
        assert trouble(store, row) == (f"{row['problem']}. Nieuwe poging om {next_try}.")
        assert trouble(store, {**row, "problem": "Er is geen ontvanger team."}) == (
            f"Er is geen ontvanger team. Nieuwe poging om {next_try}."
        )


def test_the_command_tells_all_and_its_exit_code_what_did_not_arrive(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    keep(store, calendar=None)
    monkeypatch.setattr(looking, "now", lambda: MONDAY)
    out: list[str] = []
    err: list[str] = []
    with use("en"):
        assert alert(store, {"as": "json", "dry_run": True}, Here(out.append, err.append)) == 0
    [record] = json.loads("".join(out))
    assert (record["state"], record["value"], record["limit"], record["n"]) == (
        "firing", 50.0, 90.0, 40,
    )  # fmt: skip
    assert "would be told: Melding: " in "".join(err)
    assert outbox.log(store) == []
    err.clear()
    with use("en"):
        assert alert(store, {"as": "table"}, Here(out.append, err.append)) == 1
    assert "1 message did not arrive:" in "".join(err)
    assert "onder [channels] geen ontvanger team." in "".join(err)


def test_snoozed_is_silent_until_it_is_over_and_still_so(store: Store):
    keep(store, snoozed_until=date(2026, 3, 17))
    done = looking.look(store, MONDAY)
    assert (done.alerts[0].snoozed, done.ready) == (True, [])
    done = looking.look(store, MONDAY + timedelta(days=2))
    assert (done.alerts[0].snoozed, len(done.ready)) == (False, 1)


def test_too_few_rows_are_not_judged(store: Store):
    keep(store, least_n=41)
    [one] = looking.look(store, MONDAY).alerts
    assert (one.standing.phase, one.standing.known) == (Phase.OK, False)


def test_in_the_digest_no_message_is_made(store: Store):
    keep(store, mode="digest")
    done = looking.look(store, MONDAY)
    assert (done.alerts[0].standing.phase, done.ready) == (Phase.FIRING, [])


def test_what_was_cut_off_is_named_and_not_sent_again(store: Store, postbox: Postbox):
    keep(store, calendar=None)
    looking.look(store, MONDAY, dry=False)
    with store.write_quietly() as connection:
        connection.execute(table("messages").update().values(state=Fate.SENDING, next_at=MONDAY))
    later = MONDAY + timedelta(hours=1)
    with mail_server(postbox) as port:
        reach(store, team=mailto(port))
        looking.look(store, later)
        assert (states(store), postbox.taken) == ([("alert", Fate.UNSURE)], [])
        [row] = outbox.troubled(store, later)
        outbox.send_again(store, row["message_id"], later)
        looking.look(store, later)
    assert len(postbox.taken) == 1


def test_two_who_look_at_once_do_not_both_send(store: Store):
    keep(store, calendar=None)
    reach(store)
    looking.look(store, MONDAY)
    with store.write_quietly() as connection:
        connection.execute(table("messages").update().values(state=Fate.WAITING, next_at=MONDAY))
    assert outbox.claim(store, MONDAY) is not None
    assert outbox.claim(store, MONDAY) is None


def test_the_preview_says_what_it_would_have_told(store: Store):
    rule = Rule.of({**RULE, "pending_days": 2})
    found = watching.preview(store, rule, MONDAY, days=30)
    assert found is not None
    assert found.days == 30
    assert [(one.recovered, one.since) for one in found.news] == [(False, BAD[0])]
    assert found.judged == 12


def test_a_preview_of_what_cannot_be_judged_does_not_call_it_quiet(store: Store):
    few = watching.preview(store, Rule.of({**RULE, "least_n": 41}), MONDAY, days=30)
    aimless = watching.preview(store, Rule.of({**RULE, "kpi": "lead_time", "bound": None}), MONDAY)
    assert few is not None
    assert aimless is not None
    assert (few.news, few.judged, aimless.judged) == ([], 0, 0)


def test_a_rush_is_counted_outside_opening_hours_and_whatever_the_customers_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    saturday = date(2026, 3, 14)
    contacts, complaints = [], []
    for back in range(12):
        day = saturday - timedelta(weeks=back)
        for i in range(12 if back else 72):
            contacts.append(
                {"contact_id": f"{day}-{i}", "process": "fault", "channel": "phone",
                 "direction": "in", "started_at": f"{day} 03:{i % 60:02d}"}
            )  # fmt: skip
            complaints.append(
                {"case_id": f"{day}-{i}", "process": "complaint", "status": "open",
                 "opened_at": f"{day} 03:{i % 60:02d}"}
            )  # fmt: skip
    of_contacts = Rule.of({"alert": "c", "condition": "surge"})
    of_complaints = Rule.of({"alert": "k", "condition": "surge", "kpi": "complaints"})
    with world({"contacts": contacts, "cases": complaints}, "2026-03-15 00:00", tmp_path) as store:
        told = store.as_of
        # The customers' extract is a year old.
        monkeypatch.setattr(
            store, "as_of",
            lambda tables: datetime(2025, 3, 1) if "customers" in tables else told(tables),
        )  # fmt: skip
        for rule in (of_contacts, of_complaints):
            assert watching.last_day(store, rule, MONDAY) == saturday
            [seen] = watching.see(store, rule, [saturday], MONDAY)
            assert (seen.breach, seen.value, seen.bound) == (True, 72, 12)
            # More than a week before the newest contact nothing is known of now.
            [old] = watching.see(store, rule, [saturday - timedelta(days=8)], MONDAY)
            assert old.breach is None


def test_no_data_is_about_the_clock(store: Store):
    keep(store, condition="no_data", kpi="within_due", days=4)
    assert looking.look(store, MONDAY, dry=True).alerts[0].standing.phase is Phase.OK
    [one] = looking.look(store, MONDAY + timedelta(days=3), dry=True).alerts
    assert one.standing.phase is Phase.FIRING


def test_a_rush_is_told_with_the_outage_near_it(store: Store):
    keep(store)
    store.configure(
        "announcements",
        [{"announcement": "s", "valid_from": BAD[1], "kind": "outage", "title_nl": "Utrecht",
          "starts_at": datetime(2026, 3, 13, 13, 5), "processes": "fault"}],
        "test",
    )  # fmt: skip
    [letter] = looking.look(store, MONDAY, dry=True).ready
    assert "Mogelijk: storing Utrecht (gemeld 13-03-2026 14:05)" in letter.text
    store.remove_configuration(
        "announcements", [{"announcement": "s", "valid_from": BAD[1]}], "test"
    )


def test_a_late_file_is_told_by_its_profile_and_never_by_its_file(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def feed(name: str, saved: bool) -> FeedState:
        return FeedState(
            name, saved, (), 4, None, None, None, None, None, None, Punctual.LATE
        )  # fmt: skip

    late = [feed("zaken", True), feed("jansen.csv", False)]
    monkeypatch.setattr(watching, "late_feeds", lambda _store, _now: late)
    keep(store, condition="feed_late", kpi=None, process=None)
    [letter] = looking.look(store, MONDAY, dry=True).ready
    assert letter.subject == "Melding: 2 aanleveringen zijn te laat of mislukt"
    assert "Aanleveringen: zaken\n" in letter.text
    assert "jansen" not in letter.text + letter.html


def test_a_second_late_file_is_news_and_one_less_is_not(
    store: Store, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
):
    late: list[FeedState] = []
    monkeypatch.setattr(watching, "late_feeds", lambda _store, _now: list(late))
    keep(store, condition="feed_late", kpi=None, process=None)
    said = []
    with mail_server(postbox) as port:
        reach(store, team=mailto(port))
        for names in ("a", "a", "ab", "b", "ab", "abc", "", "", "a"):
            late[:] = [
                FeedState(
                    name, True, (), 4, None, None, None, None, None, None, Punctual.LATE
                )
                for name in names
            ]  # fmt: skip
            before = len(postbox.taken)
            looking.look(store, MONDAY + timedelta(hours=len(said)))
            said.append([str(message["Subject"]) for _to, message in postbox.taken[before:]])
    one, two, three = (
        [f"Melding: {text}"]
        for text in (
            "1 aanlevering is te laat of mislukt",
            "2 aanleveringen zijn te laat of mislukt",
            "3 aanleveringen zijn te laat of mislukt",
        )
    )
    assert said[:6] == [one, [], two, [], [], three]
    assert len(said[6]) == 1
    assert said[6][0].startswith("Hersteld")
    assert said[7] == []


def test_recovery_goes_to_who_was_told_and_replaces_what_was_not_sent(
    store: Store, postbox: Postbox
):
    # Last: it loads the days after, which others may not see.
    keep(store)
    looking.look(store, datetime(2026, 3, 13, 22, 0))
    assert states(store) == [("alert", Fate.WAITING)]
    load(store, {"cases": cases(date(2026, 3, 14), date(2026, 3, 15))}, "2026-03-15 23:59")
    with mail_server(postbox) as port:
        reach(store, team=mailto(port))
        looking.look(store, MONDAY)
    assert states(store) == [("alert", Fate.DROPPED), ("recovery", Fate.SENT)]
    [(_to, message)] = postbox.taken
    assert message["Subject"] == "Hersteld: Binnen streefdatum, Storingen: 100\u00a0%, hersteld"
    assert "Duurde: 13 mrt – 14 mrt 2026" in next(message.iter_parts()).get_content()
    assert store.rows(sa.select(table("messages").c.html)) == [{"html": None}, {"html": None}]
    # The whole week of the bad days is there now: outside the limits of the weeks before it.
    rule = Rule.of({**RULE, "condition": "control_limit"})
    told = watching.preview(store, rule, MONDAY, days=30)
    assert told is not None
    assert [(one.recovered, one.since, one.seen.n) for one in told.news] == [
        (False, date(2026, 3, 15), 280)
    ]
    seen = told.news[0].seen
    assert seen.bound is not None
    assert seen.value is not None
    assert seen.value < seen.bound
