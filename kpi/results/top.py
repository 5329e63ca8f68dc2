"""A ranking of reasons: ties share a place, and what grew most beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kpi.model import NOT_CONFIGURED, TOO_FEW, Note
from kpi.periods import Period
from kpi.results.keys import Columns, count, keys


@dataclass(frozen=True)
class TopRow:
    """One reason: its place, distinct complaint cases now and before, and the difference.

    `reason` is None for unknown. `previous` is what is compared with: an average where the period
    before is longer.
    """

    place: int
    reason: str | None
    n: int
    previous: float
    change: float


@dataclass(frozen=True)
class Top:
    """A ranking, what grew most, and over which periods.

    Attributes:
        rows: by place; ties share one and stand in the order of what grew, then of the name.
        risers: reasons that grew, most first.
        now, before: the periods compared; `weeks` > 1: before is averaged over so many.
        total: distinct complaint cases in `now`, of all reasons.
        tied_beyond: how many reasons share the last row's place and did not fit.
        as_of: naive UTC.
        notes: remarks.
        compared: false where the data begin within `before`: then it holds too few, and a
            difference with it says nothing.
    """

    rows: tuple[TopRow, ...]
    risers: tuple[TopRow, ...]
    now: Period
    before: Period
    weeks: int
    total: int
    tied_beyond: int
    as_of: datetime | None
    notes: tuple[Note, ...] = ()
    compared: bool = True


def total(columns: Columns) -> int:
    """Distinct complaint cases now."""
    return sum(count(value) for value in columns.get("n", ()))


def ranked(columns: Columns, weeks: int, *, screen: bool) -> list[TopRow]:
    """Every reason with cases now or before, by place.

    On a screen a reason with fewer than ten cases is not shown.
    """
    found = []
    for row, (reason,) in enumerate(keys(("reason",), columns)):
        n, previous = count(columns["n"][row]), count(columns["previous"][row]) / weeks
        if not (screen and n < TOO_FEW):
            found.append((reason, n, previous))
    found.sort(key=lambda one: (-one[1], one[2] - one[1], one[0] is None, one[0] or ""))
    rows: list[TopRow] = []
    for position, (reason, n, previous) in enumerate(found, start=1):
        place = rows[-1].place if rows and rows[-1].n == n else position
        rows.append(TopRow(place, reason, n, previous, n - previous))
    return rows


def risers(rows: Iterable[TopRow], n: int) -> tuple[TopRow, ...]:
    """The `n` reasons that grew most."""
    grown = [row for row in rows if row.change > 0 and row.reason != NOT_CONFIGURED]
    grown.sort(key=lambda row: (-row.change, row.place, row.reason is None, row.reason or ""))
    return tuple(grown[:n])
