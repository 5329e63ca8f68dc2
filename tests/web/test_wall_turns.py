"""Several views on one screen, by the server's clock; and screens as they were made by name."""

from datetime import date

import pytest

from kpi.web import running, walls

TOP, BOARD = "Top 5 klachten", "Klantprocessen"


@pytest.fixture
def at(monkeypatch):
    """Sets the server's clock."""
    return lambda seconds: monkeypatch.setattr(walls, "clock", lambda: seconds)


def shown(answer):
    return [title for title in (TOP, BOARD) if f"<h1>{title}</h1>" in answer.text]


def test_views_take_turns_by_the_clock_of_the_server(client, at):
    for seconds, title, left in [(0, TOP, "20.0"), (19, TOP, "1.0"), (20, BOARD, "20.0"), (45, TOP, "15.0")]:  # fmt: skip
        at(seconds)
        for path in ("/wall/complaints,scoreboard", "/wall/complaints,scoreboard/content"):
            answer = client.get(f"{path}?lang=nl")
            assert shown(answer) == [title], seconds
        assert answer.headers["X-Wall-Next"] == left
        assert answer.text.count('class="dot') == 3  # the row of dots, and two dots
        assert answer.text.count("dot on") == 1


def test_the_content_is_another_when_the_turn_is(client, at):
    at(0)
    path = "/wall/complaints,scoreboard/content?lang=nl&turn=30"
    etag = client.get(path).headers["ETag"]
    at(29)
    answer = client.get(path, headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.headers["X-Wall-Next"] == "1.0"
    at(30)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_one_view_has_no_turn(client):
    answer = client.get("/wall/complaints/content?lang=nl")
    assert "X-Wall-Next" not in answer.headers
    assert "dots" not in answer.text


@pytest.mark.parametrize("turn", ["", "1", "-4", "x", "99999", "1e9"])
def test_any_turn_is_one_that_can_be_read(client, at, turn):
    at(3)
    answer = client.get(f"/wall/complaints,scoreboard/content?turn={turn}")
    assert 0 < float(answer.headers["X-Wall-Next"]) <= walls.MOST


@pytest.mark.parametrize("views", ["complaints,nothing", ",", "complaints,,scoreboard"])
def test_a_view_that_is_not_there_is_said(client, views):
    answer = client.get(f"/wall/{views}?lang=nl")
    assert answer.status_code == 404
    assert "scoreboard" in answer.text


def keep(**more):
    row = {
        "screen": "hal", "valid_from": date(2026, 1, 1), "views": "scoreboard, complaints",
        "seconds": 10, "processes": "", "language": "nl", "theme": "light", **more,
    }  # fmt: skip
    running.store().configure("screens", [row], "test")


def test_a_screen_by_its_name(own_client, at):
    keep()
    at(0)
    page = own_client.get("/wall/screen/hal")
    assert shown(page) == [BOARD]
    assert 'data-theme="light"' in page.text
    assert 'lang="nl"' in page.text
    at(10)
    assert shown(own_client.get("/wall/screen/hal/content")) == [TOP]


def test_a_screen_that_is_made_otherwise_loads_itself_anew(own_client):
    keep()
    before = own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"]
    assert f'data-version="{before}"' in own_client.get("/wall/screen/hal").text
    keep(theme="dark")
    assert own_client.get("/wall/screen/hal/content").headers["X-Wall-Version"] != before


def test_a_name_nobody_gave_is_said(own_client):
    answer = own_client.get("/wall/screen/%3Cscript%3E")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


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
