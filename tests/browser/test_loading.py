"""A file in the browser: proposed, checked, loaded, seen in the numbers, taken back."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.serving import all_text, settled

HEAD = ["Zaaknummer", "Klantproces", "Geopend op", "Afgesloten op", "Status"]


def cases(path: Path, count: int, late: int, bad: int = 0, start: int = 0) -> Path:
    """An extract of fault cases of March 2026: `late` of them took a week, `bad` have no real date."""
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        for i in range(count):
            day = 2 + i % 20
            closed = f"{day + 7:02d}-03-2026 10:00" if i < late else f"{day:02d}-03-2026 15:00"
            opened = f"{day:02d}-03-2026 09:30" if i >= bad else "31-02-2026 09:30"
            writer.writerow([f"Z-{start + i:04d}", "fault", opened, closed, "afgehandeld"])
        # The extract ends a month later, so that every deadline has passed.
        writer.writerow(
            [f"Z-{start + count:04d}", "fault", "30-04-2026 09:00", "", "in behandeling"]
        )
    return path


def load(page, file):
    """Give the file, check it, load it."""
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Controleer het bestand").click(timeout=60_000)
    page.get_by_role("button", name="Laad ").click(timeout=60_000)
    expect(page.get_by_text("is ingelezen als inlezing")).to_be_visible(timeout=60_000)
    settled(page)


def within_norm(page, server):
    """What the overview says of faults, over all that was loaded."""
    page.goto(f"{server.url}/?since=2026-03-01&until=2026-03-31")
    settled(page)
    return page.locator('a[data-kpi="within_norm"][data-process="fault"] .value').inner_text()


def test_upload_changes_the_number_and_undo_brings_it_back(serve, empty_store, page, tmp_path):
    server = serve(empty_store)
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, cases(tmp_path / "maart.csv", 100, late=10))
    assert within_norm(page, server).replace("\u00a0", " ") == "90 %"

    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, cases(tmp_path / "later.csv", 100, late=100, start=500))
    # 90 of 200 in time.
    assert within_norm(page, server).replace("\u00a0", " ") == "45 %"

    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    page.get_by_role("button", name="Neem terug …").click()
    page.get_by_role("button", name="Ja, neem inlezing 2 terug").click()
    expect(page.get_by_text("Inlezing 2 is teruggenomen.")).to_be_visible()
    assert within_norm(page, server).replace("\u00a0", " ") == "90 %"


def test_rows_set_aside_are_shown_and_can_be_downloaded(serve, empty_store, page, tmp_path):
    server = serve(empty_store)
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, cases(tmp_path / "maart.csv", 60, late=0, bad=3))
    body = all_text(page)
    assert "3 rijen zijn apart gezet" in body
    assert "31-02-2026 09:30" in body
    with page.expect_download() as download:
        page.get_by_role("link", name="Download de apart gezette rijen").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "Geopend op" in text


def test_the_preview_shows_raw_and_read(serve, empty_store, page, tmp_path):
    server = serve(empty_store)
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    page.set_input_files("input[type=file]", cases(tmp_path / "maart.csv", 30, late=0))
    page.get_by_role("button", name="Controleer het bestand").click(timeout=60_000)
    expect(page.get_by_role("button", name="Laad 31 rijen")).to_be_visible(timeout=60_000)
    settled(page)
    assert "02-03-2026 09:30:00" in all_text(page)
    # Nothing was loaded by looking.
    page.goto(server.url)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Er zijn nog geen gegevens")


def test_choosing_another_column_rewrites_the_profile(serve, empty_store, page, tmp_path):
    server = serve(empty_store)
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    page.set_input_files("input[type=file]", cases(tmp_path / "maart.csv", 30, late=0))
    source = page.get_by_role("combobox", name="Bron van closed_at")
    expect(source).to_be_visible(timeout=60_000)
    source.click()
    page.get_by_role("option", name="–", exact=True).click()
    settled(page)
    page.get_by_text("Profiel (TOML)").first.click()
    profile = page.get_by_role("textbox", name="Profiel (TOML)")
    expect(profile).to_be_visible()
    assert "closed_at" not in profile.input_value()
    assert "opened_at" in profile.input_value()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.csv", b""),
        ("plaatje.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("zonder_datum.csv", b"klant;bedrag\n1;2\n3;4\n"),
        ("werkmap.xlsx", b"PK\x03\x04 this is no workbook"),
    ],
)
def test_a_wrong_file_gets_a_sentence(empty, page, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    page.goto(f"{empty.url}/gegevens-inlezen")
    settled(page)
    page.set_input_files("input[type=file]", tmp_path / name)
    said = page.get_by_role("alert").first
    expect(said).to_be_visible(timeout=60_000)
    text = said.inner_text()
    assert len(text.split()) >= 4
    for never in ("Traceback", "Exception", "Error", "Er ging iets mis"):
        assert never not in all_text(page)


def test_real_file(serve, empty_store, page, shared_data):
    server = serve(empty_store)
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, shared_data / "callcenter" / "Call-Center-Dataset.csv")
    assert "5.000" in all_text(page)
