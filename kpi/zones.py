"""Local time to UTC and back, exactly as Python's zoneinfo, one value or a whole column at a time.

Times are stored as naive UTC. A naive local time is read with `fold=0` (PEP 495): of the doubled
autumn hour the first, and a spring time that does not exist shifts forward by the length of the
gap (02:30 becomes 03:30 in Amsterdam). Engines do not agree on either (DuckDB's `timezone()` takes
the second reading), so a column is converted by joining one of the two small tables made here:
`readings` from local to UTC, `regimes` from UTC to local. Both hold half-open spans without holes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Reading(StrEnum):
    """How often a local clock time occurs."""

    PLAIN = "plain"
    #: Twice, in autumn: read as the first.
    DOUBLED = "doubled"
    #: Never, in spring: shifted forward by the length of the gap.
    SKIPPED = "skipped"


class Converted(NamedTuple):
    """A local time in UTC, and whether it occurs twice or not at all."""

    utc: datetime
    doubled: bool
    skipped: bool


@dataclass(frozen=True)
class Transition:
    """One switch of the clock: `at` is naive UTC, the offsets are seconds to add for local time."""

    at: datetime
    before: int
    after: int


class Regime(NamedTuple):
    """A span of UTC with one offset: `utc_from` <= t < `utc_until`, local = t + offset."""

    utc_from: datetime
    utc_until: datetime
    offset_seconds: int


class LocalSpan(NamedTuple):
    """A span of local time read in one way: `local_from` <= t < `local_until`, UTC = t - offset.

    `offset_seconds` and not minutes: before 1937 clocks in Amsterdam were 19 minutes and 32 seconds
    ahead.
    """

    local_from: datetime
    local_until: datetime
    offset_seconds: int
    kind: Reading


def _offset(zone: ZoneInfo, utc: datetime) -> int:
    there = utc.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert there is not None
    return round(there.total_seconds())


def to_utc(local: datetime, zone: str) -> Converted:
    """The naive UTC moment of a naive `local` time in `zone`.

    >>> to_utc(datetime(2026, 10, 25, 2, 30), "Europe/Amsterdam").utc
    datetime.datetime(2026, 10, 25, 0, 30)
    >>> to_utc(datetime(2026, 3, 29, 2, 30), "Europe/Amsterdam").utc
    datetime.datetime(2026, 3, 29, 1, 30)
    """
    there = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    first, second = there.utcoffset(), there.replace(fold=1).utcoffset()
    assert first is not None
    assert second is not None
    # PEP 495: in a repeated interval the first reading has the larger offset, in a gap the smaller.
    return Converted(
        there.astimezone(UTC).replace(tzinfo=None), doubled=first > second, skipped=first < second
    )


def to_local(utc: datetime, zone: str) -> datetime:
    """The naive local time in `zone` of a naive `utc` moment."""
    return utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=32)
def transitions(zone: str, first: date, last: date) -> tuple[Transition, ...]:
    """Every switch of the clock in the UTC days `first` to `last` (both included), in order.

    Found by comparing the offset at both ends of each day and halving to the second: zoneinfo
    does not show its table. Two switches on one day that undo each other would be missed; no zone
    has had any.
    """
    there = ZoneInfo(zone)
    found: list[Transition] = []
    start = datetime(first.year, first.month, first.day)
    end = datetime(last.year, last.month, last.day) + _DAY
    before = _offset(there, start)
    while start < end:
        after = _offset(there, start + _DAY)
        if after != before:
            low, high = 0, 86_400
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(there, start + timedelta(seconds=middle)) == before:
                    low = middle
                else:
                    high = middle
            if (at := start + timedelta(seconds=high)) < end:
                found.append(Transition(at, before, after))
        start, before = start + _DAY, after
    return tuple(found)


def regimes(zone: str, first: date, last: date) -> tuple[Regime, ...]:
    """Spans of one offset that together cover the UTC days `first` to `last` (both included)."""
    switches = transitions(zone, first, last)
    start = datetime(first.year, first.month, first.day)
    end = datetime(last.year, last.month, last.day) + _DAY
    bounds = [start, *(switch.at for switch in switches), end]
    # A switch exactly at the start is the start.
    offsets = [_offset(ZoneInfo(zone), bound) for bound in bounds[:-1]]
    return tuple(
        Regime(low, high, offset)
        for low, high, offset in zip(bounds, bounds[1:], offsets, strict=False)
        if low < high
    )


def readings(
    zone: str, first: date = date(1900, 1, 1), last: date = date(2100, 12, 31)
) -> tuple[LocalSpan, ...]:
    """Spans of local time that together cover the local days `first` to `last` (both included).

    A column of naive local times becomes UTC by joining on `local_from <= t AND t < local_until`
    and subtracting `offset_seconds`; `kind` counts what is to be reported. Equal to `to_utc` for
    every time in the range, which by default is that of all plausible times.
    """
    # Local and UTC days are never more than a day apart.
    margin = transitions(zone, first - _DAY, last + _DAY)
    start = datetime(first.year, first.month, first.day)
    end = datetime(last.year, last.month, last.day) + _DAY
    position = start - 2 * _DAY
    offset = _offset(ZoneInfo(zone), datetime(first.year, first.month, first.day) - _DAY)
    spans: list[LocalSpan] = []
    for switch in margin:
        # The clock readings just before and just after the switch: between them lies the gap
        # or the doubled hour, and both are read with the offset before it.
        was = switch.at + timedelta(seconds=switch.before)
        becomes = switch.at + timedelta(seconds=switch.after)
        odd_from, odd_until = min(was, becomes), max(was, becomes)
        kind = Reading.SKIPPED if becomes > was else Reading.DOUBLED
        spans.append(LocalSpan(position, odd_from, switch.before, Reading.PLAIN))
        spans.append(LocalSpan(odd_from, odd_until, switch.before, kind))
        position, offset = odd_until, switch.after
    spans.append(LocalSpan(position, end + 2 * _DAY, offset, Reading.PLAIN))
    clipped = (
        LocalSpan(max(span.local_from, start), min(span.local_until, end), *span[2:])
        for span in spans
    )
    return tuple(span for span in clipped if span.local_from < span.local_until)
