"""Which characters tell cells apart: every likely pair of delimiter and quote is tried on a sample.

A pair is good when most records get the same number of cells and the cells look like something: a
number, a date, a word - and not like two cells that were left together. That is the idea of
van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns"
(2019), with rules of our own for what Dutch systems write: decimal commas in files with semicolons,
and stray quotes, which are read row by row (`kpi.ingest.records`). Measured against their package
on the messy files, ours names the right delimiter more often (tests/ingest/test_dialect.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kpi.ingest.problems import Said
from kpi.ingest.records import Lines, Record, Shape, records
from kpi.ingest.tokens import Dialect, State
from kpi.text import N_

#: In order of preference where they score alike.
DELIMITERS = (";", ",", "\t", "|", " ")
#: Wrappers other than the double quote are taken only when nearly every text is wrapped in them.
OTHER_QUOTES = "'#~`$^*%"
NAMES = {";": N_("semicolon"), ",": N_("comma"), "\t": N_("tab"), "|": N_("bar"), " ": N_("space")}
#: Lines that are looked at.
SAMPLE_LINES = 2_000
_LONGEST = 1 << 22

_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?;*,*\s*\Z', re.IGNORECASE)
_CLEAN = re.compile(
    r"""\s*(?:
        [-+(]?(?:€|EUR|\$|£)?\s?[-+]?[\d.,\s]*\d[\d.,]*%?\)?(?:e[-+]?\d+)?  # numbers
      | [\w./:+-]+(?:[\sT][\w.:+-]+){0,3}                                   # dates, ids, some words
      | [^\s@;|\t]+@[^\s@;|\t]+                                             # addresses
      | https?://[^\s;|\t]+
      | [^;|\t"]*                                                           # prose
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A dialect, how sure we are, and why.

    Attributes:
        dialect: of the file.
        width: cells of most rows.
        regular: share of the rows that have that many.
        separator_line: the file begins with a line `sep=;`, which is no data.
        doubts: message ids with their values.
        runner_up: the delimiter that came next; empty when nothing came near.
    """

    dialect: Dialect
    width: int
    regular: float
    separator_line: bool = False
    doubts: tuple[Said, ...] = ()
    runner_up: str = ""


@dataclass(frozen=True)
class _Tried:
    dialect: Dialect
    width: int
    regular: float
    score: float


def find_dialect(
    sample: Sequence[str],
    delimiter: str | None = None,
    quote: str | None = None,
    escape: str | None = None,
) -> Found:
    """The dialect of the lines in `sample`.

    Args:
        sample: the first lines of a file.
        delimiter, quote, escape: as pinned; None: found by looking.
    """
    lines = list(sample[:SAMPLE_LINES])
    separator_line = bool(lines and (match := _SEPARATOR_LINE.match(lines[0])))
    if separator_line:
        assert match is not None
        delimiter = delimiter or match[1]
        lines = lines[1:]
    lines = [line for line in lines if line.strip()]
    quotes = ('"',) if quote is None else (quote,)
    delimiters = DELIMITERS if delimiter is None else (delimiter,)
    tried = [_try(lines, Dialect(d, q, escape or "")) for d in delimiters for q in quotes]
    tried.sort(key=lambda one: one.score, reverse=True)
    best = _best(tried) if delimiter is None else tried[0]
    doubts: list[Said] = []
    runner_up = ""
    if delimiter is None and best.width > 1:
        near = [
            one
            for one in tried
            if one is not best
            and one.width > 1
            and one.dialect.delimiter != " "
            and one.score > 0.8 * best.score
        ]
        if near:
            runner_up = near[0].dialect.delimiter
            doubts.append((N_("The columns may be separated by {first} or by {second}."),
                           {"first": best.dialect.delimiter, "second": runner_up}))  # fmt: skip
    if best.dialect.delimiter == " " and delimiter is None:
        doubts.append((N_("The columns seem to be separated by spaces."), {}))
    if best.width == 1 and delimiter is None:
        best = _Tried(replace(best.dialect, delimiter=""), 1, 1.0, 0.0)
    if quote is None:
        best, said = _other_quote(best, lines)
        doubts += said
    if escape is None:
        best = _escaped(best, lines)
    if best.regular < 0.5:
        doubts.append((N_("Less than half of the rows have the same number of columns."), {}))
    return Found(best.dialect, best.width, best.regular, separator_line, tuple(doubts), runner_up)


def _best(tried: list[_Tried]) -> _Tried:
    several = [one for one in tried if one.width > 1]
    # Words are separated by spaces too: only where nothing else separates anything.
    others = [one for one in several if one.dialect.delimiter != " "]
    if others:
        return others[0]
    if several and several[0].regular >= 0.9 and several[0].score > 0.5:
        return several[0]
    return replace(tried[0], width=1)


def _try(lines: list[str], dialect: Dialect) -> _Tried:
    # Prose in quoted cells has lines of its own; rows with a stray quote have none. Both views
    # of what a row is are tried.
    joined = records(Lines([lines]), dialect, Shape(0, longest=_LONGEST))
    widths = {
        modal_width(_widths(lines, dialect)),
        modal_width(len(record.cells) for record in joined if not record.problem),
    }
    tried = [_with(lines, dialect, width) for width in widths]
    # Of two widths in one dialect the more regular is right, even when it is the smaller.
    return max(tried, key=lambda one: one.score * one.regular**2)


def _with(lines: list[str], dialect: Dialect, width: int) -> _Tried:
    found = list(records(Lines([lines]), dialect, Shape(width, longest=_LONGEST)))
    if not found:
        return _Tried(dialect, 1, 1.0, 0.0)
    good = [record for record in found if not record.problem]
    regular = len(good) / len(found)
    score = regular * (width - 1) / width * _looks(good, dialect)
    return _Tried(dialect, width, regular, score)


def _widths(lines: Iterable[str], dialect: Dialect) -> Iterator[int]:
    for line in lines:
        cells, state = dialect.cells(line)
        if state is State.WHOLE:
            yield len(cells)


def modal_width(seen: Iterable[int]) -> int:
    """The number of cells that most rows have; of two alike the one that comes first."""
    widths = Counter(seen)
    if not widths:
        return 1
    width, most = widths.most_common(1)[0]
    several = Counter({wide: count for wide, count in widths.items() if wide > 1})
    if width == 1 and several:
        # Titles, notes and blank cells are single: what is separated at all says more.
        wide, count = several.most_common(1)[0]
        if count * 3 >= most:
            return wide
    return width


def _looks(found: list[Record], dialect: Dialect) -> float:
    """Share of the cells that look like one thing."""
    cells = [cell for record in found[:400] for cell in record.cells]
    if not cells:
        return 0.0
    good = sum(_looks_clean(cell, dialect) for cell in cells)
    return good / len(cells)


def _looks_clean(cell: str, dialect: Dialect) -> bool:
    if not cell.strip():
        return True
    if not _CLEAN.fullmatch(cell[:300]):
        return False
    # "12,5;3": a decimal comma took the place of the delimiter.
    return not any(other in cell and other != dialect.delimiter for other in ";\t|")


def _other_quote(best: _Tried, lines: list[str]) -> tuple[_Tried, list[Said]]:
    """Another wrapper than the double quote, where cells begin and end with it."""
    text = "\n".join(lines)
    delimiter = best.dialect.delimiter
    usual = _at_edges(text, '"', delimiter)
    for quote in OTHER_QUOTES:
        found = text.count(quote)
        edges = _at_edges(text, quote, delimiter) if found > 1 else 0
        if edges <= usual or edges < 2 or edges * 10 < found * 6:
            continue
        tried = _try(lines, replace(best.dialect, quote=quote))
        if tried.regular >= best.regular:
            doubt = (N_("Texts seem to be quoted with {quote}."), {"quote": quote})
            return tried, [] if quote == "'" else [doubt]
    return best, []


def _at_edges(text: str, quote: str, delimiter: str) -> int:
    """How often `quote` stands where a cell begins or ends; 0 when it only does one of the two."""
    mark, cut = re.escape(quote), f"|{re.escape(delimiter)}" if delimiter else ""
    begin = len(re.findall(rf"(?:^{cut})[ ]?{mark}", text, re.MULTILINE))
    end = len(re.findall(rf"{mark}[ ]?(?:${cut})", text, re.MULTILINE))
    return begin + end if min(begin, end) * 3 >= max(begin, end) else 0


def _escaped(best: _Tried, lines: list[str]) -> _Tried:
    """The backslash as escape, where reading without it leaves more rows irregular."""
    if not best.dialect.quote or not any("\\" + best.dialect.quote in line for line in lines):
        return best
    other = _try(lines, replace(best.dialect, escape="\\"))
    return other if other.regular > best.regular or _strays(lines, best, other) else best


def _strays(lines: list[str], one: _Tried, other: _Tried) -> bool:
    """Whether `other` reads strictly what `one` can only read with stray quotes."""

    def count(tried: _Tried) -> int:
        shape = Shape(tried.width, longest=_LONGEST)
        return sum(record.stray for record in records(Lines([lines]), tried.dialect, shape))

    return count(other) < count(one)
