"""Whether what moved goes on or is over: said in one place, for every line that has weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from kpi import formats
from kpi.i18n import _
from kpi.news.question import Asking
from kpi.periods import bucket, days_of

#: Days after the last busy one in which it cannot be said that a rush is over: a weekend lies between.
_UNSURE = timedelta(days=3)


def said(
    asking: Asking, until: date | None, grain: str, *, better: bool = False, sure: bool = True
) -> str:
    """Of what was looked for in the news of the period only; else as `of`."""
    return of(until, asking.up_to, grain, known=asking.goes_on, better=better, sure=sure)


def of(
    until: date | None, up_to: date, grain: str, *,
    known: bool = True, better: bool = False, sure: bool = True,
) -> str:  # fmt: skip
    """In words; `until` is the last day in which it differed, None while it lasts.

    `up_to`: the last day looked at; `known`: nothing is known of later ones; `sure`: the last of
    them is part of it.
    """
    if until is None and not known:
        return _("still so at the end of the period")
    if until is None and not sure:
        return _("may still apply") if better else _("may still be going on")
    if until is None:
        return _("still so") if better else _("still going on")
    if grain == "day" and up_to - until <= _UNSURE:
        return _("may still be going on")
    after = until + timedelta(days=1)
    year = after.year != up_to.year
    if grain == "day":
        when = formats.day_full(after) if year else formats.day_long(after)
    else:
        when = formats.bucket(bucket(after, grain), grain, year=year)
    return _("over since {when}").format(when=when)


def in_period(asking: Asking, last: str, weeks: Sequence[str]) -> str:
    """Of what was looked for in the weeks of the period only; `last` is the last one it was in."""
    until = None if last in weeks[-2:] else days_of(last, "week").until
    told, end = asking.told_day, asking.period.until
    known = told is None or end >= told
    return of(until, end, "week", known=known, sure=last == weeks[-1])
