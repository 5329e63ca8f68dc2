"""Times of day and days of the week that cannot be: night work, lost afternoons, a clock elsewhere."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest import notes
from kpi.ingest.detect.scene import TIMES, Scene
from kpi.ingest.offsets import odd_sql
from kpi.schema import Type
from kpi.store.scratch import identifier
from kpi.text import N_
from kpi.zones import Reading, readings, regimes

#: Rows that are needed to say how times lie; a few say it only when they say it loud.
_ENOUGH, _A_FEW = 200, 50
_NIGHT = range(6)
#: A night or a weekend that has more than its share by the clock alone is no custom.
_NIGHT_MOST, _WEEKEND_MOST, _WEEKEND_OF_FEW = 0.30, 0.45, 0.7
#: Days that a file must cover before its weekends say something.
_TWO_WEEKS = 13
_SATURDAY, _SUNDAY = 5, 6
WEEKDAYS = tuple(
    map(Word, (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
               N_("Saturday"), N_("Sunday")))
)  # fmt: skip

NIGHT = N_("{column}: {share}% of the times lie between 0:00 and 6:00 at night.")
MORNINGS = N_(
    "{column}: no time is later than 12:59, and {share}% lie between 1:00 and 5:59. Morning and"
    " afternoon (am, pm) seem to have been lost."
)
WEEKENDS = N_("{column}: {share}% of the rows fall on a Saturday or Sunday.")
SHIFTED_DAYS = N_(
    "{column}: the quiet days are {first} and {second}, not the weekend. The dates seem to be"
    " shifted by a day or more."
)
SOME_MIDNIGHT = N_(
    "{column}: {n} of {all} times are exactly midnight; of those rows the time of day seems to be"
    " missing."
)
OTHER_CLOCK = N_(
    "{column}: the day begins and ends an hour {way} in summer than in winter. The times seem to be"
    " those of another time zone, such as UTC."
)
EARLIER, LATER = Word(N_("earlier")), Word(N_("later"))
ZONE_ADVICE = N_(
    "See in the source what is meant: another time zone is said in the profile,"
    ' [read] time_zone = "UTC".'
)
HALF_ADVICE = N_("Ask for times of 24 hours, or with am and pm, and load the file anew.")
DAYS_ADVICE = N_(
    "Compare some rows with the source: a spreadsheet with another first day (1904), or a date at"
    " midnight in another time zone, moves days."
)
MIDNIGHT_ADVICE = N_(
    "Times of day of these rows mean nothing: see whether another column has them."
)
SUMMER_ADVICE = N_("Ask for times with their offset from UTC, or in UTC, and this cannot happen.")
HOUR, DAY = Word(N_("Hour")), Word(N_("Day"))
SUMMER, WINTER = Word(N_("Summer")), Word(N_("Winter"))


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """What is odd on the clock and on the calendar, of every column of times."""
    for name in scene.times:
        if scene.by_name[name].column.type is not Type.TIMESTAMP:
            continue
        yield from _summer_time(scene, name)
        hours = scene.hours(name)
        if hours.total() < _A_FEW or name not in scene.table.fact_times:
            continue
        if hours.total() >= _ENOUGH:
            yield from _on_the_clock(scene, name, hours)
        yield from _on_the_calendar(scene, name)


def _on_the_clock(scene: Scene, name: str, hours: Counter[datetime]) -> Iterator[Finding]:
    by_hour = Counter(dict.fromkeys(range(24), 0))
    for hour, count in hours.items():
        by_hour[hour.hour] += count
    all_ = by_hour.total()
    if by_hour[0] > 0.02 * all_:
        local = scene.local(name)
        (midnight,) = scene.row(
            f"SELECT count(*) FROM {scene.good} AND {local} = date_trunc('day', {local})"
        )
        if midnight > 0.98 * all_:
            return
        if midnight > 0.02 * all_:
            key = [one for one in scene.table.key[:1] if one in scene.by_name]
            yield scene.finding(
                "lost_times", SOME_MIDNIGHT, MIDNIGHT_ADVICE, column=name, rows=midnight,
                n=midnight, all=all_,
                evidence=scene.lines(f"{local} = date_trunc('day', {local})", [*key, name]),
            )  # fmt: skip
            by_hour[0] -= midnight
            all_ -= midnight
    night = sum(by_hour[hour] for hour in _NIGHT) / all_
    if not sum(by_hour[hour] for hour in range(13, 24)):
        early = sum(by_hour[hour] for hour in range(1, 6)) / all_
        if early > 0.15:
            yield scene.finding(
                "lost_afternoons", MORNINGS, HALF_ADVICE, column=name, severity=Severity.WRONG,
                share=round(100 * early), evidence=_by_hour(by_hour),
            )  # fmt: skip
    elif night > _NIGHT_MOST:
        yield scene.finding(
            "nights", NIGHT, ZONE_ADVICE, column=name, share=round(100 * night),
            evidence=_by_hour(by_hour),
        )  # fmt: skip
    if way := other_clock(hours, scene.stage.zone):
        yield scene.finding(
            "other_clock", OTHER_CLOCK, ZONE_ADVICE, column=name,
            way=EARLIER if way < 0 else LATER, evidence=_by_season(hours, scene.stage.zone),
        )  # fmt: skip


def _by_hour(by_hour: Counter[int]) -> Evidence:
    return Evidence((HOUR, TIMES), tuple((f"{hour}:00", by_hour[hour]) for hour in range(24)))


def _on_the_calendar(scene: Scene, name: str) -> Iterator[Finding]:
    days = scene.days(name)
    by_day = Counter(dict.fromkeys(range(7), 0))
    for day, count in days.items():
        by_day[day.weekday()] += count
    evidence = Evidence(
        (DAY, TIMES), tuple((WEEKDAYS[day], count) for day, count in sorted(by_day.items()))
    )
    weekend = (by_day[_SATURDAY] + by_day[_SUNDAY]) / by_day.total()
    most = _WEEKEND_MOST if by_day.total() >= _ENOUGH else _WEEKEND_OF_FEW
    if weekend > most and (max(days) - min(days)).days >= _TWO_WEEKS:
        yield scene.finding(
            "weekends", WEEKENDS, DAYS_ADVICE, column=name, share=round(100 * weekend),
            evidence=evidence,
        )  # fmt: skip
    elif quiet := shifted_days(days):
        first, second = (WEEKDAYS[day] for day in quiet)
        yield scene.finding(
            "shifted_days", SHIFTED_DAYS, DAYS_ADVICE, column=name, severity=Severity.WRONG,
            first=first, second=second, evidence=evidence,
        )  # fmt: skip


def shifted_days(days: Mapping[date, int]) -> tuple[int, int] | None:
    """The two days in a row on which hardly anything happens, where that is no weekend.

    >>> from datetime import date, timedelta
    >>> work = {d: 9 for n in range(70) if (d := date(2026, 1, 5) + timedelta(n)).weekday() < 5}
    >>> shifted_days(work)
    >>> shifted_days({day - timedelta(1): count for day, count in work.items()})
    (4, 5)
    """
    by_day = Counter(dict.fromkeys(range(7), 0))
    for day, count in days.items():
        by_day[day.weekday()] += count
    if not days or (max(days) - min(days)).days < 42 or by_day.total() < _ENOUGH:
        return None
    quiet = {day for day in by_day if by_day[day] <= 0.02 * by_day.total()}
    # Two in a row and the other five busy: a week of work, but not where it should be.
    for first, second in (*pairwise(range(7)), (_SUNDAY, 0)):
        if quiet == {first, second} and (first, second) != (_SATURDAY, _SUNDAY):
            return first, second
    return None


# -- summer time -------------------------------------------------------------------------------


def _summer_time(scene: Scene, name: str) -> Iterator[Finding]:
    """Local times in the hour that is skipped in spring, or comes twice in autumn."""
    one, local = scene.by_name[name], identifier(name)
    low, high = scene.stage.bounds.get(name, (None, None))
    if low is None or high is None:
        return
    hours = scene.hours(name)
    odd = {
        span.kind
        for span in readings(scene.stage.zone, low.date(), high.date())
        if span.kind is not Reading.PLAIN and hours[span.local_from.replace(minute=0, second=0)]
    }
    if not odd and not one.absolute:
        return
    conditions = odd_sql(local, scene.stage.zone, low, high)
    said = ((notes.DOUBLED_HOUR, "doubled_hour"), (notes.SKIPPED_HOUR, "skipped_hour"))
    for condition, (message, kind) in zip(conditions, said, strict=True):
        (n,) = scene.row(f"SELECT count(*) FROM {scene.good} AND ({condition})")
        if n:
            key = [column for column in scene.table.key[:1] if column in scene.by_name]
            yield scene.finding(
                kind, message, SUMMER_ADVICE, column=name, rows=n, n=n,
                severity=Severity.NOTE if kind == "doubled_hour" else Severity.CHECK,
                evidence=scene.lines(condition, [*key, name]),
            )  # fmt: skip


def _seasons(hours: Mapping[datetime, int], zone: str) -> tuple[list[float], list[float]]:
    """Rows per hour of the clock in winter and in summer."""
    winter, summer = [0.0] * 24, [0.0] * 24
    first, last = min(hours), max(hours)
    spans = regimes(zone, first.date(), last.date())
    standard = min(span.offset_seconds for span in spans)
    for hour, count in hours.items():
        span = next((one for one in spans if one.utc_from <= hour < one.utc_until), spans[-1])
        (winter if span.offset_seconds == standard else summer)[hour.hour] += count
    return winter, summer


def other_clock(hours: Mapping[datetime, int], zone: str) -> int:
    """-1 or 1 where the clock of these times does not know summer time; 0 where nothing says so.

    Who opens at nine opens at nine in summer too. In UTC that is an hour earlier.
    """
    if not hours:
        return 0
    winter, summer = _seasons(hours, zone)
    if min(sum(winter), sum(summer)) < _ENOUGH:
        return 0
    as_is = _distance(winter, summer)
    moved = {way: _distance(winter, summer[-way:] + summer[:-way]) for way in (-1, 1)}
    way = min(moved, key=lambda one: moved[one])
    # Moving summer an hour on makes it winter's like: so it is an hour early now.
    return -way if as_is > 0.15 and moved[way] < 0.4 * as_is else 0


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Share of the rows that lie in other hours."""
    a, b = sum(one), sum(other)
    return sum(abs(x / a - y / b) for x, y in zip(one, other, strict=True)) / 2


def _by_season(hours: Mapping[datetime, int], zone: str) -> Evidence:
    winter, summer = _seasons(hours, zone)
    return Evidence(
        (HOUR, WINTER, SUMMER),
        tuple((f"{at}:00", int(winter[at]), int(summer[at])) for at in range(24)),
    )
