"""Every page, in both languages, light and dark, with data and without: seen once, judged whole.

A visit is dear, so language, words, policy, accessibility and narrow screens are judged on the same
one, and a page is asked for once: in English and dark, and then, as a visitor would, in the other.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import ROOT, Server, all_text, serious, settled

#: Every page that the menu has, by its address: what is added there is looked at here.
PAGES = (
    "/",
    *(
        f"/{path}"
        for path in re.findall(
            r'url_path="([^"]+)",?\s*\)', (ROOT / "pages" / "shell.py").read_text(encoding="utf-8")
        )
    ),
)
#: Goes to an address as Back does.
GO = "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }"
#: What the bar itself says, Dutch and English.
BAR = (
    ("Overzicht", "Overview"),
    ("Klantproces", "Customer process"),
    ("Sturen", "Steering"),
    ("Gegevens", "Data"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page(path, loaded, page):
    said = []
    page.on("console", lambda line: said.append(line.text))
    page.emulate_media(color_scheme="dark")
    page.goto(f"{loaded.url}{path}?lang=en")
    settled(page)
    judged(page, "en")
    page.emulate_media(color_scheme="light")
    page.get_by_role("radio", name="NL", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    settled(page)
    judged(page, "nl")
    fits_a_phone(page)
    assert not [text for text in said if "Content Security Policy" in text]


@pytest.fixture(scope="module")
def nothing(empty: Server, browser: Browser) -> Iterator[Page]:
    """One tab for all pages of an empty store, in the dark; what its scripts stumble over is kept."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="nl-NL", color_scheme="dark"
    )
    context.set_default_timeout(30_000)
    tab = context.new_page()
    tab.goto(f"{empty.url}/")
    settled(tab)
    yield tab
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_data(path, nothing, empty):
    """Come to by the browser's own way: an empty page is small, and loading it anew the dearest."""
    broken = []
    nothing.on("pageerror", lambda problem: broken.append(str(problem)))
    if nothing.url != f"{empty.url}{path}":
        was = nothing.locator("html").get_attribute("data-page") or ""
        nothing.evaluate(GO, path)
        # The address is there before the page is.
        expect(nothing.locator("html")).not_to_have_attribute("data-page", was)
    settled(nothing)
    judged(nothing, "nl")
    fits_a_phone(nothing)
    nothing.set_viewport_size({"width": 1440, "height": 900})
    assert not broken


@pytest.mark.parametrize("path", ["/onnodige-contacten?view=yield", "/klanten?view=contact"])
def test_a_part_of_a_page(path, loaded, page):
    """What has widgets or tables of its own, once: in the dark, where contrast is hardest."""
    page.emulate_media(color_scheme="dark")
    page.goto(f"{loaded.url}{path}&lang=en")
    settled(page)
    in_its_language(page, "en")
    found = serious(page)
    assert not found, found
    fits_a_phone(page)


def judged(page, language):
    in_its_language(page, language)
    shown = all_text(page).split()
    for never in ("Traceback", "Error", "None", "nan", "{n}", "NaN"):
        assert never not in shown, never
    found = serious(page)
    assert not found, found


def in_its_language(page, language):
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    said = page.get_by_role("navigation", name="App pages").inner_text().splitlines()
    for dutch, english in BAR:
        own, other = (dutch, english) if language == "nl" else (english, dutch)
        assert own in said
        assert other not in said


def fits_a_phone(page):
    """No scrolling sideways at 320 CSS pixels: a phone, or a 1280-pixel screen at 400 %."""
    page.set_viewport_size({"width": 320, "height": 800})
    settled(page)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 321
