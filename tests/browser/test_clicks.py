"""From a point, a bar or a cell of a figure to what stands behind it: by mouse and by keyboard."""

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import settled

APART = "/trends?kpi=avoidable&by=process&grain=week&period=12m&lang=nl"
MONTHS = "/trends?kpi=avoidable&grain=month&period=12m&lang=nl"
COURSE = ".st-key-trend-avoidable"
#: A figure of Plotly's, where it is, and what tells that it is drawn.
SPLIT = "/verschil?kpi=avoidable&by=reason&period=12m&lang=nl"
PARTS = ".st-key-split-avoidable-reason"
FIGURE, DRAWN = f"{PARTS} .kz-figure", ".bars .point"
TABLE = "De cijfers in een tabel"


def opened(page: Page, server, path: str) -> None:
    page.goto(f"{server.url}{path}")
    settled(page)


def choose_channel(page: Page, place: int) -> None:
    page.locator(".st-key-choose-channel [role=combobox]").click()
    page.get_by_role("option").nth(place).click()


def figure(page: Page, name: str) -> Locator:
    return page.locator(".kz-small svg.one").filter(has_text=name)


def middle_of(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def counted(page: Page) -> int:
    """How many rows the offer says there are, and how many there are once it is followed."""
    link = page.locator(".st-key-offer").get_by_role("link", name=re.compile("erachter|behind"))
    said = int(re.sub(r"\D", "", re.search(r"[\d.,]+ r", link.inner_text())[0]))
    link.click()
    expect(page).to_have_url(re.compile("/rijen"))
    settled(page)
    heading = re.sub("[.,]", "", page.get_by_role("heading", level=1).inner_text())
    assert str(said) in heading
    return said


def test_pointing_at_a_small_figure_tells_and_a_click_leads_to_the_rows(loaded, page):
    opened(page, loaded, APART)
    one = figure(page, "Informatievragen")
    page.mouse.move(*middle_of(one))
    told = page.locator(".kz-small .telling")
    expect(told).to_contain_text("Informatievragen")
    expect(told).to_contain_text("n = ")
    week = told.locator("span").first.inner_text()
    assert re.fullmatch(r"wk\s\d+ 20\d\d", week)
    page.mouse.click(*middle_of(one))
    offer = page.locator(".st-key-offer")
    expect(offer).to_contain_text(f"Informatievragen · {week}")
    # Also where the figures are taller than the window.
    expect(offer).to_be_in_viewport()
    settled(page)
    assert counted(page) > 0


def test_small_figures_by_keyboard(loaded, page):
    opened(page, loaded, APART)
    figure(page, "Opzeggingen").focus()
    told = page.locator(".kz-small .telling")
    page.keyboard.press("ArrowLeft")
    last = told.inner_text()
    page.keyboard.press("ArrowLeft")
    assert told.inner_text() != last
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-offer")).to_contain_text("Opzeggingen")


def test_what_the_keys_point_at_is_told_as_it_is_now(loaded, page):
    """Also where another figure is drawn while one points; a mark that is gone is told no longer."""
    opened(page, loaded, SPLIT)
    choose_channel(page, 1)
    expect(page).to_have_url(re.compile("channel="))
    settled(page)
    page.locator(FIGURE).focus()
    page.keyboard.press("ArrowLeft")
    told = page.locator(f"{FIGURE} .hovertext")
    expect(told).to_have_count(1)
    before = told.text_content()
    page.go_back()
    expect(told).not_to_have_text(before)
    assert told.text_content()[:8] == before[:8]
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)


def test_a_line_is_told_as_it_is_now_and_chosen_by_keyboard(loaded, page):
    opened(page, loaded, MONTHS)
    choose_channel(page, 1)
    expect(page).to_have_url(re.compile("channel="))
    settled(page)
    page.locator(f"{COURSE} .one").focus()
    page.keyboard.press("ArrowLeft")
    told = page.locator(f"{COURSE} .telling")
    before = told.inner_text().splitlines()
    page.go_back()
    expect(told).not_to_contain_text(before[1])
    now = told.inner_text().splitlines()
    assert now[0] == before[0], "the same month"
    # Every other number of it is another one.
    assert not {line for line in now if line.startswith("n = ")} & set(before)
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-offer")).to_contain_text(now[0])
    settled(page)
    assert counted(page) > 0


def above(root):
    """The lines above the figure in the file of a picture."""
    return [one.text for one in root if one.tag.endswith("text")]


def test_the_words_above_a_picture_take_the_lines_they_need(loaded, page, tmp_path):
    page.set_viewport_size({"width": 360, "height": 900})
    opened(page, loaded, f"{SPLIT}&process=fault")
    take = page.locator("[data-picture] a[data-as=svg]").first
    expect(take).to_be_visible(timeout=10_000)
    offer = page.locator("[data-picture]").first
    with page.expect_download() as taken:
        take.click()
    taken.value.save_as(tmp_path / "picture.svg")
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    lines = above(root)
    said = f"{offer.get_attribute('data-title')} {offer.get_attribute('data-about')}"
    assert " ".join(lines) == said
    assert len(lines) > 2
    # The figure begins below them.
    [figure] = [one for one in root if one.tag.endswith("}g")]
    last = max(float(one.get("y")) for one in root if one.tag.endswith("text"))
    assert float(figure.get("transform").split()[1].rstrip(")")) > last


def test_a_folded_table_comes_when_it_is_opened_and_the_picture_is_what_is_seen(
    loaded, page, tmp_path
):
    opened(page, loaded, APART)
    rows = page.locator(".st-key-trend-groups-table tbody tr")
    assert rows.count() == 0
    page.get_by_text(TABLE).click()
    expect(rows.first).to_be_visible()
    settled(page)
    with page.expect_download() as taken:
        page.locator('[data-picture="trend-groups"] a').first.click()
    taken.value.save_as(tmp_path / "picture.svg")
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    # What stands around it on the page is above it in the file.
    title, about = above(root)
    shown = page.locator(".st-key-trend-groups-table caption").text_content()
    assert (title, about.count(" · ")) == (shown, 2)
    assert re.search(r"alle kanalen · peildatum \d\d-\d\d-\d{4}$", about)
    figures = [one for one in root.iter() if one.get("class") == "one"]
    assert len(figures) == page.locator(".kz-small svg.one").count() >= 6
    # A file knows no style sheet: each part has its own look.
    lines = [one for one in root.iter() if one.get("class") == "line"]
    assert lines
    assert all(one.get("stroke").startswith("rgb") for one in lines)
    channel = page.locator(".st-key-choose-channel").get_by_role("combobox")
    # A list that opens while the page still scrolls closes again.
    channel.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    channel.click()
    page.get_by_role("option").nth(1).click()
    settled(page)
    expect(rows.first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        (MONTHS, f"{COURSE} .mark"),
        ("/bereikbaarheid?period=12m&lang=nl", ".js-plotly-plot .heatmaplayer image"),
        ("/klanten?lang=nl", ".st-key-flow .mark"),
        ("/klanten?view=contact&lang=nl", "[class*=st-key-contact-] .mark"),
        ("/klantproces?process=request&view=work&lang=nl", ".st-key-cases-flow .mark"),
        ("/bereikbaarheid?period=12m&lang=nl", ".st-key-clock .mark[data-of='1']"),
        ("/onnodige-contacten?view=valuable&lang=nl", ".st-key-categories .mark"),
    ],
    ids=[
        "point",
        "cell",
        "who came",
        "contacts of a group",
        "cases that came in",
        "hour of the day",
        "kind of contact",
    ],
)
def test_a_click_in_a_figure_offers_what_stands_behind_it(loaded, page, path, mark):
    opened(page, loaded, path)
    found = page.locator(mark)
    expect(found.first).to_be_attached()
    found.first.scroll_into_view_if_needed()
    at = found.nth(min(5, found.count() - 1)).bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".st-key-offer")).to_be_in_viewport()
    settled(page)
    assert counted(page) > 0


def test_bars_by_pointer_and_keyboard(loaded, page):
    opened(page, loaded, "/onnodige-contacten?lang=nl")
    bars = page.locator(".st-key-causes svg.one")
    told = page.locator(".st-key-causes .telling")
    first, second = bars.locator(".bar").nth(0), bars.locator(".bar").nth(1)
    page.mouse.move(*middle_of(second))
    expect(told).to_contain_text(bars.locator("text.name").nth(1).text_content())
    page.mouse.move(5, 5)
    expect(told).to_be_hidden()
    bars.focus()
    page.keyboard.press("ArrowDown")
    expect(told).to_contain_text(bars.locator("text.name").first.text_content())
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("step="))
    settled(page)
    expect(second).to_have_class(re.compile("chosen"))
    expect(first).to_have_class(re.compile("beside"))
    chosen = page.url
    # What is drawn now has the keys still: the one below it is a press away.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("was => location.href !== was", arg=chosen)
    assert "step=" in page.url
    settled(page)
    # The same once more is all of them again; anywhere in its row, and not as the second of a double click.
    page.wait_for_timeout(1100)
    box = page.locator(".st-key-causes svg.one .catch").nth(2).bounding_box()
    page.mouse.click(box["x"] + box["width"] - 10, box["y"] + 10)
    page.wait_for_function("() => !location.href.includes('step=')")


def test_the_picture_of_bars_is_what_is_seen(loaded, page, tmp_path):
    opened(page, loaded, "/onnodige-contacten?lang=nl")
    page.locator(".st-key-causes-table-folded summary").click()
    take = page.locator('[data-picture="causes"] a').first
    expect(take).to_be_visible(timeout=10_000)
    with page.expect_download() as taken:
        take.click()
    taken.value.save_as(tmp_path / "picture.svg")
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    assert above(root)[0] == page.locator(".st-key-causes-table caption").text_content()
    bars = [one for one in root.iter() if (one.get("class") or "").startswith("bar ")]
    assert len(bars) == page.locator(".st-key-causes .bar").count() > 2
    assert all(one.get("fill").startswith("rgb") for one in bars)
    texts = ["".join(one.itertext()) for one in root.iter() if one.get("class") == "figures"]
    assert texts == page.locator(".st-key-causes text.figures").all_text_contents()


def test_a_figure_by_keyboard(loaded, page):
    opened(page, loaded, SPLIT)
    figure = page.locator(FIGURE)
    expect(figure.locator(DRAWN).first).to_be_attached()
    figure.focus()
    page.keyboard.press("ArrowLeft")
    told = figure.locator(".hoverlayer .hovertext")
    expect(told).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    name = told.locator("text tspan").first.text_content()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-offer")).to_contain_text(name)


def test_a_filter_draws_into_the_figure_that_stands_there(loaded, page):
    """Another figure in its place takes the browser twice as long."""
    opened(page, loaded, SPLIT)
    figure = page.locator(FIGURE)
    expect(figure.locator(DRAWN).first).to_be_attached()
    figure.evaluate("one => (one.dataset.first = '1')")
    read = f"JSON.stringify(document.querySelector('{FIGURE}').data.map((one) => one.x))"
    before = page.evaluate(read)
    choose_channel(page, 1)
    page.wait_for_function(f"was => {read} !== was", arg=before)
    assert figure.get_attribute("data-first") == "1"
    assert figure.locator(".main-svg").first.bounding_box()["width"] == pytest.approx(
        figure.bounding_box()["width"], abs=1
    )
    page.set_viewport_size({"width": 820, "height": 1180})
    page.wait_for_function(
        f"() => {{ const one = document.querySelector('{FIGURE}');"
        " return Math.abs(one.querySelector('.main-svg').clientWidth - one.clientWidth) < 2; }"
    )


def test_a_figure_that_cannot_be_drawn_says_so_and_is_tried_again(loaded, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.route("**/figures/plotly-*.js", lambda route: route.abort())
    page.goto(f"{loaded.url}{SPLIT}")
    figure = page.locator(FIGURE)
    expect(figure).to_contain_text("kon niet worden getekend")
    settled(page)
    page.unroute("**/figures/plotly-*.js")
    choose_channel(page, 1)
    expect(figure.locator(DRAWN).first).to_be_attached()
    expect(figure).not_to_contain_text("kon niet worden getekend")
    context.close()


def test_a_figure_that_stood_and_failed_once_is_drawn_from_nothing(loaded, page):
    opened(page, loaded, SPLIT)
    figure = page.locator(FIGURE)
    expect(figure.locator(DRAWN).first).to_be_attached()
    page.evaluate(
        """(where) => {
          const react = Plotly.react;
          let failed = false;
          Plotly.react = (figure, ...more) => {
            if (!failed && figure.closest(where)) { failed = true; throw new Error("once"); }
            return react(figure, ...more);
          };
        }""",
        PARTS,
    )
    choose_channel(page, 1)
    expect(figure).to_contain_text("kon niet worden getekend")
    settled(page)
    choose_channel(page, 2)
    expect(figure.locator(DRAWN).first).to_be_attached()
    expect(figure).not_to_contain_text("kon niet worden getekend")


def test_what_did_not_load_says_so_and_is_asked_for_again(loaded, browser):
    """Streamlit never draws again what has failed once: so nothing of ours may."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.route("**/parts/*", lambda route: route.abort())
    page.goto(f"{loaded.url}/onnodige-contacten?lang=nl")
    failed = page.get_by_text("Dit deel van de pagina is niet geladen")
    expect(failed.first).to_be_visible(timeout=40_000)
    expect(page.get_by_text("BidiComponent Error")).to_have_count(0)
    settled(page)
    page.unroute("**/parts/*")
    choose_channel(page, 1)
    expect(page.locator(".st-key-causes .bar").first).to_be_attached()
    expect(page.locator(".st-key-tiles .value").first).to_be_visible()
    expect(failed).to_have_count(0)
    context.close()


def test_a_point_stays_chosen_in_the_other_language(loaded, page):
    opened(page, loaded, "/klantproces?process=request&view=work&lang=nl")
    found = page.locator(".st-key-cases-flow .mark")
    expect(found.first).to_be_attached()
    found.first.scroll_into_view_if_needed()
    page.mouse.click(*middle_of(found.nth(min(5, found.count() - 1))))
    offer = page.locator(".st-key-offer")
    expect(offer).to_contain_text("geopend")
    settled(page)
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(offer).to_contain_text("opened cases")
    settled(page)
    assert counted(page) > 0


def test_a_point_that_was_clicked_stands_in_the_address(loaded, browser, page):
    opened(page, loaded, APART)
    page.mouse.click(*middle_of(figure(page, "Informatievragen")))
    offer = page.locator(".st-key-offer")
    expect(offer).to_contain_text("Informatievragen")
    expect(page).to_have_url(re.compile("point=trend-groups"))
    settled(page)
    said = offer.inner_text()
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")
    copied = other.new_page()
    copied.goto(page.url)
    settled(copied)
    assert copied.locator(".st-key-offer").inner_text() == said
    other.close()
    page.go_back()
    expect(offer).to_have_count(0)
    assert "point=" not in page.url


def test_a_click_on_a_part_of_a_difference_offers_what_stands_behind_it(loaded, page):
    opened(page, loaded, "/verschil?period=12m&lang=nl")
    bars = page.locator(".barlayer .point")
    expect(bars.first).to_be_attached()
    widest = max(bars.all(), key=lambda one: one.bounding_box()["width"])
    page.mouse.click(*middle_of(widest))
    expect(page.locator(".st-key-offer")).to_be_visible()


@pytest.mark.parametrize(("path", "key"), [(MONTHS, COURSE), (SPLIT, PARTS)])
def test_one_tap_of_a_finger_is_a_click(path, key, loaded, browser):
    """A finger does not hover first, and what Plotly selects is what was hovered over."""
    found = DRAWN if path == SPLIT else ".mark"
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True, locale="nl-NL"
    )
    page = context.new_page()
    opened(page, loaded, path)
    points = page.locator(f"{key} {found}")
    expect(points.first).to_be_attached()
    points.first.scroll_into_view_if_needed()
    page.touchscreen.tap(*middle_of(points.nth(5)))
    expect(page.locator(".st-key-offer")).to_be_visible()
    context.close()


def test_a_table_that_is_no_longer_kept_is_said_beside_its_link(loaded, page):
    """A browser would say that a download failed, and of a page that stands longer than the table not why."""
    opened(page, loaded, "/datakwaliteit?lang=nl")
    take = page.locator(".st-key-gaps .take")
    csv = take.get_by_role("link", name="CSV")
    with page.expect_download() as taken:
        csv.click()
    assert taken.value.suggested_filename.endswith(".csv")
    assert "alert" not in take.inner_html()
    csv.evaluate("link => link.href = link.href.replace(/table\\/[0-9a-f]+/, 'table/0123')")
    csv.click()
    expect(take.get_by_role("alert")).to_contain_text("open de pagina opnieuw")
    page.route("**/download/**", lambda route: route.abort())
    csv.click()
    expect(take.get_by_role("alert")).to_have_text(
        "De server antwoordt niet: probeer het zo nog eens."
    )
