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

from tests.browser.serving import Server, all_text, copied, served, settled
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
    """Choose from the list with this label, until it shows what was chosen.

    A question is gone when it was answered, and its list with it.
    """
    field = (within or page.locator("body")).get_by_role("combobox", name=label)
    expect(field).to_be_visible()
    for _try in range(TRIES):
        try:
            field.click(timeout=3_000)
            page.get_by_role("option", name=option, exact=True).first.click(timeout=3_000)
        except Error:
            # A run in between closed the list.
            pass
        settled(page)
        if not field.count() or field.input_value() == option:
            return
    raise AssertionError(f"{label} shows {field.input_value()}, not {option}")


def pick(page: Page, label: str, option: str, within: Locator | None = None) -> None:
    """Add one to what is chosen in the list with this label, until it shows it."""
    where = within or page.locator("body")
    box = where.locator('[data-testid="stMultiSelect"]').filter(
        has=page.get_by_role("combobox", name=label)
    )
    tag = box.locator("[data-tag]").get_by_text(option, exact=True)
    for _try in range(TRIES):
        try:
            box.get_by_role("combobox").click(timeout=3_000)
            page.get_by_role("option", name=option, exact=True).first.click(timeout=3_000)
        except Error:
            # A run in between closed the list.
            pass
        # While its list is open, nothing else can be reached.
        page.keyboard.press("Tab")
        settled(page)
        if tag.count():
            break
    expect(tag.first).to_be_visible()
    expect(page.get_by_role("listbox")).to_have_count(0)


def press(page: Page, name: str) -> None:
    """Press a button once and wait for what comes of it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    settled(page)


def opened(page: Page, title: str) -> None:
    """Open what folds, once: a click goes beside it while what it lies in still unfolds."""
    summary = page.locator("summary").filter(has_text=title).first
    for _try in range(TRIES):
        if summary.evaluate("one => one.closest('details').open"):
            return
        summary.click()
        settled(page)
    raise AssertionError(f"{title!r} does not open")


def day(page: Page, written: str) -> None:
    """Type a date in the one field for it."""
    field = page.locator('[data-testid="stDateInput"]').first
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type(written.replace("-", ""))
    page.keyboard.press("Enter")
    settled(page)


def read(place: Locator) -> str:
    """Its words, without the invisible joiners that keep a date on one line."""
    return place.inner_text().replace("\u2060", "")


def more_of(page: Page, column: str) -> Locator:
    """The dialog of one column."""
    page.locator(f'[class*="st-key-map-"][class*="-{column}-more"] button').first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    settled(page)
    return dialog


def used(page: Page, dialog: Locator) -> None:
    """Close the dialog with what was said in it."""
    dialog.get_by_role("button", name="Neem dit over").click()
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
    press(wizard, "Lees deze 3 vragen ook")
    press(wizard, "Klopt")
    loads(wizard, 96)
    assert held(
        server, tmp_path,
        "SELECT metric, count(*), sum(score), count(comment) FROM surveys GROUP BY 1 ORDER BY 1",
    ) == [
        ("ces7", 24, sum(1 + i % 7 for i in range(24)), 0),
        ("grade10", 24, sum(6.5 + i % 4 for i in range(24)), 24),
        ("nps", 24, sum(i % 11 for i in range(24)), 0),
        ("resolved", 24, 16, 0),
    ]  # fmt: skip


def test_an_event_log(wizard, server, tmp_path):
    steps = ("Ontvangen", "Beoordeeld", "Besluit verzonden")
    rows = [
        (f"L{300 + 7 * case}", step, f"{2 + case + 3 * n:02d}-03-2026 {9 + n}:{10 + case}",
         "Behandeling" if n else "Intake")
        for case in range(8)
        for n, step in enumerate(steps)
    ]  # fmt: skip
    head = ("Zaaknummer", "Activiteit", "Tijdstip", "Afdeling")
    give(wizard, written(tmp_path / "logboek.csv", head, *rows))
    assert "Dit lijkt een logboek: één rij per stap van een zaak; de stap staat in Activiteit." in (
        all_text(wizard)
    )
    press(wizard, "Lees de zaken en hun stappen")
    choose(wizard, "Wanneer een zaak gesloten is", "bij de laatste stap")
    loads(wizard, 32)
    assert held(
        server, tmp_path,
        "SELECT count(*), count(DISTINCT status), any_value(status),"
        " min(date_diff('day', opened_at, closed_at)), max(date_diff('day', opened_at, closed_at))"
        " FROM cases WHERE case_id LIKE 'L%'",
    ) == [(8, 1, "closed", 6, 6)]  # fmt: skip
    assert held(
        server, tmp_path,
        "SELECT value, count(*), count(DISTINCT case_id) FROM chain_events GROUP BY 1 ORDER BY 1",
    ) == [("Beoordeeld", 8, 8), ("Besluit verzonden", 8, 8), ("Ontvangen", 8, 8)]  # fmt: skip


def test_one_file_per_step_of_a_funnel(wizard, server, tmp_path):
    reached = {"startpagina": 20, "formulier": 12, "bevestiging": 5}
    files = [
        written(tmp_path / f"{step}_table.csv", ("user_id", "page"),
                *((str(4000 + 13 * i), step) for i in range(count)))
        for step, count in reached.items()
    ]  # fmt: skip
    wizard.set_input_files("input[type=file]", files)
    expect(wizard.get_by_role("button", name="Lees ze zo")).to_be_visible(timeout=60_000)
    settled(wizard)
    day(wizard, "02-03-2026")
    # Typed and pressed at once: what was typed counts.
    wizard.get_by_role("textbox", name="Naam van de funnel").fill("aanvraag")
    press(wizard, "Lees ze zo")
    assert "Eén bestand per stap: welke stap is elk?" in all_text(wizard)
    loads(wizard, 37)
    assert held(
        server, tmp_path,
        "SELECT funnel, step, count(*), count(DISTINCT \"at\") FROM web_events GROUP BY 1, 2 ORDER BY 3",
    ) == [("aanvraag", step, reached[step], 1) for step in reversed(reached)]  # fmt: skip


def test_date_and_time_apart(wizard, server, tmp_path):
    head = ("Zaaknummer", "Datum ontvangst", "Tijd", "Afgehandeld", "Klaar om", "Status")
    rows = [
        (f"D{500 + 7 * i}", f"{2 + i:02d}-03-2026", f"08:{10 + i}", f"{3 + i:02d}-03-2026",
         f"17{30 + i}", "afgehandeld")
        for i in range(24)
    ]  # fmt: skip
    give(wizard, written(tmp_path / "zaken_per_dag.csv", head, *rows))
    # The first pair is found; the second is written so that only somebody who looks knows it.
    assert "Datum ontvangst + Tijd" in all_text(wizard)
    dialog = more_of(wizard, "closed_at")
    pick(wizard, "Kolommen, in deze volgorde", "Klaar om", within=dialog)
    assert "03-03-2026 1730" in read(dialog)
    dialog.get_by_role("textbox", name="Hoe het geschreven is").fill("%d-%m-%Y %H%M")
    wizard.keyboard.press("Enter")
    settled(wizard)
    used(wizard, dialog)
    loads(wizard, 24)
    assert held(
        server, tmp_path,
        "SELECT count(*), min(date_diff('minute', opened_at, closed_at)),"
        " max(date_diff('minute', opened_at, closed_at)) FROM cases WHERE case_id LIKE 'D%'",
    ) == [(24, 24 * 60 + 9 * 60 + 20, 24 * 60 + 9 * 60 + 20)]  # fmt: skip


def test_milliseconds(wizard, server, tmp_path):
    head = ("Gespreksnummer", "Gestart op", "Kanaal", "Gespreksduur", "Wachttijd")
    rows = [
        (f"M{700 + 7 * i}", f"{2 + i:02d}-03-2026 10:{10 + i}", "Telefoon",
         str(180_000 + 1500 * i), str(3_000 + 250 * i))
        for i in range(24)
    ]  # fmt: skip
    give(wizard, written(tmp_path / "gesprekken.csv", head, *rows))
    # What is so long that it cannot be seconds is asked; what may be either is said of the column.
    wizard.get_by_role("radio", name="milliseconden").check(force=True)
    # The question goes with its answer, and what stands under it moves up: not from under a click.
    settled(wizard)
    dialog = more_of(wizard, "wait_s")
    # The file is checked anew behind it, and the page runs again by itself: it stays open.
    expect(wizard.locator(".st-key-working")).to_have_count(0, timeout=60_000)
    settled(wizard)
    expect(dialog).to_be_visible()
    dialog.get_by_role("radio", name="milliseconden").check(force=True)
    used(wizard, dialog)
    loads(wizard, 24)
    assert held(
        server, tmp_path,
        "SELECT min(talk_s), max(talk_s), min(wait_s), max(wait_s) FROM contacts"
        " WHERE contact_id LIKE 'M%'",
    ) == [(180, 214.5, 3, 8.75)]  # fmt: skip


def test_several_values_in_a_cell(wizard, server, tmp_path):
    kinds = ("particulier", "zakelijk", "vve")
    rows = [
        (f"K{900 + 7 * i}", f"{2 + i:02d}-03-2024", f"regio:noord, segment:{kinds[i % 3]}, taal:nl")
        for i in range(24)
    ]
    head = ("Klantnummer", "Klant sinds", "Kenmerken")
    give(wizard, written(tmp_path / "klanten.csv", head, *rows))
    opened(wizard, "Niet gevuld")
    dialog = more_of(wizard, "segment")
    pick(wizard, "Kolommen, in deze volgorde", "Kenmerken", within=dialog)
    opened(wizard, "Alleen een deel van de tekst")
    dialog.get_by_role("textbox", name="Wat ervoor staat").fill("segment:")
    wizard.keyboard.press("Enter")
    expect(dialog).to_contain_text("→ particulier")
    used(wizard, dialog)
    loads(wizard, 24)
    assert held(
        server, tmp_path,
        "SELECT segment, count(*) FROM customers WHERE customer_id LIKE 'K9%' OR customer_id LIKE"
        " 'K1%' GROUP BY 1 ORDER BY 1",
    ) == [(kind, 8) for kind in sorted(kinds)]  # fmt: skip


def test_callers_known_by_their_number(wizard, server, tmp_path):
    head = ("Gespreksnummer", "Gestart op", "Kanaal", "Telefoonnummer", "Klantnummer")
    rows = [
        (f"B{100 + 7 * i}", f"{2 + i:02d}-03-2026 10:{10 + i}", "Telefoon", f"06 1234 5{i % 12:03d}",
         f"K9{i % 12:02d}" if i < 12 and i % 2 else "")
        for i in range(24)
    ]  # fmt: skip
    give(wizard, written(tmp_path / "bellers.csv", head, *rows))
    opened(wizard, "Meer uit dit bestand halen")
    opened(wizard, "De klant is alleen bekend")
    choose(wizard, "Nummer of aanvrager", "Telefoonnummer")
    # The customer number of the rows that have one is not lost: it says whose number it is.
    number = wizard.get_by_role("combobox", name="Klantnummer, als het er ook in staat")
    expect(number).to_have_value("Klantnummer")
    press(wizard, "Lees het zo")
    loads(wizard, 30)
    [(callers, told, as_they_are)] = held(
        server, tmp_path,
        "SELECT count(DISTINCT c.customer_id), count(i.customer_id),"
        # So much of the number that no hash holds it by chance.
        " count(*) FILTER (WHERE regexp_matches(c.customer_id, '1234 ?50')) FROM contacts c"
        " LEFT JOIN identities i ON i.external_id = c.customer_id WHERE c.contact_id LIKE 'B%'",
    )  # fmt: skip
    # Twelve callers, called twice each; of six the other call says who they are.
    assert (callers, told, as_they_are) == (12, 12, 0)


def test_requesters(wizard, server, tmp_path):
    head = ("Gespreksnummer", "Gestart op", "Kanaal", "E-mailadres")
    rows = [
        (
            f"E{100 + 7 * i}",
            f"{2 + i:02d}-03-2026 10:{10 + i}",
            "E-mail",
            f"klant{i % 8}@voorbeeld.nl",
        )
        for i in range(24)
    ]
    give(wizard, written(tmp_path / "postvak.csv", head, *rows))
    assert "E-mailadres bevat telefoonnummers of e-mailadressen: is dat de klant?" in (
        all_text(wizard)
    )
    press(wizard, "Herken de klant hieraan")
    loads(wizard, 24)
    assert held(
        server, tmp_path,
        "SELECT count(DISTINCT customer_id), count(*) FILTER (WHERE customer_id LIKE '%@%')"
        " FROM contacts WHERE contact_id LIKE 'E%'",
    ) == [(8, 0)]  # fmt: skip


def test_codes_in_the_wizard_and_afterwards(wizard, server, tmp_path):
    head = ("Zaaknummer", "Klantproces", "Geopend op", "Gesloten op", "Status")
    rows = [
        (f"C{700 + 7 * i}", ("STOR", "VERH", "KLA")[i % 3], f"{2 + i:02d}-03-2026 10:{10 + i}",
         f"{3 + i:02d}-03-2026 10:{10 + i}", "AFGEH")
        for i in range(24)
    ]  # fmt: skip
    give(wizard, written(tmp_path / "zaken_met_codes.csv", head, *rows))
    dialog = more_of(wizard, "process")
    opened(wizard, "Waarden vertalen")
    choose(wizard, "Betekenis van STOR", "Storingen", within=dialog)
    choose(wizard, "Betekenis van VERH", "Informatievragen", within=dialog)
    used(wizard, dialog)
    expect(wizard.locator(".st-key-working")).to_have_count(0, timeout=60_000)
    said = all_text(wizard)
    assert "waarden die nog niet zijn ingericht: KLA (8)" in said
    assert "of na het inlezen onder “Codes”" in said
    loads(wizard, 24)
    stored = "SELECT process, status, count(*) FROM cases WHERE case_id LIKE 'C%' GROUP BY 1, 2 ORDER BY 1"
    assert held(server, tmp_path, stored) == [
        ("KLA", "AFGEH", 8), ("fault", "AFGEH", 8), ("information", "AFGEH", 8),
    ]  # fmt: skip
    wizard.get_by_role("link", name="Codes die nog niet zijn ingericht").click()
    expect(wizard.get_by_role("heading", name="nog niet ingericht")).to_be_visible()
    settled(wizard)
    status, process = (
        wizard.get_by_role("region", name=name) for name in ("Statussen", "Klantprocessen")
    )
    expect(status).to_contain_text("AFGEH")
    wizard.locator(".st-key-near-status button").click()
    done = wizard.get_by_text("1 code is ingericht; de cijfers zijn opnieuw gemaakt.")
    expect(done).to_be_visible()
    expect(status).to_have_count(0)
    expect(process).to_contain_text("KLA")
    pick(wizard, "Deze codes", "KLA", within=wizard.locator(".st-key-map-process-codes"))
    meaning = wizard.locator(".st-key-map-process-meaning")
    choose(wizard, "betekenen", "Klachten en tips", within=meaning)
    expect(done).to_have_count(0)
    wizard.locator(".st-key-map-process-keep button").click()
    expect(done).to_be_visible()
    expect(process).to_have_count(0)
    # The facts keep what came; the meaning stands beside it.
    assert held(server, tmp_path, stored)[0] == ("KLA", "AFGEH", 8)
    assert held(
        server, tmp_path, "SELECT as_came, understood FROM codes WHERE NOT retired ORDER BY 1"
    ) == [("afgeh", "closed"), ("kla", "complaint")]  # fmt: skip
