"""Walls in a real browser: they refresh, say when they hear nothing, and come back by themselves."""

import re
import signal

import pytest
from playwright.sync_api import expect

from kpi.access import SCREEN
from kpi.filters import Filters
from kpi.numbers import top_complaints
from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import url_of
from tests.browser.test_loading import load, settled

SIZES = [(1280, 720), (1920, 1080), (3840, 2160)]


def complaints(path, count, reason="late_delivery"):
    """An extract of complaints of one reason, all of one week."""
    rows = ["case_id;process;reason;opened_at;status"]
    rows += [
        f"{reason}-{i};complaint;{reason};2026-03-{20 + i % 4} 10:00;open" for i in range(count)
    ]
    # One a day later, so that the last of those days is over.
    rows.append("last;complaint;treatment;2026-03-24 10:00;open")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_wall_refreshes_after_an_import(serve, empty_store, context, page, tmp_path):
    server = serve(empty_store)
    wall = context.new_page()
    wall.goto(f"{server.url}/wall/complaints?refresh=2&lang=nl")
    expect(wall.get_by_text("Er zijn nog geen zaken ingelezen")).to_be_visible()
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, complaints(tmp_path / "klachten.csv", 24))
    expect(wall.get_by_text("Te late levering")).to_be_visible(timeout=15_000)
    expect(wall.locator(".lines .n").first).to_have_text("24")


def test_a_server_that_hangs_shows_amber_then_red_and_recovers(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/wall/scoreboard?refresh=2&lang=nl")
    fresh = page.locator("#fresh")
    expect(fresh).to_have_text("")
    content = page.locator(".on").inner_text()
    server.pause()
    try:
        expect(fresh).to_have_class(re.compile("amber"), timeout=15_000)
        expect(fresh).to_contain_text("Geen contact met Ketenzicht sinds")
        expect(fresh).to_have_class(re.compile("red"), timeout=20_000)
        # The last good numbers stay.
        assert page.locator(".on").inner_text() == content
    finally:
        server.resume()
    expect(fresh).to_have_text("", timeout=30_000)


def test_a_wall_survives_a_restart(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/wall/scoreboard?refresh=2&lang=en&theme=light")
    content = page.locator(".on").inner_text()
    server.stop(signal.SIGKILL)
    expect(page.locator("#fresh")).to_have_class(re.compile("amber"), timeout=15_000)
    server.start()
    expect(page.locator("#fresh")).to_have_text("", timeout=30_000)
    assert page.locator(".on").inner_text() == content
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_page_survives_a_restart(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/klantproces?process=fault")
    settled(page)
    title = page.inner_text("h1")
    server.stop()
    server.start()
    page.reload()
    settled(page)
    assert page.inner_text("h1") == title


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("view", ["complaints", "scoreboard"])
def test_legible_from_five_metres_and_nothing_cut_off(loaded, page, width, height, view):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{loaded.url}/wall/{view}?lang=nl")
    page.wait_for_timeout(300)
    found = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
            && getComputedStyle(e).visibility !== "hidden" && !e.matches(".shape"))
          .map((e) => ({text: e.textContent.trim(), size: parseFloat(getComputedStyle(e).fontSize),
            box: e.getBoundingClientRect().toJSON()}))"""
    )
    assert found
    for one in found:
        assert one["size"] >= 0.0219 * height, one
        assert one["box"]["right"] <= width + 1, one
        assert one["box"]["bottom"] <= height + 1, one
    overflow = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert overflow == [width, height]


def test_wall_equals_what_the_numbers_say(demo_store, serve, page, tmp_path):
    server = serve(demo_store)
    page.goto(f"{server.url}/wall/complaints?lang=nl")
    shown = [int(text) for text in page.locator(".lines .n").all_inner_texts()]
    server.stop()
    with open_store(load_settings(url_of(server.store))) as store:
        top = top_complaints(store, Filters(), SCREEN, n=5)
    assert shown == [row.n for row in top.rows if row.n]


def test_preview_shows_the_wall_itself(loaded, page):
    page.goto(f"{loaded.url}/informatieschermen")
    settled(page)
    frame = page.frame_locator("iframe").first
    expect(frame.locator("h1")).to_have_text("Top 5 klachten")
    link = page.get_by_role("link", name="Open schermvullend")
    assert link.get_attribute("href").startswith("/wall/complaints?lang=nl&theme=dark")


def test_no_motion_for_who_asks_for_none(loaded, browser):
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{loaded.url}/wall/complaints")
    duration = tab.evaluate("getComputedStyle(document.querySelector('.view')).transitionDuration")
    context.close()
    assert duration == "0s"
