"""Days, weeks, months and moments as people read them, in the language spoken now.

Dutch: 30-06-2026 · wk 14 · apr 2026. English: 30 Jun 2026 · wk 14 · Apr 2026.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from kpi.i18n import _, language, locale
from kpi.text import NOTHING, SPACE


def day(value: date | None) -> str:
    """A day: 30-06-2026, in English 30 Jun 2026."""
    return NOTHING if value is None else _day(value, language(), locale())


# Every number of a page says up to which day it tells: hundreds of times the same one.
@lru_cache(maxsize=4096)
def _day(value: date, spoken: str, where: str) -> str:
    pattern = "dd-MM-yyyy" if spoken == "nl" else "d MMM yyyy"
    return format_date(value, pattern, locale=where)


def day_short(value: date) -> str:
    """A day without its year: 30 jun."""
    return _no_dots(format_date(value, "d MMM", locale=locale()))


def day_long(value: date) -> str:
    """A date that is near, as one says it: vr 10 juli."""
    return _no_dots(format_date(value, "EEE d MMMM", locale=locale()))


def day_full(value: date) -> str:
    """A date in words with its year, for one that is far away: 10 juli 2026."""
    return format_date(value, "d MMMM yyyy", locale=locale())


def month(value: date) -> str:
    """A month with its year: apr 2026."""
    return _no_dots(format_date(value, "MMM yyyy", locale=locale()))


def week(value: str, year: bool = False) -> str:
    """The week "2026-W14" as wk 14; with the year where it is not plain."""
    in_year, number_of = value.split("-W")
    text = f"{_('wk')}{SPACE}{int(number_of)}"
    return f"{text} {in_year}" if year else text


def bucket(value: str | None, grain: str, year: bool = False) -> str:
    """A period as `--by` names it ("2026-W14", "2026-04", "2026-Q2", "2026-04-01") to read."""
    if value is None:
        return _("unknown")
    if grain == "week":
        return week(value, year)
    if grain == "month":
        first = date.fromisoformat(f"{value}-01")
        return month(first) if year else _no_dots(format_date(first, "MMM", locale=locale()))
    if grain == "quarter":
        in_year, quarter = value.split("-Q")
        text = f"{_('Q')}{quarter}"
        return f"{text} {in_year}" if year else text
    if grain == "day":
        at = date.fromisoformat(value)
        return day(at) if year else day_short(at)
    return value


def period(since: date, until: date) -> str:
    """A period, both days included, as short as it can be said: apr–jun 2026."""
    whole = _whole_months(since, until)
    if whole and since.year == until.year:
        if (since.month, until.month) == (1, 12):
            return str(since.year)
        if since.month == until.month:
            return month(since)
        first = _no_dots(format_date(since, "MMM", locale=locale()))
        return f"{first}{NOTHING}{month(until)}"
    if whole:
        return f"{month(since)} {NOTHING} {month(until)}"
    if since == until:
        return f"{day_short(since)} {since.year}"
    first = day_short(since) if since.year == until.year else f"{day_short(since)} {since.year}"
    return f"{first} {NOTHING} {day_short(until)} {until.year}"


def during(since: date, until: date) -> str:
    """When something was, in a sentence: on 24 nov 2026, in apr–jun 2026, from 23 mrt to 29 mrt."""
    if since == until:
        return _("on {day}").format(day=period(since, until))
    if _whole_months(since, until):
        return _("in {period}").format(period=period(since, until))
    first = day_short(since) if since.year == until.year else f"{day_short(since)} {since.year}"
    return _("from {first} to {last}").format(first=first, last=period(until, until))


def _whole_months(since: date, until: date) -> bool:
    return since.day == 1 and until.day == monthrange(until.year, until.month)[1]


def in_zone(moment_utc: datetime, zone: str) -> datetime:
    """A naive UTC moment as a naive local one of `zone`."""
    return moment_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moment(moment_utc: datetime | None, zone: str) -> str:
    """A naive UTC moment as 30-06-2026 14:05 in `zone`."""
    if moment_utc is None:
        return NOTHING
    local = in_zone(moment_utc, zone)
    return f"{day(local.date())} {format_time(local.time(), 'HH:mm', locale=locale())}"


def as_of(moment_utc: datetime | None, zone: str) -> str:
    """Up to when the numbers tell: the local day, with the clock time where the day is not over."""
    if moment_utc is None:
        return _("unknown")
    local = in_zone(moment_utc, zone)
    if (local + timedelta(minutes=1)).date() != local.date():
        return day(local.date())
    return moment(moment_utc, zone)


def _no_dots(text: str) -> str:
    # Babel writes "jun." and "ma."; on a screen full of dates the dots are noise.
    return text.replace(".", "")
