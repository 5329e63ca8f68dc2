"""Deep links, languages and filters in the URL, on a server that was just started."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from kpi import formats
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.numbers import applies, ask
from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import settled, url_of
from tests.browser.test_pages import PAGES


def test_deep_link_on_a_fresh_server_runs_the_shell_first(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/klantproces?process=fault")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Storingen")
    # The shell's own: navigation, language, the frame.
    expect(page.get_by_role("button", name="Gegevens")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_role("button", name="Kopieer link")).to_be_visible()


def test_an_address_of_no_page_is_told_in_our_words(loaded, page):
    page.goto(f"{loaded.url}/bestaat-niet")
    settled(page)
    told = page.get_by_test_id("stAlert")
    expect(told).to_contain_text("Op dit adres staat geen pagina")
    expect(page).to_have_url(f"{loaded.url}/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # Not where one goes from there.
    page.get_by_role("link", name="Klantproces").first.click()
    settled(page)
    expect(told).to_have_count(0)


def test_the_menu_names_every_page_and_says_where_one_is(loaded, page):
    page.goto(f"{loaded.url}/trends?lang=en")
    settled(page)
    paths = set()
    for button in page.get_by_test_id("stTopNavSection").all():
        button.click()
        items = page.get_by_role("menuitem")
        expect(items.first).to_be_visible()
        paths |= {item.get_attribute("href").removeprefix(loaded.url) for item in items.all()}
        page.keyboard.press("Escape")
        expect(items).to_have_count(0)
    assert paths | {"/", "/klantproces"} == set(PAGES)
    expect(page.locator("[data-here]")).to_have_count(1)
    expect(page.locator("[data-here] p")).to_have_attribute("data-page", " · Trends")
    page.get_by_role("link", name="Overview").first.click()
    settled(page)
    expect(page.locator("[data-here]")).to_have_count(0)


def test_back_from_a_page_of_the_menu_is_one_step(loaded, page):
    page.goto(f"{loaded.url}/?channel=phone")
    settled(page)
    page.get_by_role("button", name="Sturen").click()
    page.get_by_role("menuitem", name="Trends").click()
    expect(page).to_have_url(f"{loaded.url}/trends?channel=phone")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    settled(page)
    page.get_by_role("link", name="Klantproces").first.click()
    expect(page).to_have_url(re.compile("/klantproces.*channel=phone"))
    settled(page)
    # By the keyboard alike.
    page.get_by_role("button", name="Gegevens").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/codes"))
    settled(page)
    for address in ("/klantproces.*channel=phone", "/trends.channel=phone$", "/.channel=phone$"):
        page.go_back()
        expect(page).to_have_url(re.compile(address))
        settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("buiten de norm")


def test_change_process(loaded, page):
    page.goto(f"{loaded.url}/klantproces?process=fault")
    settled(page)
    page.get_by_role("combobox", name="Klantproces").click()
    page.get_by_role("option", name="Opzeggingen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Opzeggingen")
    expect(page).to_have_url(f"{loaded.url}/klantproces?process=cancellation")


def test_click_a_row_of_the_overview(loaded, page):
    page.goto(f"{loaded.url}/?period=12m&channel=phone")
    settled(page)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Klachten en tips"))
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Klachten en tips")
    settled(page)
    # The same question, of one process; its days are named, and known by their choice.
    for part in ("process=complaint", "since=2024-09-01&until=2025-08-31", "channel=phone"):
        assert part in page.url
    expect(page.get_by_role("combobox", name="Periode")).to_have_value(re.compile("12 maanden"))


def test_click_a_number_shows_its_course(loaded, page):
    page.goto(loaded.url)
    settled(page)
    cell = page.locator('a[data-kpi="avoidable"][data-process="information"]').first
    cell.click()
    expect(page.get_by_role("heading", name="Onnodige contacten", level=2)).to_be_visible()
    settled(page)
    assert "kpi=avoidable" in page.url


def test_keyboard_reaches_a_number_and_what_stands_behind_it(loaded, page):
    page.goto(loaded.url)
    settled(page)
    cell = page.locator("a.cell").first
    cell.focus()
    note = page.locator("td .has-tip").first.locator(".tip")
    expect(note).to_be_visible()
    expect(note).to_contain_text("interval")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/klantproces"))


def test_language_changes_and_stays(loaded, page):
    page.goto(f"{loaded.url}/klantproces?process=fault")
    settled(page)
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Faults and outages")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Overview").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("processes are off target")
    settled(page)
    assert "lang=en" in page.url


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/trends?process=information&kpi=avoidable", ".st-key-trend-avoidable .value"),
        ("/bereikbaarheid?period=12m", ".kz-figure .xtick text"),
    ],
)
def test_figures_turn_dark_with_the_screen(path, words, loaded, page):
    page.goto(f"{loaded.url}{path}&lang=nl")
    settled(page)
    words = page.locator(words).first
    expect(words).to_have_css("fill", "rgb(86, 96, 112)")
    page.emulate_media(color_scheme="dark")
    expect(words).to_have_css("fill", "rgb(170, 179, 191)")
    page.emulate_media(color_scheme="light")
    expect(words).to_have_css("fill", "rgb(86, 96, 112)")


def test_filters_go_along_and_the_url_brings_them_back(loaded, page, context):
    page.goto(loaded.url)
    settled(page)
    page.get_by_role("combobox", name="Periode").click()
    page.get_by_role("option", name="12 maanden").click()
    settled(page)
    page.get_by_role("combobox", name="Kanaal").click()
    page.get_by_role("option", name="Telefoon").click()
    settled(page)
    expect(page).to_have_url(f"{loaded.url}/?period=12m&channel=phone")
    again = context.new_page()
    again.goto(page.url)
    settled(again)
    assert again.inner_text("h1") == page.inner_text("h1")
    assert again.locator(".st-key-about").inner_text() == page.locator(".st-key-about").inner_text()


def test_what_is_asked_anew_fades_only_where_that_takes_long(loaded, page):
    page.goto(f"{loaded.url}/trends")
    settled(page)
    app = page.locator(".stApp")
    looks = """() => {
        const part = document.querySelector(".stElementContainer");
        part.dataset.stale = "true";
        const style = getComputedStyle(part);
        return [style.opacity, style.transitionProperty];
    }"""
    app.evaluate("app => { app.dataset.testScriptState = 'running'; }")
    assert page.evaluate(looks) == ["1", "none"]
    expect(app).to_have_attribute("data-slow", "")
    app.evaluate("app => { app.dataset.testScriptState = 'notRunning'; }")
    expect(app).not_to_have_attribute("data-slow", "")


def test_back_button_undoes_a_choice(loaded, page):
    page.goto(f"{loaded.url}/?period=12m")
    settled(page)
    page.get_by_role("combobox", name="Kanaal").click()
    page.get_by_role("option", name="Telefoon").click()
    settled(page)
    page.go_back()
    settled(page)
    expect(page.get_by_role("combobox", name="Kanaal")).to_have_value("alle kanalen")
    expect(page).to_have_url(f"{loaded.url}/?period=12m")


def test_back_from_a_drill_is_what_was_left(loaded, page):
    """Not the period and process of the link that led away: its address stands between the two."""
    page.goto(f"{loaded.url}/?period=12m")
    settled(page)
    before = page.inner_text("h1"), page.locator(".st-key-about").inner_text()
    page.set_viewport_size({"width": 1440, "height": 500})
    link = page.get_by_role("link", name=re.compile(r"^n = ")).last
    link.evaluate("one => one.scrollIntoView({block: 'center'})")
    down = page.evaluate("document.querySelector('.stMain').scrollTop")
    assert down > 100
    # Twice, as many do: still one step back.
    link.dblclick()
    expect(page).to_have_url(re.compile("/rijen"))
    settled(page)
    went = page.url
    page.go_back()
    expect(page).to_have_url(f"{loaded.url}/?period=12m")
    settled(page)
    assert (page.inner_text("h1"), page.locator(".st-key-about").inner_text()) == before
    # As far down as it was, and no longer held there by force.
    there = "down => Math.abs(document.querySelector('.stMain').scrollTop - down) < 2"
    page.wait_for_function(there, arg=down, timeout=5000)
    page.mouse.wheel(0, -90)
    page.wait_for_function(there, arg=down - 90, timeout=5000)
    # The link's address was the page's own: nothing stands between the two.
    page.go_forward()
    expect(page).to_have_url(went)


def test_copied_link_names_the_days(loaded, page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{loaded.url}/klantproces?process=fault")
    settled(page)
    page.get_by_role("button", name="Kopieer link").click()
    expect(page.get_by_text("De link is gekopieerd.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{loaded.url}/klantproces?process=fault&since=2025-0")
    before = page.inner_text("h1")
    page.goto(link)
    settled(page)
    assert page.inner_text("h1") == before


def test_tablet_folds_the_filters(loaded, page):
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(f"{loaded.url}/klantproces?process=fault")
    settled(page)
    period = page.get_by_role("combobox", name="Periode")
    expect(period).to_be_hidden()
    fold = page.locator("#fold")
    expect(fold).to_contain_text("Storingen")
    fold.click()
    expect(period).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "true")


def test_the_overview_shows_what_show_says(serve, demo_store, page):
    server = serve(demo_store)
    page.goto(f"{server.url}/?since=2025-03-01&until=2025-06-30&channel=phone")
    settled(page)
    shown = {}
    for cell in page.locator("a.cell").all():
        place = (cell.get_attribute("data-kpi"), cell.get_attribute("data-process"))
        shown[place] = cell.locator(".value").inner_text()
    server.stop()
    filters = Filters.of(date(2025, 3, 1), date(2025, 6, 30), channel=["phone"])
    names = sorted({k for k, _process in shown if applies(KPIS[k], ("process",), filters.where)})
    assert len(names) >= 6
    with open_store(load_settings(url_of(server.store))) as store, use("nl"):
        told = {
            (one.kpi, one.by["process"]): formats.value(one.value, one.unit, one.low, one.high)
            for one in ask(store, names, filters, ("process",))
        }
    assert len(shown) >= 36
    for place, text in shown.items():
        # A near miss is shown with a decimal more.
        assert text == told.get(place, "–") or text.split(",")[0] in told[place], place
