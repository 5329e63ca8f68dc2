"""What is said of customers who come and leave, and after which process they leave."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi import formats, stats
from kpi.bulletin.sentences_avoidable import listed, moved
from kpi.bulletin.states import overlap
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import INDICATIVE, TOO_FEW, Better, Result, Unit
from kpi.student import Z95

#: A month stands out with so many leavers, so many times the usual share, and surely so many
#: points above it; held against as many other months at least.
_PEAK_ROWS, _PEAK_TIMES, _PEAK_POINTS, _LEAST_USUAL = 10, 1.5, 0.2, 3


@dataclass(frozen=True)
class Group:
    """Customers of one kind ("customers without a personal portal"): their churn now and before."""

    named: str
    now: Result
    before: Result | None = None


def title(
    name: str,
    when: str,
    now: Result | None,
    before: Result | None,
    earlier: str,
    groups: Sequence[Sequence[Group]],
) -> str:
    """The fact of the page; `name` where there is none. `groups`: one list a cross-section.

    `when` is the period as `dates.during` says it.
    """
    if now is None or now.value is None or now.too_few:
        return name
    said = _("{share} of the customers left {when}").format(share=_share(now), when=when)
    if before is None or before.value is None or before.too_few or not earlier:
        return _more_often(said, groups)
    change = changed(now, before, Unit.PERCENT, Better.CONTEXT)
    if change is None or not change.amount or overlap(now, before):
        said = _("{said}, not clearly different from {period}").format(said=said, period=earlier)
        return _more_often(said, groups)
    more = now.value > before.value
    said = moved(said, change.amount, earlier, more=more)
    pulled = _pulled(groups, 1 if more else -1)
    if pulled is None or pulled.before is None:
        return said
    return _("{said}; mainly {group}: {before} → {now}").format(
        said=said, group=pulled.named, before=_share(pulled.before), now=_share(pulled.now)
    )


def _pulled(groups: Sequence[Sequence[Group]], way: int) -> Group | None:
    """The group whose churn changed most among those that surely changed, and more than the rest.

    A group is named only where it stands apart from the others of its cross-section.
    """
    found = []
    for one in groups:
        judged = [group for group in one if not group.now.too_few and group.now.value is not None]
        if len(judged) < 2:
            continue
        for group in judged:
            before = group.before
            if before is None or before.value is None or before.too_few:
                continue
            delta = way * ((group.now.value or 0) - before.value)
            # Which group: where the churn was high its difference with the others is to be real.
            high = group.now if way > 0 else before
            others = [
                other.now if way > 0 else other.before for other in judged if other is not group
            ]
            apart = all(not overlap(high, other) for other in others if other is not None)
            if delta > 0 and apart and not overlap(group.now, before):
                found.append((delta, group))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _more_often(said: str, groups: Sequence[Sequence[Group]]) -> str:
    """The sharpest real difference between groups of one cross-section, where there is one."""
    found = []
    for one in groups:
        judged = [group for group in one if not group.now.too_few and group.now.value is not None]
        for high in judged:
            for low in judged:
                difference = (high.now.value or 0) - (low.now.value or 0)
                if difference > 0 and not overlap(high.now, low.now):
                    found.append((difference, high, low))
    if not found:
        return said
    _difference, high, low = max(found, key=lambda triple: triple[0])
    return _("{said}; {group} more often than {other}: {now} against {low}").format(
        said=said, group=high.named, other=low.named, now=_share(high.now), low=_share(low.now)
    )


def _share(result: Result) -> str:
    return formats.value(result.value, Unit.PERCENT, result.low, result.high)


@dataclass(frozen=True)
class Peaks:
    """The months (places) in which more of a group left than in its other months, and the usual."""

    places: tuple[int, ...] = ()
    usual: float = 0.0


def peaks(results: Sequence[Result | None]) -> Peaks:
    """The months that surely lie above the others; the highest is taken out first, then the next.

    Unfinished months and months of too few customers take no part.
    """
    rest = {
        place: one
        for place, one in enumerate(results)
        if one is not None and one.value is not None and not one.partial and not one.too_few
    }
    found: list[int] = []
    usual = 0.0
    while len(rest) > _LEAST_USUAL:
        place = max(rest, key=lambda at: rest[at].value or 0.0)
        others = [one for at, one in rest.items() if at != place]
        level = _above(rest[place], others)
        if level is None:
            break
        found.append(place)
        usual = level
        del rest[place]
    return Peaks(tuple(sorted(found)), usual)


def _above(one: Result, rest: Sequence[Result]) -> float | None:
    """The usual share where `one` lies surely and far above it, else None."""
    n = sum(other.denominator or 0 for other in rest)
    hits = sum(other.numerator or 0 for other in rest)
    if not n or (one.numerator or 0) < _PEAK_ROWS:
        return None
    found = stats.newcombe(one.numerator or 0, one.denominator or 0, hits, n)
    usual = 100 * hits / n
    # More than just above zero: of many months one is always the highest.
    sure = found is not None and 100 * found[1] > _PEAK_POINTS
    return usual if sure and (one.value or 0) >= _PEAK_TIMES * usual else None


def of_course(groups: Sequence[tuple[str, Sequence[Result | None]]], months: Sequence[str]) -> str:
    """The months that stand out most, of which group, against its other months."""
    found = [(named, results, peaks(results)) for named, results in groups]
    found = [one for one in found if one[2].places]
    if not found:
        return _("No month stands out: churn per month differs by no more than chance.")
    named, results, out = max(found, key=lambda one: _height(one[1], one[2]))
    said = [
        _("{share} in {month}").format(share=_share(one), month=months[place])
        for place in out.places
        if (one := results[place]) is not None
    ]
    return _("{group}: {peaks} left, against {usual} in the other months.").format(
        group=named[:1].upper() + named[1:],
        peaks=listed(said),
        usual=formats.value(out.usual, Unit.PERCENT),
    )


def _height(results: Sequence[Result | None], out: Peaks) -> float:
    return max((one.value or 0.0) for place in out.places if (one := results[place]) is not None)


def of_flow(new: Result | None, lost: Result | None) -> str:
    """How many came and left, and what that leaves."""
    if new is None or lost is None or new.value is None or lost.value is None:
        return ""
    came, went = int(new.value), int(lost.value)
    return _("new customers {new}, left {lost}: {net} on balance.").format(
        new=formats.number(came), lost=formats.number(went), net=signed(came - went)
    )


def of_bases(lost: Result | None, churn: Result) -> str:
    """Why more left than churn counts: it is about those who were customers at the start."""
    if lost is None or lost.value is None or churn.numerator is None:
        return ""
    more = int(lost.value) - int(churn.numerator)
    if more <= 0:
        return ""
    return ngettext(
        "Churn is about the customers of the start: {start} of them left. Another {more} came and "
        "left within the period; that makes {all} in all.",
        "Churn is about the customers of the start: {start} of them left. Another {more} came and "
        "left within the period; that makes {all} in all.",
        more,
    ).format(
        start=formats.number(churn.numerator),
        more=formats.number(more),
        all=formats.number(lost.value),
    )


def signed(count: float) -> str:
    """A balance with its sign: +135."""
    return ("+" if count > 0 else "") + formats.number(count)


def counts_differ(now: Result, before: Result | None) -> bool:
    """Whether two counts of comings or goings differ by more than chance (Poisson, 95 %)."""
    if before is None or now.value is None or before.value is None:
        return False
    return abs(now.value - before.value) > Z95 * math.sqrt(now.value + before.value)


def stands_out(result: Result) -> bool:
    """Whether more left after the process than without it, by more than chance.

    Below thirty customers a difference is indicative, and claimed nowhere.
    """
    low = result.extras.get("difference_low")
    return low is not None and low > 0 and result.n >= INDICATIVE


def of_after(found: Mapping[str, Result]) -> str:
    """After which processes customers leave more than customers without one; `found` by title."""
    told = {name: one for name, one in found.items() if not one.too_few and one.value is not None}
    if not told:
        return _("Too few customers had a case closed to tell what they did after it.")
    more = sorted(
        (name for name in told if stands_out(told[name])),
        key=lambda name: -(told[name].extras.get("difference") or 0),
    )
    if not more:
        return _(
            "After no process did customers leave more than customers without such a case, by "
            "more than chance."
        )
    said = [
        _("{process} ({share} against {without})").format(
            process=name, share=_share(told[name]), without=_without(told[name])
        )
        for name in more
    ]
    return _("More customers left after a case than without one, in: {processes}.").format(
        processes=", ".join(said)
    ) + " " + _("After, not because of.")  # fmt: skip


def _without(result: Result) -> str:
    return formats.value(result.extras.get("without"), Unit.PERCENT)


def difference(result: Result) -> str:
    """The difference in points with its interval: "+6,4 (1,8 – 16,0)"; empty where unknown."""
    extras = result.extras
    known = [extras.get(name) for name in ("difference", "difference_low", "difference_high")]
    if result.n < TOO_FEW or any(value is None for value in known):
        return ""
    middle, low, high = (formats.number(value, 1) for value in known)
    sign = "+" if (known[0] or 0) > 0 else ""
    return f"{sign}{middle} ({low} {formats.NOTHING} {high})"
