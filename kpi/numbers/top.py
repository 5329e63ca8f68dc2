"""Top complaints (K32)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Moment, Note
from kpi.numbers.problem import check
from kpi.periods import Period, full_days
from kpi.query.question import Question
from kpi.query.top import complaint_reasons
from kpi.results import notes
from kpi.results.keys import Columns
from kpi.results.top import Top, TopRow, ranked, ranked_on_screen, risers, total
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.store import Store

WEEKS = 4
_READS = ("cases",)
BEGAN_LATER = Note(N_("the data begin within the period before: nothing is compared with it"))


def ask_top_complaints(
    store: Store, filters: Filters, scope: Scope = EVERYTHING, n: int = 5
) -> list[TopRow]:
    """The `n` complaint reasons with most distinct complaint cases; see `top_complaints`."""
    found = top_complaints(store, filters, scope, n)
    return list(found.rows) if found else []


def top_complaints(
    store: Store, filters: Filters, scope: Scope = EVERYTHING, n: int = 5
) -> Top | None:
    """Complaint reasons by distinct complaint cases, and the biggest risers.

    Without a period: the last 7 full days against the weekly average of the 4 weeks before; where
    those days have fewer than 10 complaints, the last 28 against the 28 before - on a screen also
    where they show fewer than `n` reasons of 10 or more, which is all it may show. With a
    period: that one against the equal one before it.

    Returns:
        None when nothing is loaded that tells up to when.

    Raises:
        AskProblem: a filter does not apply to complaints.
    """
    kpi = KPIS["complaints"]
    check(kpi, (), filters.where)
    as_of = store.as_of(_READS)
    zone = store.settings.time_zone
    if as_of is None and not (filters.since and filters.until):
        return None
    [extent] = store.rows(query.extent(kpi.source, kpi.date))
    first = extent["first"]
    tries = list(_periods(filters, as_of, zone, first))
    for attempt, (now, before, weeks) in enumerate(tries, 1):
        configured, asked = {}, scope
        if scope.screen:
            known = store.configuration.configured("reason", now.until)
            configured = {"reason": frozenset(known)}
            # Of all processes, whatever the screen sees: what others show decides what this may.
            asked = replace(scope, processes=None)
        question = Question(
            kpi, now, filters.where, ("reason",), asked, Moment(as_of), zone, configured
        )
        by = ("process", "reason") if scope.screen else ("reason",)
        columns = store.columns(complaint_reasons(question, now, before, by))
        rows = (
            ranked_on_screen(columns, weeks, scope.processes)
            if scope.screen
            else ranked(columns, weeks)
        )
        if attempt == len(tries) or _enough(columns, rows, scope, n):
            break
    covered = first is not None and first <= before.since
    return _top(replace(question, scope=scope), columns, rows, now, before, weeks, n, covered)


def _enough(columns: Columns, rows: list[TopRow], scope: Scope, n: int) -> bool:
    if scope.screen:
        # What is told together is shown as well, below them.
        return sum(row.n > 0 for row in rows) >= n
    return total(columns) >= TOO_FEW


def _periods(
    filters: Filters, as_of: datetime | None, zone: str, first: date | None
) -> Iterator[tuple[Period, Period, int]]:
    """What to try, in order: now, before, and over how many weeks before is averaged."""
    if filters.since and filters.until:
        now = Period(filters.since, filters.until)
        yield now, now.previous(), 1
        return
    assert as_of is not None
    if filters.since or filters.until:
        until = filters.until or full_days(as_of, zone, 1).until
        since = filters.since or until - timedelta(days=6)
        now = Period(since, max(since, until))
        yield now, now.previous(), 1
        return
    week = full_days(as_of, zone, 7)
    # Of the four weeks before only those count that there are data of.
    there = (week.since - first).days // 7 if first else 0
    weeks = min(max(there, 1), WEEKS)
    since = week.since - timedelta(days=7 * weeks)
    yield week, Period(since, week.since - timedelta(days=1)), weeks
    month = full_days(as_of, zone, 28)
    yield month, month.previous(), 1


def _top(
    question: Question,
    columns: Columns,
    everything: list[TopRow],
    now: Period,
    before: Period,
    weeks: int,
    n: int,
    covered: bool,
) -> Top:
    there = [row for row in everything if row.n and row.place]
    apart = [row for row in everything if not row.place]
    unknown = sum(row.n for row in apart if row.reason is None)
    rows, rest = there[:n], there[n:]
    # On a screen no total: what is not shown of it would follow from what is.
    count = 0 if question.scope.screen else total(columns)
    said = () if question.scope.screen else (*notes.small(count),)
    if not now.complete(question.as_of, question.zone):
        said = (*said, notes.PARTIAL)
    if not covered:
        said = (*said, BEGAN_LATER)
    return Top(
        tuple(rows),
        risers(everything, n) if covered else (),
        now,
        before,
        weeks,
        count,
        sum(row.place == rows[-1].place for row in rest) if rows else 0,
        question.as_of,
        said,
        covered,
        sum(row.n for row in apart) - unknown,
        unknown,
    )
