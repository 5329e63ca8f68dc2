"""The months in which surely more customers left, and which customers."""

from __future__ import annotations

from datetime import timedelta

from kpi import formats, numbers
from kpi.bulletin.moved import Moved
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.news.question import Asking
from kpi.news.weeks import times
from kpi.numbers import Stretch
from kpi.periods import Period, days_of

#: The process in which customers say that they leave, and why.
_CANCELLATIONS = "cancellation"
_KPI, _BY = "churn", "has_portal"


def lines(asking: Asking) -> list[Moved]:
    """One line at most; of all customers, not of a process."""
    kpi = KPIS[_KPI]
    whole = asking.of(None)
    # Who leaves is of no process; the one that hears why is told of it too.
    elsewhere = asking.filters.values("process") not in {(), (_CANCELLATIONS,)}
    if elsewhere or whole.filters.where or not numbers.applies(kpi, (_BY,)):
        return []
    worse = [
        one
        for one in _found(whole)
        if one.group is not None and one.inside.value > one.outside.value
    ]
    if not worse:
        return []
    one = max(worse, key=lambda each: each.inside.value - each.outside.value)
    said = _("{what} of {group} {months}: {inside} a month, otherwise {outside}").format(
        what=_(kpi.title),
        group={
            "yes": _("customers with the portal"),
            "no": _("customers without the portal"),
        }.get(str(one.group), str(one.group)),
        months=_months(one),
        inside=formats.percent(one.inside.value, 1),
        outside=formats.percent(one.outside.value, 1),
    )
    span = Period(days_of(one.since, "month").since, days_of(one.until, "month").until)
    query = asking.filters.keeping("process", []).to_query()
    return [
        Moved(
            said, "", times(one), better=False, process="", kpi="",
            href=asking.href("customers", query),
            strength=one.strength, weeks=(span.since, span.until), owned=_CANCELLATIONS,
        )
    ]  # fmt: skip


def _months(one: Stretch) -> str:
    first, last = (formats.bucket(name, "month", year=True) for name in (one.since, one.until))
    if one.lasting:
        return _("since {week}").format(week=first)
    if first == last:
        return _("in {week}").format(week=first)
    return _("from {first} to {last}").format(first=first, last=last)


def _found(asking: Asking) -> list[Stretch]:
    named = asking.news
    return asking.keep(
        "stretches",
        ((_KPI,), named, _BY, "month", asking.scope),
        lambda: numbers.stretches(
            asking.store, (_KPI,), named, asking.scope,
            by=_BY, grain="month", back=timedelta(days=365),
        ),
    )  # fmt: skip
