"""Local times to UTC and back, as SQL over a whole column, by `kpi.zones`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kpi.store.scratch import quoted
from kpi.zones import Reading, readings, regimes

_MICROSECONDS = 1_000_000
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def _days(first: datetime | None, last: datetime | None) -> tuple[date, date]:
    """The days that matter, within those that a date may have."""
    if first is None or last is None:
        return date(2000, 1, 1), date(2000, 1, 2)
    low = max(_FIRST, min(first.date(), _LAST)) if first.year > 1 else _FIRST
    high = min(_LAST, max(last.date(), _FIRST))
    return low, max(low, high)


def _moment(at: datetime) -> str:
    return f"TIMESTAMP {quoted(at.isoformat(sep=' '))}"


def utc_sql(local: str, zone: str, first: datetime | None, last: datetime | None) -> str:
    """SQL of the naive UTC of a naive local time.

    Args:
        local: SQL of the local time.
        zone: its time zone.
        first, last: the earliest and latest of the column.
    """
    spans = readings(zone, *_days(first, last))
    offset = _case(local, [(span.local_from, _microseconds(span.offset_seconds)) for span in spans])
    return f"make_timestamp(epoch_us({local}) - ({offset}))"


def odd_sql(
    local: str, zone: str, first: datetime | None, last: datetime | None
) -> tuple[str, str]:
    """SQL conditions: the local time occurs twice; the local time does not occur."""
    low, high = _days(first, last)
    conditions = []
    for kind in (Reading.DOUBLED, Reading.SKIPPED):
        spans = [span for span in readings(zone, low, high) if span.kind is kind]
        either = [
            f"({local} >= {_moment(span.local_from)} AND {local} < {_moment(span.local_until)})"
            for span in spans
        ]
        conditions.append(" OR ".join(either) or "false")
    return conditions[0], conditions[1]


def local_sql(utc: str, zone: str, first: datetime | None, last: datetime | None) -> str:
    """SQL of the naive local time of a naive UTC one."""
    low, high = _days(first, last)
    spans = regimes(zone, low - timedelta(days=1), high + timedelta(days=1))
    offset = _case(utc, [(span.utc_from, _microseconds(span.offset_seconds)) for span in spans])
    return f"make_timestamp(epoch_us({utc}) + ({offset}))"


def _microseconds(seconds: int) -> str:
    return f"{seconds * _MICROSECONDS}::BIGINT"


def _case(value: str, steps: list[tuple[datetime, str]]) -> str:
    """The step at or before `value`; the latest are asked first, as most values are recent."""
    *later, first = reversed(steps)
    if not later:
        return first[1]
    when = " ".join(f"WHEN {value} >= {_moment(at)} THEN {then}" for at, then in later)
    return f"CASE {when} ELSE {first[1]} END"
