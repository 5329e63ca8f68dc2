"""Three journeys through loading: a first export, next week's file, and a mistake undone."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.serving import Server, all_text, copied, served, settled
from tests.browser.test_loading import LOAD, give

HEAD = ["Meldingsnummer", "Klantproces", "Datum ontvangst", "Datum afgehandeld", "Status",
        "Ontvangen via", "Bedrag"]  # fmt: skip


def export(path: Path, first: int, count: int, late: int, bad: int = 0) -> Path:
    """A Dutch export of faults as Excel writes it: `late` of them took a week, `bad` have no date."""
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        for i in range(count):
            day = 2 + i % 20
            closed = f"{day + 7:02d}-03-2026" if i < late else f"{day:02d}-03-2026"
            opened = f"{day:02d}-03-2026"
            writer.writerow(
                [f"M{first + i:05d}", "Storingen", opened, closed, "afgehandeld",
                 "Telefoon" if i % 4 else "Café-balie", f"1.2{i % 10}4,50"]
            )  # fmt: skip
        for i in range(bad):
            writer.writerow(
                [f"M9{i:04d}", "Storingen", "31-02-2026", "", "afgehandeld", "Telefoon", "12,50"]
            )
        # The extract ends a month later, so that every deadline has passed.
        writer.writerow([f"M8{first:04d}", "Storingen", "30-04-2026", "", "open", "Telefoon", ""])
    return path


@pytest.fixture(scope="module")
def server(empty_store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("journeys")
    with served(copied(empty_store, folder), folder / "log") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


def opened(page, server: Server, path="gegevens-inlezen"):
    page.goto(f"{server.url}/{path}")
    settled(page)


def loads(page):
    """Press the one button; wait for the report."""
    expect(page.get_by_role("button", name=LOAD)).to_be_enabled(timeout=60_000)
    page.get_by_role("button", name=LOAD).dblclick()
    expect(page.get_by_text("is ingelezen als inlezing")).to_be_visible(timeout=90_000)
    settled(page, timeout=60_000)


def within_norm(page, server):
    opened(page, server, "?since=2026-03-01&until=2026-03-31")
    shown = page.locator('a[data-kpi="within_norm"][data-process="fault"] .value').inner_text()
    return shown.replace("\u00a0", " ")


def test_a_first_export_is_loaded_without_a_manual(server, folder, page):
    opened(page, server)
    give(page, export(folder / "storingen_week_10.csv", 0, 100, late=10, bad=3))
    said = all_text(page)
    assert "gelezen als Zaken" in said
    assert "Windows-1252" in said
    assert "puntkomma" in said
    # As read, and below it as it stands in the file; what is set aside with line, value and reason.
    assert "02-03-2026 00:00:00" in said
    assert "31-02-2026" in said
    assert "3 rijen worden apart gezet" in said
    expect(page.get_by_role("button", name="Laad 101 rijen")).to_be_enabled()
    # Pressed twice, it is loaded once.
    loads(page)
    said = all_text(page)
    assert "Wat het met de cijfers deed" in said
    assert "Binnen norm" in said
    assert said.count("storingen_week_10.csv is ingelezen als inlezing 1: 101 rijen.") == 1
    page.get_by_text("Controletotalen, om naast het rapport").click()
    expect(page.get_by_text("Café-balie").first).to_be_visible()
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("Bewaard als “storingen”")).to_be_visible()
    assert within_norm(page, server) == "90 %"


def test_rows_set_aside_are_mended_and_loaded(server, folder, page):
    opened(page, server)
    with page.expect_download() as download:
        page.get_by_role("link", name="Apart gezette rijen").first.click()
    content = Path(download.value.path()).read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0][2:] == HEAD, "the file's own columns, after line and reason"
    assert [row[4] for row in rows[1:]] == ["31-02-2026"] * 3
    mended = folder / download.value.suggested_filename
    mended.write_bytes(content.replace("31-02-2026", "28-02-2026").encode("cp1252"))
    give(page, mended)
    assert "Gelezen zoals inlezing 1" in all_text(page)
    loads(page)
    assert "is ingelezen als inlezing 2: 3 rijen." in all_text(page)


def test_a_code_is_configured_without_loading_again(server, page):
    opened(page, server, "codes")
    assert "1 code is nog niet ingericht" in all_text(page)
    page.get_by_role("combobox", name="Deze codes").click()
    page.get_by_role("option", name="Café-balie").click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="betekenen").click()
    page.get_by_role("option", name="laat het bewust zoals het is").click()
    page.get_by_role("button", name="Bewaar").click()
    expect(
        page.get_by_text("1 code is ingericht; de cijfers zijn opnieuw gemaakt.")
    ).to_be_visible()
    assert "Alle codes zijn ingericht" in all_text(page)


def test_next_weeks_file_is_one_drop(server, folder, page):
    opened(page, server)
    give(page, export(folder / "storingen_week_11.csv", 200, 100, late=20))
    said = all_text(page)
    assert "Gelezen met het bewaarde profiel “storingen”." in said
    assert "punt om na te kijken" not in said
    loads(page)
    assert "storingen_week_11.csv is ingelezen als inlezing 3: 101 rijen." in all_text(page)
    # The one before and the one after it: 90 and 80 of 100 in time.
    assert within_norm(page, server) == "85 %"


def test_a_mistake_is_taken_back(server, folder, page):
    opened(page, server)
    give(page, export(folder / "storingen_week_12.csv", 400, 100, late=100))
    loads(page)
    assert within_norm(page, server) == "57 %"
    opened(page, server)
    page.get_by_role("button", name="Neem terug …").click()
    expect(page.get_by_text("Rijen die verdwijnen")).to_be_visible()
    page.get_by_role("button", name="Ja, neem inlezing 4 terug").click()
    expect(page.get_by_text("Inlezing 4 is teruggenomen.")).to_be_visible(timeout=60_000)
    assert within_norm(page, server) == "85 %"
    # The same file again is the same as if it had never been there.
    opened(page, server)
    give(page, folder / "storingen_week_11.csv")
    loads_nothing(page)


def loads_nothing(page):
    """A file that was loaded already changes nothing, and says so."""
    page.get_by_role("button", name=LOAD).click()
    expect(page.get_by_text("al eerder ingelezen, als inlezing 3")).to_be_visible(timeout=60_000)
