"""Each month as it was reported when it closed, beside what it is now and what changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import Kpi, Result
from kpi.numbers.answering import ask
from kpi.numbers.month_ends import ALL, closed_months, live, rests_on_others
from kpi.numbers.periods import period_of
from kpi.numbers.problem import find
from kpi.periods import bucket, buckets, days_of
from kpi.query import reported as selects
from kpi.results.reported import Cause, Reported

if TYPE_CHECKING:
    from kpi.store import Store


def reported(
    store: Store,
    name: str,
    filters: Filters,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> list[Reported]:
    """What was reported of each whole month of the period, beside what it is now.

    Args:
        store: where the data are.
        name: of the KPI.
        filters: a period, and at most processes: only those are kept.
        by: empty, or ("process",).
        scope: what may be seen; kept values are of everything.

    Returns:
        Nothing where it was not kept so; else by month, and by process within it. Months that
        nothing was known of when they closed are left out: nobody reported those.
    """
    kpi = find(name)
    rows = _kept(store, kpi, filters, by, live(store.rows(selects.told())))
    if not rows or scope != EVERYTHING:
        return []
    first, last = rows[0]["month"], rows[-1]["month"]
    whole = filters.during(days_of(first, "month").since, days_of(last, "month").until)
    now = {
        (one.by["month"], one.by.get("process")): one
        for one in ask(store, [kpi.name], whole, ("month", *by), scope)
    }
    since = _Since(store, kpi)
    return [_beside(row, now, since, apart=bool(by)) for row in rows]


def values_reported(
    store: Store, names: Sequence[str], filters: Filters, by: Sequence[str] = ()
) -> dict[tuple[str, str, str | None], tuple[float | None, datetime | None]]:
    """Only what was reported, of many KPIs: (kpi, month, process) to value and as-of.

    `filters` and `by` as of `reported`; process is None where they are not told apart by it.
    """
    told = live(store.rows(selects.told()))
    return {
        (row["kpi"], row["month"], row["process"] if by else None): (row["value"], row["as_of"])
        for name in names
        for row in _kept(store, find(name), filters, by, told)
    }


def _kept(
    store: Store, kpi: Kpi, filters: Filters, by: Sequence[str], told: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What is kept of the whole months of the period, and was really reported."""
    period = period_of(store, kpi, filters)
    wanted = _wanted(filters, by)
    closed = closed_months(store, kpi, told)
    if period is None or wanted is None or closed is None:
        return []
    months = [month for month, days in buckets(period, "month") if days == days_of(month, "month")]
    if not months:
        return []
    last = min(months[-1], bucket(closed.until, "month"))
    return [
        row
        for row in store.rows(selects.kept_values(kpi.name, months[0], last))
        if _is_wanted(row["process"], wanted)
        and (row["value"] is not None or row["n"])
        and not rests_on_others(kpi, told, row["last_import"] or 0, row["last_import"] or 0)
    ]


def _wanted(filters: Filters, by: Sequence[str]) -> frozenset[str] | None:
    """Processes whose kept values answer this; empty: every one of them; None: none does."""
    if set(by) - {"process"} or {dimension for dimension, _ in filters.where} - {"process"}:
        return None
    # The empty text stands for unknown here, which is not kept.
    processes = filters.values("process")
    named = frozenset(processes) - {""}
    if processes and not named:
        return None
    if by:
        return named
    if not processes:
        return frozenset({ALL})
    # Several together were never kept.
    return named if len(processes) == 1 else None


def _is_wanted(process: str, wanted: frozenset[str]) -> bool:
    return process in wanted if wanted else process != ALL


def _beside(
    row: Mapping[str, Any],
    now: Mapping[tuple[str | None, str | None], Result],
    since: _Since,
    *,
    apart: bool,
) -> Reported:
    process = row["process"] or None
    found = now.get((row["month"], process if apart else None))
    nothing = Result(row["kpi"], {"month": row["month"]}, None, unit=since.kpi.unit)
    return Reported(
        row["kpi"],
        row["month"],
        process,
        row["value"],
        row["low"],
        row["high"],
        row["n"] or 0,
        row["as_of"],
        row["kept_at"],
        found or nothing,
        since.causes(row),
        since.configured(row["kept_at"]),
    )


class _Since:
    """What was loaded, taken back and configured after a value was kept; asked once a keeping."""

    def __init__(self, store: Store, kpi: Kpi) -> None:
        self.kpi = kpi
        self._store = store
        self._imports: dict[tuple[int, datetime], list[dict[str, Any]]] = {}
        [changed] = store.rows(selects.configured())
        self._configured: datetime | None = changed["latest"]

    def causes(self, row: Mapping[str, Any]) -> tuple[Cause, ...]:
        """Those with a fact of that month or before it, where there are any; else all."""
        kept = row["last_import"] or 0, row["kept_at"]
        if kept not in self._imports:
            self._imports[kept] = self._store.rows(selects.changing_imports(self.kpi.reads, *kept))
        found = self._imports[kept]
        # What begins later brought no row of this month, nor a case that was opened before.
        ends = days_of(row["month"], "month").ends_at(self._store.settings.time_zone)
        near = [one for one in found if one["first_fact"] is None or one["first_fact"] < ends]
        return tuple(
            Cause(
                one["import_id"],
                one["file"],
                one["undone_at"] or one["loaded_at"],
                int(one["accepted"] + one["updated"]),
                one["undone_at"] is not None,
            )
            for one in near or found
        )

    def configured(self, kept_at: datetime) -> bool:
        """Whether the configuration that numbers are made of was changed since."""
        return self._configured is not None and self._configured > kept_at
