"""Where a number on screen comes from: the question it answers, its definition, its rows, its as-of.

Every outlet that shows a number within a page writes this beside it, so that who reads it can ask
for its meaning and its rows, and a test can ask the same question again.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpi import formats
from kpi.i18n import ngettext
from kpi.model import Result

#: What of an answer is shown; else the name of one of its extras.
VALUE, COUNT, NUMERATOR, DENOMINATOR = "value", "n", "numerator", "denominator"


@dataclass(frozen=True)
class Source:
    """One number's origin.

    Attributes:
        kpi: its name.
        asked: the question as the end of an address ("kpi=avoidable&since=…&process=fault").
        what: value, n, numerator, denominator, or the name of an extra.
        define: the address of the definition.
        rows: the address of the rows behind it; empty where it has none, or they may not be seen.
        count: how many rows that address shows; None where it is not a number of rows.
        as_of: up to when it tells, as a date to read.
    """

    kpi: str
    asked: str
    what: str = VALUE
    define: str = ""
    rows: str = ""
    count: int | None = None
    as_of: str = ""


def rests(now: Result | None, source: Source | None, what: str = "") -> str:
    """On how many rows a number rests, as beside it: those that its rows are, where it has any.

    `what` names what is counted, where numbers of other things stand beside it.
    """
    if now is None or source is None:
        return ""
    if source.count is None or source.count == now.n:
        return f"n = {formats.number(now.n)} {what}".strip() if now.n else ""
    return ngettext("{n} row", "{n} rows", source.count).format(n=formats.number(source.count))
