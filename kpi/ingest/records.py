"""Lines into records, so that one bad row costs one row.

A quoted cell may hold line ends. A quote that is opened by mistake may not swallow the rows after
it: a record over several lines is believed only when it is strictly quoted, has the right number
of cells, and the lines inside it do not look like rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpi.ingest.tokens import Dialect, State
from kpi.text import N_

TOO_FEW = N_("has fewer values than the header has columns")
TOO_MANY = N_("has more values than the header has columns")
NEVER_CLOSED = N_("opens a quote that is never closed")
TOO_LONG = N_("is longer than a line may be")
UNREADABLE = N_("holds bytes that the file's encoding does not know")

#: More lines than this in one record are not looked at: the quote was opened by mistake.
MOST_LINES = 5_000
#: Stands where a byte could not be read.
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Record:
    """One row of the file.

    Attributes:
        line: where it starts, from 1.
        cells: its values; of a bad row as far as they could be told apart.
        lines: how many lines it takes.
        problem: why it is no row like the others; empty when it is one.
        stray: quotes inside quotes that were not doubled were read as they stand.
        plain: its line may be copied as it is: no quotes, no line ends inside.
    """

    line: int
    cells: list[str]
    lines: int = 1
    problem: str = ""
    stray: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Shape:
    """What a row must be like.

    Attributes:
        width: cells of a row; 0: any number.
        longest: characters of a line.
        damaged: whether bytes of this file could not be read, so that the replacement
            character marks a bad row.
    """

    width: int = 0
    longest: int = 4_000_000
    damaged: bool = False


class Lines:
    """The lines of a file, chunk by chunk, with a way back to the start of a record."""

    def __init__(self, chunks: Iterable[list[str]], first_line: int = 1) -> None:
        self._chunks = iter(chunks)
        self._lines: list[str] = []
        self._at = 0
        #: Number of the next line.
        self.number = first_line

    def rest(self) -> list[str]:
        """The lines of the chunk at hand that were not taken yet; empty at the end of the file."""
        if self._at >= len(self._lines):
            self._lines, self._at = next(filter(None, self._chunks), []), 0
        elif self._at:
            self._lines, self._at = self._lines[self._at :], 0
        return self._lines

    def skip(self, count: int) -> None:
        """Take `count` lines (or put them back) without looking."""
        self._at += count
        self.number += count

    def next(self) -> str | None:
        """Take the next line; None at the end of the file."""
        line = self.peek()
        if line is not None:
            self.skip(1)
        return line

    def peek(self) -> str | None:
        """The next line, not taken; None at the end of the file."""
        while self._at >= len(self._lines):
            more = next(self._chunks, None)
            if more is None:
                return None
            # Kept whole: the record at hand may have to go back to where it began.
            self._lines = [*self._lines, *more]
        return self._lines[self._at]

    def split_here(self, pieces: list[str]) -> None:
        """Replace the line just taken by `pieces`, the first of which counts as taken."""
        self._lines[self._at - 1 : self._at] = pieces


def records(lines: Lines, dialect: Dialect, shape: Shape) -> Iterator[Record]:
    """Every row of what is left of the file, good or bad, in order; blank lines are none."""
    while True:
        found = next_record(lines, dialect, shape)
        if found is None:
            return
        yield found


def next_record(lines: Lines, dialect: Dialect, shape: Shape) -> Record | None:
    """The next row, good or bad; None at the end of the file."""
    while (line := lines.next()) is not None:
        if line and not (line.isspace() and (dialect.delimiter or " ") not in line):
            return _record(line, lines, dialect, shape)
    return None


def _record(line: str, lines: Lines, dialect: Dialect, shape: Shape) -> Record:
    number = lines.number - 1
    if "\r" in line and (pieces := _rows_of(line, dialect, shape)):
        lines.split_here(pieces)
        line = pieces[0]
    if len(line) > shape.longest:
        return Record(number, [line[:200]], problem=TOO_LONG)
    cells, state = dialect.cells(line)
    if shape.damaged and REPLACEMENT in line:
        return Record(number, cells, problem=UNREADABLE)
    if state is State.WHOLE:
        plain = not (dialect.quote and dialect.quote in line) and not set('\r"') & set(line)
        return _judged(number, cells, 1, shape, plain=plain)
    if state is State.STRAY and dialect.quotes(line) % 2 == 0:
        # Every quote has its fellow: the row does not go on in the next line.
        return _judged(number, cells, 1, shape, stray=True)
    whole = _continued(line, lines, dialect, shape)
    if whole is not None:
        return whole
    if state is State.STRAY:
        return _judged(number, cells, 1, shape, stray=True)
    loose = line.split(dialect.delimiter) if dialect.delimiter else [line]
    return Record(number, loose, problem=NEVER_CLOSED)


def _judged(
    number: int,
    cells: list[str],
    lines: int,
    shape: Shape,
    *,
    stray: bool = False,
    plain: bool = False,
) -> Record:
    width = shape.width
    if width and len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        # Delimiters at the end of a row: more cells, but nothing in them.
        return Record(number, cells[:width], lines, stray=stray)
    problem = ""
    if width and len(cells) != width:
        problem = TOO_FEW if len(cells) < width else TOO_MANY
    return Record(number, cells, lines, problem, stray, plain and not problem)


def _rows_of(line: str, dialect: Dialect, shape: Shape) -> list[str] | None:
    """The rows in a line that holds bare carriage returns, if each is a whole one."""
    pieces = line.split("\r")
    if shape.width < 2 or any(
        len(cells) != shape.width or state is not State.WHOLE
        for cells, state in map(dialect.cells, pieces)
    ):
        return None
    return pieces


def _continued(line: str, lines: Lines, dialect: Dialect, shape: Shape) -> Record | None:
    """The record that goes on over the next lines; None (and no line taken) when none does."""
    number = lines.number - 1
    pieces = [line]
    length, quotes = len(line), dialect.quotes(line)
    rows_inside = 0
    while len(pieces) <= MOST_LINES and length <= shape.longest:
        following = lines.next()
        if following is None:
            break
        pieces.append(following)
        length += len(following) + 1
        here = dialect.quotes(following)
        quotes += here
        cells: list[str] = []
        state = State.OPEN
        if here and quotes % 2 == 0:
            cells, state = dialect.cells("\n".join(pieces))
        if state is State.OPEN:
            rows_inside += _looks_like_a_row(following, dialect, shape)
            continue
        found = _judged(number, cells, len(pieces), shape)
        if state is State.STRAY or _swallows(rows_inside, len(pieces) - 2, dialect):
            break
        if found.problem and rows_inside:
            break
        return found
    lines.skip(1 - len(pieces))
    return None


def _swallows(rows_inside: int, lines_inside: int, dialect: Dialect) -> bool:
    """Whether a cell over several lines looks like rows that a stray quote has eaten."""
    # Prose holds commas, so a line of it may well have as many as a row; of other delimiters not.
    return rows_inside * 2 > lines_inside if dialect.delimiter in ", " else rows_inside > 0


def _looks_like_a_row(line: str, dialect: Dialect, shape: Shape) -> bool:
    if shape.width < 2 or not dialect.delimiter:
        return False
    cells, state = dialect.cells(line)
    return state is State.WHOLE and len(cells) == shape.width
