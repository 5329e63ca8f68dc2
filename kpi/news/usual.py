"""What is usual, in one place: how far back is looked, and the words that say so.

One rise has one baseline, whatever period it is seen in: that of a quarter and that of a year would
tell it with other numbers.
"""

from __future__ import annotations

from datetime import timedelta

from kpi import formats
from kpi.i18n import _
from kpi.news.question import Asking
from kpi.periods import Period, buckets, days_of

#: Weeks up to the last day that anything is known of that a week is held against; all of a period that is longer.
WEEKS = timedelta(weeks=60)
#: The same for months: the two years before the month that is going on.
MONTHS = timedelta(days=760)


def back(asking: Asking, span: timedelta = WEEKS) -> timedelta:
    """How long before the period is looked at too."""
    return max(timedelta(0), asking.period.since - (asking.horizon - span))


def other_weeks(asking: Asking) -> str:
    """What "otherwise" means of weeks."""
    return of_weeks(Period(asking.period.since - back(asking), asking.horizon))


def of_weeks(span: Period) -> str:
    """The same of weeks within a span."""
    return _("otherwise: all other weeks of {period}").format(
        period=formats.period(span.since, span.until)
    )


def other_months(asking: Asking) -> str:
    """What "otherwise" means of months."""
    span = Period(asking.period.since - back(asking, MONTHS), asking.horizon)
    whole = [days for name, days in buckets(span, "month") if days == days_of(name, "month")]
    if not whole:
        return ""
    return _("otherwise, of months: all other months of {period}").format(
        period=formats.period(whole[0].since, whole[-1].until)
    )


def same_weekday() -> str:
    """What "usual" means of days."""
    return _("usual, of days: {what}").format(what=of_a_day())


def of_a_day() -> str:
    """What is usual of a day."""
    return _("the same weekday in the eight weeks before")


def weeks_before() -> str:
    """What "usual" means of weeks that left their limits."""
    return _("usual, seen by week: the twenty weeks before the period")


def rest_of_period() -> str:
    """What "otherwise" means of a funnel."""
    return _("otherwise, of a funnel: the other weeks of the period")
