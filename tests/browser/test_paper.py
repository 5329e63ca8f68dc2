"""A page printed: what was chosen in words, every figure and table whole, light whatever the screen is."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.serving import settled

#: The width and height of A4 lying, within its margins, in pixels.
PAPER, HIGH = 1046, 729
#: The page in sheets beside each other: the browser parts them as it does those of paper, and tells where
#: everything stands. Answers the words of two places that were printed over each other. Not those inside a
#: figure of Plotly's: that draws itself anew for sheets beside each other, not for a printer.
OVERPRINTED = """([wide, high]) => {
  const main = document.querySelector('.stMainBlockContainer');
  Object.assign(document.body.style, {width: `${wide}px`});
  main.style.cssText = `width: ${wide}px; height: ${high}px; columns: ${wide}px 1; column-gap: 40px; column-fill: auto`;
  const said = [];
  const read = (root, place) => {
    for (const one of root.querySelectorAll('*')) {
      const of = place ?? one.closest('.stElementContainer');
      if (one.shadowRoot) read(one.shadowRoot, of);
      if (!of || !one.matches('p, h1, h2, h3, th, td, text, .value, .label') || one.matches('.sr, .sr *, .kz-figure *')) continue;
      for (const {left, top, right, bottom} of one.getClientRects())
        if (right - left > 2 && bottom - top > 4)
          said.push({of, left: left + 1, top: top + 3, right: right - 1, bottom: bottom - 3, words: one.textContent.trim()});
    }
  };
  read(document, null);
  const over = [];
  said.forEach((one, at) => {
    for (const other of said.slice(at + 1))
      if (one.of !== other.of && one.left < other.right && other.left < one.right
          && one.top < other.bottom && other.top < one.bottom)
        over.push(`${one.words.slice(0, 40)} / ${other.words.slice(0, 40)}`);
  });
  return {said: said.length, over};
}"""


def on_paper(page, url):
    """The page as a printer gets it."""
    page.goto(url)
    settled(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    # As the page is printed: laid out for the paper, its figures drawn for the screen before.
    page.evaluate(f"document.body.style.width = '{PAPER}px'")


def cut(page, what):
    """How far each of them reaches beyond the paper, in pixels."""
    return page.locator(what).evaluate_all(
        f"all => all.map(one => one.getBoundingClientRect().right - {PAPER}).filter(by => by > 1)"
    )


@pytest.mark.parametrize(
    "path",
    ["/bereikbaarheid?period=12m", "/verschil?period=12m"],
)
def test_a_figure_is_as_wide_as_the_paper(path, loaded, page):
    page.set_viewport_size({"width": 1440, "height": 900})
    on_paper(page, f"{loaded.url}{path}&lang=nl")
    figures = page.locator(".kz-figure .main-svg").first
    assert figures.get_attribute("viewBox")
    assert not cut(page, ".kz-figure .main-svg")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert figures.get_attribute("viewBox") is None


def test_a_figure_goes_to_the_next_sheet_with_its_place(loaded, page):
    """What only the figure itself did, the words below it would not follow."""
    on_paper(page, f"{loaded.url}/bereikbaarheid?period=12m&lang=nl")
    asked = "one => getComputedStyle(one).breakInside"
    figures = page.locator(".kz-figure")
    assert figures.count()
    for figure in figures.all():
        assert figure.evaluate(asked) == "auto"
        assert (
            figure.locator("xpath=ancestor::*[contains(@class, 'stElementContainer')][1]").evaluate(
                asked
            )
            == "avoid"
        )


@pytest.mark.parametrize(
    "path",
    [
        "/funnels?",
        "/kanaalsturing?",
        "/klanten?",
        "/klanten?view=contact",
        "/onnodige-contacten?view=valuable",
        "/trends?process=information&kpi=avoidable",
        "/klantproces?process=request&view=work",
        "/klantproces?process=fault&view=lead&period=12m",
    ],
)
def test_a_figure_of_our_own_does_so_too(path, loaded, page):
    on_paper(page, f"{loaded.url}{path}&lang=nl")
    assert not cut(page, ".kz-drawing text")
    places = page.locator(".stElementContainer:has(.kz-whole)")
    assert places.count()
    for place in places.all():
        assert place.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
        assert place.locator(".one").evaluate("one => getComputedStyle(one).breakInside") == "auto"


@pytest.mark.parametrize(
    "path",
    [
        "/onnodige-contacten?",
        "/kanaalsturing?",
        "/bereikbaarheid?period=12m",
        "/klanten?",
        "/klantproces?process=request&view=work",
    ],
)
def test_nothing_is_printed_over_anything_else(path, loaded, page):
    """Beside each other, what one column took to the next sheet lay on the section below both."""
    on_paper(page, f"{loaded.url}{path}&lang=nl")
    # At some height a figure stands at the foot of a sheet: of one paper that would be luck.
    for high in (HIGH, HIGH - 60, HIGH - 130):
        found = page.evaluate(OVERPRINTED, [PAPER, high])
        assert found["said"] > 50
        assert not found["over"], (high, found["over"][:5])


def test_columns_stand_under_each_other(loaded, page):
    """One that is longer than a sheet would leave the other half of the next ones empty."""
    on_paper(page, f"{loaded.url}/kanaalsturing?lang=nl")
    assert page.locator(".stColumn").count() > 1
    wide = page.locator(".stColumn").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert min(wide) > 0.95 * PAPER


def test_the_processes_stand_on_one_sheet(loaded, page):
    page.goto(f"{loaded.url}/?lang=nl")
    settled(page)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_what_was_chosen_is_told_in_words_and_no_button_is_printed(loaded, page):
    on_paper(page, f"{loaded.url}/trends?process=information&channel=phone&lang=nl")
    expect(page.locator("#summary")).to_be_visible()
    assert "Telefoon" in page.locator("#summary").inner_text()
    assert "t.o.v." in page.locator("#summary").inner_text()
    expect(page.locator("#copy")).to_be_hidden()
    pressed = page.locator(".stSelectbox, .stButtonGroup, .stPageLink, .stExpander, .stAppHeader")
    assert pressed.count()
    assert not [one for one in pressed.all() if one.is_visible()]


@pytest.mark.parametrize("process", ["request", "information", "fault", "complaint"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_meeting_has_one_page(process, language, loaded, page):
    page.goto(f"{loaded.url}/agenda?process={process}&lang={language}")
    expect(page.locator("section")).to_have_count(5)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_a_table_is_printed_whole(loaded, page):
    on_paper(page, f"{loaded.url}/doelen?lang=nl")
    assert not cut(page, ".kz-table.even table")
    on_paper(page, f"{loaded.url}/funnels?lang=nl")
    tall = page.locator(".kz-table.tall").first
    assert tall.evaluate("one => one.scrollHeight - one.clientHeight") <= 1


def test_a_dark_screen_prints_light(loaded, page):
    page.emulate_media(color_scheme="dark")
    on_paper(page, f"{loaded.url}/?lang=nl")
    said = page.evaluate(
        "(() => { const of = getComputedStyle(document.querySelector('.stApp'));"
        " return [of.filter, of.backgroundColor] })()"
    )
    assert said[0].startswith("invert(1)")
    assert said[1] == "rgba(0, 0, 0, 0)"


def test_lines_have_the_same_colours_on_paper_whatever_the_screen_is(loaded, page):
    """Turned once, a line of one process has the colour of another."""
    seen = {}
    for screen in ("light", "dark"):
        page.emulate_media(color_scheme=screen)
        on_paper(page, f"{loaded.url}/trends?kpi=within_norm&by=process&grain=month&lang=nl")
        # Emulated for paper, the screen's own choice is forgotten.
        page.emulate_media(media="print", color_scheme=screen)
        figure = page.locator(".kz-drawing .one").first
        mark = figure.locator(".mark").first
        mark.scroll_into_view_if_needed()
        x, y, wide, high = mark.bounding_box().values()
        shot = page.screenshot(
            clip={"x": x + wide / 2 - 1, "y": y + high / 2 - 1, "width": 2, "height": 2}
        )
        picture = Image.open(BytesIO(shot)).convert("RGB")
        turned = figure.evaluate("one => getComputedStyle(one).filter")
        seen[screen] = (picture.getpixel((1, 1)), turned)
    assert seen["light"][1] == "none"
    assert seen["dark"][1].startswith("invert(1)"), "the page is turned, and this back"
    for one, other in zip(seen["light"][0], seen["dark"][0], strict=True):
        assert abs(one - other) < 25, seen
