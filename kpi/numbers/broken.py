"""Which funnels are told of under a filter, and what is asked to see whether a step of one broke."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures.words import CUSTOMER
from kpi.numbers.funnels import OF_CASES, Funnel, ask_funnel, configured_funnel, funnels
from kpi.periods import Period, buckets
from kpi.query.funnel import web_funnels
from kpi.results.funnel import FunnelStep

if TYPE_CHECKING:
    from kpi.store import Store


def about(funnel: Funnel, filters: Filters) -> bool:
    """Whether a line about this funnel is about what the filters keep to.

    A funnel has a process of its own, and is told apart by customers, one of cases by their reason
    and department too; what else is kept to it does not know.
    """
    processes = filters.values("process")
    known = {"process", *CUSTOMER, *(OF_CASES if funnel.entity == "case" else ())}
    return (
        funnel.loaded
        and (not processes or funnel.process in processes)
        and all(name in known for name, _values in filters.where)
    )


def told(store: Store, on: date) -> list[Funnel]:
    """The funnels to tell of, as `funnels` has them, without how often each step was taken.

    That counts every visitor; it is asked only for funnels that nobody configured, whose steps are in
    the order of it.
    """
    loaded = {row["funnel"] for row in store.rows(web_funnels())}
    versions = store.configuration.versions("funnels")
    names = list(dict.fromkeys(row["funnel"] for row in versions))
    if loaded - set(names):
        return funnels(store, on)
    found = [configured_funnel(store, name, on) or configured_funnel(store, name) for name in names]
    known = [
        replace(one, loaded=one.entity != "web" or one.name in loaded)
        for one in found
        if one is not None
    ]
    return sorted(known, key=lambda one: (one.kind != "sales", one.name))


def weekly(
    store: Store, funnel: Funnel, filters: Filters, scope: Scope = EVERYTHING
) -> list[FunnelStep]:
    """The steps of a funnel by week of entry, within the period of `filters`.

    Raises:
        AskProblem: something does not apply to the funnel.
    """
    return ask_funnel(
        store,
        funnel.name,
        filters,
        steps=funnel.steps,
        entity=funnel.entity,
        window=timedelta(days=funnel.window_days),
        by=("week",),
        scope=scope,
        beside=False,
    )


def weeks_of(filters: Filters) -> list[str]:
    """The weeks of the period of `filters`."""
    assert filters.since is not None
    assert filters.until is not None
    return [name for name, _days in buckets(Period(filters.since, filters.until), "week")]
