"""What is said of cross-sections of customers: who stays, who is in touch, and what they buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi import formats
from kpi.bulletin.states import overlap
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import Better, Result, Unit

#: Groups are said to differ from so many contacts each on, and from so large a ratio.
_ENOUGH, _TIMES = 100, 1.2


@dataclass(frozen=True)
class Named:
    """A group of customers within a sentence, and a number of it."""

    name: str
    result: Result


def title_of_retention(name: str, whole: Result | None) -> str:
    """How many stay a year, and longer; `name` where nobody knows yet."""
    if whole is None or whole.value is None or whole.too_few:
        return name
    said = _("After a year {share} are still customers").format(share=_share(whole))
    later = [
        _("after {years} years {share}").format(
            years=years, share=formats.percent(whole.extras[f"year_{years}"])
        )
        for years in (2, 5)
        if whole.extras.get(f"year_{years}") is not None
    ]
    return ", ".join([said, *later])


def of_retention(groups: Sequence[Named], whole: Result | None) -> str:
    """Which group surely stays less long than another; without groups what `whole` says."""
    if whole is None or whole.value is None or whole.too_few:
        return _("Nobody has been followed for a year yet: retention shows once that is so.")
    known = [one for one in groups if one.result.value is not None and not one.result.too_few]
    if len(known) < 2:
        return title_of_retention("", whole) + "."
    ranked = sorted(known, key=lambda one: one.result.value or 0.0)
    low, high = ranked[0], ranked[-1]
    if overlap(low.result, high.result):
        return _("No group clearly stays shorter than another.")
    return _("After a year {share} of {low} are still there, and {other} of {high}.").format(
        low=low.name, share=_share(low.result), high=high.name, other=_share(high.result)
    )


def title_of_rate(
    name: str, when: str, now: Result | None, before: Result | None, earlier: str
) -> str:
    """How often customers were in touch `when` (as `dates.during` says it), and how that moved."""
    if now is None or now.value is None or now.too_few:
        return name
    said = _("{rate} contacts per 100 customers a month {when}").format(
        rate=formats.number(now.value, 1), when=when
    )
    return _held_against(said, now, before, earlier)


def of_rate(groups: Sequence[Named]) -> str:
    """Which group is in touch most, where that is no small difference."""
    known = [one for one in groups if one.result.value is not None and one.result.n >= _ENOUGH]
    if len(known) < 2:
        return _("Too few contacts of known customers to compare groups.")
    ranked = sorted(known, key=lambda one: one.result.value or 0.0)
    low, high = ranked[0], ranked[-1]
    if (high.result.value or 0) < _TIMES * (low.result.value or 0):
        return _("These groups are in touch about as often.")
    return _(
        "Most in touch are {high}: {most} contacts per 100 customers a month, against {least} of {low}."
    ).format(
        high=high.name, most=formats.number(high.result.value, 1),
        low=low.name, least=formats.number(low.result.value, 1),
    )  # fmt: skip


def title_of_sales(
    name: str, when: str, now: Result | None, before: Result | None, earlier: str
) -> str:
    """How many services were sold `when`, and how that moved."""
    if now is None or not now.value:
        return name
    said = ngettext("{n} new service sold {when}", "{n} new services sold {when}", int(now.value))
    said = said.format(n=formats.number(now.value), when=when)
    return _held_against(said, now, before, earlier)


def _held_against(said: str, now: Result, before: Result | None, earlier: str) -> str:
    """With how many more or fewer that is, both as they are shown."""
    change = changed(now, before, now.unit, Better.CONTEXT) if before is not None else None
    if change is None or not change.amount or not earlier or before is None:
        return said
    how = (
        _("{said}, {amount} more than in {period}")
        if (now.value or 0) > (before.value or 0)
        else _("{said}, {amount} fewer than in {period}")
    )
    return how.format(said=said, amount=change.amount, period=earlier)


def of_sales(sold: Result | None) -> str:
    """How many services were sold, to whom, and what is not counted."""
    if sold is None or sold.value is None:
        return _("No services sold are known in this period.")
    n = int(sold.value)
    said = ngettext("{n} new service was sold", "{n} new services were sold", n).format(
        n=formats.number(n)
    )
    existing = sold.extras.get("existing")
    if existing is not None and n:
        said = _("{said}, {existing} of them ({share}) to customers who were one already").format(
            said=said, existing=formats.number(existing), share=formats.percent(100 * existing / n)
        )
    beside = []
    if sold.extras.get("annulled"):
        beside.append(_("{n} annulled").format(n=formats.number(sold.extras["annulled"])))
    if sold.extras.get("renewals"):
        beside.append(_("{n} renewals").format(n=formats.number(sold.extras["renewals"])))
    if not beside:
        return said + "."
    return _("{said}; not counted: {beside}.").format(said=said, beside=", ".join(beside))


def _share(one: Result) -> str:
    return formats.value(one.value, Unit.PERCENT, one.low, one.high)
