"""Every page, in both languages, light and dark, with data and without: seen once, judged whole.

One visit per page and look: a visit is dear, so language, words, policy, accessibility and
narrow screens are judged on the same one.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.serving import ROOT, all_text, serious, settled

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
#: What the bar itself says, Dutch and English.
BAR = (
    ("Overzicht", "Overview"),
    ("Klantproces", "Customer process"),
    ("Sturen", "Steering"),
    ("Gegevens", "Data"),
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("state", "language", "theme"),
    [("loaded", "nl", "light"), ("loaded", "en", "dark"), ("empty", "nl", "dark")],
)
def test_a_page(path, language, theme, state, page, request):
    server = request.getfixturevalue(state)
    said = []
    page.on("console", lambda line: said.append(line.text))
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server.url}{path}?lang={language}")
    settled(page)
    in_its_language(page, language)
    shown = all_text(page).split()
    for never in ("Traceback", "Error", "None", "nan", "{n}", "NaN"):
        assert never not in shown, never
    found = serious(page)
    assert not found, found
    fits_a_phone(page)
    assert not [text for text in said if "Content Security Policy" in text]


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
