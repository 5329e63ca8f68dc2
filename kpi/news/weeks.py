"""Per process and headline the weeks in which it surely differed from what it was otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import NOT_RANKED, Moved
from kpi.differences import changed
from kpi.i18n import _
from kpi.measures import KPIS, headlines
from kpi.model import Better
from kpi.news import still, usual
from kpi.news.question import Asking
from kpi.numbers import Stretch
from kpi.periods import days_of

#: From so many days on, a stretch of weeks tells more than the whole held against a year before.
LONG = 190


def lines(asking: Asking) -> list[Moved]:
    """The weeks within a long period; none in a short one."""
    if asking.period.days < LONG:
        return []
    names = [
        kpi.name
        for kpi in headlines()
        if kpi.better is not Better.CONTEXT and kpi.name not in NOT_RANKED
    ]
    return of(asking, names)


def instead(asking: Asking, lines: Sequence[Moved]) -> list[Moved]:
    """Of what differs over a short period the weeks in which it does, where these are surely apart.

    A quarter with three such weeks in it differs by a quarter of what they do: in a year it would be
    told with other numbers.
    """
    if not lines or asking.period.days >= LONG:
        return list(lines)
    names = list(dict.fromkeys(one.kpi for one in lines))
    known = {(one.process, one.kpi): one for one in of(asking, names)}
    found = [(known.get((one.process, one.kpi)), one) for one in lines]
    return [there if there and there.better is one.better else one for there, one in found]


def of(asking: Asking, kpis: Sequence[str]) -> list[Moved]:
    """The weeks of some KPIs, in a period of any length."""
    where = asking.filters.where
    names = tuple(one for one in kpis if numbers.applies(KPIS[one], ("process",), where))
    named = asking.news
    found = asking.keep(
        "stretches",
        (names, named, asking.scope),
        lambda: numbers.stretches(
            asking.store,
            names,
            named,
            asking.scope,
            back=usual.back(asking),
            ahead=asking.horizon,
        ),
    )
    return [_line(asking, one) for one in found if one.group is not None]


def _line(asking: Asking, one: Stretch) -> Moved:
    kpi = KPIS[one.kpi]
    title = asking.title("process", one.group)
    now, then = one.inside, one.outside
    with formats.alike(kpi.unit, (now.value, then.value)):
        said = {
            "inside": formats.value(now.value, kpi.unit, now.low, now.high),
            "outside": formats.value(then.value, kpi.unit, then.low, then.high),
        }
    change = changed(now, then, kpi.unit, kpi.better)
    good = bool(change and change.good)
    weeks = moved.tail(one.since, None if one.lasting else one.until, "")
    text = _("{kpi} {weeks}: {inside}, otherwise {outside}")
    return Moved(
        text.format(
            kpi=_("{kpi} for {process}").format(kpi=_(kpi.title), process=title),
            weeks=weeks,
            **said,
        ),
        "",
        change.text if change else "",
        good,
        one.group or "",
        one.kpi,
        "",
        one.strength,
        text.format(kpi=formats.lower_first(_(kpi.title)), weeks="", **said).replace(" :", ":"),
        weeks=days(one),
        still=still_of(asking, one, better=good),
        usual=usual.other_weeks(asking),
    )


def days(one: Stretch) -> tuple[date, date]:
    """First and last day of a stretch of weeks."""
    return days_of(one.since, "week").since, days_of(one.until, "week").until


def still_of(asking: Asking, one: Stretch, *, better: bool = False) -> str:
    """Whether a stretch of weeks goes on or is over."""
    until = None if one.lasting else days(one)[1]
    return still.of(until, asking.horizon, "week", better=better, sure=one.sure)
