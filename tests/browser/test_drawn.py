"""The script of our own figures, on a page that has nothing else: what is pointed at, chosen and kept."""

from pathlib import Path

import pytest

from kpi.charts.pairs import Pair, pairs

ASSETS = Path(__file__).resolve().parents[2] / "pages" / "shared" / "assets"
FAR = Pair("Ver", 80.0, 70.0, 90.0, 20.0, "80 % – 20 %", key="far", other_key="far other")
SAME = Pair("Gelijk", 50.0, 40.0, 60.0, 50.0, "50 % – 50 %", key="same", other_key="same other")
#: Both dots tell the same of themselves.
ONE = Pair("Samen", 70.0, 60.0, 80.0, 10.0, "70 % – 10 %", key="one", other_key="one")


@pytest.fixture
def show(page):
    """Draws rows into an empty page, where others may stand already."""
    script = (ASSETS / "drawn.js").read_text("utf-8")
    page.set_content("<div id='here' style='width: 600px'></div>")
    page.add_style_tag(content=(ASSETS / "drawn.css").read_text("utf-8"))
    page.add_script_tag(content=script.replace("export default function", "window.draw = function"))

    def shown(*rows):
        made = pairs(rows, filled="beste", hollow="slechtste")
        data = {"html": made.html, "said": made.said, "marks": made.marks, "names": [], "chosen": True, "language": "nl"}  # fmt: skip
        page.evaluate(
            "data => draw({ data, parentElement: document.getElementById('here'),"
            " setTriggerValue: (_name, told) => { window.told = told; } })",
            data,
        )

    return shown


def chosen(page):
    return page.evaluate("window.told")


def click(page, x, row):
    box = page.locator(f".catch[data-row='{row}']").bounding_box()
    page.mouse.click(x * box["width"] + box["x"], box["y"] + 3)


def test_a_click_anywhere_in_a_row_chooses_its_nearest_dot(show, page):
    show(FAR, SAME)
    click(page, 0.05, 0)
    assert chosen(page) == ["far other"]
    click(page, 0.95, 0)
    assert chosen(page) == ["far"]


def test_of_two_in_one_place_the_one_on_top_is_chosen(show, page):
    show(FAR, SAME)
    for x in (0.05, 0.95):
        page.evaluate("window.told = null")
        click(page, x, 1)
        assert chosen(page) == ["same"]


def test_what_is_pointed_at_stays_so_wherever_it_is_drawn_next(show, page):
    show(FAR, ONE)
    page.locator(".one").focus()
    for _press in range(4):
        page.keyboard.press("ArrowDown")
    told = page.locator(".telling")
    assert "● beste" in told.inner_text()
    show(ONE, FAR)
    assert told.inner_text().startswith("Samen")
    assert "● beste" in told.inner_text(), "not the other dot that tells the same of itself"
    page.keyboard.press("Enter")
    assert chosen(page) == ["one"]
    show(FAR)
    assert told.is_hidden(), "what is there no longer is told no longer"
