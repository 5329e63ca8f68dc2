"""A ranking of reasons: ties share a place, and what grew most beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kpi.model import NOT_CONFIGURED, Note
from kpi.periods import Period
from kpi.results.apart import told
from kpi.results.keys import Columns, count, keys


@dataclass(frozen=True)
class TopRow:
    """One reason: its place, distinct complaint cases now and before, and the difference.

    Place 0, on a screen: no reason that one can act on, which takes no part in a ranking: what nobody
    configured, together, and what came without a reason.
    `reason` is None for unknown. `previous` is what is compared with: an average where the period
    before is longer. Where `told` is false, a screen tells no amount of the change: what was before
    would follow from it, and that are fewer than ten, or lets fewer than ten be found elsewhere.
    """

    place: int
    reason: str | None
    n: int
    previous: float
    change: float
    told: bool = True


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
        others, unknown: on a screen, how many were for reasons that nobody configured, and how many
            without a reason; 0 where that may not be told. They have no place in `rows`.
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
    others: int = 0
    unknown: int = 0


def total(columns: Columns) -> int:
    """Distinct complaint cases now."""
    return sum(count(value) for value in columns.get("n", ()))


def ranked(columns: Columns, weeks: int) -> list[TopRow]:
    """Every reason with cases now or before, by place."""
    return _placed(
        (reason, count(columns["n"][row]), count(columns["previous"][row]) / weeks, True)
        for row, (reason,) in enumerate(keys(("reason",), columns))
    )


def ranked_on_screen(columns: Columns, weeks: int, seen: frozenset[str] | None) -> list[TopRow]:
    """The same for a screen that sees these processes (None: all), of columns by process and reason.

    A reason with fewer than ten cases is not shown, nor one of which fewer than ten cases could be
    found by subtracting what another screen shows (`kpi.results.apart`).
    """
    now: dict[str | None, dict[str | None, int]] = {}
    before: dict[str | None, dict[str | None, int]] = {}
    for row, (process, reason) in enumerate(keys(("process", "reason"), columns)):
        now.setdefault(reason, {})[process] = count(columns["n"][row])
        before.setdefault(reason, {})[process] = count(columns["previous"][row])
    found = []
    for reason, parts in now.items():
        n, previous = told(parts, seen), told(before[reason], seen)
        if n is None:
            continue
        real = sum(m for process, m in before[reason].items() if seen is None or process in seen)
        found.append((reason, n, real / weeks, previous is not None))
    # Reasons that share no more than that nobody configured them, or told them, are no reason.
    unnamed = (NOT_CONFIGURED, None)
    named = [one for one in found if one[0] not in unnamed]
    rest = [one for one in found if one[0] in unnamed]
    return [
        *_placed(named),
        *(TopRow(0, key, n, previous, n - previous, amount) for key, n, previous, amount in rest),
    ]


def _placed(rows: Iterable[tuple[str | None, int, float, bool]]) -> list[TopRow]:
    found = sorted(rows, key=lambda one: (-one[1], one[2] - one[1], one[0] is None, one[0] or ""))
    placed: list[TopRow] = []
    for position, (reason, n, previous, amount) in enumerate(found, start=1):
        place = placed[-1].place if placed and placed[-1].n == n else position
        placed.append(TopRow(place, reason, n, previous, n - previous, amount))
    return placed


def risers(rows: Iterable[TopRow], n: int) -> tuple[TopRow, ...]:
    """The `n` reasons that grew most."""
    grown = [row for row in rows if row.change > 0 and row.place]
    grown.sort(key=lambda row: (-row.change, row.place, row.reason is None, row.reason or ""))
    return tuple(grown[:n])
