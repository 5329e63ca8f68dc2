"""The file as a whole: one column for all of it, cut off halfway, or as long as a spreadsheet can be."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from kpi.findings import Finding, Severity
from kpi.ingest.header import cell_kind
from kpi.ingest.table import RawTable
from kpi.schema.synonyms import fold
from kpi.store.scratch import Scratch
from kpi.text import N_

#: Lines that old and new spreadsheets hold at most.
_LIMITS = (65_536, 1_048_576)

ONE_COLUMN = N_("Only one column was found, {name}. Is the separator right?")
ONE_ADVICE = N_('Say the separator in the profile: [read] delimiter = ";".')
CUT = N_("The last line, {line}, stops halfway: the file seems to be cut off.")
CUT_ADVICE = N_("Make the extract anew and compare how many rows the source says it has.")
FULL = N_(
    "The file has exactly {n} lines, the most that a spreadsheet holds: what came after is probably"
    " missing."
)
SECOND_TABLE = N_(
    "A second table seems to begin on line {line}: {names}. What follows does not belong to the first."
)
SECOND_ADVICE = N_("Make a file of each table and load them one by one.")
HEADER_AGAIN = N_(
    "The header stands in the file again, on line {lines}; those lines were set aside."
)
MERGED_CELLS = N_(
    "{names}: cells are merged over several rows. Such a cell counts for its first row only; the {n}"
    " rows below it are read as empty there."
)
MERGED_ADVICE = N_(
    "Unmerge these cells in the spreadsheet and fill every row, or ask the source for an export"
    " without merged cells."
)
#: Rows that were set aside that are looked at.
_LOOKED_AT = 2_000


def of_file(raw: RawTable) -> Iterator[Finding]:
    """What is odd about a file before its columns are looked at."""
    if len(raw.names) == 1 and not raw.typed:
        yield Finding("one_column", ONE_COLUMN, {"name": raw.names[0][:60]}, ONE_ADVICE,
                      Severity.WRONG)  # fmt: skip
    if raw.cut is not None:
        yield Finding("cut_off", CUT, {"line": str(raw.cut)}, CUT_ADVICE, Severity.WRONG)
    if raw.merged:
        n = sum(raw.merged.values())
        yield Finding("merged_cells", MERGED_CELLS, {"names": ", ".join(raw.merged)[:200], "n": n},
                      MERGED_ADVICE, Severity.WRONG, rows=n)  # fmt: skip
    lines = raw.rows + (raw.header_line or 0)
    if lines in _LIMITS:
        yield Finding("cut_off", FULL, {"n": lines}, CUT_ADVICE, Severity.WRONG, rows=raw.rows)


def of_aside(
    connection: Scratch, aside: str, names: Sequence[str], known: frozenset[str]
) -> Iterator[Finding]:
    """What the rows that were set aside tell of the file: another header, or its own again.

    Args:
        connection: can read `aside`.
        aside: SQL with the columns of `kpi.staged.QUARANTINE_COLUMNS`.
        names: of the columns of the file.
        known: folded headers that real exports use.
    """
    rows = connection.execute(
        f"SELECT row_number, min(raw) FROM {aside} GROUP BY 1 ORDER BY 1 LIMIT {_LOOKED_AT}"
    ).fetchall()
    own = [fold(name) for name in names]
    again = []
    for line, raw in rows:
        cells = [str(cell) for cell in json.loads(raw)]
        if list(map(fold, cells))[: len(own)] == own:
            again.append(str(line))
        elif is_header(cells, known):
            said = ", ".join(cell.strip()[:40] for cell in cells if cell.strip())
            yield Finding("second_table", SECOND_TABLE, {"line": str(line), "names": said[:200]},
                          SECOND_ADVICE, Severity.WRONG)  # fmt: skip
            break
    if again:
        yield Finding("header_again", HEADER_AGAIN, {"lines": again[:8]},
                      severity=Severity.NOTE, rows=len(again))  # fmt: skip


def is_header(cells: Sequence[str], known: frozenset[str]) -> bool:
    """Whether cells are what columns are called: words, each another, half of them known as that."""
    filled = [cell for cell in cells if cell.strip()]
    folded = set(map(fold, filled))
    return (
        len(folded) == len(filled) >= 2
        and all(cell_kind(cell) == "text" for cell in filled)
        and sum(name in known for name in folded) * 2 >= len(filled)
    )
