"""The values of KPIs, kept when a month closes.

A month has closed for a KPI when its data tell of all of it and something was loaded after its last
day: what is loaded on that day itself may be followed by more. A KPI that looks ahead (customers
lost within 90 days) is reported when that time has passed too. Keeping is done after a load or an
undo by whoever carried it out, never inside it; it changes no number, so the data version stays.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kpi.filters import Filters
from kpi.measures import asked_by_show
from kpi.model import Kpi, Result
from kpi.numbers.answering import ask
from kpi.numbers.problem import find
from kpi.periods import Period, add_months, bucket, buckets, complete_months, days_of
from kpi.query import reported as selects
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

log = logging.getLogger("ketenzicht.numbers")

#: How many months of a history are kept when it is loaded at once.
HISTORY = 36
#: How all processes together are kept.
ALL = ""

Table = Mapping[str, Any]


def keep_month_ends(store: Store) -> int:
    """Keep the values of months that have closed; gives how many, and never fails.

    What goes wrong is logged, and tried again after the next load.
    """
    try:
        return keep_closed(store)
    except Exception:
        log.exception("The values of closed months could not be kept; the next load tries again.")
        return 0


def keep_closed(store: Store) -> int:
    """The same, raising what goes wrong."""
    version = store.data_version
    ever = store.rows(selects.told())
    if not ever:
        return 0
    told = live(ever)
    kept = {row["kpi"]: row for row in store.rows(selects.kept_months())}
    forgotten: list[tuple[str, str]] = []
    wanted: dict[Period, list[Kpi]] = {}
    for kpi in asked_by_show():
        closed = closed_months(store, kpi, told)
        known = kept.get(kpi.name)
        if known is not None:
            since = _forgotten(kpi, known, closed, told)
            if since is not None:
                forgotten.append((kpi.name, since))
                known = {**known, "last": _month_before(since)} if since else None
                if known is not None and known["last"] < known["first"]:
                    known = None
        for span in _missing(closed, known):
            wanted.setdefault(span, []).append(kpi)
    if not wanted and not forgotten:
        return 0
    told_by = {
        "data_version": version,
        "last_import": max(row["latest"] for row in ever),
        "kept_at": datetime.now(UTC).replace(tzinfo=None),
    }
    rows = [
        {**row, **told_by} for span, kpis in wanted.items() for row in _values(store, kpis, span)
    ]
    return len(rows) if store.keep_month_ends(version, forgotten, rows) else 0


def live(ever: Sequence[Table]) -> dict[str, Table]:
    """Of `kpi.query.reported.told` the tables that live imports fill."""
    return {row["table_name"]: row for row in ever if row["loaded_at"] is not None}


def closed_months(store: Store, kpi: Kpi, told: Mapping[str, Table]) -> Period | None:
    """The closed months of a KPI that have data, at most `HISTORY`; None when there is none."""
    as_of = store.as_of(kpi.reads)
    tables = [told[name] for name in kpi.reads if name in told]
    if as_of is None or not tables:
        return None
    zone = store.settings.time_zone
    loaded_at = max(row["loaded_at"] for row in tables)
    month = complete_months(as_of - kpi.ahead, zone, 1)
    if month.ends_at(zone) + kpi.ahead > loaded_at:
        month = month.previous()
    # Customers have no fact times: then since anything is known at all.
    firsts = [row["first_fact"] for row in tables if row["first_fact"] is not None] or [
        row["first_fact"] for row in told.values() if row["first_fact"] is not None
    ]
    first = to_local(min(firsts), zone).date().replace(day=1) if firsts else month.since
    since = max(first, add_months(month.since, 1 - HISTORY))
    return Period(since, month.until) if since <= month.until else None


def _forgotten(
    kpi: Kpi,
    known: Mapping[str, Any],
    closed: Period | None,
    told: Mapping[str, Table],
) -> str | None:
    """From which month on what is kept was no report: "" for all of it, None for nothing."""
    if closed is None:
        return ""
    if rests_on_others(kpi, told, known["earliest"], known["newest"]):
        return ""
    # What closed it was taken back: the month is open again.
    last = bucket(closed.until, "month")
    return _month_after(last) if known["last"] > last else None


def rests_on_others(kpi: Kpi, told: Mapping[str, Table], earliest: int, newest: int) -> bool:
    """Whether values kept after these imports were made of other data than are there now.

    They knew nothing of a table that was still to be loaded for the first time; or all that they
    were made of has been taken back, as when another demo makes way.
    """
    tables = [told[name] for name in kpi.reads if name in told]
    return any(row["first"] > earliest for row in tables) or all(
        row["first_live"] > newest for row in tables
    )


def _missing(closed: Period | None, known: Mapping[str, Any] | None) -> list[Period]:
    """The months that have closed and are not kept: before those that are, and after."""
    if closed is None or known is None:
        return [] if closed is None else [closed]
    first, last = days_of(known["first"], "month"), days_of(known["last"], "month")
    found = []
    if closed.since < first.since:
        found.append(Period(closed.since, min(closed.until, first.since - timedelta(days=1))))
    if closed.until > last.until:
        found.append(Period(max(closed.since, last.until + timedelta(days=1)), closed.until))
    return found


def _values(store: Store, kpis: Sequence[Kpi], span: Period) -> list[dict[str, Any]]:
    """The rows to keep of whole months: all processes together, and each of them."""
    filters = Filters(span.since, span.until)
    by_process = [kpi.name for kpi in kpis if "process" in kpi.dimensions]
    found = ask(store, [kpi.name for kpi in kpis], filters, ("month",))
    if by_process:
        found += ask(store, by_process, filters, ("month", "process"))
    months = [name for name, _days in buckets(span, "month")]
    # A month of which nothing is known is kept as such: else it would be asked again every time.
    rows = {(kpi.name, month, ALL): _row(kpi, month, None) for kpi in kpis for month in months}
    for one in found:
        month, process = one.by["month"], one.by.get("process")
        apart = "process" in one.by
        # What is not known of which process it is has no name to be kept under.
        if month in months and (process if apart else True):
            rows[one.kpi, month, process or ALL] = _row(find(one.kpi), month, one)
    return list(rows.values())


def _row(kpi: Kpi, month: str, one: Result | None) -> dict[str, Any]:
    return {
        "kpi": kpi.name,
        "month": month,
        "process": (one.by.get("process") if one else None) or ALL,
        **{
            name: _finite(getattr(one, name) if one else None)
            for name in ("value", "low", "high", "numerator", "denominator")
        },
        "n": one.n if one else 0,
        "as_of": one.as_of if one else None,
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _month_after(month: str) -> str:
    return bucket(add_months(date.fromisoformat(f"{month}-01"), 1), "month")


def _month_before(month: str) -> str:
    return bucket(add_months(date.fromisoformat(f"{month}-01"), -1), "month")
