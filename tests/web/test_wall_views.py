"""Every view: what it shows, when it has nothing to show, and that nobody's name is on it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from kpi.access import SCREEN, Scope
from kpi.i18n import LANGUAGES, use
from kpi.numbers import lately
from kpi.numbers.announcements import Announcement
from kpi.web import running, walls
from kpi.web.views import VIEWS
from tests.canaries import found, planted
from tests.web.conftest import serving
from tests.web.test_walls import words

#: Monday, half past two in the afternoon (local); the extract ends here.
DAY, END = "2026-03-30", "2026-03-30 14:30"
AS_OF = datetime(2026, 3, 30, 12, 30)  # UTC: it is summer time since a day
LONG = "Wachttijd aan de telefoon tijdens de ketelonderhoudscampagne en de maanden daarna"


def contacts(process, day, clock, count, **more):
    return [
        {
            "contact_id": f"{process}-{day}-{clock}-{i}-{more.get('reason', '')}",
            "process": process, "channel": "phone", "direction": "in", "answered_at": f"{day} {clock}",
            "started_at": f"{day} {clock}", **more,
        }
        for i in range(count)
    ]  # fmt: skip


def world_of_today():
    mondays = [date(2026, 3, 30) - timedelta(weeks=back) for back in range(10)]
    rows = []
    for back, day in enumerate(mondays):
        rows += contacts("fault", day, "09:15", 40 if back == 0 else 20, emotion="boos")
        rows += contacts("information", day, "10:00", 30, emotion="blij")
        # After half past two: not yet, today.
        rows += contacts("fault", day, "16:00", 0 if back == 0 else 50)
        rows += contacts("details", day, "11:00", 4)
    for back in range(70):
        day = date(2026, 3, 29) - timedelta(days=back)
        rows += contacts("fault", day, "12:00", 9 if back < 7 else 2, reason="outage")
    return {"contacts": rows}


ANNOUNCED = [
    {
        "announcement": "nu", "kind": "outage", "title_nl": "Warmtestoring in Lindenkamp",
        "title_en": "Heating outage", "body_nl": "Monteurs zijn <b>onderweg</b>", "processes": "fault",
        "starts_at": AS_OF - timedelta(hours=2), "ends_at": AS_OF + timedelta(hours=3),
    },
    {
        "announcement": "straks", "kind": "outage", "title_nl": "Onderhoud aan de app",
        "starts_at": AS_OF + timedelta(hours=20), "ends_at": AS_OF + timedelta(hours=22),
    },
    {
        "announcement": "zonder-eind", "kind": "outage", "title_nl": "De app is traag",
        "processes": "complaint", "starts_at": AS_OF - timedelta(hours=1), "ends_at": None,
    },
    {
        "announcement": "later", "kind": "outage", "title_nl": "Over een week",
        "starts_at": AS_OF + timedelta(days=7), "ends_at": AS_OF + timedelta(days=8),
    },
    {
        "announcement": "voorbij", "kind": "outage", "title_nl": "Al voorbij",
        "starts_at": AS_OF - timedelta(days=2), "ends_at": AS_OF - timedelta(minutes=1),
    },
    {
        "announcement": "aanbod", "kind": "offer", "title_nl": LONG, "processes": "request",
        "starts_at": AS_OF - timedelta(days=2), "ends_at": AS_OF + timedelta(days=9),
    },
    {
        "announcement": "ook", "kind": "message", "title_nl": "Noem altijd een nieuwe datum",
        "starts_at": None, "ends_at": None,
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """A store whose data end this minute, with announcements."""
    with serving(world_of_today(), END, tmp_path_factory.mktemp("views")) as client:
        rows = [{"valid_from": date(2026, 1, 1), **row} for row in ANNOUNCED]
        running.store().configure("announcements", rows, "test")
        yield client


@pytest.fixture
def at(monkeypatch):
    """Sets the server's clock to so much after the data end."""

    def sets(after):
        moment = (AS_OF + after).replace(tzinfo=UTC).timestamp()
        monkeypatch.setattr(walls, "clock", lambda: moment)

    sets(timedelta(minutes=3))
    return sets


def test_today_up_to_now_against_the_same_weekday_up_to_the_same_time(seen, at):
    text = words(seen.get("/wall/today?lang=nl").text)
    assert "ma 30 maart tot 14:30, tegen dezelfde weekdag in de 8 weken ervoor" in text
    # 40 + 30 + 4 now; usually 20 + 30 + 4, and at noon 9 a week ago and 2 in each of seven before.
    # The fifty after half past two do not count.
    assert "Contacten | 74 | gewoonlijk 57" in text
    assert "Storingen | 40 | ▲ 17 | meer | gewoonlijk 23" in text
    # Four changed their details: told with the smallest other, or they could be subtracted.
    assert re.search(r"Gegevens wijzigen \| – \| te weinig om te tonen", text)
    assert re.search(r"Informatievragen \| – \| te weinig om te tonen", text)
    alone = words(seen.get("/wall/today?lang=nl&process=details").text)
    assert "te weinig om te tonen" in alone
    assert "| 4 |" not in alone


def test_what_a_feed_no_longer_tells_is_not_shown(seen, at):
    both = "/wall/today,complaints,sentiment/content?lang=nl"
    assert re.findall(r'data-name="(\w+)"', seen.get(both).text) == [
        "today", "complaints", "sentiment",
    ]  # fmt: skip
    at(timedelta(minutes=61))
    assert re.findall(r'data-name="(\w+)"', seen.get(both).text) == ["complaints"]
    for view in ("today", "sentiment"):
        text = words(seen.get(f"/wall/{view}?lang=nl").text)
        assert "De laatste gegevens zijn van 30-03-2026 14:30" in text
        assert "74" not in text


def test_sentiment_is_a_share_and_its_parts(seen, at):
    text = words(seen.get("/wall/sentiment?lang=nl").text)
    assert "57 %" in text  # 40 of 70
    assert "van 70 berichten en contacten" in text
    assert "▲" in text
    assert "slechter" in text
    only = words(seen.get("/wall/sentiment?lang=nl&process=details").text)
    assert "Minder dan tien" in only


def test_what_rises_is_told_with_what_is_usual(seen, at):
    text = words(seen.get("/wall/risers?lang=nl").text)
    assert "contacten" in text
    assert "63 | ▲ 49 | gewoonlijk 14" in text
    assert "Geen enkele reden" in words(seen.get("/wall/risers?lang=nl&process=details").text)


def test_outages_now_and_soon_in_words_and_with_their_end(seen, at):
    html = seen.get("/wall/outages?lang=nl").text
    text = words(html)
    assert text.index("Warmtestoring in Lindenkamp") < text.index("Onderhoud aan de app")
    assert "tot 17:30" in text
    assert "vanaf di 31 maart 10:30" in text
    assert "Over een week" not in text
    assert "Al voorbij" not in text
    assert "sinds 13:30" in text  # it has no end yet
    assert "&lt;b&gt;onderweg" in html
    until = (AS_OF + timedelta(hours=3)).replace(tzinfo=UTC).timestamp()
    assert f'data-until="{until:.0f}"' in html
    # One of another process, one of all.
    other = words(seen.get("/wall/outages?lang=nl&process=complaint").text)
    assert "Warmtestoring" not in other
    assert "Onderhoud aan de app" in other
    at(timedelta(hours=3))
    assert "Warmtestoring" not in seen.get("/wall/outages?lang=nl").text


def test_what_is_planned_on_the_page_is_announced_two_days_ahead(tmp_path, at):
    before = running.now()
    with serving(world_of_today(), END, tmp_path) as client:
        at(timedelta(minutes=3))
        starts = AS_OF + timedelta(hours=20)
        # As the page Announcements keeps it: valid from the day on which it begins.
        row = {"announcement": "x", "valid_from": starts.date(), "kind": "outage",
               "title_nl": "Onderhoud", "starts_at": starts, "ends_at": starts + timedelta(hours=2)}  # fmt: skip
        running.store().configure("announcements", [row], "test")
        assert "Onderhoud | vanaf di 31 maart 10:30" in words(
            client.get("/wall/outages?lang=nl").text
        )
        # Begun earlier than was planned: the day of the row stays what it was.
        begun = {**row, "starts_at": AS_OF - timedelta(hours=1), "ends_at": None}
        running.store().configure("announcements", [begun], "test")
        assert "Onderhoud | sinds 13:30" in words(client.get("/wall/outages?lang=nl").text)
    running.attach(before)


def test_data_of_tomorrow_tell_nothing_of_now(seen, at):
    at(timedelta(minutes=-50))
    assert "Contacten" in words(seen.get("/wall/today?lang=nl").text)
    at(timedelta(hours=-2))
    assert "Contacten" not in words(seen.get("/wall/today?lang=nl").text)


def test_without_an_outage_the_last_one_is_told_for_a_while(seen, at):
    path = "/wall/outages?lang=nl&process=fault"
    at(timedelta(hours=21))
    assert "Onderhoud aan de app" in seen.get(path).text
    at(timedelta(days=9))
    text = words(seen.get(path).text)
    assert "Er zijn geen storingen gemeld." in text
    assert "De laatste: Over een week, voorbij sinds di 7 april 14:30." in text
    at(timedelta(days=30))
    text = words(seen.get(path).text)
    assert "Er zijn geen storingen gemeld." in text
    assert "De laatste" not in text
    assert "Mededelingen" not in text


def test_before_any_data_it_says_where_to_load_them(tmp_path):
    before = running.now()
    with serving({}, None, tmp_path) as client:
        for view in ("today", "sentiment"):
            text = words(client.get(f"/wall/{view}?lang=nl").text)
            assert "Er is nog niets ingelezen" in text
            assert "Gegevens inlezen" in text
        assert "op de pagina Mededelingen" in words(client.get("/wall/outages?lang=nl").text)
    running.attach(before)


def test_without_a_title_it_is_called_what_it_is():
    row = dict.fromkeys(("title_nl", "title_en", "body_nl", "body_en"))
    one = Announcement("jan-de-vries-7", "outage", AS_OF, None, (), row)
    with use("nl"):
        assert one.title == "Storing"
        assert one.told("UTC") == "een storing (gemeld 30-03-2026 12:30)"


def test_offers_and_what_we_tell_customers(seen, at):
    text = words(seen.get("/wall/offers?lang=en").text)
    assert LONG in text
    assert "Noem altijd een nieuwe datum" in text
    assert "until Wed 8 April 14:30" in text


@pytest.mark.parametrize("view", ["today", "risers", "sentiment", "outages", "offers"])
def test_a_screen_of_some_processes_says_of_which(seen, at, view):
    titles = "Storingen, Informatievragen"
    path = f"/wall/{view}?lang=nl"
    kept = words(seen.get(f"{path}&process=fault&process=information&process=mevr.%20Jansen").text)
    assert kept.count(titles) + kept.count("Informatievragen, Storingen") == 1
    assert "Jansen" not in kept
    assert titles not in words(seen.get(path).text)


def test_a_screen_of_some_processes_asks_for_no_other(seen, at):
    found_now = lately.today(running.store(), Scope(frozenset(["fault"]), screen=True))
    assert set(found_now.processes) == {"fault"}
    assert lately.today(running.store(), SCREEN).counts["contacts"].n == 74


def test_no_canary_is_on_any_wall(tmp_path):
    before = running.now()
    with planted(tmp_path) as store:
        running.attach(store)
        shown = 0
        for view, kind in VIEWS.items():
            for language in LANGUAGES:
                for processes in ((), ("complaint",), ("fault", "request")):
                    with use(language):
                        wanted = walls.Wanted(language, processes)
                        made = kind.make(store, wanted, datetime(2025, 9, 17, 21, 0))
                    assert not found(made.html), (view, language, processes)
                    shown += made.body is not None
    running.attach(before)
    assert shown > len(VIEWS), "nothing was shown, so nothing was proved"
