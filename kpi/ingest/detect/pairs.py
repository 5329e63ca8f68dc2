"""What ends before it begins."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Finding, Severity
from kpi.ingest import notes
from kpi.ingest.detect.scene import Scene
from kpi.text import N_

#: Per table: what comes first, and what cannot come before it.
PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "cases": (("opened_at", "closed_at"), ("opened_at", "first_response_at")),
    "contacts": (("started_at", "answered_at"),),
    "chain_events": (("occurred_at", "ended_at"),),
    "surveys": (("invited_at", "responded_at"),),
    "customers": (("customer_since", "customer_until"), ("customer_since", "notice_at")),
    "holdings": (("started", "ended"), ("sold_at", "annulled_at")),
}

BEFORE = N_("{column} lies before {first}: {n} rows.")
ONLY_DAYS = N_(
    "{column} lies before {first} in {n} rows, because it holds days without a time of day:"
    " it is read as midnight, and the other has a time."
)
ADVICE = N_("Look these rows up in the source. They are kept, and left out of every duration.")
DAYS_ADVICE = N_(
    "Ask for the time of day as well, or choose another column. Durations of less than a day"
    " cannot be told from these."
)


def asks(scene: Scene) -> Mapping[str, str]:
    """How often each pair is the wrong way round."""
    return {
        then + first: f"count(*) FILTER (WHERE {scene.local(then)} < {scene.local(first)})"
        for first, then in _pairs(scene)
    }


def finds(scene: Scene, told: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each pair that is ever the wrong way round."""
    for first, then in _pairs(scene):
        rows = told[then + first]
        if not rows:
            continue
        start, end = scene.local(first), scene.local(then)
        (by_day,) = scene.row(
            f"SELECT count(*) FROM {scene.good} AND {end} < {start}"
            f" AND {end}::TIMESTAMP = date_trunc('day', {start})::TIMESTAMP"
        )
        only_days = by_day > 0.9 * rows
        message = ONLY_DAYS if only_days else BEFORE
        if (first, then) == ("opened_at", "closed_at") and not only_days:
            message = notes.CLOSED_BEFORE_OPENED
        key = [name for name in scene.table.key[:1] if name in scene.by_name]
        yield scene.finding(
            "ends_before_it_begins", message, DAYS_ADVICE if only_days else ADVICE, column=then,
            severity=Severity.WRONG if rows * 20 > scene.rows else Severity.CHECK, rows=rows,
            first=scene.source(first), n=rows,
            evidence=scene.lines(
                f"{end} < {start}", [*key, first, then]
            ),
        )  # fmt: skip


def _pairs(scene: Scene) -> Iterator[tuple[str, str]]:
    for first, then in PAIRS.get(scene.table.name, ()):
        if first in scene.by_name and then in scene.by_name:
            yield first, then
