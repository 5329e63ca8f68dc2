"""Funnels (K31): configured ones, and ones named ad hoc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.filters import GRAINS, Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.words import CUSTOMER
from kpi.model import Kpi
from kpi.numbers.periods import period_of
from kpi.numbers.problem import AskProblem, check_dimension
from kpi.query.funnel import (
    FunnelQuestion,
    funnel_contacts,
    funnel_rows,
    holds_web_funnel,
    web_funnels,
)
from kpi.results import notes
from kpi.results.funnel import FunnelStep, funnel_steps
from kpi.suggest import suggest

if TYPE_CHECKING:
    from kpi.store import Store

ENTITIES = ("web", "case", "customer")
#: Dimensions of a case that a funnel of cases can be told apart by too.
OF_CASES = ("channel", "reason", "department")


def ask_funnel(
    store: Store,
    name: str,
    filters: Filters,
    *,
    steps: Sequence[str] = (),
    entity: str | None = None,
    window: timedelta | None = None,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> list[FunnelStep]:
    """The steps of a funnel, per combination of `by`.

    Args:
        store: where the data are.
        name: a configured funnel; with `steps` a funnel in web_events or a process.
        filters: period of entry, and values kept of the dimensions below.
        steps: in order; without them those configured.
        entity: web, case or customer; as configured, else web where web_events holds the funnel.
        window: how long after entry a step counts; as configured, else 14 days.
        by: customer dimensions, a time grain of the entry, for cases also channel, reason,
            department.
        scope: what may be seen.

    Raises:
        AskProblem: there is no such funnel, or something does not apply to it.
    """
    question = _question(store, name, filters, tuple(steps), entity, window, tuple(by), scope)
    if question is None:
        return []
    as_of = store.as_of(_kpi(question.entity).reads)
    rows = store.columns(funnel_rows(question))
    contacts = [
        store.columns(funnel_contacts(question, place)) for place in range(len(question.steps))
    ]
    complete = question.period.complete(as_of, question.zone)
    return funnel_steps(question, rows, contacts, as_of, () if complete else (notes.PARTIAL,))


def _question(
    store: Store,
    name: str,
    filters: Filters,
    steps: tuple[str, ...],
    entity: str | None,
    window: timedelta | None,
    by: tuple[str, ...],
    scope: Scope,
) -> FunnelQuestion | None:
    found = _configured(store, name, filters)
    process: str | None = name
    if found:
        steps = steps or tuple(row["step"] for row in found)
        entity = entity or found[0]["entity"]
        process = found[0]["process"]
        if window is None and found[0]["window_days"] is not None:
            window = timedelta(days=found[0]["window_days"])
    if not steps:
        raise AskProblem(_no_funnel(store, name))
    if entity is None:
        [web] = store.rows(holds_web_funnel(name))
        entity = "web" if web["n"] else "case"
    if entity not in ENTITIES:
        raise AskProblem(
            _("A funnel counts {entities}, not {entity}.").format(
                entities=", ".join(ENTITIES), entity=entity
            )
        )
    if len(set(steps)) < len(steps):
        raise AskProblem(
            _("A funnel passes each step once: {steps}.").format(steps=", ".join(steps))
        )
    _check(entity, by, filters)
    kpi = _kpi(entity)
    period = period_of(store, kpi, filters)
    if period is None:
        return None
    if window is None:
        window = timedelta(days=kpi.options["window_days"])
    return FunnelQuestion(
        name, process, steps, entity, period, window.total_seconds(), by, filters.where, scope,
        store.settings.time_zone,
    )  # fmt: skip


def _kpi(entity: str) -> Kpi:
    """The declaration, reading what this entity's steps are kept in."""
    kpi = KPIS["funnel"]
    if entity == "web":
        return kpi
    return replace(kpi, source="chain_events", reads=("chain_events",), date="occurred_at")


def _configured(store: Store, name: str, filters: Filters) -> list[dict[str, Any]]:
    """Steps of a configured funnel, in order: as of the period's end, else the latest there are."""
    versions = store.configuration.versions("funnels")
    on = filters.until or max((row["valid_from"] for row in versions), default=None)
    if on is None:
        return []
    return [row for row in store.configuration.rows("funnels", on) if row["funnel"] == name]


def _no_funnel(store: Store, name: str) -> str:
    configured = {row["funnel"] for row in store.configuration.versions("funnels")}
    if name in {row["funnel"] for row in store.rows(web_funnels())}:
        return _("The funnel {name} is not configured: name its steps, in order.").format(name=name)
    nearest = suggest(name, configured)
    if nearest:
        return _("There is no funnel {name}. Did you mean {nearest}?").format(
            name=name, nearest=nearest
        )
    return _("There is no funnel {name}. Configure it, or name its steps in order.").format(
        name=name
    )


def _check(entity: str, by: tuple[str, ...], filters: Filters) -> None:
    own = (*CUSTOMER, *(OF_CASES if entity == "case" else ()))
    for dimension in by:
        check_dimension(dimension)
    for dimension in (*by, *(name for name, _values in filters.where)):
        if dimension not in (*own, *GRAINS):
            raise AskProblem(
                _("{kpi} cannot be told apart by {dimension}; it can by {dimensions}.").format(
                    kpi="funnel", dimension=dimension, dimensions=", ".join((*GRAINS, *own))
                )
            )
    if len([name for name in by if name in GRAINS]) > 1:
        raise AskProblem(
            _("Choose one of {grains} to tell periods apart.").format(grains=", ".join(GRAINS))
        )
