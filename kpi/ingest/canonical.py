"""A text file in any dialect rewritten as a plain one: the same cells, one record a row, no doubt.

What an engine reads by itself without a doubt is left to it. Everything else comes here: bad rows
are set aside with their line and reason, the good ones written as comma-separated (or rather: same
delimiter) text with doubled quotes. Lines that are plain already are copied, thousands at a time.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from kpi.ingest.problems import Refused
from kpi.ingest.records import (
    NEVER_CLOSED,
    REPLACEMENT,
    TOO_FEW,
    Lines,
    Record,
    Shape,
    next_record,
)
from kpi.ingest.tokens import Dialect
from kpi.text import N_

#: Between the cells of a file that has one column: nothing that occurs in texts.
ALONE = "\x1f"
#: Characters of a bad row that are kept.
_KEPT = 4_000


@dataclass
class Rewritten:
    """What came of rewriting a file.

    Attributes:
        path: the plain copy.
        delimiter: of that copy.
        rows: rows in it.
        bad: rows set aside, in `aside`.
        aside: CSV of line, reason, value (what was found), raw (JSON array of cells).
        stray: rows in which quotes inside quotes were read as they stand.
        longest: characters of the longest row.
        breaks: (row, line): from that row (from 0) on, lines count up from that line.
        ends_badly: the last row has too few values, or a quote that is never closed.
    """

    path: Path
    delimiter: str
    aside: Path
    rows: int = 0
    bad: int = 0
    stray: int = 0
    longest: int = 0
    breaks: list[tuple[int, int]] = field(default_factory=list)
    ends_badly: bool = False


def rewrite(
    lines: Lines,
    dialect: Dialect,
    shape: Shape,
    to: Path,
    *,
    most_rows: int,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Rewritten:
    """Write what is left of `lines` to `to`.

    Args:
        lines: standing at the first data row.
        dialect: of the file.
        shape: what a row must be like; its width is the header's.
        to: the copy; bad rows go beside it.
        most_rows: more rows than this are refused.
        progress: told how many rows were written.

    Raises:
        Refused: for too many rows.
    """
    done = Rewritten(to, dialect.delimiter or ALONE, to.with_suffix(".aside.csv"))
    # A cell may be as long as a line; the module's own limit is for readers of strangers' cells.
    csv.field_size_limit(max(csv.field_size_limit(), shape.longest))
    with (
        to.open("w", encoding="utf-8", newline="") as good,
        done.aside.open("w", encoding="utf-8", newline="") as aside,
    ):
        work = _Rewriting(done, lines, dialect, shape, good, csv.writer(aside))
        while chunk := lines.rest():
            progress(done.rows)
            if done.rows + done.bad > most_rows:
                raise Refused(TOO_MANY_ROWS, most=most_rows)
            if work.all_plain(chunk):
                work.copy(chunk, lines.number)
                lines.skip(len(chunk))
            else:
                work.one_by_one(len(chunk))
    return done


TOO_MANY_ROWS = N_(
    "The file has more than {most} rows. Split it, or raise max_rows in the settings."
)


class _Rewriting:
    """The state of one `rewrite`."""

    def __init__(
        self,
        done: Rewritten,
        lines: Lines,
        dialect: Dialect,
        shape: Shape,
        good: TextIO,
        aside: Any,
    ) -> None:
        self.done, self.lines, self.dialect, self.shape = done, lines, dialect, shape
        self.good, self.aside = good, aside
        self.writer = csv.writer(
            good, delimiter=done.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )
        # What a line of plain cells does not hold.
        self.odd = {'"', "\r", dialect.quote or '"'}
        # What reads like the plain copy when it is quoted by the book.
        self.book = dialect.quote == '"' and not dialect.escape and bool(dialect.delimiter)
        self.loose = re.compile(rf'\r|(?:^|{re.escape(dialect.delimiter)})[ \t]+"')

    def all_plain(self, chunk: list[str]) -> bool:
        """Whether every line of the chunk is a row that may be copied as it is."""
        text = "".join(chunk)
        if any(mark in text for mark in self.odd) or (self.shape.damaged and REPLACEMENT in text):
            return False
        cuts, delimiter = self.shape.width - 1, self.done.delimiter
        if any(line.count(delimiter) != cuts for line in chunk):
            return False
        if not cuts and any(not line or line.isspace() for line in chunk):
            return False
        return max(map(len, chunk)) <= self.shape.longest

    def copy(self, rows: list[str], line: int) -> None:
        """Write lines that are plain rows, the first of which stands on `line`."""
        if not rows:
            return
        self.done.ends_badly = False
        self.mark(line)
        self.good.write("\n".join(rows))
        self.good.write("\n")
        self.done.rows += len(rows)
        self.done.longest = max(self.done.longest, *map(len, rows))

    def one_by_one(self, count: int) -> None:
        """Write the rows that begin in the next `count` lines."""
        lines = self.lines
        until = lines.number + count
        plain: list[str] = []
        while lines.number < until and (line := lines.peek()) is not None:
            if line and self.is_plain(line):
                plain.append(line)
                lines.skip(1)
                continue
            self.copy(plain, lines.number - len(plain))
            plain = []
            self.odd_one(next_record(lines, self.dialect, self.shape))
        self.copy(plain, lines.number - len(plain))

    def is_plain(self, line: str) -> bool:
        """Whether a line is a row that the engine will read as we do."""
        if len(line) > self.shape.longest or (self.shape.damaged and REPLACEMENT in line):
            return False
        if not any(mark in line for mark in self.odd):
            if line.count(self.done.delimiter) != self.shape.width - 1:
                return False
            return self.shape.width > 1 or not line.isspace()
        if not self.book or self.loose.search(line):
            return False
        try:
            cells = next(csv.reader((line,), delimiter=self.done.delimiter, strict=True))
        except csv.Error:
            return False
        return len(cells) == self.shape.width

    def odd_one(self, record: Record | None) -> None:
        """Write one record that had to be looked at."""
        if record is None:
            return
        done = self.done
        done.ends_badly = record.problem in {TOO_FEW, NEVER_CLOSED}
        if record.problem:
            done.bad += 1
            self.aside.writerow(_aside(record, self.shape))
            return
        self.mark(record.line)
        self.writer.writerow(record.cells)
        done.rows += 1
        done.stray += record.stray
        done.longest = max(done.longest, sum(map(len, record.cells)) + len(record.cells))

    def mark(self, line: int) -> None:
        """Note where the next row stands, if it is not on the line after the one before."""
        breaks, row = self.done.breaks, self.done.rows
        if not breaks or breaks[-1][1] + row - breaks[-1][0] != line:
            breaks.append((row, line))


def _aside(record: Record, shape: Shape) -> tuple[int, str, str, str]:
    kept: list[str] = []
    left = _KEPT
    for cell in record.cells:
        kept.append(cell[:left])
        left = max(0, left - len(cell))
    value = str(len(record.cells)) if len(record.cells) != shape.width else ""
    return record.line, record.problem, value, json.dumps(kept, ensure_ascii=False)
