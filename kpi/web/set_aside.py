"""Rows that an import set aside, as a file like the one they came in: mended, it is loaded again.

It has the columns of the file, under their names, separated, quoted and encoded as the file was, so
that the profile of the import reads it. Line and reason stand before them; nothing reads those.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi.bulletin.books import MEDIA_TYPES, XLSX
from kpi.i18n import _
from kpi.ingest import ProfileProblem, parse_profile
from kpi.ingest.profiles import Read
from kpi.schema.synonyms import fold
from kpi.store.readings import Reading

#: Before what a spreadsheet would run: it shows as nothing, and reading cuts it off again.
_INERT = "\u00a0"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


@dataclass(frozen=True)
class File:
    """A file to download."""

    content: bytes
    kind: str
    media_type: str


def as_file(rows: Sequence[Mapping[str, Any]], reading: Reading) -> File:
    """The rows set aside as a file that `reading` reads.

    Args:
        rows: one a problem (see `Store.quarantined`).
        reading: how the import was read.
    """
    try:
        read = parse_profile(reading.profile_text, complete=False).read
    except ProfileProblem:
        read = Read()
    lines = list(_lines(rows, reading.header, read))
    if reading.kind == "cells":
        return File(_workbook(lines, read.sheet), "xlsx", MEDIA_TYPES[XLSX])
    return File(_text(lines, read), "csv", "text/csv")


def inert(cell: str) -> str:
    """A cell that no spreadsheet runs, and that is read as it was."""
    if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return _INERT + cell
    return cell


def _lines(
    rows: Iterable[Mapping[str, Any]], header: Sequence[str], read: Read
) -> Iterable[list[str]]:
    """Every line of the file, those above the header and below the rows included."""
    named = read.header is not False
    beside = [_apart(name, header) for name in (_("Line"), _("Reason"))] if named else []
    width = len(header) + len(beside)
    for _number in range(read.skip_rows or 0):
        yield [_("Set aside; mend the rows and load this file again.")]
    if named:
        yield [*beside, *map(inert, header)]
    for line, reasons, cells in _by_line(rows):
        # A row that is too short stays so: filled up, it would be loaded as if nothing were wrong.
        yield [*([str(line), reasons] if named else []), *map(inert, cells)]
    for _number in range(read.skip_footer):
        yield ["-", *[""] * (width - 1)]


def _apart(name: str, header: Sequence[str]) -> str:
    """A name that no column of the file has: of two with one name the first would be read."""
    taken = set(map(fold, header))
    while fold(name) in taken:
        name = f"{name} (Ketenzicht)"
    return name


def _by_line(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, str, list[str]]]:
    """Each row once, with all that is wrong with it, in the order of the file."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for row in sorted(rows, key=lambda row: (row["row_number"], row["feed"], row["position"])):
        reasons, cells = found.setdefault(row["row_number"], ([], _cells(row)))
        said = f"{row['column_name']} {_(row['reason'])}".strip()
        if said not in reasons:
            reasons.append(said)
        cells[:] = cells or _cells(row)
    for line, (reasons, cells) in found.items():
        yield line, "; ".join(reasons), cells


def _cells(row: Mapping[str, Any]) -> list[str]:
    try:
        cells = json.loads(row["raw"] or "[]")
    except ValueError:
        return [str(row["raw"])]
    return [str(cell) for cell in cells] if isinstance(cells, list) else [str(cells)]


def _text(lines: Iterable[Sequence[str]], read: Read) -> bytes:
    written = io.StringIO()
    quote = read.quote or '"'
    writer = csv.writer(
        written, delimiter=read.delimiter or ";", lineterminator="\r\n", quotechar=quote,
        doublequote=read.escape is None, escapechar=read.escape,
    )  # fmt: skip
    for line in lines:
        writer.writerow(line)
    encoding = read.encoding or "utf-8"
    # Excel takes UTF-8 for what it is only with a mark before it.
    encoding = "utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding
    return written.getvalue().encode(encoding, "replace")


def _workbook(lines: Iterable[Sequence[str]], sheet: str | None) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(made, options) as book:
        name = re.sub(r"[\[\]:*?/\\']", " ", sheet or "").strip()[:31]
        cells = book.add_worksheet(name or None)
        text = book.add_format({"num_format": "@"})
        for at, line in enumerate(lines):
            for column, cell in enumerate(line):
                cells.write_string(at, column, cell, text)
    return made.getvalue()
