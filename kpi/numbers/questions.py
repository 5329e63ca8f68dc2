"""Questions made whole: the period where none is asked, the moment, and what a screen may name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import Kpi, Moment
from kpi.numbers.once import once
from kpi.numbers.periods import period_of
from kpi.query.question import Question

if TYPE_CHECKING:
    from kpi.store import Store

#: Dimensions whose values configuration knows, and the dictionary that does.
CODED = {
    "process": "process",
    "channel": "channel",
    "reason": "reason",
    "cause": "cause",
    "causing_department": "department",
    "department": "department",
    "transferred_to": "department",
}
LEVELS = ("contact", "process", "relation")


def question_of(
    store: Store, kpi: Kpi, filters: Filters, by: tuple[str, ...] = (), scope: Scope = EVERYTHING
) -> Question | None:
    """The question whole; None when no period can be told."""
    period = period_of(store, kpi, filters)
    if period is None:
        return None
    configured: Mapping[str, frozenset[str]] = {}
    if scope.screen:
        configuration = store.configuration
        configured = {
            name: frozenset(configuration.configured(CODED[name], period.until))
            for name in by
            if name in CODED
        }
    return Question(
        kpi, period, filters.where, by, scope, moment_of(store, kpi, period.until),
        store.settings.time_zone, configured,
    )  # fmt: skip


def moment_of(store: Store, kpi: Kpi, on: date) -> Moment:
    """As-of, and for surveys the level and scales, decided over everything loaded."""
    metrics: tuple[str, ...] = kpi.options.get("metrics", ())
    as_of = store.as_of(kpi.reads)
    if not metrics:
        return Moment(as_of)
    found = once(store, ("survey_basis", metrics), lambda: store.rows(query.survey_basis(metrics)))
    level = next((name for name in LEVELS if any(row["level"] == name for row in found)), None)
    at_level = [row for row in found if row["level"] == level]
    return Moment(as_of, level, _scales(store, at_level, on))


def _scales(
    store: Store, found: list[dict[str, Any]], on: date
) -> tuple[tuple[str | None, str], ...]:
    """Scale per process: as configured, else five points where there are any."""
    configured = {
        row["process"]: row["survey_scale"]
        for row in store.configuration.processes(on)
        if row["survey_scale"]
    }
    five = {row["process"] for row in found if row["metric"] == "csat5"}
    processes = sorted({row["process"] for row in found}, key=lambda name: name or "")
    return tuple(
        (process, configured.get(process, "csat5" if process in five else "grade10"))
        for process in processes
    )
