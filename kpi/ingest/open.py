"""Any file that can be loaded, opened as a table of texts."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.ingest import notes
from kpi.ingest.canonical import TOO_MANY_ROWS
from kpi.ingest.header import find_header, unique_names
from kpi.ingest.problems import Refused
from kpi.ingest.profiles import Read
from kpi.ingest.records import TOO_MANY, Record
from kpi.ingest.survey import EMPTY, kind_of, promises_a_workbook
from kpi.ingest.table import TOO_MANY_COLUMNS, RawTable, open_text, read_csv
from kpi.schema.synonyms import fold
from kpi.store.scratch import ScratchProblem, identifier, quoted
from kpi.text import N_

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from kpi.ingest.staging import Work


def open_table(work: Work, read: Read, named: Iterable[str] = ()) -> RawTable:
    """The file of `work` as texts, whatever kind it is.

    Args:
        work: the file.
        read: what is pinned.
        named: columns that the profile names: the header is where they stand.

    Raises:
        Refused: for a file that is no table, too large, or cannot be read as `read` says.
    """
    size = work.path.stat().st_size
    if size == 0:
        raise Refused(EMPTY)
    if size > work.limits.max_bytes:
        raise Refused(
            N_("The file has {size} bytes; the most is {most}. Split it, or raise max_bytes."),
            size=size, most=work.limits.max_bytes,
        )  # fmt: skip
    known = work.known.union(map(fold, named))
    kind = kind_of(work.path)
    if kind == "xlsx":
        return _open_workbook(work, read, known)
    if kind == "parquet":
        return _open_parquet(work)
    table = open_text(
        work.connection, work.path, read, work.folder, work.limits, known, work.progress
    )
    if promises_a_workbook(work.path):
        table.doubts.insert(0, (NO_WORKBOOK, {}))
    return table


NO_WORKBOOK = N_(
    "The name says that this is a workbook, and it is none: it was read as text. Does that give the"
    " right rows and columns?"
)


# -- Parquet ---------------------------------------------------------------------------------


def _open_parquet(work: Work) -> RawTable:
    source = f"read_parquet({quoted(work.path)})"
    try:
        described = work.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        row = work.connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    except ScratchProblem as problem:
        raise Refused(
            N_("The Parquet file cannot be read: {problem}."),
            problem=str(problem)
            .splitlines()[0]
            .replace(str(work.path), work.path.name)
            .rstrip("."),
        ) from None
    rows = int(row[0]) if row else 0
    if rows > work.limits.max_rows:
        raise Refused(TOO_MANY_ROWS, most=work.limits.max_rows)
    if len(described) > work.limits.max_columns:
        raise Refused(TOO_MANY_COLUMNS, n=len(described), most=work.limits.max_columns)
    _refuse_bombs(work, source, described)
    names, doubts = unique_names([str(one[0]) for one in described])
    columns = ", ".join(
        f"{_text_of(identifier(str(one[0])), str(one[1]))} AS c{at}"
        for at, one in enumerate(described)
    )
    # Rows are counted from 1: there are no lines.
    return RawTable(names, f"(SELECT {columns} FROM {source})", rows, breaks=[(0, 1)],
                    header_line=None, typed=True, folder=work.folder, doubts=list(doubts))  # fmt: skip


def _refuse_bombs(work: Work, source: str, described: list[tuple[Any, ...]]) -> None:
    """Stop at texts that are far larger than the file: repeated ones take hardly any room in it."""
    texts = [
        f"sum(strlen({_text_of(identifier(str(name)), str(type_))}))"
        for name, type_, *_ in described if str(type_) not in _PLAIN
    ]  # fmt: skip
    if not texts:
        return
    row = work.connection.execute(f"SELECT {', '.join(texts)} FROM {source}").fetchone()
    size = sum(int(one or 0) for one in row or ())
    if size > work.limits.max_bytes:
        raise Refused(TOO_LARGE_UNPACKED, size=size, most=work.limits.max_bytes)


TOO_LARGE_UNPACKED = N_(
    "The file holds {size} bytes when unpacked; the most is {most}. Split it and load the parts."
)
#: Types of which a value takes a few bytes, whatever it is.
_PLAIN = frozenset({
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
    "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_NS",
    "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE", "UUID",
})  # fmt: skip


def _text_of(column: str, type_: str) -> str:
    """SQL of a typed value as text; times as ISO."""
    if type_.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%f+00:00')"
    if type_ == "BLOB":
        return f"decode({column})"
    return f"CAST({column} AS VARCHAR)"


# -- workbooks -------------------------------------------------------------------------------


def _open_workbook(work: Work, read: Read, known: frozenset[str]) -> RawTable:
    sheet, merged, sheets = _sheet(work.path, read, known)
    cells = iter(sheet)
    skipped = read.skip_rows or 0
    for _ in range(skipped):
        next(cells, None)
    first: list[Record] = []
    for number, row in enumerate(cells, skipped + 1):
        texts = [cell_text(cell) for cell in row]
        if any(text.strip() for text in texts):
            first.append(Record(number, texts))
        if len(first) >= 400:
            break
    if not first:
        raise Refused(EMPTY)
    width = len(first[0].cells)
    if width > work.limits.max_columns:
        raise Refused(TOO_MANY_COLUMNS, n=width, most=work.limits.max_columns)
    pinned = (
        read.header if read.header is not None else (True if read.skip_rows is not None else None)
    )
    header = find_header(first, width, known, pinned)
    start = first[header.after].line if header.after < len(first) else None
    path, aside = work.folder / "sheet.plain.csv", work.folder / "sheet.aside.csv"
    table = RawTable(header.names, read_csv(path, len(header.names), ","), 0, aside=aside,
                     breaks=[], header_line=header.line, typed=True, folder=work.folder,
                     sheets=tuple(sheets), doubts=list(header.doubts))  # fmt: skip
    longest = _write_rows(work, table, sheet, start or 1 << 40, path, aside)
    table.relation = read_csv(path, len(header.names), ",", line=longest)
    table.breaks = table.breaks or [(0, start or 2)]
    table.merged = _merged(sheet, merged, start or 1 << 40, header.names)
    if header.line and header.line > 1 + skipped:
        told = sum(one.line < header.line for one in first)
        if told:
            table.warnings.append((notes.ABOVE, {"n": told}))
    unread = [name for name in table.sheets[1:] if read.sheet is None]
    alike = [name for name in unread if _says(sheets[name], header.names)]
    if header.line and alike:
        table.doubts.append((ALIKE, {"names": ", ".join(alike), "sheet": table.sheets[0]}))
    if unread:
        table.warnings.append((notes.SHEETS, {"names": ", ".join(unread)}))
    return table


#: A workbook is compressed: what it says it holds, bytes.
MOST_UNPACKED = 400_000_000


def _sheet(
    path: Path, read: Read, known: frozenset[str]
) -> tuple[list[list[Any]], list[Merged], dict[str, list[list[Any]]]]:
    """The sheet to read, its cells and which are merged; by name the first rows of all that are filled."""
    # Imported here: most files are no workbooks.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Refused(
                N_("The workbook holds {size} bytes when unpacked; the most is {most}. Save it as CSV."),
                size=unpacked, most=MOST_UNPACKED,
            )  # fmt: skip
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if read.sheet is not None and read.sheet not in names:
            raise Refused(
                N_("The workbook has no sheet {name}; it has {known}."),
                name=read.sheet, known=", ".join(names),
            )  # fmt: skip
        chosen = read.sheet or _likely(book, known)
        sheet = book.get_sheet_by_name(chosen)
        cells = sheet.to_python(skip_empty_area=False)
        filled = {chosen: cells[:_LOOKED_AT]}
        for name in names:
            if name != chosen and (other := book.get_sheet_by_name(name)).height:
                filled[name] = other.to_python(skip_empty_area=False, nrows=_LOOKED_AT)
    except (CalamineError, zipfile.BadZipFile, IndexError, OSError) as problem:
        raise Refused(
            N_("The workbook cannot be read: {problem}."), problem=str(problem).rstrip(".")
        ) from None
    return cells, sheet.merged_cell_ranges or [], filled


#: One extract, cut in pieces: a month on each sheet.
ALIKE = N_(
    "The workbook has more sheets with these columns: {names}. Only {sheet} is read. Load each sheet"
    ' by itself, and say which one in the profile: [read] sheet = "{sheet}".'
)


def _says(rows: list[list[Any]], names: tuple[str, ...]) -> bool:
    """Whether these columns stand in one of the rows."""
    said = list(map(fold, names))
    return any([fold(cell_text(cell)) for cell in row][: len(said)] == said for row in rows)


#: Rows of a sheet in which its header is looked for, to choose among sheets.
_LOOKED_AT = 50


def _likely(book: CalamineWorkbook, known: frozenset[str]) -> str:
    """The first sheet with a header that real exports have, else the first that holds anything."""
    filled = [name for name in book.sheet_names if book.get_sheet_by_name(name).height]
    for name in filled if len(filled) > 1 else ():
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=_LOOKED_AT)
        if any(sum(fold(cell_text(cell)) in known for cell in row) > 1 for row in rows):
            return name
    return next(iter(filled), book.sheet_names[0])


#: Merged cells: (row, column) from 0 of the first and of the last of them.
Merged = tuple[tuple[int, int], tuple[int, int]]


def _merged(
    sheet: list[list[Any]], merged: list[Merged], start: int, names: tuple[str, ...]
) -> dict[str, int]:
    """Of each column with cells merged over rows from `start` on: how many rows miss what they say.

    People read such a cell as said for all of its rows; in the file it stands in the first alone.
    """
    missing: dict[str, int] = {}
    for (first, column), (last, _) in merged:
        if last <= first or last < start - 1 or column >= len(names):
            continue
        said = sheet[first][column : column + 1] if first < len(sheet) else []
        if any(cell_text(cell).strip() for cell in said):
            rows = last - max(first, start - 2)
            missing[names[column]] = missing.get(names[column], 0) + rows
    return missing


#: Rows of a workbook between two words on how far it is.
_TOLD_EVERY = 2_000


def _write_rows(
    work: Work, table: RawTable, sheet: list[list[Any]], start: int, path: Path, aside: Path
) -> int:
    """Write the rows from number `start` on as plain text; the length of the longest."""
    width, longest = len(table.names), 0
    with (
        path.open("w", encoding="utf-8", newline="") as good,
        aside.open("w", encoding="utf-8") as bad,
    ):
        writer = csv.writer(good, lineterminator="\n", quoting=csv.QUOTE_ALL)
        set_aside = csv.writer(bad)
        for number, row in _filled(sheet, start):
            if table.rows >= work.limits.max_rows:
                raise Refused(TOO_MANY_ROWS, most=work.limits.max_rows)
            texts = [text.replace("\0", "") for text in map(cell_text, row)]
            if any(text.strip() for text in texts[width:]):
                raw = json.dumps(texts, ensure_ascii=False)
                set_aside.writerow((number, TOO_MANY, str(len(texts)), raw))
                table.bad += 1
                continue
            texts = (texts + [""] * width)[:width]
            longest = max(longest, sum(map(len, texts)) + 3 * width)
            writer.writerow(texts)
            if table.good % _TOLD_EVERY == 0:
                work.progress("rows", table.rows)
            if not table.breaks or table.breaks[-1][1] + table.good - table.breaks[-1][0] != number:
                table.breaks.append((table.good, number))
            table.good += 1
    return longest


def _filled(sheet: list[list[Any]], start: int) -> Iterator[tuple[int, list[Any]]]:
    """The rows from `start` on that hold anything, with their numbers."""
    for number, row in enumerate(sheet, 1):
        if number >= start and any(cell not in ("", None) for cell in row):
            yield number, row


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates and times as ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1 << 53:
            return str(int(cell))
        case datetime() if not (cell.hour or cell.minute or cell.second or cell.microsecond):
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
