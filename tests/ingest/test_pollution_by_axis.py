"""A clean table, polluted along every axis: each record is accounted for, one bad row costs one row."""

import csv
import io
import random
from dataclasses import dataclass, field

import pytest

from kpi.ingest.open import open_table
from kpi.ingest.profiles import Read
from kpi.ingest.staging import Work
from kpi.schema.synonyms import every_header
from kpi.store.scratch import scratch
from tests.ingest.conftest import ZONE

NAMES = ["Zaaknummer", "Klantnummer", "Aangemaakt op", "Status", "Afdeling", "Omschrijving"]
AXES = {
    "delimiter": [";", ",", "\t", "|"],
    "encoding": ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"],
    "end": ["\r\n", "\n", "\r"],
    "quoting": [csv.QUOTE_MINIMAL, csv.QUOTE_ALL],
    "header": ["one", "none", "double", "blank", "two", "wrapped"],
    "above": ["nothing", "sep", "title", "titles", "filled"],
    "below": ["nothing", "total", "note", "filled"],
    "ragged": [0, 2],
    "stray": [0, 1],
    "open": [0, 1],
    "prose": [False, True],
    "blank": [False, True],
}


@dataclass
class Made:
    """A polluted file and what is true of it."""

    axes: dict
    content: bytes = b""
    clean: set = field(default_factory=set)
    dirty: int = 0
    records: int = 0


def written(axes, cells, quoting=None):
    """A record as the axes say."""
    text = io.StringIO()
    quoting = axes["quoting"] if quoting is None else quoting
    writer = csv.writer(text, delimiter=axes["delimiter"], lineterminator="\r\n", quoting=quoting)
    writer.writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def above(axes):
    """Lines above the rows: titles, and the header in one or two."""
    cut, end = axes["delimiter"], axes["end"]
    lines = {
        "nothing": [],
        "sep": [f"sep={cut}"],
        "title": ["Overzicht van zaken"],
        "titles": ["Overzicht van zaken", "Gemaakt op 01-04-2026", ""],
        "filled": [cut.join(["Overzicht van zaken", *[""] * 5]), cut * 5],
    }[axes["above"]]
    names = list(NAMES)
    match axes["header"]:
        case "none":
            return lines
        case "double":
            names[4] = "Status"
        case "blank":
            names[1] = ""
        case "wrapped" if end != "\r":
            names[2] = f"Aangemaakt{end}op"
        case "two":
            lines = [*lines, written(axes, ["Zaak", "", "Termijn", "", "Stand", ""])]
    return [*lines, written(axes, names)]


def below(axes):
    """Lines below the rows."""
    cut = axes["delimiter"]
    return {
        "nothing": [],
        "total": ["Totaal: 25"],
        "note": ["", "(25 rows affected)"],
        "filled": [cut * 5, cut.join(["Totaal", "25", *[""] * 4])],
    }[axes["below"]]


def row(axes, at):
    """A clean row."""
    text = "belt terug, één keer" if at % 4 else 'zegt "nee" en hangt op'
    if axes["prose"] and at % 3 == 0 and axes["end"] != "\r":
        text = f"eerste regel{axes['end']}tweede; regel, met van alles"
    return [f"Z-{at:05}", f"{at + 7:07}", f"{1 + at % 28:02}-03-2026 10:{at:02}",
            ("open", "gesloten")[at % 2], "Financiën", text]  # fmt: skip


def dirtied(axes, cells, kind):
    """A row that is spoiled: too short, too long, a stray quote, or one that is never closed."""
    if kind < axes["ragged"]:
        return written(axes, cells[:3] if kind else [*cells, "te", "veel"])
    instead = '"een "los" citaat' if kind < axes["ragged"] + axes["stray"] else '"nooit gesloten'
    return written(axes, [*cells[:5], "kort"], csv.QUOTE_MINIMAL).replace("kort", instead)


def made(axes, chance):
    """A file with these axes: of its 25 rows those that are not spoiled must come out whole."""
    found = Made(axes)
    lines = above(axes)
    spoiled = chance.sample(range(1, 25), axes["ragged"] + axes["stray"] + axes["open"])
    for at in range(25):
        cells = row(axes, at)
        if at in spoiled:
            found.dirty += 1
            lines.append(dirtied(axes, cells, spoiled.index(at)))
            continue
        found.clean.add((cells[0], cells[1], cells[3], cells[5].replace("\r\n", "\n")))
        lines.append(written(axes, cells))
    found.records = 25 + (axes["below"] != "nothing")
    lines += below(axes)
    if axes["blank"]:
        lines.insert(len(lines) // 2, "")
    found.content = (axes["end"].join(lines) + axes["end"]).encode(axes["encoding"])
    return found


def samples():
    """Every value of every axis several times, in other company each time."""
    chance = random.Random(20260331)
    return [{name: chance.choice(values) for name, values in AXES.items()} for _ in range(48)]


@pytest.mark.parametrize("at", range(48))
def test_every_record_is_accounted_for(folder, at):
    axes = samples()[at]
    file = made(axes, random.Random(at))
    path = folder / "file.csv"
    path.write_bytes(file.content)
    connection = scratch([folder], threads=1)
    work = Work(connection, path, folder, ZONE, known=every_header())
    raw = open_table(work, Read())
    rows = connection.execute(f"SELECT * FROM {raw.relation}").fetchall()
    connection.close()
    assert len(rows) == raw.good
    assert raw.delimiter == axes["delimiter"], axes
    assert len(raw.names) == 6, (axes, raw.names)
    # What is below the table, and an extra header row that was taken for a row, is a row too.
    extra = raw.rows - file.records
    assert 0 <= extra <= (axes["header"] == "two") + (axes["below"] == "filled"), (axes, raw.doubts)
    assert raw.bad <= file.dirty + (axes["below"] in {"total", "note"}), axes
    read = {(row[0], row[1], row[3], (row[5] or "").replace("\r\n", "\n")) for row in rows}
    assert file.clean <= read, (axes, file.clean - read)
    if axes["header"] == "none":
        assert raw.doubts
    elif axes["header"] == "double":
        assert any("Two columns" in message for message, _values in raw.doubts)
