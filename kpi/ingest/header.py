"""Where the table begins: lines above it, the header, and what the columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kpi.ingest.problems import Said
from kpi.ingest.records import Record
from kpi.schema.synonyms import fold
from kpi.text import N_

_NUMBER = re.compile(r"[-+]?[€$£]?\s?\d[\d.,\s]*%?")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?|\d{1,2}[- ][a-z]{3,9}[- ]\d{2,4}.*|\d{1,2}:\d\d(:\d\d)?.*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TRUTH = {"ja", "nee", "yes", "no", "true", "false", "waar", "onwaar", "j", "n", "y"}
#: Rows that are weighed against the header.
_BODY = 200


@dataclass(frozen=True)
class Header:
    """What the columns are called, and where that is said.

    Attributes:
        line: where the header stands, from 1; None: there is none.
        names: of the columns, each once.
        after: index of the first data record in the sample.
        doubts: message ids with their values.
    """

    line: int | None
    names: tuple[str, ...]
    after: int
    doubts: tuple[Said, ...] = ()


def cell_kind(cell: str) -> str:
    """number, date, truth, empty or text."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if _NUMBER.fullmatch(cell):
        return "number"
    if _DATE.fullmatch(cell):
        return "date"
    return "truth" if cell.casefold() in _TRUTH else "text"


def find_header(
    sample: Sequence[Record],
    width: int,
    known: frozenset[str] = frozenset(),
    pinned: bool | None = None,
) -> Header:
    """The header among the first records.

    Args:
        sample: the first records, read with any number of cells.
        width: cells of most rows.
        known: folded headers that real exports use.
        pinned: True: the first record is the header; False: there is none; None: look.
    """
    if not sample:
        return Header(None, (), 0)
    if pinned is True:
        first = sample[0]
        names, doubts = unique_names(first.cells)
        return Header(first.line, names, 1, tuple(doubts))
    if pinned is False:
        return Header(None, numbered(width), 0)
    start = _start(sample, width, known)
    first = sample[start]
    body = [record.cells for record in sample[start + 1 : start + 1 + _BODY]]
    weight = _weight(first.cells, body, known)
    said: list[Said] = []
    if weight < 0:
        if start:
            said.append(
                (N_("The first {n} lines are not part of the table."), {"n": first.line - 1})
            )
        said.append((N_("The file seems to have no header; its columns are counted."), {}))
        return Header(None, numbered(width), start, tuple(said))
    names, doubts = unique_names(first.cells)
    said += doubts
    if len(first.cells) != width:
        said.append((N_("The header has {header} columns and most rows have {rows}."),
                     {"header": len(first.cells), "rows": width}))  # fmt: skip
    if body and weight < 1 and _could_be_header(body[0], body[1:]):
        said.append((N_("There may be a second header row on line {line}."),
                     {"line": sample[start + 1].line}))  # fmt: skip
    return Header(first.line, names, start + 1, tuple(said))


def _start(sample: Sequence[Record], width: int, known: frozenset[str]) -> int:
    """Index of the first record of the table: titles and notes above it are not."""
    for index, record in enumerate(sample[:50]):
        filled = [cell for cell in record.cells if cell.strip()]
        if sum(fold(cell) in known for cell in filled) >= max(2, len(filled) // 2):
            return index
    for index, record in enumerate(sample[:50]):
        filled = [cell for cell in record.cells if cell.strip()]
        if len(record.cells) < width or not filled:
            continue
        if len(record.cells) > width and index and not _could_be_header(record.cells, []):
            continue
        # A title in a workbook's first cell comes with as many delimiters as a row has.
        following = [r.cells for r in sample[index + 1 : index + 6] if len(r.cells) >= width]
        fuller = [
            cells for cells in following if sum(map(bool, map(str.strip, cells))) > len(filled)
        ]
        if width >= 3 and len(filled) * 3 <= width and fuller:
            continue
        return index
    return 0


def _weight(first: Sequence[str], body: Sequence[Sequence[str]], known: frozenset[str]) -> float:
    """How much the first record looks like a header: above 0 for, below 0 against."""
    weight = 0.0
    for column, name in enumerate(first):
        cells = [row[column] for row in body if column < len(row)]
        kinds = [kind for kind in map(cell_kind, cells) if kind != "empty"]
        own = cell_kind(name)
        usual = max(set(kinds), key=kinds.count) if kinds else "empty"
        if fold(name) in known:
            weight += 2
        elif own in {"number", "date"}:
            weight += _value_as_name(name, own, usual, cells)
        elif own == "truth" and usual == "truth":
            weight -= 1.5
        elif own == "text" and usual in {"number", "date", "truth"}:
            weight += 1
        elif own == "text" and len(kinds) > 1 and name.strip() in set(map(str.strip, cells)):
            weight -= 0.5
        elif own == "text":
            weight += 0.1
    return weight


def _value_as_name(name: str, own: str, usual: str, cells: Sequence[str]) -> float:
    """The weight of a number or date in the first record."""
    if usual not in {own, "empty"}:
        return 0.2
    years = [bool(_YEAR.fullmatch(cell.strip())) for cell in (name, *cells) if cell.strip()]
    # 2024, 2025, 2026 above columns of amounts.
    return 0.2 if years[0] and len(years) > 1 and not any(years[1:]) else -1.5


def _could_be_header(cells: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 2 or len(set(filled)) < len(filled):
        return False
    if any(cell_kind(cell) != "text" for cell in filled):
        return False
    return not body or _weight(cells, body, frozenset()) >= 1


def numbered(width: int) -> tuple[str, ...]:
    """Names of the columns of a file without a header: "column 1", "column 2", …"""
    return tuple(f"column {number}" for number in range(1, width + 1))


def unique_names(
    cells: Sequence[str],
) -> tuple[tuple[str, ...], list[Said]]:
    """Each header trimmed, an empty one counted, a repeated one numbered; and what to doubt."""
    names: list[str] = []
    taken: set[str] = set()
    doubts: list[Said] = []
    stripped = [re.sub(r"\s+", " ", cell).strip().removeprefix("\ufeff") for cell in cells]
    for number, said in enumerate(stripped, 1):
        name = said or f"column {number}"
        unique, copy = name, 2
        while unique in taken:
            unique, copy = f"{name} ({copy})", copy + 1
        if unique != name:
            doubts.append((N_("Two columns are called {name}; the second is read as {second}."),
                           {"name": name, "second": unique}))  # fmt: skip
        taken.add(unique)
        names.append(unique)
    return tuple(names), doubts
