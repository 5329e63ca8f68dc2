"""The wall's own script in a real browser, with a clock that runs when told: nothing waits here."""

import re
import threading
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from playwright.sync_api import expect
from starlette.applications import Starlette

from kpi.web import running, walls
from kpi.web.routes import routes
from tests.browser.serving import free_port
from tests.measures.world import load, world
from tests.web.conftest import ACTIONS, CASES, UNTIL, complaints

#: A Thursday in summer, and the server's clock while the tests begin: the screen's own is wrong.
NOW = datetime(2026, 7, 9, 12, 0, 0, tzinfo=UTC)
WRONG = datetime(1970, 1, 1, 0, 3, 0, tzinfo=UTC)
AMBER, RED = re.compile("amber"), re.compile("red")
ZONE = ZoneInfo("Europe/Amsterdam")


class Hanging:
    """Lets the application answer, or hang, and counts what it is asked for."""

    def __init__(self, app):
        self.app, self.free, self.asked = app, threading.Event(), []
        self.free.set()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            self.asked.append(scope["path"])
            while not self.free.is_set():
                message = await receive()  # until the browser gives up
                if message["type"] == "http.disconnect":
                    return
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def wall(tmp_path_factory):
    """Our routes over a small store, served in this process; `wall.now` is the server's clock."""
    rows = [
        {
            "announcement": "storing", "valid_from": date(2026, 1, 1), "kind": "outage",
            "title_nl": "Warmtestoring", "processes": "",
            "starts_at": datetime(2026, 7, 9, 10, 0), "ends_at": datetime(2026, 7, 9, 12, 40),
        }
    ]  # fmt: skip
    configuration = {"actions": ACTIONS, "announcements": rows}
    folder = tmp_path_factory.mktemp("script")
    with world({"cases": CASES}, UNTIL, folder, configuration=configuration) as store:
        running.attach(store)
        app = Hanging(Starlette(routes=routes()))
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.02)
        app.url, app.now, app.store = f"http://127.0.0.1:{port}", NOW, store
        with pytest.MonkeyPatch.context() as patch:

            def clock():
                return app.now.timestamp()

            patch.setattr(walls, "clock", clock)
            yield app
        app.free.set()
        server.should_exit = True
        thread.join(10)
        running.attach(None)


@pytest.fixture
def screen(wall, browser):
    """Opens an address on a screen of its own, whose clock stands still until it is run."""
    wall.now = NOW
    opened = []

    def opens(path, at=WRONG):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        context.clock.install(time=at)
        page = context.new_page()
        page.on("pageerror", lambda problem: pytest.fail(f"script: {problem}"))
        # Far enough ahead that a slow machine is not past it already.
        context.clock.pause_at(at + timedelta(minutes=10))
        page.goto(wall.url + path)
        opened.append(context)
        return page

    yield opens
    wall.free.set()
    for context in opened:
        context.close()


def later(wall, page, seconds):
    """So much later, on the screen and on the server.

    Second by second: an answer that comes while a screen runs ahead would tell it the server's time
    of the end. Hours go in larger steps, for those tests ask nothing of seconds.
    """
    step = 1 if seconds <= 120 else seconds / 40
    for _ in range(round(seconds / step)):
        wall.now += timedelta(seconds=step)
        page.clock.run_for(step * 1000)


def title(page):
    return page.locator(".on h1")


def test_screens_side_by_side_agree_whatever_their_own_clocks_say(wall, screen):
    path = "/wall/complaints:30,outages:15?lang=nl"
    left, right = screen(path), screen(path, at=NOW + timedelta(hours=5, seconds=7))
    begin = wall.now
    for seconds, view in [(1, "Storingen"), (20, "Top 5 klachten"), (25, "Storingen")]:
        wall.now = begin
        later(wall, left, seconds)
        wall.now = begin
        later(wall, right, seconds)
        begin = wall.now
        for page in (left, right):
            expect(title(page)).to_have_count(1)
            at = (wall.now.timestamp()) % 45
            expect(title(page)).to_have_text("Top 5 klachten" if at < 30 else "Storingen")
            expect(page.locator("#clock")).to_have_text("14:00")
        assert view
    assert left.locator("#dots").inner_text() in {"● ○", "○ ●"}
    assert left.title().startswith(title(left).inner_text())


def test_a_server_that_hangs_shows_amber_then_red_and_all_comes_back(wall, screen):
    page = screen("/wall/complaints:30,outages:15?lang=nl")
    fresh = page.locator("#fresh")
    content = page.locator("#views").inner_html()
    wall.free.clear()
    later(wall, page, 55)
    expect(fresh).to_have_text("")
    later(wall, page, 15)
    expect(fresh).to_have_class(AMBER)
    expect(fresh).to_contain_text("Geen contact met Ketenzicht sinds 14:00")
    later(wall, page, 90)
    expect(fresh).to_have_class(RED)
    # The last good numbers stay, and go on taking turns; the banner says of when they are.
    assert page.locator("#views .view").count() == 2
    assert page.locator("#views .lines").inner_html() in content
    seen = set()
    for _ in range(4):
        later(wall, page, 15)
        # Between two views there is a moment without.
        expect(title(page)).to_be_visible()
        seen.add(title(page).inner_text())
    assert seen == {"Top 5 klachten", "Storingen"}
    while title(page).inner_text() != "Top 5 klachten":
        later(wall, page, 5)
    expect(fresh).to_contain_text("gegevens t/m 31 maart 2026")
    # An outage that ended meanwhile is put away, though nobody says so.
    later(wall, page, 40 * 60)
    assert page.locator("#views .notices li").get_attribute("hidden") is not None
    wall.free.set()
    for _ in range(5):
        later(wall, page, 6)
        page.wait_for_timeout(100)
    expect(fresh).to_have_text("")


def test_a_cut_network_a_suspended_screen_and_new_numbers(wall, screen):
    page = screen("/wall/complaints?lang=nl&theme=light")
    fresh, first = page.locator("#fresh"), page.locator(".lines .n").first
    expect(first).to_have_text("26")
    page.context.set_offline(True)
    later(wall, page, 70)
    page.wait_for_timeout(100)
    later(wall, page, 100)
    expect(fresh).to_have_class(RED)
    load(wall.store, {"cases": complaints("late_delivery", 30, "2026-03-28", start=500)}, UNTIL)
    # It asks as soon as there is a network again, not after the interval.
    page.context.set_offline(False)
    expect(first).to_have_text("56")
    later(wall, page, 1)
    expect(fresh).to_have_text("")
    # A screen that slept for a night asks at once.
    asked = len(wall.asked)
    wall.now += timedelta(hours=9)
    page.clock.fast_forward(9 * 3600 * 1000)
    later(wall, page, 2)
    page.wait_for_timeout(200)
    assert len(wall.asked) > asked
    later(wall, page, 1)
    expect(fresh).to_have_text("")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_pause_is_seen_holds_everything_and_ends_by_itself(wall, screen):
    page = screen("/wall/complaints:30,outages:15?lang=nl")
    fresh, button = page.locator("#fresh"), page.locator("#pause")
    later(wall, page, 1)
    before = title(page).inner_text()
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(fresh).to_have_text("Gepauzeerd tot 14:15; de spatiebalk gaat verder")
    for _ in range(6):
        later(wall, page, 10)
        page.wait_for_timeout(30)
        assert title(page).inner_text() == before
    page.keyboard.press("ArrowRight")
    expect(title(page)).not_to_have_text(before)
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    for _ in range(16):
        later(wall, page, 60)
        page.wait_for_timeout(30)
    expect(button).to_have_attribute("aria-pressed", "false")


def marked(page):
    """Whether the page is still the one that was marked; a page put anew has a body of its own."""
    return page.evaluate("document.body.marked === 1")


def until_anew(wall, page):
    """Small steps with real time between them: a leap would end its patience before an answer."""
    for _ in range(400):
        later(wall, page, 4)
        page.wait_for_timeout(60)
        if not marked(page):
            return
    raise AssertionError("it was not put anew")


def test_it_is_put_anew_at_night_and_only_when_there_is_an_answer(wall, screen):
    page = screen("/wall/complaints?lang=nl&refresh=3600", at=NOW)
    page.evaluate("document.body.marked = 1")
    # 14:00 local. Until 2:59 it stays; it moves a little, and never beyond the edge.
    shifts = set()
    for _ in range(12):
        later(wall, page, 3700)
        page.wait_for_timeout(50)
        shifts.add(page.evaluate("document.body.style.getPropertyValue('--shift')"))
    assert marked(page)
    assert len(shifts) > 3
    wall.free.clear()
    later(wall, page, 4 * 3600)
    assert marked(page), "no answer, so it stays as it is"
    wall.free.set()
    until_anew(wall, page)
    expect(title(page)).to_have_text("Top 5 klachten")
    # It goes on as before: its clock runs, keys work, and what ended keeps no time any more.
    later(wall, page, 2)
    expect(page.locator("#clock")).to_have_text(f"{wall.now.astimezone(ZONE):%H:%M}")
    page.keyboard.press("Space")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")


def test_a_new_version_comes_without_a_navigation_that_could_fail(wall, screen, monkeypatch):
    """Whatever stands in between or ends at the worst moment: the last good page stays."""
    page = screen("/wall/complaints?lang=nl&refresh=2", at=NOW)
    gone = []
    page.on("framenavigated", lambda _frame: gone.append(page.url))
    page.evaluate("document.body.marked = 1")
    shown = page.locator(".on").inner_text()
    monkeypatch.setattr(walls, "version", lambda: "newer")
    # A proxy answers for a server that is not there: in HTML, and well.
    for status in (502, 200):
        page.route("**/wall/complaints?*", partial(proxy, status))
        for _ in range(6):
            later(wall, page, 2)
            page.wait_for_timeout(60)
        assert marked(page)
        assert page.locator(".on").inner_text() == shown
        page.unroute("**/wall/complaints?*")
    # The page can be had, and then the server ends: before its new style and script.
    style = re.compile(r"wall\.(css|js)\?other$")
    page.route(style, lambda route: route.abort())
    page.route("**/wall/complaints?*", lambda route: answered(route, "?other"))
    for _ in range(6):
        later(wall, page, 2)
        page.wait_for_timeout(60)
    assert marked(page)
    assert page.locator(".on").inner_text() == shown
    assert page.locator("link[rel=stylesheet]").count() == 1
    page.unroute(style)
    page.route(style, lambda route: route.continue_())
    until_anew(wall, page)
    assert page.evaluate("getComputedStyle(document.querySelector('.on h1')).fontSize") != "32px"
    assert page.locator("script[src]").get_attribute("src").endswith("?other")
    assert page.locator("link[rel=stylesheet]").get_attribute("href").endswith("?other")
    later(wall, page, 4)
    expect(page.locator("#clock")).to_have_text(f"{wall.now.astimezone(ZONE):%H:%M}")
    assert not gone, "it never left its page"


def answered(route, static):
    """The server's own page, with another version of its style and script."""
    answer = route.fetch()
    route.fulfill(
        response=answer, body=re.sub(r"(wall\.(?:css|js))\?\w*", rf"\1{static}", answer.text())
    )


def proxy(status, route):
    route.fulfill(status=status, content_type="text/html", body="<h1>Bad gateway</h1>")
