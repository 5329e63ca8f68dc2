"""A change of a KPI told apart by group: what each changed itself, and what more or less of it did."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures.words import CUSTOMER
from kpi.model import Kind, Kpi, Result, Unit
from kpi.numbers.answering import ask
from kpi.numbers.comparing import earlier_period
from kpi.numbers.periods import period_of
from kpi.numbers.problem import AskProblem, find
from kpi.results.split import Divided, Key, Sums, parts_of_whole, splits

if TYPE_CHECKING:
    from kpi.store import Store

#: Values that are a sum over groups of numerators, divided by one of denominators.
WEIGHED = frozenset({Kind.SHARE, Kind.MEAN, Kind.NPS, Kind.PART, Kind.RATIO})
#: Values whose groups share one denominator, or have none.
SHARED = frozenset({Kind.PER_HOUR, Kind.PER_CUSTOMERS, Kind.COUNT, Kind.SUM, Kind.STOCK})


def divisible(kpi: Kpi) -> bool:
    """Whether a change of this KPI is the sum of parts of groups."""
    return kpi.kind in WEIGHED | SHARED and "shares_within" not in kpi.options


def divided(
    store: Store, name: str, filters: Filters, by: str, scope: Scope = EVERYTHING
) -> Divided | None:
    """The change against the period that `filters` says, told apart by `by`.

    None where there is nothing to compare: no earlier period, or no value in one of them.

    Raises:
        AskProblem: as `ask`, and where the parts of groups do not add up; it says why.
    """
    kpi = find(name)
    if not divisible(kpi):
        raise AskProblem(
            _(
                "A change of {kpi} is not the sum of its groups: medians and distinct customers do "
                "not add up."
            ).format(kpi=kpi.name)
        )
    if kpi.kind is Kind.PER_CUSTOMERS and by in CUSTOMER:
        raise AskProblem(
            _(
                "{kpi} of a group of customers is divided by its own customers: its groups do not "
                "add up."
            ).format(kpi=kpi.name)
        )
    if kpi.kind is Kind.PER_HOUR and by == "weekday_hour":
        raise AskProblem(
            _("{kpi} of an hour is divided by that hour: its groups do not add up.").format(
                kpi=kpi.name
            )
        )
    period = period_of(store, kpi, filters)
    span = earlier_period(store, kpi, period, filters.comparison) if period else None
    if period is None or span is None:
        return None
    filters = filters.during(period.since, period.until)
    earlier = filters.during(span.since, span.until)
    [now], [before] = ask(store, [name], filters, (), scope), ask(store, [name], earlier, (), scope)
    if now.value is None or before.value is None:
        return None
    groups: list[dict[Key, Result]] = [
        {(one.by[by],): one for one in ask(store, [name], asked, (by,), scope) if one.n}
        for asked in (filters, earlier)
    ]
    if kpi.kind in WEIGHED:
        parts = splits(_sums(groups[0]), _sums(groups[1]), _factor(kpi))
    else:
        parts = parts_of_whole(
            _numerators(groups[0]), _numerators(groups[1]), *_wholes(kpi, now, before)
        )
    found = Divided(now, before, parts, kpi.kind in WEIGHED)
    if not math.isclose(sum(one.total for one in parts), found.change, rel_tol=1e-6, abs_tol=1e-6):
        raise AskProblem(
            _("The groups of {kpi} by {dimension} do not add up to the whole.").format(
                kpi=kpi.name, dimension=by
            )
        )
    return found


def _factor(kpi: Kpi) -> float:
    return 100.0 if kpi.unit in {Unit.PERCENT, Unit.NPS} else 1.0


def _sums(groups: Mapping[Key, Result]) -> dict[Key, Sums]:
    return {key: (one.numerator or 0.0, one.denominator or 0.0) for key, one in groups.items()}


def _numerators(groups: Mapping[Key, Result]) -> dict[Key, float]:
    return {key: one.numerator or 0.0 for key, one in groups.items()}


def _wholes(kpi: Kpi, now: Result, before: Result) -> tuple[float, float]:
    """What the numerators are divided by, so that they give the value: 1 of a plain number."""
    if kpi.kind in {Kind.COUNT, Kind.SUM, Kind.STOCK}:
        return 1.0, 1.0

    def divisor(one: Result) -> float:
        # From numerator to value, whatever factor lies between; a value of 0 has no numerator.
        return (one.numerator or 0.0) / one.value if one.value else 1.0

    return divisor(now), divisor(before)
