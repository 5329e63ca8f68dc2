"""Day and month changed places, in the source or in reading it.

A system that reads 04-06 as 6 April writes 06-04 wherever the day is 12 at most; what lies above 12
it must leave. So days up to 12 and days above tell different stories, and that shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import TIMES, Scene
from kpi.text import N_

_LAST_MONTH = 12
#: Rows on either side of 12 that are needed to say anything.
_ENOUGH = 30
#: Share of the early days that must be numbers of the months that really occur.
_FITTING = 0.98
#: Months that really occur: with more of them nearly every early day is one of their numbers.
_MOST_MONTHS = 6
_SATURDAY = 5

SWAPPED = N_(
    "{column}: day and month have changed places in the source wherever the day is 12 or less."
    " Dates after the 12th lie only in months {months}; in other months only days {days} occur."
    " At least {n} rows stand in the wrong month."
)
SWAPPED_WEEKENDS = N_(
    "{column}: day and month seem to have changed places where the day is 12 or less: {early}% of"
    " those rows fall on a weekend, and {late}% of the rows after the 12th."
)
ADVICE = N_(
    "Ask for the extract anew with dates as 2026-03-31. Until then, believe no number per week or"
    " month of these rows."
)
MONTH, DAYS = Word(N_("Month")), Word(N_("Days that occur"))


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each column of times that was swapped."""
    for name in scene.times:
        days = scene.days(name)
        if found := swapped(days):
            months, rows = found
            odd = sorted({day.day for day in days if day.month not in months})
            yield scene.finding(
                "swapped_days", SWAPPED, ADVICE, column=name, severity=Severity.WRONG, rows=rows,
                n=rows, months=list(map(str, sorted(months))), days=list(map(str, odd)),
                evidence=_by_month(days),
            )  # fmt: skip
        elif name in scene.table.fact_times and (shares := swapped_weekends(days)):
            early, late = shares
            yield scene.finding(
                "swapped_days", SWAPPED_WEEKENDS, ADVICE, column=name, severity=Severity.WRONG,
                early=round(100 * early), late=round(100 * late), evidence=_by_month(days),
            )  # fmt: skip


def swapped(days: Mapping[date, int]) -> tuple[frozenset[int], int] | None:
    """The months that really occur, and the rows that stand in another; None: nothing is odd.

    >>> from datetime import date, timedelta
    >>> true = [date(2026, 4, 1) + timedelta(n) for n in range(60)]
    >>> as_written = [date(d.year, d.day, d.month) if d.day <= 12 else d for d in true]
    >>> swapped({day: 5 for day in as_written})
    (frozenset({4, 5}), 100)
    >>> swapped({day: 5 for day in true})
    """
    late: Counter[int] = Counter()
    early: Counter[date] = Counter()
    for day, count in days.items():
        if day.day > _LAST_MONTH:
            late[day.month] += count
        else:
            early[day] += count
    if min(late.total(), early.total()) < _ENOUGH:
        return None
    # A typing error here and there is no month.
    months = frozenset(month for month, count in late.items() if count >= late.total() / 200)
    if len(months) > _MOST_MONTHS:
        return None
    fitting = sum(count for day, count in early.items() if day.day in months)
    astray = sum(count for day, count in early.items() if day.month not in months)
    if fitting < _FITTING * early.total() or astray < early.total() / 5:
        return None
    return months, astray


def swapped_weekends(days: Mapping[date, int]) -> tuple[float, float] | None:
    """Share of weekends among early and late days, where only the late ones look like work.

    Who works on weekdays writes on weekdays: dates in the wrong month fall on any day.
    """
    rows: Counter[tuple[bool, bool]] = Counter()
    first_days = 0
    for day, count in days.items():
        rows[day.day <= _LAST_MONTH, day.weekday() >= _SATURDAY] += count
        first_days += count if day.day == 1 else 0
    early, late = rows[True, True] + rows[True, False], rows[False, True] + rows[False, False]
    # What is dated on the first of the month by agreement says nothing of working days.
    if min(early, late) < 4 * _ENOUGH or first_days * 3 > early:
        return None
    shares = rows[True, True] / early, rows[False, True] / late
    return shares if shares[0] >= 0.18 and shares[1] <= 0.08 else None


def _by_month(days: Mapping[date, int]) -> Evidence:
    rows: dict[tuple[int, int], Counter[int]] = {}
    for day, count in days.items():
        rows.setdefault((day.year, day.month), Counter())[day.day] += count
    return Evidence(
        (MONTH, TIMES, DAYS),
        tuple(
            (f"{year}-{month:02}", found.total(), _spans(sorted(found)))
            for (year, month), found in sorted(rows.items())[:24]
        ),
    )


def _spans(days: list[int]) -> str:
    """Days as people write them: 4-6, 13-30."""
    spans: list[list[int]] = []
    for day in days:
        if spans and day == spans[-1][1] + 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)
