"""A file beside what was loaded before: days that are missing, partial or far from usual.

What is usual is the median of a weekday over the weeks before. Everything here is arithmetic on rows
per day; `kpi.store.earlier` fetches them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from statistics import median

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.schema.titles import TITLES
from kpi.text import N_

Days = Mapping[date, int]
#: Weeks before a day that say what is usual on it.
_WEEKS = 8
#: As many of the same weekday are needed.
_SEVERAL = 3
#: A day on which fewer rows are usual is never missed.
_BUSY = 5
#: What is usual in all, before it can be said to be far more or less.
_EXPECTED = 60
_LESS, _MORE = 0.5, 2.0
#: Rows that are needed to compare weekends.
_ENOUGH = 200
_SHIFT = 0.15
_SATURDAY = 5
_SHOWN = 14

GAP = N_(
    "{table}: from {first} to {last} nothing was loaded: the file before ended on {before}, and this"
    " one begins on {begin}. About {usual} rows are usual on those days."
)
GAP_ADVICE = N_(
    "Load the extract of those days as well; until then every number over them is too low."
)
HOLE = N_("{table}: from {first} to {last} the file holds no rows, and about {usual} are usual.")
HOLE_ADVICE = N_("See whether these days are closed days, or whether the extract leaves them out.")
PARTIAL = N_(
    "{table}: the last day, {day}, holds {n} rows and {usual} are usual: it seems incomplete."
)
PARTIAL_ADVICE = N_(
    "Load the next extract with this day in it again: what is known already is not counted twice."
)
VOLUME = N_("{table}: {n} rows from {first} to {last}, and about {usual} are usual.")
VOLUME_ADVICE = N_(
    "Hold the number of rows against the source: a filter, another selection or a doubled export"
    " changes it like this."
)
WEEKENDS = N_("{table}: {share}% of the rows fall on a weekend; until now that was {before}%.")
WEEKENDS_ADVICE = N_(
    "See whether day and month were read as they were meant, and whether the selection is the same."
)
OVERLAP = N_(
    "{table}: {n} rows, from {first} to {last}, are of days of which {known} rows were loaded before."
)
OVERLAP_ADVICE = N_(
    "Rows with the same key count once, and the newest holds. See in the report how many were"
    " new, changed and unchanged."
)
DAY, ROWS, USUAL = Word(N_("Day")), Word(N_("Rows")), Word(N_("Usual"))


@dataclass(frozen=True)
class Beside:
    """The days of a file beside those that were loaded before.

    Attributes:
        table: the fact table.
        own: rows per day in the file.
        earlier: rows per day in the store, of earlier loads of the same feed.
    """

    table: str
    own: Days
    earlier: Days = field(default_factory=dict)

    @cached_property
    def first(self) -> date:
        """The first day of the file that comes after what was loaded before."""
        known = max(self.earlier, default=date.min)
        return min((day for day in self.own if day > known), default=min(self.own))

    @cached_property
    def last(self) -> date:
        """The last day of the file."""
        return max(self.own)

    def usual(self, day: date) -> float | None:
        """Rows that are usual on such a day; None where too few are known."""
        before = [day - timedelta(weeks=week) for week in range(1, _WEEKS + 1)]
        known = [self._rows(one) for one in before if self._covers(one)]
        if len(known) < _SEVERAL:
            # The first weeks of a file are judged by those that follow.
            after = [day + timedelta(weeks=week) for week in range(1, _WEEKS + 1)]
            known = [self._rows(one) for one in after if self._covers(one) and one < self.last]
        return median(known) if len(known) >= _SEVERAL else None

    def _rows(self, day: date) -> int:
        return max(self.own.get(day, 0), self.earlier.get(day, 0))

    @cached_property
    def _spans(self) -> tuple[tuple[date, date], ...]:
        return tuple((min(days), max(days)) for days in (self.own, self.earlier) if days)

    def _covers(self, day: date) -> bool:
        """Whether the day lies inside what was loaded, or inside the file."""
        return any(first <= day <= last for first, last in self._spans)


def findings(beside: Beside) -> Iterator[Finding]:
    """What is odd about the days of a file."""
    if not beside.own:
        return
    yield from _gap(beside)
    yield from _overlap(beside)
    yield from _holes(beside)
    # A file that is too small as a whole has no last day that is too small.
    yield from list(_volume(beside)) or _partial(beside)
    yield from _weekends(beside)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(at) for at in range((last - first).days + 1)]


def _table(beside: Beside, days: list[date]) -> Evidence:
    shown = days[:_SHOWN]
    return Evidence(
        (DAY, ROWS, USUAL),
        tuple((day, beside.own.get(day, 0), _whole(beside.usual(day))) for day in shown),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _overlap(beside: Beside) -> Iterator[Finding]:
    """Days of the file that were loaded before: no harm by itself, and good to know."""
    days = sorted(day for day in beside.own if beside.earlier.get(day))
    if not days:
        return
    values = {
        "table": Word(TITLES[beside.table]), "n": sum(beside.own[day] for day in days), "first": days[0],
        "last": days[-1], "known": sum(beside.earlier[day] for day in days),
    }  # fmt: skip
    yield Finding("overlap", OVERLAP, values, OVERLAP_ADVICE, Severity.NOTE, beside.table)


def _gap(beside: Beside) -> Iterator[Finding]:
    """Days between the file before and this one."""
    if not beside.earlier or min(beside.own) <= max(beside.earlier) + timedelta(1):
        return
    before, begin = max(beside.earlier), min(beside.own)
    days = _between(before + timedelta(1), begin - timedelta(1))
    missed = [day for day in days if (beside.usual(day) or 0) >= _BUSY]
    if missed:
        yield Finding(
            "gap", GAP, {
                "table": Word(TITLES[beside.table]), "first": missed[0], "last": missed[-1], "before": before,
                "begin": begin, "usual": round(sum(beside.usual(day) or 0 for day in missed)),
            }, GAP_ADVICE, Severity.WRONG, beside.table, evidence=_table(beside, missed),
        )  # fmt: skip


def _holes(beside: Beside) -> Iterator[Finding]:
    """Three or more days in a row inside the file on which there should be rows; one is a holiday."""
    runs: list[list[date]] = [[]]
    for day in _between(beside.first, beside.last):
        usual = beside.usual(day) or 0
        if usual < _BUSY:
            continue
        if beside.own.get(day) or beside.earlier.get(day):
            runs.append([])
        else:
            runs[-1].append(day)
    long = [run for run in runs if len(run) >= _SEVERAL]
    if long:
        run = max(long, key=len)
        yield Finding(
            "hole", HOLE, {
                "table": Word(TITLES[beside.table]), "first": run[0], "last": run[-1],
                "usual": round(sum(beside.usual(day) or 0 for day in run)),
            }, HOLE_ADVICE, Severity.CHECK, beside.table,
            evidence=_table(beside, [day for run in long for day in run]),
        )  # fmt: skip


def _partial(beside: Beside) -> Iterator[Finding]:
    """A last day that is not over."""
    usual, n = beside.usual(beside.last) or 0, beside.own[beside.last]
    if usual >= 4 * _BUSY and n < 0.4 * usual and len(beside.own) > 1:
        yield Finding(
            "partial_day", PARTIAL,
            {"table": Word(TITLES[beside.table]), "day": beside.last, "n": n, "usual": round(usual)},
            PARTIAL_ADVICE, Severity.NOTE, beside.table, rows=n,
            evidence=_table(beside, _between(beside.last - timedelta(6), beside.last)),
        )  # fmt: skip


def _volume(beside: Beside) -> Iterator[Finding]:
    """Far more or fewer rows than usual, over the days that are new."""
    if not beside.earlier or beside.last <= max(beside.earlier):
        return
    days = [day for day in _between(beside.first, beside.last) if beside.usual(day) is not None]
    # The last day may not be over, which is another matter.
    days = days[:-1] if len(days) > 1 else days
    expected = sum(beside.usual(day) or 0 for day in days)
    n = sum(beside.own.get(day, 0) for day in days)
    if expected < _EXPECTED or _LESS <= n / expected <= _MORE:
        return
    yield Finding(
        "volume", VOLUME, {
            "table": Word(TITLES[beside.table]), "n": n, "first": days[0], "last": days[-1],
            "usual": round(expected),
        }, VOLUME_ADVICE, Severity.CHECK, beside.table, rows=n, evidence=_table(beside, days),
    )  # fmt: skip


def _weekends(beside: Beside) -> Iterator[Finding]:
    """Another share of weekends than until now."""
    own, before = _weekend(beside.own), _weekend(beside.earlier)
    if own is None or before is None or abs(own - before) < _SHIFT:
        return
    yield Finding(
        "weekends", WEEKENDS,
        {"table": Word(TITLES[beside.table]), "share": round(100 * own), "before": round(100 * before)},
        WEEKENDS_ADVICE, Severity.CHECK, beside.table,
    )  # fmt: skip


def _weekend(days: Days) -> float | None:
    """Share of rows on a weekend; None where there is too little to tell."""
    total = sum(days.values())
    if total < _ENOUGH or not days or (max(days) - min(days)).days < 13:
        return None
    return sum(count for day, count in days.items() if day.weekday() >= _SATURDAY) / total
