"""Why a number moved: the group that has the largest part of it, and the weeks it happened in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import TOO_FEW, Better, Kind, Kpi, Result
from kpi.numbers.answering import ask
from kpi.numbers.problem import find
from kpi.periods import Period, buckets
from kpi.results import driver
from kpi.results.driver import Key, Part

if TYPE_CHECKING:
    from kpi.store import Store

#: Kinds whose groups' parts add up to the whole.
_ADDING = frozenset({Kind.SHARE, Kind.PER_CUSTOMERS})
#: A run that ended no more weeks ago than this is said to last: chance may have ended it.
_TAIL = 2


@dataclass(frozen=True)
class Why:
    """What stands behind a change.

    Attributes:
        by: dimensions of the group that has the largest part.
        key: that group, in the order of `by`; empty where none stands out.
        part: its part of the change, in the KPI's unit.
        since, until: first and last week in which it differed (ISO names); None where it cannot
            be told. `until` is None while it lasts.
        sure: whether it surely lasts: the last whole week is part of it.
    """

    by: tuple[str, ...] = ()
    key: Key = ()
    part: float = 0.0
    since: str | None = None
    until: str | None = None
    sure: bool = True


def why(
    store: Store, name: str, filters: Filters, before: Period, scope: Scope = EVERYTHING, *,
    up_to: date | None = None, weeks: bool = True,
) -> Why:  # fmt: skip
    """Why the KPI's value over the period of `filters` differs from that over `before`.

    In which weeks is looked up to `up_to`, where that is later than the period: what goes on after it
    is not over with it. Without `weeks` it is not looked at in which: who knows them already asks less.

    Raises:
        AskProblem: as `ask`; `filters` must name a period.
    """
    kpi = find(name)
    if filters.since is None or filters.until is None:
        raise ValueError("a change is of a period that is named")
    earlier = filters.during(before.since, before.until)
    [now] = ask(store, [name], filters, (), scope)
    [was] = ask(store, [name], earlier, (), scope)
    if now.value is None or was.value is None:
        return Why()
    change = now.value - was.value
    found = Why()
    if kpi.driver is not None:
        of = kpi.driver.kpi or name
        by = kpi.driver.by
        groups = ask(store, [of], filters, by, scope), ask(store, [of], earlier, by, scope)
        top = driver.largest(_parts(kpi.kind, kpi.better, *groups, now, was), change)
        days = _days(store, filters, now), before.days
        if top is not None and _itself(kpi, top, change, *groups, (now, was), days):
            found = Why(by, top.key, top.amount)
    if kpi.kind is not Kind.SHARE or not weeks:
        return found
    since, until, sure = _weeks(store, name, filters, before, change > 0, scope, up_to)
    return Why(found.by, found.key, found.part, since, until, sure)


def _parts(
    kind: Kind, better: Better, now: Sequence[Result], before: Sequence[Result],
    all_now: Result, all_before: Result,
) -> list[Part]:  # fmt: skip
    if kind not in _ADDING:
        return driver.shifts(_values(now), _values(before))
    if kind is Kind.SHARE and better is Better.UP:
        # A share of what went well falls by what went wrong: that is what groups are asked for.
        return [
            Part(part.key, -part.amount)
            for part in driver.parts(
                _missed(now), _missed(before), all_now.denominator or 0.0,
                all_before.denominator or 0.0, 100,
            )
        ]  # fmt: skip
    factor = 100.0
    if kind is Kind.PER_CUSTOMERS:
        factor = 1000.0
    return driver.parts(
        _hits(now), _hits(before), all_now.denominator or 0.0, all_before.denominator or 0.0,
        factor,
    )  # fmt: skip


def _itself(
    kpi: Kpi, top: Part, change: float, now: Sequence[Result], before: Sequence[Result],
    whole: tuple[Result, Result], days: tuple[int, int],
) -> bool:  # fmt: skip
    """Whether a group moved by itself, and not only because others came or went.

    Where cases that were quickly done stay away, what is left weighs more, and nobody does worse.
    By itself is: as much more a day, of as many as there were, or oftener within the group.
    """
    least = driver.TELLING * abs(change)
    if kpi.kind is not Kind.SHARE:
        return kpi.kind in _ADDING or abs(top.amount) >= least
    good = kpi.better is Better.UP
    counted = _missed if good else _hits
    toward = -1 if good is (change > 0) else 1
    counts = [counted(each).get(top.key, 0.0) for each in (now, before)]
    rows = [sum(one.denominator or 0.0 for one in each if _key(one) == top.key)
            for each in (now, before)]  # fmt: skip
    all_now, all_before = (one.denominator or 0.0 for one in whole)
    more = (counts[0] / days[0] - counts[1] / days[1]) * days[1] / all_before
    oftener = 0.0
    if all(rows) and rows != [all_now, all_before]:
        oftener = (counts[0] / rows[0] - counts[1] / rows[1]) * rows[0] / all_now
    return 100 * max(toward * more, toward * oftener) >= least


def _days(store: Store, filters: Filters, now: Result) -> int:
    """How many days of the period are told."""
    assert filters.since is not None
    assert filters.until is not None
    told = Period(filters.since, filters.until).told(now.as_of, store.settings.time_zone)
    return told.days if told else 1


def _key(result: Result) -> Key:
    return tuple(result.by.values())


def _hits(results: Sequence[Result]) -> dict[Key, float]:
    return {_key(result): result.numerator or 0.0 for result in results}


def _missed(results: Sequence[Result]) -> dict[Key, float]:
    return {
        _key(result): (result.denominator or 0.0) - (result.numerator or 0.0) for result in results
    }


def _values(results: Sequence[Result]) -> dict[Key, tuple[float, float]]:
    return {
        _key(result): (result.value, float(result.n))
        for result in results
        if result.value is not None and result.n >= TOO_FEW
    }


def _weeks(
    store: Store, name: str, filters: Filters, before: Period, up: bool, scope: Scope,
    up_to: date | None,
) -> tuple[str | None, str | None, bool]:  # fmt: skip
    assert filters.since is not None
    assert filters.until is not None
    start, end = min(before.since, filters.since), max(filters.until, up_to or filters.until)
    if (end - start).days > 500:
        return None, None, True
    weekly = {
        result.by["week"]: result
        for result in ask(store, [name], filters.during(start, end), ("week",), scope)
    }
    # Weeks that are not whole at both ends would seem to differ by their days alone.
    names = [
        week
        for week, days in buckets(Period(start, end), "week")
        if days.since >= start and days.until <= end and week in weekly
    ]
    series = [(weekly[week].numerator or 0.0, weekly[week].denominator or 0.0) for week in names]
    found = driver.run(series, up)
    if found is None:
        return None, None, True
    within = _week_of(filters.since), _week_of(filters.until)
    if names[found.last] < within[0] or names[found.first] > within[1]:
        # It lies in the period held against, or after: no answer to what moved now.
        return None, None, True
    lasting = found.last >= len(names) - 1 - _TAIL
    sure = found.last == len(names) - 1
    return names[found.first], None if lasting else names[found.last], sure


def _week_of(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year:04d}-W{week:02d}"
