"""The file as a whole: one column for all of it, cut off halfway, or as long as a spreadsheet can be."""

from __future__ import annotations

from collections.abc import Iterator

from kpi.findings import Finding, Severity
from kpi.ingest.table import RawTable
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


def of_file(raw: RawTable) -> Iterator[Finding]:
    """What is odd about a file before its columns are looked at."""
    if len(raw.names) == 1 and not raw.typed:
        yield Finding("one_column", ONE_COLUMN, {"name": raw.names[0][:60]}, ONE_ADVICE,
                      Severity.WRONG)  # fmt: skip
    if raw.cut is not None:
        yield Finding("cut_off", CUT, {"line": str(raw.cut)}, CUT_ADVICE, Severity.WRONG)
    lines = raw.rows + (raw.header_line or 0)
    if lines in _LIMITS:
        yield Finding("cut_off", FULL, {"n": lines}, CUT_ADVICE, Severity.WRONG, rows=raw.rows)
