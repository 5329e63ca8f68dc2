"""What goes on now: what rose, today so far, and how people felt in the last 24 hours.

For screens: counts over reasons and processes, of which nobody finds fewer than ten by subtracting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kpi import query
from kpi.access import Scope
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.periods import Period, full_days
from kpi.query import lately
from kpi.query.question import Question
from kpi.query.top import complaint_reasons
from kpi.results.apart import told
from kpi.results.keys import keys
from kpi.results.lately import WEEKS, Mood, Parts, Riser, Sofar, risers, sofar
from kpi.zones import to_local, to_utc

if TYPE_CHECKING:
    from kpi.store import Store

#: Tables that "today so far" and "the last 24 hours" rest on.
CONTACTS, CASES, TEXTS = ("contacts",), ("cases",), ("posts", "contacts")


@dataclass(frozen=True)
class Rising:
    """What rose in `week` against the weeks before it; `compared` is false with too few of those."""

    week: Period
    risers: tuple[Riser, ...]
    as_of: datetime
    compared: bool


def rising(store: Store, scope: Scope) -> Rising | None:
    """Reasons of contact and of complaint that rose beyond chance; None when nothing is loaded."""
    as_of = store.as_of(CONTACTS) or store.as_of(CASES)
    if as_of is None:
        return None
    zone = store.settings.time_zone
    week = full_days(as_of, zone, 7)
    period = Period(week.since - timedelta(weeks=WEEKS), week.until)
    known = frozenset(store.configuration.configured("reason", week.until))
    found: list[Riser] = []
    compared = False
    first = _first(store, "contacts_per_hour")
    if first is not None:
        rows = [
            (row["process"], row["reason"], row["day"], row["n"])
            for row in store.rows(lately.reasons_by_day(period, known))
        ]
        found += risers(rows, period, first, scope.processes)
        compared = _enough(week, first)
    first = _first(store, "complaints")
    if first is not None:
        found += risers(
            _complaints(store, period, known), period, first, scope.processes, complaints=True
        )
        compared = compared or _enough(week, first)
    largest: dict[str | None, Riser] = {}
    for one in sorted(found, key=lambda one: -one.more):
        largest.setdefault(one.reason, one)
    return Rising(week, tuple(largest.values()), as_of, compared)


def _enough(week: Period, first: date) -> bool:
    return first <= week.since - timedelta(weeks=4)


def _first(store: Store, name: str) -> date | None:
    [extent] = store.rows(query.extent(KPIS[name].source, KPIS[name].date))
    first = extent["first"]
    return first if first is None or isinstance(first, date) else None


def _complaints(
    store: Store, period: Period, known: frozenset[str]
) -> list[tuple[str | None, str | None, date, int]]:
    question = Question(
        KPIS["complaints"], period, (), ("process", "reason", "day"), Scope(screen=True),
        Moment(store.as_of(CASES)), store.settings.time_zone, {"reason": known},
    )  # fmt: skip
    by = ("process", "reason", "day")
    columns = store.columns(complaint_reasons(question, period, period, by))
    return [
        (process, reason, date.fromisoformat(day), int(n))
        for (process, reason, day), n in zip(keys(by, columns), columns["n"], strict=True)
        if day is not None
    ]


@dataclass(frozen=True)
class Today:
    """Today up to `as_of`, against the same weekday of `weeks` weeks before.

    `counts` per kind (contacts, opened, closed); `processes` the contacts of each.
    """

    day: date
    as_of: datetime
    weeks: int
    counts: Mapping[str, Sofar]
    processes: Mapping[str, Sofar] = field(default_factory=dict)


def today(store: Store, scope: Scope) -> Today | None:
    """Contacts and cases of the day of as-of; None when nothing tells which day that is."""
    as_of = store.as_of(CONTACTS)
    if as_of is None:
        return None
    zone = store.settings.time_zone
    local = to_local(as_of, zone)
    day = local.date()
    first = _first(store, "contacts_per_hour") or day
    before = [
        earlier for back in range(1, WEEKS + 1) if (earlier := day - timedelta(weeks=back)) > first
    ]
    cuts = {day: as_of}
    for earlier in before:
        cuts[earlier] = to_utc(datetime.combine(earlier, local.time()), zone).utc
    kinds = ["contacts"]
    of_cases = store.as_of(CASES)
    if of_cases is not None and of_cases >= as_of - timedelta(hours=1):
        kinds += ["opened", "closed"]
    by_day = {kind: _by_day(store, kind, cuts) for kind in kinds}
    return Today(
        day,
        as_of,
        len(before),
        {kind: sofar(by_day[kind], day, before, scope.processes) for kind in kinds},
        {
            row["process"]: sofar(by_day["contacts"], day, before, frozenset([row["process"]]))
            for row in store.configuration.processes(day)
            if scope.sees(row["process"])
        },
    )


def _by_day(store: Store, kind: str, cuts: Mapping[date, datetime]) -> dict[date, Parts]:
    found: dict[date, dict[str | None, int]] = {}
    for row in store.rows(lately.up_to_the_clock(kind, cuts)):
        found.setdefault(row["day"], {})[row["process"]] = row["n"]
    return {**found}


@dataclass(frozen=True)
class Feeling:
    """Texts with a sentiment of the last 24 hours, the 28 days before, and each process now.

    `n` is how many texts, where that may stand beside the shares; else None.
    """

    since: datetime
    as_of: datetime
    now: Mood
    before: Mood
    processes: Mapping[str, Mood]
    n: int | None


def feeling(store: Store, scope: Scope) -> Feeling | None:
    """The sentiment of the last 24 hours up to as-of; None when nothing tells which those are."""
    as_of = store.as_of(TEXTS)
    if as_of is None:
        return None
    zone = store.settings.time_zone
    since = as_of - timedelta(hours=24)
    days = Period(to_local(since, zone).date(), to_local(as_of, zone).date())
    earlier = Period(days.since - timedelta(days=28), days.since - timedelta(days=1))
    now = store.rows(lately.sentiments(since, as_of, days))
    before = store.rows(lately.sentiments_by_day(earlier))

    def mood(rows: list[dict[str, object]], seen: frozenset[str] | None) -> Mood:
        sums = dict.fromkeys(("negative", "neutral", "positive"), 0)
        for row in rows:
            if seen is None or row["process"] in seen:
                sums[str(row["sentiment"])] += int(str(row["n"]))
        return Mood(**sums)

    parts: dict[str | None, int] = {}
    for row in now:
        parts[row["process"]] = parts.get(row["process"], 0) + row["n"]
    whole = mood(now, scope.processes)
    return Feeling(
        since,
        as_of,
        whole,
        mood(before, scope.processes),
        {
            row["process"]: mood(now, frozenset([row["process"]]))
            for row in store.configuration.processes(days.until)
            if scope.sees(row["process"])
        },
        told(parts, scope.processes) if whole.counts_told else None,
    )
