"""Walls of the whole application in a real browser: they show what was loaded, fill any screen, and
come back by themselves. What their script does by the clock stands in test_wall_script.py.
"""

import re
import signal
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from kpi.access import SCREEN
from kpi.filters import Filters
from kpi.numbers import top_complaints
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.web.views import VIEWS
from tests.browser.serving import url_of
from tests.browser.test_loading import load, settled

SIZES = [(1280, 720), (1920, 1080), (3840, 2160)]
OTHERS = [(1024, 768), (1080, 1920)]
ALL = ",".join(VIEWS)


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


def boxes(page):
    """Where it says that it hears nothing, where the clock is, and where the numbers end."""
    return page.evaluate(
        """() => [document.querySelector("#fresh"), document.querySelector("#clock"),
             ...document.querySelectorAll(".view.on tbody tr, .view.on .bars li")].map((e) => e.getBoundingClientRect().toJSON())"""
    )


@pytest.mark.parametrize(("width", "height"), [SIZES[0], OTHERS[1]])
def test_what_it_says_while_it_hears_nothing_covers_no_number(loaded, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    for language in ("nl", "en"):
        page.goto(f"{loaded.url}/wall/scoreboard?refresh=2&lang={language}")
        page.route("**/content*", lambda route: route.abort())
        expect(page.locator("#fresh")).to_have_class(re.compile("amber"), timeout=15_000)
        said, clock, *rows = boxes(page)
        page.unroute("**/content*")
        assert rows
        assert said["left"] >= 0, (said, language)
        assert said["right"] <= clock["left"], (said, clock, language)
        assert said["bottom"] <= height, (said, language)
        for row in rows:
            # A row's own edge holds no text.
            assert row["bottom"] <= said["top"] + 0.012 * min(width, height), (row, said, language)


def test_a_wall_survives_a_server_that_hangs_and_one_that_is_killed(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/wall/scoreboard?refresh=2&lang=en&theme=light")
    fresh = page.locator("#fresh")
    expect(fresh).to_have_text("")
    content = page.locator(".on").inner_text()
    server.pause()
    try:
        expect(fresh).to_have_class(re.compile("amber"), timeout=15_000)
        expect(fresh).to_contain_text("No contact with Ketenzicht since")
        expect(fresh).to_have_class(re.compile("red"), timeout=20_000)
        # The last good numbers stay.
        assert page.locator(".on").inner_text() == content
    finally:
        server.resume()
    expect(fresh).to_have_text("", timeout=30_000)
    server.stop(signal.SIGKILL)
    expect(fresh).to_have_class(re.compile("amber"), timeout=15_000)
    server.start()
    expect(fresh).to_have_text("", timeout=30_000)
    assert page.locator(".on").inner_text() == content
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_page_survives_a_restart(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/klantproces?process=fault")
    settled(page)
    title = page.inner_text("h1")
    server.stop()
    server.start()
    # The browser connects again by itself; the page works without anybody loading it anew: the first
    # choice counts, and what can be taken along is there.
    expect(page.locator(".stApp[data-test-connection-state=CONNECTED]")).to_be_visible(
        timeout=30_000
    )
    page.wait_for_timeout(500)
    settled(page)
    assert page.inner_text("h1") == title
    page.get_by_role("radio", name="Doorlooptijd", exact=True).click()
    expect(page).to_have_url(re.compile("view=lead"))
    settled(page)
    taken = page.locator('a[href*="/download/table"]').first.get_attribute("href")
    assert page.request.get(f"{server.url}/{taken.lstrip('/')}").status == 200


#: Per view: every text with its size and box, what is scrolled out of sight, what is cut off.
LOOK = """(name) => {
  for (const one of document.querySelectorAll(".view")) one.classList.toggle("on", one.dataset.name === name);
  const shown = document.querySelector(".view.on");
  const texts = [...shown.querySelectorAll("*"), ...document.querySelectorAll("footer time")]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
      && getComputedStyle(e).visibility !== "hidden" && !e.matches(".shape"))
    .map((e) => ({text: e.textContent.trim(), size: parseFloat(getComputedStyle(e).fontSize),
      box: e.getBoundingClientRect().toJSON(),
      cut: getComputedStyle(e).overflow === "hidden" && e.scrollHeight > e.clientHeight * 1.25}));
  const page = document.documentElement;
  return {texts, scroll: [page.scrollWidth, page.scrollHeight]};
}"""
LONG = "Wachttijd aan de telefoon tijdens de ketelonderhoudscampagne van het najaar"


@pytest.mark.parametrize(("width", "height"), [*SIZES, *OTHERS])
def test_legible_from_five_metres_and_nothing_cut_off(loaded, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(reduced_motion="reduce")  # a view that has its turn is there at once
    for language in ("nl", "en"):
        # All views at once: what is not there (no offers now) loses its turn and is not looked at.
        page.goto(f"{loaded.url}/wall/{ALL}?lang={language}")
        page.evaluate(
            """(long) => { for (const one of document.querySelectorAll(".lines .title, .notices .title"))
                 { one.textContent = long; one.classList.add("long"); } }""",
            LONG,
        )
        names = page.evaluate("[...document.querySelectorAll('.view')].map((e) => e.dataset.name)")
        assert {"complaints", "risers", "scoreboard", "outages", "today"} <= set(names)
        for name in names:
            found = page.evaluate(LOOK, name)
            assert len(found["texts"]) > 2, name
            assert found["scroll"] == [width, height], (name, language)
            # Of a screen that stands upright the shorter side is what one sees from five metres.
            least = 0.0219 * min(width, height)
            for one in found["texts"]:
                where = (name, language, one)
                assert one["size"] >= least, where
                assert one["box"]["right"] <= width + 1, where
                assert one["box"]["bottom"] <= height + 1, where
                assert not one["cut"], where


#: Long announcements, and below four of them how many more there are: where each lies and what it holds.
CROWDED = """([long, count]) => {
  const list = document.querySelector("#views").appendChild(document.createElement("section"));
  const one = `<li class="now"><span class="label">Aangekondigd</span><span class="what"><span class="title long">${long}</span>
    <span class="text">${long}. ${long}.</span></span><span class="when"><span>tot zaterdag 28 november 02:59</span>
    <span class="for">${long}, ${long}</span></span></li>`;
  list.className = "view on";
  list.innerHTML = `<header><h1>Storingen</h1></header><ul class="notices rows-${count}">${one.repeat(count)}${count === 4 ? '<li class="more">en nog 3</li>' : ""}</ul><p class="foot"></p>`;
  return [...list.querySelectorAll("li")].map((row) => {
    const [box, ...parts] = [row, ...row.children].map((e) => e.getBoundingClientRect());
    return {top: box.top, bottom: box.bottom, first: Math.min(...parts.map((b) => b.top), box.bottom), last: Math.max(...parts.map((b) => b.bottom), box.top)};
  });
}"""


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(("width", "height"), [SIZES[0], *OTHERS])
def test_long_announcements_keep_off_each_other(loaded, page, width, height, count):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{loaded.url}/wall/outages?lang=nl")
    rows = page.evaluate(CROWDED, [LONG, count])
    assert len(rows) == count + (count == 4)
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        assert row["first"] >= row["top"] - 1, rows
        assert row["last"] <= row["bottom"] + 1, rows
        assert row["bottom"] <= (below["top"] + 1 if below else height), rows


@pytest.mark.parametrize(("width", "height"), [*SIZES, *OTHERS])
def test_a_code_of_the_widest_letters_is_whole(loaded, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{loaded.url}/wall/outages?lang=nl")
    box = page.evaluate(
        """() => {
          const view = document.querySelector(".view.on");
          view.innerHTML = '<header></header><div class="empty"><p class="letters">WWWW-MMMM</p></div>';
          const text = document.createRange();
          text.selectNodeContents(view.querySelector(".letters"));
          return text.getBoundingClientRect().toJSON();
        }"""
    )
    # As much is left beside it as there is before it.
    assert box["right"] <= width - box["left"], box


def test_wall_equals_what_the_numbers_say(demo_store, serve, page, tmp_path):
    server = serve(demo_store)
    page.goto(f"{server.url}/wall/complaints?lang=nl")
    shown = [int(text) for text in page.locator(".lines .n").all_inner_texts()]
    server.stop()
    with open_store(load_settings(url_of(server.store))) as store:
        top = top_complaints(store, Filters(), SCREEN, n=5)
    assert shown == [row.n for row in top.rows if row.n]


def test_a_screen_is_made_previewed_and_kept(serve, demo_store, page, context):
    server = serve(demo_store)
    page.goto(f"{server.url}/informatieschermen")
    settled(page)
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".on h1")).to_have_text("Top 5 klachten")
    link = page.get_by_role("link", name="Open schermvullend")
    assert link.get_attribute("href").startswith("/wall/complaints?lang=nl&theme=dark")
    page.get_by_label("Naam van het scherm").fill("Hal, 2e verdieping")
    page.get_by_label("Naam van het scherm").press("Enter")
    settled(page)
    page.get_by_role("button", name="Bewaar dit scherm").click()
    made = page.get_by_role("link", name="Hal, 2e verdieping")
    expect(made).to_be_visible()
    assert made.get_attribute("href") == "/wall/screen/hal-2e-verdieping"
    wall = context.new_page()
    wall.goto(f"{server.url}/wall/screen/hal-2e-verdieping")
    expect(wall.locator(".on h1")).to_have_text("Top 5 klachten")
    clock = f"{datetime.now(UTC):%M}"
    assert wall.locator("#clock").inner_text()[-2:] in {clock, f"{(int(clock) - 1) % 60:02d}"}


def test_no_motion_for_who_asks_for_none(loaded, browser):
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{loaded.url}/wall/complaints")
    duration = tab.evaluate("getComputedStyle(document.querySelector('.view')).transitionDuration")
    context.close()
    assert duration == "0s"
