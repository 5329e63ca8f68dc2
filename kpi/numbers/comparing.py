"""Values held against the period before, the whole organisation, and their target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.bulletin.states import State, judge
from kpi.filters import GRAINS, Comparison, Filters
from kpi.i18n import _
from kpi.model import Better, Kind, Kpi, Result
from kpi.numbers import goals
from kpi.numbers.answering import ask, ask_each
from kpi.numbers.known import VOLUMES, known_whole
from kpi.numbers.periods import period_of
from kpi.numbers.problem import AskProblem, find
from kpi.periods import Period, equal_elapsed

if TYPE_CHECKING:
    from kpi.store import Store

#: Kinds of which a part is less than the whole by being a part: that comparison says nothing.
_AMOUNTS = VOLUMES | {Kind.STOCK, Kind.MOVEMENT, Kind.CONFLICTS, Kind.GAP}


@dataclass(frozen=True)
class Compared:
    """A value beside the one it is compared with, and what it should be.

    Attributes:
        now: the value.
        before: the same over the earlier period, or of the whole organisation; None where there is
            nothing to compare with.
        delta: now minus before, in the value's unit (points for percentages).
        good: whether that is the right way; None when neither, or when nobody can say.
        target: what it should reach; None without a target.
        sample: the target is a sample that nobody decided on.
        state: by target: on target, attention, off target, no target, too few.
    """

    now: Result
    before: Result | None
    delta: float | None
    good: bool | None
    target: float | None
    sample: bool
    state: State


def compare(
    store: Store,
    names: Sequence[str],
    filters: Filters,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> list[Compared]:
    """Each KPI now and what `filters.comparison` holds it against, per combination of `by`.

    A period that is not over is compared with as much of the earlier one as has elapsed of it. The
    whole organisation is that of the same period, as far as `scope` may see it.

    Raises:
        AskProblem: as `ask`; also when `by` has a time grain.
    """
    if any(name in GRAINS for name in by):
        raise AskProblem(
            _("A comparison is over whole periods: leave out {grains}.").format(
                grains=", ".join(name for name in by if name in GRAINS)
            )
        )
    periods: dict[Period | None, list[Kpi]] = {}
    kpis = [find(name) for name in names]
    for kpi in kpis:
        periods.setdefault(period_of(store, kpi, filters), []).append(kpi)
    found: dict[str, list[Compared]] = {}
    for period, group in periods.items():
        if filters.comparison is Comparison.WHOLE:
            now, before = _beside_the_whole(store, group, filters, period, tuple(by), scope)
        else:
            now, before = _both(store, group, filters, period, tuple(by), scope)
        for kpi in group:
            found[kpi.name] = [
                _compared(store, kpi, result, before.get(_place(result)), filters)
                for result in now
                if result.kpi == kpi.name
            ]
    return [compared for kpi in kpis for compared in found[kpi.name]]


def _both(
    store: Store,
    kpis: Sequence[Kpi],
    filters: Filters,
    period: Period | None,
    by: tuple[str, ...],
    scope: Scope,
) -> tuple[list[Result], dict[Any, Result]]:
    if period is None:
        return ask(store, [kpi.name for kpi in kpis], filters, by, scope), {}
    earlier: dict[Period, list[str]] = {}
    for kpi in kpis:
        span = earlier_period(store, kpi, period, filters.comparison)
        if span is not None:
            earlier.setdefault(span, []).append(kpi.name)
    spans = [(period, [kpi.name for kpi in kpis]), *earlier.items()]
    asked = [(names, filters.during(span.since, span.until)) for span, names in spans]
    now, *before = ask_each(store, asked, by, scope)
    return now, {_place(result): result for found in before for result in found}


def _beside_the_whole(
    store: Store,
    kpis: Sequence[Kpi],
    filters: Filters,
    period: Period | None,
    by: tuple[str, ...],
    scope: Scope,
) -> tuple[list[Result], dict[Any, Result]]:
    """What is asked, and for each of it the same KPI of everything in the period."""
    names = [kpi.name for kpi in kpis]
    asked = filters if period is None else filters.during(period.since, period.until)
    now = ask(store, names, asked, by, scope)
    compared = [kpi.name for kpi in kpis if compares_with_whole(kpi)]
    if not compared or not (by or asked.where):
        return now, {}
    whole = {
        result.kpi: result for result in ask(store, compared, replace(asked, where=()), (), scope)
    }
    return now, {_place(one): whole[one.kpi] for one in now if one.kpi in whole}


def compares_with_whole(kpi: Kpi) -> bool:
    """Whether a part of the organisation can be held against the whole: shares, means, durations."""
    return kpi.kind not in _AMOUNTS and "shares_within" not in kpi.options


def held_against(period: Period, comparison: Comparison) -> Period | None:
    """The period that `period` is compared with; None where it is with none."""
    if comparison is Comparison.PREVIOUS:
        return period.comparable()
    return period.year_before() if comparison is Comparison.YEAR else None


def earlier_period(store: Store, kpi: Kpi, period: Period, comparison: Comparison) -> Period | None:
    """What a KPI's `period` is compared with; None when not at all, or before its data begin."""
    whole = held_against(period, comparison)
    if whole is None:
        return None
    zone = store.settings.time_zone
    span = equal_elapsed(period, whole, store.as_of(kpi.reads), zone)
    return span if known_whole(store, kpi, span) else None


def _place(result: Result) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    return result.kpi, tuple(sorted(result.by.items()))


def _compared(
    store: Store, kpi: Kpi, now: Result, before: Result | None, filters: Filters
) -> Compared:
    target, sample = target_of(store, kpi, now.by, filters, now.until)
    known = before is not None and before.value is not None and now.value is not None
    delta = now.value - before.value if known else None  # type: ignore[union-attr,operator]
    good = None
    if delta and kpi.better is not Better.CONTEXT:
        good = (delta > 0) is (kpi.better is Better.UP)
    return Compared(now, before, delta, good, target, sample, judge(now, target, kpi.better))


def target_of(
    store: Store,
    kpi: Kpi,
    by: Mapping[str, str | None],
    filters: Filters,
    on: date | None,
) -> tuple[float | None, bool]:
    """The target in force on a day, and whether it is a sample: of the process, else of all.

    What is asked over everything is held against this year's goal where it has no target of its own.
    """
    process = by.get("process")
    kept = filters.values("process")
    if process is None and "process" not in by and len(kept) == 1:
        process = kept[0]
    return goals.target(store, kpi, process, on, whole=not by and not kept) or (None, False)
