"""Findings of the detective as lines of text: the sentence, what shows it, what can be done."""

from __future__ import annotations

from collections.abc import Iterable

from kpi.escape import one_line
from kpi.findings import SEVERITY_NAMES, Evidence, Finding
from kpi.i18n import _

#: Rows of evidence that are printed; the JSON and the store have all that was kept.
_SHOWN = 4


def in_words(findings: Iterable[Finding], before: str = "") -> str:
    """The findings as text, empty without any; `before` goes before each sentence."""
    return "".join(f"{line}\n" for one in findings for line in _lines(one, before))


def _lines(finding: Finding, before: str) -> Iterable[str]:
    yield f"{before}[{_(SEVERITY_NAMES[finding.severity])}] {one_line(finding.sentence)}"
    if finding.evidence:
        yield from _side_by_side(finding.evidence)
    if finding.what_to_do:
        yield f"  → {one_line(finding.what_to_do)}"


def _side_by_side(evidence: Evidence) -> Iterable[str]:
    rows = [[one_line(cell) for cell in row] for row in (evidence.titles, *evidence.texts[:_SHOWN])]
    widths = [max(len(row[place]) for row in rows) for place in range(len(evidence.columns))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "    " + "  ".join(cells).rstrip()
    if len(evidence.rows) > _SHOWN:
        yield "    …"
