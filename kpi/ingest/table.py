"""Any file as a table of texts: named columns, one row a data row, and on which line each stands."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kpi.ingest import notes
from kpi.ingest.canonical import TOO_MANY_ROWS, rewrite
from kpi.ingest.dialect import SAMPLE_LINES, Found, find_dialect
from kpi.ingest.encodings import NOT_UTF8, not_utf8
from kpi.ingest.header import find_header
from kpi.ingest.problems import Refused, Said
from kpi.ingest.profiles import Read
from kpi.ingest.records import Lines, Record, Shape, records
from kpi.ingest.survey import EMPTY, Text, read_text
from kpi.ingest.wrapped import are_wrapped, unwrap
from kpi.store.scratch import Scratch, ScratchProblem, quoted
from kpi.text import N_

#: Characters looked at to find the dialect and the header.
SAMPLE_CHARACTERS = 1 << 20
#: A line feed as the engine wants to be told of it.
LINE_FEED = r"\n"
#: More breaks than this are read from a file.
_MOST_VALUES = 1_000


@dataclass(frozen=True)
class Limits:
    """What a file may be at most; see `kpi.settings.Caps`."""

    max_bytes: int = 2_000_000_000
    max_rows: int = 20_000_000
    max_columns: int = 1_000
    max_line_length: int = 4_000_000


@dataclass
class RawTable:
    """A file as texts.

    Attributes:
        names: of the columns, each once, as the header says them.
        relation: SQL that gives columns c0, c1, … (texts) in the order of the file.
        good: rows that `relation` gives.
        bad: rows set aside because they are no row like the others, in `aside`.
        aside: CSV of line, reason, value, raw.
        breaks: (row, line): from that row (from 0) on, lines count up from that line.
        header_line: from 1; None: there is no header.
        maybe_broken: letters may be broken in it, as far as a glance tells.
        cut: the last line of the file, where it stops halfway; None where it does not.
        merged: of a workbook, columns with cells merged over rows: rows that miss what they say.
        maybe_errors: errors of a spreadsheet (#N/A) may be in it, as far as a glance tells.
        typed: the values come from typed cells, so separators of the profile do not apply.
        folder: where helpers of the reading may be written.
        sheets: of a workbook, those that hold something.
        doubts: message ids with values: what should be confirmed.
        warnings: message ids with values: what was done without asking.
    """

    names: tuple[str, ...]
    relation: str
    good: int
    bad: int = 0
    aside: Path | None = None
    breaks: list[tuple[int, int]] = field(default_factory=lambda: [(0, 2)])
    encoding: str | None = None
    encoding_reason: str = ""
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    header_line: int | None = 1
    maybe_broken: bool = True
    maybe_errors: bool = True
    cut: int | None = None
    merged: dict[str, int] = field(default_factory=dict)
    typed: bool = False
    folder: Path | None = None
    sheets: tuple[str, ...] = ()
    doubts: list[Said] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Data rows of the file, good and bad."""
        return self.good + self.bad

    def shifts(self) -> str:
        """SQL of a table (start, shift): from row `start` on, line = row + shift."""
        if len(self.breaks) <= _MOST_VALUES or self.folder is None:
            spans = ", ".join(f"({start}, {line - start})" for start, line in self.breaks)
            return f"(SELECT * FROM (VALUES {spans}) AS spans (start, shift))"
        path = self.folder / "breaks.csv"
        if not path.exists():
            path.write_text("".join(f"{start},{line - start}\n" for start, line in self.breaks))
        return (
            f"(SELECT * FROM read_csv({quoted(path)}, header = false, auto_detect = false,"
            " columns = {'start': 'BIGINT', 'shift': 'BIGINT'}))"
        )

    def line(self, row: int) -> int:
        """The line on which a row (from 0) of `relation` starts."""
        at = max(bisect_right(self.breaks, (row, 1 << 62)) - 1, 0)
        start, line = self.breaks[at]
        return line + row - start


Progress = Callable[[str, int], None]


def quiet(_stage: str, _done: int) -> None:
    """Progress that nobody follows."""


def open_text(
    connection: Scratch,
    path: Path,
    read: Read,
    staging: Path,
    limits: Limits,
    known: frozenset[str] = frozenset(),
    progress: Progress = quiet,
) -> RawTable:
    """A delimited text file as a table of texts.

    Args:
        connection: a scratch database that may read `staging`.
        path: the file, in `staging`.
        read: what is pinned.
        staging: folder for copies.
        limits: of what is read.
        known: folded headers that real exports use.
        progress: told the stage and how far it is.
    """
    text = read_text(path, staging, read.encoding, lambda done: progress("read", done))
    sample = _sample(text, limits)
    skipped = read.skip_rows or 0
    pinned_header = (
        read.header if read.header is not None else (True if read.skip_rows is not None else None)
    )
    found = find_dialect(sample[skipped:], read.delimiter, read.quote, read.escape)
    wrapped = found.width == 1 and are_wrapped(sample[skipped:])
    if wrapped:
        text = unwrap(text, staging / f"{path.name}.unwrapped")
        sample = _sample(text, limits)
        found = find_dialect(sample[skipped:], read.delimiter, read.quote, read.escape)
    shape = Shape(found.width, limits.max_line_length, text.damaged)
    above = skipped + found.separator_line
    first = list(_first_records(sample, above, found, shape))
    header = find_header(first, found.width, known, pinned_header)
    if not first or not header.names or not any(map(str.strip, sample)):
        raise Refused(EMPTY)
    if len(header.names) > limits.max_columns:
        raise Refused(TOO_MANY_COLUMNS, n=len(header.names), most=limits.max_columns)
    table = RawTable(
        names=header.names,
        relation="",
        good=0,
        encoding=text.encoding,
        encoding_reason=text.reason,
        delimiter=found.dialect.delimiter or None,
        quote=found.dialect.quote or None,
        escape=found.dialect.escape or None,
        header_line=header.line,
        maybe_broken=text.counts.broken,
        maybe_errors=text.counts.hashes,
        folder=staging,
        doubts=[*found.doubts, *header.doubts],
    )
    if text.doubtful and read.encoding is None:
        odd = not_utf8(path) if text.damaged and text.encoding == "utf-8" else None
        if odd is not None:
            table.doubts.append((NOT_UTF8, odd))
        else:
            table.doubts.append((N_("The encoding may be {encoding}: {reason}."),
                                 {"encoding": text.encoding, "reason": text.reason}))  # fmt: skip
    if header.line and (unread := _told(sample[above : header.line - 1])):
        table.warnings.append((notes.ABOVE, {"n": unread}))
    if wrapped:
        table.warnings.append((notes.WRAPPED, {}))
    if text.nuls:
        table.warnings.append((notes.NULS, {"n": text.nuls}))
    shape = Shape(len(header.names), limits.max_line_length, text.damaged)
    start = first[header.after].line if header.after < len(first) else None
    if not _read_directly(connection, table, text, found, first[: header.after], start, limits):
        _rewrite(table, text, found, shape, start, staging, limits, progress)
    if read.skip_footer:
        _without_footer(table, read.skip_footer)
    return table


TOO_MANY_COLUMNS = N_("The file has {n} columns; the most is {most}.")


def _sample(text: Text, limits: Limits) -> list[str]:
    """The first lines, cut where they are absurdly long."""
    lines: list[str] = []
    left = max(SAMPLE_CHARACTERS, limits.max_line_length)
    for chunk in text.chunks(1 << 16):
        lines += chunk
        left -= sum(map(len, chunk))
        if left < 0 or len(lines) > SAMPLE_LINES:
            break
    return lines[: SAMPLE_LINES + 100]


def _told(lines: list[str]) -> int:
    """Lines that say something."""
    return sum(bool(line.strip(" \t;,|")) for line in lines)


def _first_records(sample: list[str], above: int, found: Found, shape: Shape) -> list[Record]:
    lines = Lines([sample[above:]], above + 1)
    kept: list[Record] = []
    for record in records(lines, found.dialect, shape):
        kept.append(record)
        if len(kept) >= 400:
            break
    return kept


def _read_directly(
    connection: Scratch,
    table: RawTable,
    text: Text,
    found: Found,
    above: list[Record],
    start: int | None,
    limits: Limits,
) -> bool:
    """Let the engine read the file itself, where it reads it exactly as we would.

    It must count as many rows as there are lines: then no row was dropped, joined or split.
    """
    dialect, counts = found.dialect, text.counts
    if (
        start is None
        or text.damaged
        or not dialect.delimiter
        or dialect.quote not in {'"', ""}
        or dialect.escape
        or text.line_end != "\n"
        or counts.carriage_returns not in {0, counts.line_feeds}
        or counts.carriage_returns != counts.pairs
        or start != (above[-1].line + above[-1].lines if above else start)
        or any(record.lines > 1 for record in above)
    ):
        return False
    relation = read_csv(text.path, len(table.names), dialect.delimiter, skip=start - 1,
                        quote=dialect.quote, line=limits.max_line_length // 4,
                        end="" if counts.pairs else LINE_FEED)  # fmt: skip
    try:
        row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    except ScratchProblem:
        return False
    rows = int(row[0]) if row else 0
    with text.path.open("rb") as file:
        file.seek(-1, 2)
        lines = counts.line_feeds + (file.read(1) != b"\n")
    if rows != lines - (start - 1):
        return False
    if rows > limits.max_rows:
        raise Refused(TOO_MANY_ROWS, most=limits.max_rows)
    table.relation, table.good, table.breaks = relation, rows, [(0, start)]
    return True


def _rewrite(
    table: RawTable,
    text: Text,
    found: Found,
    shape: Shape,
    start: int | None,
    staging: Path,
    limits: Limits,
    progress: Progress,
) -> None:
    lines = Lines(text.chunks())
    while start is None or lines.number < start:
        if lines.next() is None:
            break
    done = rewrite(lines, found.dialect, shape, staging / f"{text.path.name}.plain.csv",
                   most_rows=limits.max_rows, progress=lambda rows: progress("rows", rows))  # fmt: skip
    table.relation = read_csv(done.path, len(table.names), done.delimiter, line=done.longest)
    table.good, table.bad, table.aside = done.rows, done.bad, done.aside
    table.breaks = done.breaks or [(0, start or 2)]
    if done.ends_badly and not text.ends_with_a_line:
        table.cut = lines.number - 1
    if done.stray:
        table.warnings.append((notes.STRAY_QUOTES,
                               {"n": done.stray}))  # fmt: skip


def read_csv(
    path: Path,
    width: int,
    delimiter: str,
    *,
    skip: int = 0,
    quote: str = '"',
    line: int = 0,
    end: str = LINE_FEED,
) -> str:
    """SQL that reads a plain file as columns c0, c1, … of text, strictly: a bad row stops it.

    Args:
        path, width, delimiter, quote: of the file.
        skip: lines above the first row.
        line: characters of the longest row.
        end: of a line; empty: CRLF, which the engine finds by itself (told, it finds no rows).
            A line feed must be told: else a carriage return inside a cell misleads it.
    """
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    # The engine counts bytes, quotes included; a buffer holds some of the longest lines.
    line = max(1_000_000, 4 * line + 1_000)
    ends = f" new_line = {quoted(end)}," if end else ""
    return (
        f"read_csv({quoted(path)}, columns = {{{columns}}}, auto_detect = false, header = false,"
        f" delim = {quoted(delimiter)}, quote = {quoted(quote)}, escape = {quoted(quote)},"
        f"{ends} skip = {skip}, strict_mode = true, null_padding = false,"
        f" max_line_size = {line}, buffer_size = {max(8_000_000, 4 * line)})"
    )


def _without_footer(table: RawTable, rows: int) -> None:
    """Leave out the last rows, which the profile says are no data."""
    if table.bad:
        # Rows at the end that are ragged are bad already, and stay set aside.
        rows = max(0, rows - table.bad)
    kept = max(0, table.good - rows)
    table.warnings.append((notes.FOOTER, {"n": table.good - kept}))
    table.relation = f"(SELECT * FROM {table.relation} LIMIT {kept})"
    table.good = kept
