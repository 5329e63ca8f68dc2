"""A file in the browser: proposed, checked, loaded, seen in the numbers, taken back."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.serving import all_text, settled

#: The one button that loads; how many rows stands in it.
LOAD = re.compile("^Laad")
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


def give(page, *files):
    """Give files and wait until the first was read whole."""
    page.set_input_files("input[type=file]", list(files))
    expect(page.get_by_role("button", name=LOAD)).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-working")).to_have_count(0, timeout=90_000)
    settled(page, timeout=60_000)


def load(page, file, channel=""):
    """Give a file, agree with what it seems to be and with what is odd about it, load it."""
    give(page, file)
    if channel:
        # A file that does not say by which channel its contacts came is asked about.
        page.get_by_role("combobox").and_(page.get_by_placeholder("kies …")).click()
        page.get_by_role("option", name=channel, exact=True).click()
        settled(page)
        expect(page.locator(".st-key-working")).to_have_count(0, timeout=90_000)
    for right in ("Dit klopt allemaal", "Klopt", "Gezien, lees het toch in"):
        while page.get_by_role("button", name=right, exact=True).count():
            page.get_by_role("button", name=right, exact=True).first.click()
            settled(page)
    expect(page.get_by_role("button", name=LOAD)).to_be_enabled(timeout=60_000)
    page.get_by_role("button", name=LOAD).click()
    expect(page.get_by_text("is ingelezen als inlezing")).to_be_visible(timeout=90_000)
    settled(page, timeout=60_000)


def within_norm(page, server):
    """What the overview says of faults, over all that was loaded."""
    page.goto(f"{server.url}/?since=2026-03-01&until=2026-03-31")
    settled(page)
    return page.locator('a[data-kpi="within_norm"][data-process="fault"] .value').inner_text()


def test_choosing_another_column_rewrites_the_profile(empty, page, tmp_path):
    page.goto(f"{empty.url}/gegevens-inlezen")
    settled(page)
    give(page, cases(tmp_path / "maart.csv", 30, late=0))
    assert "02-03-2026 09:30:00" in all_text(page), "as read"
    source = page.get_by_role("combobox", name="Bron van closed_at")
    source.click()
    page.get_by_role("option", name="–", exact=True).click()
    settled(page)
    page.get_by_text("Als tekst, voor kenners (TOML)").click()
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
    load(page, shared_data / "callcenter" / "Call-Center-Dataset.csv", channel="Telefoon")
    assert "5.000" in all_text(page)
