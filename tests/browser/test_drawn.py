"""The script of our own figures, on a page that has nothing else: what is pointed at, chosen and kept."""

from pathlib import Path

import pytest

from kpi.charts import Point
from kpi.charts.columns import Strip, columns
from kpi.charts.lines import Series, lines
from kpi.charts.pairs import Pair, pairs
from kpi.model import Unit

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
        made = drawn(rows)
        data = {"html": made.html, "said": made.said, "marks": made.marks, "names": made.names, "chosen": True, "language": "nl"}  # fmt: skip
        page.evaluate(
            "data => draw({ data, parentElement: document.getElementById('here'),"
            " setTriggerValue: (_name, told) => { window.told = told; } })",
            data,
        )

    return shown


def drawn(what):
    """Lines in one field, rows of columns, or dots in pairs."""
    if isinstance(what[0], Series):
        return lines(what, Unit.COUNT)
    if isinstance(what[0], Strip):
        return columns(what)
    return pairs(what, filled="beste", hollow="slechtste")


def line(name, *values):
    points = [Point(f"p{i}", f"period {i}", value, n=100, key=f"k{i}") for i, value in enumerate(values)]  # fmt: skip
    return Series(name, tuple(points), "#0072B2")


HIGH, LOW, GAP = line("Hoog", 90, 80, 90), line("Laag", 10, 20, 10), line("Half", 50, None, 50)


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


def test_of_several_lines_the_one_that_passes_nearest_is_told(show, page):
    show(HIGH, LOW)
    field = page.locator(".catch").bounding_box()
    for share, name in ((0.1, "Hoog"), (0.9, "Laag")):
        page.mouse.move(field["x"] + field["width"] / 2 + 9, field["y"] + share * field["height"])
        assert page.locator(".telling").inner_text().splitlines()[:2] == [name, "period 1"]
    page.mouse.click(field["x"] + field["width"] - 4, field["y"] + 0.9 * field["height"])
    assert chosen(page) == ["k2", "Laag"]


def test_arrows_lead_along_a_line_and_from_line_to_line(show, page):
    show(HIGH, GAP, LOW)
    page.locator(".one").focus()
    told = []
    for key in ("Left", "Up", "Left", "Down", "Down", "Right", "Right", "Up", "Up", "Up"):
        page.keyboard.press(f"Arrow{key}")
        name, period, *_rest = page.locator(".telling").inner_text().splitlines()
        told.append(f"{name} {period[-1]}")
    assert told == [
        "Laag 2", "Half 2", "Half 0", "Laag 0", "Laag 0", "Laag 1", "Laag 2", "Half 2", "Hoog 2", "Hoog 2",
    ]  # fmt: skip


def test_what_is_pointed_at_stays_with_its_line(show, page):
    show(HIGH, LOW)
    page.locator(".one").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".telling").inner_text().startswith("Laag")
    show(LOW, HIGH)
    assert page.locator(".telling").inner_text().startswith("Laag")
    page.keyboard.press("Enter")
    assert chosen(page) == ["k2", "Laag"]
    show(HIGH)
    assert page.locator(".telling").is_hidden()


def test_the_label_of_a_line_tells_its_own_value(show, page):
    """And not what lies nearest to it, such as a period that is not over."""
    unfinished = Point("p3", "period 3", 50.0, n=100, key="k3", partial=True)
    show(Series("Hoog", (*HIGH.points, unfinished), "#0072B2"), LOW)
    page.locator(".ending text").first.hover()
    assert page.locator(".telling").inner_text().splitlines()[:2] == ["Hoog", "period 2"]
    page.locator(".ending text").first.click()
    assert chosen(page) == ["k2", "Hoog"]


def test_of_rows_of_columns_the_one_pointed_in_is_told(show, page):
    """Also high above a short column, where a tall one of the row above is nearer."""
    show(Strip("Boven", HIGH.points, Unit.COUNT), Strip("Onder", LOW.points, Unit.COUNT))
    for row, name in enumerate(("Boven", "Onder")):
        box = page.locator(f".catch[data-row='{row}']").bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 2)
        assert page.locator(".telling").inner_text().splitlines()[:2] == [name, "period 0"]
    page.mouse.down()
    page.mouse.up()
    assert chosen(page) == ["k0"]
