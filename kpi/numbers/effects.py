"""What became of a number after an improvement action: after, never because of.

The KPI, the direction and the start are the action's own, fixed beforehand. As many whole weeks
after the start as have passed (half a year at most, and not beyond the action's end) are held
against as many before it (KPI sheet, "Effect of an action").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import INDICATIVE, Better, Kind, Kpi, Note, Result
from kpi.numbers.answering import ask
from kpi.periods import full_days
from kpi.results.effect import BAD_PEAK, OVERLAP, SEASON, SHARES, Effect, Verdict, difference

if TYPE_CHECKING:
    from kpi.store import Store

#: Shorter than this says too little about weeks, and longer brings in too much else.
LEAST_WEEKS, MOST_WEEKS = 4, 26
_WEEK = timedelta(days=7)
_YEAR = timedelta(days=364)  # the same weekdays


def effect_of(
    store: Store,
    action: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]] = (),
    scope: Scope = EVERYTHING,
) -> Effect | None:
    """What became of the KPI of an action; None where that cannot be judged.

    It cannot for an action that has not begun, or whose KPI is none, or is neither a share nor a
    mean.

    Args:
        action: a row of the actions.
        others: the other actions, to warn of those that ran at the same time.
    """
    kpi, start = KPIS.get(action["kpi"] or ""), action["starts_on"]
    if kpi is None or start is None or kpi.kind not in SHARES | {Kind.MEAN}:
        return None
    as_of = store.as_of(kpi.reads)
    if as_of is None:
        return None
    last = full_days(as_of - kpi.ahead, store.settings.time_zone, 1).until
    if start > last:
        return None
    runs = not action["stops_on"] or action["stops_on"] > last
    if action["stops_on"]:
        last = min(last, action["stops_on"])
    weeks = min(((last - start).days + 1) // 7, MOST_WEEKS)
    if weeks < LEAST_WEEKS:
        return Effect(kpi.name, Verdict.EARLY)
    asking = _Asking(store, kpi, action["process"], scope)
    before, after = (asking.during(start - weeks * _WEEK, weeks), asking.during(start, weeks))
    if min(before.n, after.n) < INDICATIVE:
        return Effect(kpi.name, Verdict.EARLY)
    found = difference(kpi, before, after)
    if found is None:
        return Effect(kpi.name, Verdict.EARLY)
    wanted = -1 if _direction(kpi, action) is Better.DOWN else 1
    warnings = _warnings(asking, start, weeks, wanted, found[0], action, others)
    verdict = Verdict.NOT_SHOWN
    if found[1] > 0 or found[2] < 0:
        verdict = Verdict.BETTER if found[0] * wanted > 0 else Verdict.WORSE
    provisional = runs and weeks < MOST_WEEKS
    return Effect(kpi.name, verdict, before, after, *found, weeks, warnings, provisional)


@dataclass(frozen=True)
class _Asking:
    """The number of the action's process (of all without one) over some weeks."""

    store: Store
    kpi: Kpi
    process: str | None
    scope: Scope

    def during(self, since: date, weeks: int) -> Result:
        where = [self.process] if self.process and "process" in self.kpi.dimensions else []
        filters = Filters.of(since, since + weeks * _WEEK - timedelta(days=1), process=where)
        [result] = ask(self.store, [self.kpi.name], filters, scope=self.scope)
        return result

    def moved(self, since: date, weeks: int) -> float:
        """How it differs from `since` on from the weeks before; 0 where that may be chance."""
        before, after = (self.during(since - weeks * _WEEK, weeks), self.during(since, weeks))
        if min(before.n, after.n) < INDICATIVE:
            return 0.0
        found = difference(self.kpi, before, after)
        return found[0] if found is not None and (found[1] > 0 or found[2] < 0) else 0.0


def _warnings(
    asking: _Asking,
    start: date,
    weeks: int,
    wanted: int,
    found: float,
    action: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
) -> tuple[Note, ...]:
    warnings = []
    if asking.moved(start - weeks * _WEEK, weeks) * wanted < 0:
        warnings.append(BAD_PEAK)
    if asking.moved(start - _YEAR, weeks) * found > 0:
        warnings.append(SEASON)
    ends = start + weeks * _WEEK
    if any(_together(action, other, start - weeks * _WEEK, ends) for other in others):
        warnings.append(OVERLAP)
    return tuple(warnings)


def _together(action: Mapping[str, Any], other: Mapping[str, Any], since: date, ends: date) -> bool:
    """Whether another action on the same process began in these weeks."""
    if other["action"] == action["action"] or other["starts_on"] is None:
        return False
    alike = not other["process"] or not action["process"] or other["process"] == action["process"]
    return bool(alike and since <= other["starts_on"] < ends)


def _direction(kpi: Kpi, action: Mapping[str, Any]) -> Better:
    return Better(action["direction"]) if action["direction"] else kpi.better
