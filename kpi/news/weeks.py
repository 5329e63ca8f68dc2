"""Per process and headline the weeks in which it surely differed from what it was otherwise."""

from __future__ import annotations

from datetime import date

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import NOT_RANKED, Moved
from kpi.i18n import _
from kpi.measures import KPIS, headlines
from kpi.model import Better
from kpi.news.question import Asking
from kpi.numbers import Stretch
from kpi.periods import days_of

#: From so many days on, a stretch of weeks tells more than the whole held against a year before.
LONG = 190


def lines(asking: Asking) -> list[Moved]:
    """The weeks within a long period; none in a short one."""
    if asking.period.days < LONG:
        return []
    names = tuple(
        kpi.name
        for kpi in headlines()
        if kpi.better is not Better.CONTEXT
        and kpi.name not in NOT_RANKED
        and numbers.applies(kpi, ("process",), asking.filters.where)
    )
    named = asking.news
    found = asking.keep(
        "stretches",
        (names, named, asking.scope),
        lambda: numbers.stretches(asking.store, names, named, asking.scope),
    )
    return [_line(asking, one) for one in found if one.group is not None]


def _line(asking: Asking, one: Stretch) -> Moved:
    kpi = KPIS[one.kpi]
    title = asking.title("process", one.group)
    now, then = one.inside, one.outside
    said = {
        "inside": formats.value(now.value, kpi.unit, now.low, now.high),
        "outside": formats.value(then.value, kpi.unit, then.low, then.high),
    }
    change = formats.change(now.value, then.value, kpi.unit, kpi.better)
    weeks = moved.tail(one.since, None if one.lasting else one.until, "")
    text = _("{kpi} {weeks}: {inside}, otherwise {outside}")
    return Moved(
        text.format(
            kpi=_("{kpi} of {process}").format(kpi=_(kpi.title), process=title), weeks=weeks, **said
        ),
        "",
        change.text if change else "",
        bool(change and change.good),
        one.group or "",
        one.kpi,
        "",
        one.strength,
        text.format(kpi=formats.lower_first(_(kpi.title)), weeks="", **said).replace(" :", ":"),
        weeks=days(one),
    )


def days(one: Stretch) -> tuple[date, date]:
    """First and last day of a stretch of weeks."""
    return days_of(one.since, "week").since, days_of(one.until, "week").until


def times(one: Stretch) -> str:
    """How many times what it is otherwise; empty where it is nothing otherwise."""
    if not one.outside.value:
        return ""
    ratio = one.inside.value / one.outside.value
    return _("{times} times as many").format(times=formats.number(ratio, 1))
