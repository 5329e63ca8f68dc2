"""Screens elsewhere: a code, a person who lets them in, and a cookie that can be taken back."""

from dataclasses import replace
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from kpi.store.devices import devices
from kpi.web import pairing as paired
from kpi.web import running
from kpi.web.guard import Guard
from kpi.web.pairing import COOKIE, LENGTH, MOST, WRONG, Pairing, PairingProblem, pairing
from kpi.web.problems import handlers
from kpi.web.routes import routes
from tests.web.test_walls import Words, words

ELSEWHERE = ("192.0.2.7", 50000)


def application(*, on):
    async def secret(_request):
        raise AssertionError("nobody elsewhere gets here")

    return Starlette(
        routes=[*routes(), Route("/", secret)],
        middleware=[Middleware(Guard, pairing=on)],
        exception_handlers=handlers(),
    )


@pytest.fixture
def switched_on(client, monkeypatch):
    """The setting is on, and there is a screen named hal."""
    store = running.store()
    monkeypatch.setattr(store, "settings", replace(store.settings, pair_screens="yes"))
    row = {
        "screen": "hal", "valid_from": date(2026, 1, 1), "views": "scoreboard",
        "processes": "fault", "language": "nl", "theme": "light",
    }  # fmt: skip
    store.configure("screens", [row], "test")
    return store


def elsewhere(*, on=True, host="http://ketenzicht.example"):
    return TestClient(application(on=on), base_url=host, client=ELSEWHERE)


def code_on(answer):
    [shown] = [text for text in Words(answer.text).text if len(text) == LENGTH + 1 and "-" in text]
    return shown


@pytest.mark.parametrize("path", ["/", "/wall", "/wall/complaints", "/wall/complaints/content"])
def test_off_nobody_elsewhere_gets_in(client, path):
    assert elsewhere(on=False).get(path).status_code == 403


def test_on_others_come_as_far_as_the_walls_and_see_a_code(switched_on):
    screen = elsewhere()
    for path in ("/", "/healthz", "/download/quarantined/1", "/wallet", "/klantproces"):
        assert screen.get(path).status_code == 403, path
    assert screen.post("/wall/complaints").status_code == 405
    for path in ("/wall", "/wall/complaints", "/wall/screen/hal", "/wall/scoreboard?lang=en"):
        answer = screen.get(path)
        assert answer.status_code == 200
        assert code_on(answer)
        assert "Te late levering" not in answer.text
        assert "Klachten en tips" not in answer.text
    content = screen.get("/wall/complaints/content")
    assert "Te late levering" not in content.text


def test_let_in_by_its_code_it_shows_its_screen_until_it_is_shut_out(switched_on):
    store, screen = switched_on, elsewhere()
    first = screen.get("/wall")
    cookie = first.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/wall", "max-age="):
        assert part in cookie
    assert "secure" not in cookie
    body = dict(Words(first.text).tags)["body"]
    waiting = screen.get(body["data-source"])
    assert waiting.headers["x-wall-version"] == body["data-version"]
    typed = code_on(first).lower().replace("-", " ")
    assert code_on(waiting) == code_on(first), "one code a screen"
    number = pairing(store).approve(store, typed, "hal", "tester")
    # The same address now has another frame: the script loads the page anew.
    let_in = screen.get(body["data-source"])
    assert let_in.headers["x-wall-version"] != body["data-version"]
    assert "Storingen" in words(let_in.text)
    assert "Klachten en tips" not in let_in.text, "the screen is of one process"
    page = screen.get("/wall")
    assert "Klantprocessen" in page.text
    assert 'data-theme="light"' in page.text
    secret = screen.cookies[COOKIE]
    assert secret not in page.text
    [row] = [row for row in devices(store) if row["device_id"] == number]
    assert secret not in str(row)
    assert pairing(store).listed(store)[0]["seen"] is not None
    # Nobody else gets in with that code, nor with a made-up secret.
    with pytest.raises(PairingProblem, match="code"):
        pairing(store).approve(store, typed, "hal", "tester")
    stranger = elsewhere()
    stranger.cookies.set(COOKIE, "made-up", domain="ketenzicht.example", path="/wall")
    assert code_on(stranger.get("/wall"))
    pairing(store).revoke(store, number, "tester")
    assert code_on(screen.get(body["data-source"]))
    assert pairing(store).listed(store) == []


def test_what_somebody_else_shut_out_is_out_within_a_minute(switched_on, monkeypatch):
    store, screen = switched_on, elsewhere()
    number = pairing(store).approve(store, code_on(screen.get("/wall")), "hal", "tester")
    assert "Klantprocessen" in screen.get("/wall").text
    from kpi.store.devices import shut_out

    shut_out(store, number, "elsewhere")
    now = paired.clock()
    monkeypatch.setattr(paired, "clock", lambda: now + 60)
    assert code_on(screen.get("/wall"))


def test_behind_https_the_cookie_is_for_https_only(switched_on):
    answer = elsewhere().get("/wall", headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_code_counts_for_ten_minutes_and_few_may_wait_or_be_wrong(switched_on, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(paired, "clock", lambda: now[0])
    one = Pairing()
    code = one.code("first")
    assert set(code) - {"-"} <= set(paired.ALPHABET)
    now[0] = 601
    assert one.code("first") != code
    with pytest.raises(PairingProblem, match=r"No screen|Geen scherm"):
        one.approve(switched_on, code, "hal", "tester")
    for n in range(MOST - 1):
        assert one.code(f"other {n}")
    assert one.code("one too many") is None
    for _ in range(WRONG - 1):
        with pytest.raises(PairingProblem):
            one.approve(switched_on, "ÁAAA-0OIL", "hal", "tester")
    with pytest.raises(PairingProblem, match=r"Too many|Te veel"):
        one.approve(switched_on, one.code("first"), "hal", "tester")
    now[0] += 601
    assert one.approve(switched_on, one.code("first"), "hal", "tester")


def test_a_screen_without_cookies_takes_no_code_at_every_look(switched_on):
    strange = elsewhere()
    for _look in range(MOST + 5):
        answer = strange.get("/wall/mine/content")
        strange.cookies.clear()
    assert "bewaart geen cookies" in words(answer.text)
    # There is still a code for one that keeps them.
    screen = elsewhere()
    assert code_on(screen.get("/wall"))
    assert code_on(screen.get("/wall/mine/content"))


def test_a_screen_that_starts_before_there_is_a_store_waits(switched_on):
    running.attach(None, "De opslag wordt geopend.")
    try:
        for path in ("/wall", "/wall/complaints"):
            answer = elsewhere().get(path)
            assert answer.status_code == 200
            assert "wall.js" in answer.text
    finally:
        running.attach(switched_on)
