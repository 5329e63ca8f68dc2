"""Files as they come, each made into rows by clicking, from the drop to the report, without a manual.

Every recipe stays in the wizard; what it loaded is read from the store itself.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.serving import Server, copied, served, settled
from tests.browser.test_loading import LOAD, give

#: How often a list is opened until it shows what was chosen: a run in between closes it.
TRIES = 5


@pytest.fixture(scope="module")
def server(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all recipes; each loads something else."""
    folder = tmp_path_factory.mktemp("recipes")
    with served(copied(empty_store, folder), folder / "log") as running:
        yield running


@pytest.fixture
def wizard(server: Server, page: Page) -> Page:
    """The page where files are dropped."""
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    return page


def written(path: Path, *rows: tuple[str, ...]) -> Path:
    """A Dutch export."""
    with path.open("w", newline="", encoding="cp1252") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def choose(page: Page, label: str, option: str, within: Locator | None = None) -> None:
    """Choose from the list with this label, until the list shows what was chosen."""
    where = within or page.locator("body")
    field = where.get_by_role("combobox", name=label)
    box = where.locator('[data-testid="stSelectbox"]').filter(has=field)
    for last in [False] * (TRIES - 1) + [True]:
        settled(page)
        if shows(box, field, option):
            return
        try:
            field.click(timeout=3_000)
            page.get_by_role("option", name=option, exact=True).first.click(timeout=3_000)
        except Error:
            page.keyboard.press("Escape")
            if last:
                raise
    settled(page)
    assert shows(box, field, option), f"{label} shows {box.inner_text()}"


def shows(box: Locator, field: Locator, option: str) -> bool:
    return option in box.inner_text() or field.input_value() == option


def pick(page: Page, label: str, *options: str, within: Locator | None = None) -> None:
    """Choose several from the list with this label."""
    where = within or page.locator("body")
    for option in options:
        field = where.get_by_role("combobox", name=label)
        box = where.locator('[data-testid="stMultiSelect"]').filter(has=field)
        for _try in range(TRIES):
            settled(page)
            if option in box.inner_text():
                break
            try:
                field.click(timeout=3_000)
                page.get_by_role("option", name=option, exact=True).first.click(timeout=3_000)
            except Error:
                page.keyboard.press("Escape")
        expect(box).to_contain_text(option)


def press(page: Page, name: str) -> None:
    """Press a button once and wait for what comes of it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    settled(page)


def opened(page: Page, title: str) -> None:
    page.locator("summary").get_by_text(title).first.click()
    settled(page)


def more_of(page: Page, column: str) -> Locator:
    """The dialog of one column."""
    page.locator(f'[class*="st-key-map-"][class*="-{column}-more"] button').first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    settled(page)
    return dialog


def used(page: Page, dialog: Locator) -> None:
    """Close the dialog with what was said in it."""
    dialog.get_by_role("button", name="Gebruik dit").click()
    expect(dialog).to_have_count(0)
    settled(page)


def loads(page: Page, rows: int) -> None:
    """Press the one button, which says how many rows; wait for the report."""
    expect(page.locator(".st-key-working")).to_have_count(0, timeout=60_000)
    button = page.get_by_role("button", name=LOAD)
    expect(button).to_contain_text(f"Laad {rows} rij", timeout=60_000)
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_text("is ingelezen als inlezing").first).to_be_visible(timeout=60_000)
    settled(page)


def held(server: Server, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the store holds, read from a copy: the server has the store itself."""
    copy = folder / "copy.duckdb"
    for end in ("", ".wal"):
        written = server.store.with_name(server.store.name + end)
        copy.with_name(copy.name + end).unlink(missing_ok=True)
        if written.exists():
            shutil.copy(written, copy.with_name(copy.name + end))
    with duckdb.connect(str(copy)) as connection:
        return connection.execute(sql).fetchall()


def test_several_questions_in_one_row(wizard, server, tmp_path):
    head = ("Respondentnummer", "Ingevuld op", "Rapportcijfer", "Aanbeveling (0-10)", "Gemak (1-7)",
            "Probleem opgelost", "Toelichting")  # fmt: skip
    rows = [
        (f"R{100 + 7 * i}", f"{2 + i:02d}-03-2026 20:15", f"{6 + i % 4},5", str(i % 11),
         str(1 + i % 7), "ja" if i % 3 else "nee", f"opmerking {i}")
        for i in range(24)
    ]  # fmt: skip
    give(wizard, written(tmp_path / "enquete_maart.csv", head, *rows))
    press(wizard, "Lees ook deze 3 vragen")
    loads(wizard, 96)
    found = held(
        server,
        tmp_path,
        "SELECT metric, count(*), sum(score), count(comment) FROM surveys GROUP BY 1 ORDER BY 1",
    )
    print(found)
