"""Numbers per hour, and numbers per so many customers: sums over what the calendar or time gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kpi.filters import GRAINS
from kpi.model import Note, Result
from kpi.periods import bucket
from kpi.query.hours import time_keys
from kpi.query.question import Key, Question
from kpi.query.sums import BASE, ROWS
from kpi.results import notes
from kpi.results.keys import Columns, count, keys, number, order
from kpi.results.notes import Value, result
from kpi.results.sums import Sums, extras
from kpi.text import N_
from kpi.zones import to_utc

STAFFED = Note(N_("per staffed hour"))
OPEN = Note(N_("per hour open: staffed hours are not known"))


def last_whole_day(question: Question) -> tuple[date, date | None]:
    """The last day whose hours count whole, and the day of as-of where that is not over."""
    last, as_of = question.last_told, question.as_of
    if as_of is None:
        return last, None
    over = (
        as_of + timedelta(minutes=1)
        >= to_utc(datetime.combine(last + timedelta(days=1), time()), question.zone).utc
    )
    return (last, None) if over else (last - timedelta(days=1), last)


def elapsed_hours(
    day: date, opens: int, closes: int, as_of: datetime, zone: str
) -> dict[int, float]:
    """Hours open on `day` up to `as_of`, per local clock hour."""
    midnight = datetime.combine(day, time())
    found: dict[int, float] = {}
    for hour in range(24):
        low, high = max(opens, hour * 60), min(closes, hour * 60 + 60)
        if low >= high:
            continue
        start = to_utc(midnight + timedelta(minutes=low), zone).utc
        end = min(as_of, to_utc(midnight + timedelta(minutes=high), zone).utc)
        if start < end:
            found[hour] = (end - start) / timedelta(hours=1)
    return found


def hours_per_key(
    question: Question, whole: Columns, day: date | None, part: dict[int, float]
) -> dict[Key, float]:
    """Hours open per time key: whole days from the calendar, and the `part` of as-of's own day."""
    by = time_keys(question)
    hours = {key: number(whole["hours"][row]) or 0.0 for row, key in enumerate(keys(by, whole))}
    for hour, length in part.items():
        assert day is not None
        key = tuple(
            f"{day.isoweekday()}-{hour:02d}" if name == "weekday_hour" else bucket(day, name)
            for name in by
        )
        hours[key] = hours.get(key, 0.0) + length
    return {key: length for key, length in hours.items() if length > 0}


@dataclass(frozen=True)
class Coverage:
    """How far back the data and the calendar reach; None when nothing is known."""

    first_fact: date | None = None
    first_known: date | None = None


def per_hour_results(
    question: Question, sums: dict[Key, Sums], hours: dict[Key, float], coverage: Coverage
) -> list[Result]:
    """Rows per hour open, per key; a time in which it was open and nothing came is 0."""
    by_time = {
        key: length for key, length in hours.items() if not _before_data(question, key, coverage)
    }
    said = _reach(question, coverage)
    values: dict[Key, Value] = {}
    for key in _filled(question, sums, by_time):
        length = hours.get(_part(question, key, _is_time))
        row = sums.get(key)
        n = count(row[ROWS]) if row else 0
        told, more = extras(question, row) if row else ({}, ())
        values[key] = Value(
            n / length if length else None,
            n,
            numerator=n,
            denominator=length or 0.0,
            notes=(*more, *said) if length else (*more, notes.NO_DENOMINATOR),
            extras=told,
        )
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _is_time(name: str) -> bool:
    return name in GRAINS or name == "weekday_hour"


def _part(question: Question, key: Key, wanted: object) -> Key:
    assert callable(wanted)
    return tuple(part for name, part in zip(question.by, key, strict=True) if wanted(name))


def _filled(question: Question, sums: dict[Key, Sums], times: Iterable[Key]) -> dict[Key, None]:
    """Keys that have rows, and for each of their groups every time, so that none is passed over."""
    seen = {key: None for key, row in sums.items() if count(row[ROWS])}
    if not seen:
        # Contacts there are, but none that counts: nothing per hour. No rows at all: no value.
        return dict.fromkeys(sums) if not question.by and _any(sums) else {}
    groups = {_part(question, key, lambda name: not _is_time(name)) for key in seen}
    for group in groups:
        for at in times:
            parts, slots = iter(group), iter(at)
            key = tuple(next(slots) if _is_time(name) else next(parts) for name in question.by)
            seen.setdefault(key, None)
    return seen


def _any(sums: dict[Key, Sums]) -> bool:
    return any(count(row.get(BASE)) for row in sums.values())


def _before_data(question: Question, key: Key, coverage: Coverage) -> bool:
    """Whether a time lies wholly before the first row there is: nothing is known of it."""
    if coverage.first_fact is None:
        return False
    first = coverage.first_fact
    for name, part in zip(time_keys(question), key, strict=True):
        if name in GRAINS and part is not None:
            return part < bucket(first, name)
    return False


def _reach(question: Question, coverage: Coverage) -> tuple[Note, ...]:
    if question.grain is not None:
        return ()
    if coverage.first_known and coverage.first_known > question.period.since:
        day = coverage.first_known.isoformat()
        return (Note.of(N_("opening hours are known from {day}"), day=day),)
    if coverage.first_fact and coverage.first_fact > question.period.since:
        return (notes.begins(coverage.first_fact),)
    return ()


@dataclass(frozen=True)
class Staffing:
    """Staffed hours: per grain key those of each process (empty text: of all)."""

    hours: dict[str | None, dict[str, float]]

    @classmethod
    def of(cls, question: Question, columns: Columns) -> Staffing:
        """Read what `staffed_hours` selects."""
        grain = (question.grain,) if question.grain else ()
        found: dict[str | None, dict[str, float]] = {}
        for row, key in enumerate(keys(grain, columns)):
            at = found.setdefault(key[0] if key else None, {})
            at[str(columns["process"][row])] = float(columns["hours"][row])
        return cls(found)

    def known(self, when: str | None, processes: frozenset[str] | None) -> float | None:
        """Hours staffed for `processes` (None: for all); None where they are not known."""
        own = self.hours.get(when, {})
        if processes is None:
            return own.get("") or sum(own.values()) or None
        return sum(own[process] for process in processes if process in own) or None


def helped_results(
    question: Question, columns: Columns, hours: dict[Key, float], staffing: Staffing
) -> list[Result]:
    """Customers helped per staffed hour, else per hour open."""
    values: dict[Key, Value] = {}
    for row, key in enumerate(keys(question.by, columns)):
        n = count(columns["n"][row])
        when = _part(question, key, _is_time)
        staffed = staffing.known(when[0] if when else None, _processes(question, key))
        length = staffed or hours.get(when)
        values[key] = Value(
            n / length if length else None,
            n,
            numerator=n,
            denominator=length or 0.0,
            notes=(STAFFED if staffed else OPEN,) if length else (notes.NO_DENOMINATOR,),
            extras={"hours": "staffed" if staffed else "opening"},
        )
    values = {key: value for key, value in values.items() if value.n}
    if not values:
        return notes.empty(question)
    return [result(question, key, values[key]) for key in order(values)]


def _processes(question: Question, key: Key) -> frozenset[str] | None:
    """The processes a number is about; None for all."""
    for name, part in zip(question.by, key, strict=True):
        if name == "process":
            return frozenset([part or ""])
    kept = dict(question.where).get("process")
    if kept:
        return frozenset(kept)
    return question.scope.processes
