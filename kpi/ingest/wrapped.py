"""Rows that stand in quotes as a whole: what comes of opening a CSV in a spreadsheet and saving it.

Every line is one cell to a reader, `"Z1;05-01-2026;open"`, with the quotes inside doubled. Taken off,
the file is what it was.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kpi.ingest.dialect import Found, find_dialect
from kpi.ingest.survey import Counts, Text

#: Share of the lines that must stand in quotes.
_SHARE = 0.9
#: Share of the lines that must be alike once they are unwrapped.
_REGULAR = 0.9


def unwrapped(line: str) -> str | None:
    """What stands in the quotes around a whole line; None where there are none.

    >>> unwrapped('"a;""b"";c"')
    'a;"b";c'
    """
    inside = line.rstrip(";, \t")
    if len(inside) < 2 or inside[0] != '"' or inside[-1] != '"':
        return None
    inside = inside[1:-1]
    return None if '"' in inside.replace('""', "") else inside.replace('""', '"')


def are_wrapped(sample: list[str]) -> bool:
    """Whether the lines of a file of one column are rows in quotes."""
    lines = [line for line in sample if line.strip()]
    opened = [inside for line in lines if (inside := unwrapped(line)) is not None]
    if len(lines) < 2 or len(opened) < _SHARE * len(lines):
        return False
    found: Found = find_dialect(opened)
    return found.width > 1 and found.regular >= _REGULAR and found.dialect.delimiter != " "


def unwrap(text: Text, to: Path) -> Text:
    """The same text with the quotes around its lines taken off; line numbers stay."""
    counts = Counts()
    with to.open("wb") as copy:
        for chunk in text.chunks():
            lines = [line if (inside := unwrapped(line)) is None else inside for line in chunk]
            encoded = ("\n".join(lines) + "\n").encode("utf-8", "replace")
            counts.add(encoded)
            copy.write(encoded)
    return replace(text, path=to, counts=counts)
