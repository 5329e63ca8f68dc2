"""Several views on one screen, by the server's clock; and screens as they were made by name."""

import re
from datetime import date

import pytest

from kpi.bulletin.wall import turn
from kpi.web import running, walls
from kpi.web.asked import MOST, SHORTEST_TURN, TURN, kept_address, read_turns, written
from tests.web.test_walls import Words, words

TOP, BOARD = "Top 5 klachten", "Klantprocessen"


@pytest.fixture
def at(monkeypatch):
    """Sets the server's clock."""
    return lambda seconds: monkeypatch.setattr(walls, "clock", lambda: seconds)


def on(answer):
    """The title of the view that is seen before any script has run."""
    seen = re.search(r'<section class="view on".*?<h1>(.*?)</h1>', answer.text, re.DOTALL)
    return seen[1] if seen else None


def held(answer):
    """Each view with its seconds, in the order of their turns."""
    found = re.findall(r'data-name="(\w+)" data-seconds="(\d+)"', answer.text)
    return [(name, int(seconds)) for name, seconds in found]


@pytest.mark.parametrize(
    ("lengths", "now", "place"),
    [
        ([20, 20], 0, 0), ([20, 20], 19.9, 0), ([20, 20], 20, 1), ([20, 20], 40, 0),
        ([30, 15], 1_800_000_029, 0), ([30, 15], 1_800_000_030, 1), ([20], 12_345, 0), ([], 5, 0),
    ],
)  # fmt: skip
def test_whose_turn_it_is_hangs_on_the_clock_alone(lengths, now, place):
    assert turn(lengths, now) == place


def test_views_take_turns_by_the_clock_of_the_server(client, at):
    path = "/wall/complaints:30,scoreboard:15?lang=nl"
    for seconds, title in [(0, TOP), (29, TOP), (30, BOARD), (44, BOARD), (45, TOP)]:
        at(seconds)
        assert on(client.get(path)) == title, seconds
    answer = client.get("/wall/complaints:30,scoreboard:15/content?lang=nl")
    assert held(answer) == [("complaints", 30), ("scoreboard", 15)]
    assert answer.headers["X-Wall-Now"] == "45.000"
    assert on(answer) is None, "whose turn it is, is for the screen to say"


def test_the_content_is_the_same_whoever_has_its_turn(client, at):
    at(0)
    path = "/wall/complaints,scoreboard/content?lang=nl&turn=30"
    etag = client.get(path).headers["ETag"]
    at(3000)
    answer = client.get(path, headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.headers["X-Wall-Now"] == "3000.000"


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("complaints", (("complaints", TURN),)),
        ("complaints:30, outages:15", (("complaints", 30), ("outages", 15))),
        ("complaints:1", (("complaints", SHORTEST_TURN),)),
        ("complaints:99999", (("complaints", MOST),)),
        ("complaints:x", (("complaints", TURN),)),
        ("complaints:٣", (("complaints", TURN),)),
        ("complaints:-4", (("complaints", TURN),)),
    ],
)
def test_any_seconds_are_some_that_can_be_read(text, turns):
    assert read_turns(text) == (turns, ())
    assert read_turns(written(turns)) == (turns, ())


@pytest.mark.parametrize("views", ["complaints,nothing", ",", "complaints,,scoreboard"])
def test_a_view_that_is_not_there_is_said(client, views):
    answer = client.get(f"/wall/{views}?lang=nl")
    assert answer.status_code == 404
    assert on(answer) == "Deze weergave bestaat niet"
    assert "scoreboard" in answer.text
    assert "nothing" not in words(answer.text), "an address may hold a name"
    # Its script hears the same again and again: no staleness, and no loading anew for ever.
    body = dict(Words(answer.text).tags)["body"]
    again = client.get(body["data-source"])
    assert again.status_code == 404
    assert again.headers["X-Wall-Version"] == body["data-version"]
    assert again.headers["ETag"] == body["data-etag"]


def test_a_view_that_is_not_there_is_said_before_there_is_a_store(client):
    store = running.store()
    running.attach(None)
    try:
        answer = client.get("/wall/nothing?lang=nl")
    finally:
        running.attach(store)
    assert answer.status_code == 404
    assert on(answer) == "Deze weergave bestaat niet"


def test_a_view_without_anything_new_loses_its_turn_and_alone_says_why(client):
    assert held(client.get("/wall/today,complaints,offers/content?lang=nl")) == [("complaints", 20)]
    alone = client.get("/wall/today?lang=nl")
    assert on(alone) == "Vandaag tot nu toe"
    both = client.get("/wall/offers:8,sentiment?lang=nl")
    assert held(both) == [("offers", 8)], "where none has anything, the first says so"
    assert "geen aanbiedingen" in both.text


def keep(**more):
    row = {
        "screen": "hal", "valid_from": date(2026, 1, 1), "views": "scoreboard:10, complaints",
        "seconds": 15, "processes": "", "language": "nl", "theme": "light", **more,
    }  # fmt: skip
    running.store().configure("screens", [row], "test")


def test_a_screen_by_its_name(own_client, at):
    before = own_client.get("/wall/screen/hal")
    assert before.status_code == 404
    assert "geen scherm met de naam hal" in before.text
    waiting = own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"]
    assert f'data-version="{waiting}"' in before.text, "it goes on asking until it is made"
    keep()
    at(0)
    page = own_client.get("/wall/screen/hal")
    assert held(page) == [("scoreboard", 10), ("complaints", 15)]
    assert on(page) == BOARD
    assert 'data-theme="light"' in page.text
    assert 'lang="nl"' in page.text
    made = own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"]
    assert made != waiting
    # Made otherwise it loads itself anew; taken away it says so.
    keep(theme="dark")
    assert own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"] != made
    keep(retired=True)
    assert own_client.get("/wall/screen/hal").status_code == 404


def test_a_screen_may_have_a_slash_in_its_name(own_client, at):
    row = {"screen": "hal/<links>", "valid_from": date(2026, 1, 1), "views": "scoreboard"}
    running.store().configure("screens", [row], "test")
    place = kept_address("hal/<links>")
    assert "Klantprocessen" in own_client.get(place).text
    assert "Klantprocessen" in own_client.get(f"{place}/content").text


@pytest.mark.parametrize("path", ["a/b", "x/y/content/z", "static/a/b", "complaints/"])
def test_nothing_below_a_wall_is_left_to_others(client, path):
    answer = client.get(f"/wall/{path}", headers={"accept-language": "nl"})
    assert (answer.status_code, answer.text) == (404, "Op dit adres staat niets.\n")


def test_a_name_nobody_gave_is_said(client):
    answer = client.get("/wall/screen/%3Cscript%3Ealert(1)")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_screen_that_starts_before_there_is_a_store_waits(own_client):
    keep()
    store = running.store()
    running.attach(None, "De opslag wordt geopend.")
    try:
        waiting = own_client.get("/wall/screen/hal")
        assert waiting.status_code == 200
        assert "De opslag wordt geopend" in waiting.text
    finally:
        running.attach(store)
    ready = own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"]
    assert f'data-version="{ready}"' not in waiting.text
