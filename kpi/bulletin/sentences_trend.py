"""What trends, groups side by side, and weekdays by hours show: in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel.lists import format_list

from kpi import formats
from kpi.bulletin import sentences
from kpi.bulletin.states import overlap
from kpi.i18n import _, ngettext
from kpi.model import INDICATIVE, Kind, Kpi, Result

#: A course per group: its results in the order of the periods, None where there is nothing.
Courses = Mapping[str, Sequence[Result | None]]
#: Most names that a sentence spells out.
_NAMED = 4
#: From this share of points on too few rows on, a coarser grain is worth a word.
_MANY_SMALL = 0.25
#: From so many periods on it can be said what is usual.
_USUAL = 6
#: How many times its uncertainty a peak lies from what is usual.
_PEAK = 1.5


def names(listed: Sequence[str]) -> str:
    """a, b and c."""
    return format_list(list(listed), locale=formats.locale())


def standing(kpi: Kpi, whose: str, now: Result | None, before: Result | None, earlier: str) -> str:
    """The title of a trend: how much it is over the period, and against the period before.

    `whose`: the process, or what stands for all of it; `earlier`: the period held against, in words.
    """
    if now is None or now.value is None or divides(kpi):
        return f"{whose}: {_inside(_(kpi.title))}"
    return sentences.stands(whose, kpi, now, before, earlier)


def divides(kpi: Kpi) -> bool:
    """Whether its values are shares of one whole: undivided there is nothing to see."""
    return "shares_within" in kpi.options


def course(kpi: Kpi, labels: Sequence[str], results: Sequence[Result | None]) -> str:
    """Lowest, highest and last of one line; what rests on too few ranks nowhere."""
    sure = [None if result is None or result.too_few else result for result in results]
    return sentences.course(kpi, labels, sure)


def groups(kpi: Kpi, labels: Sequence[str], courses: Courses) -> str:
    """Who is highest and lowest in the last whole period, and who moved most."""
    last = _last_whole(courses)
    if last is None:
        return _("{kpi}: too few in each period to compare.").format(kpi=_(kpi.title))
    every = [one.value for results in courses.values() for one in results if one is not None]
    with formats.alike(kpi.unit, every):
        return _compared(kpi, labels, courses, last)


def _compared(kpi: Kpi, labels: Sequence[str], courses: Courses, last: int) -> str:
    at = {name: _at(results, last) for name, results in courses.items()}
    found = {name: result for name, result in at.items() if result is not None}
    ranked = sorted(found, key=lambda name: found[name].value or 0.0)
    low, high = ranked[0], ranked[-1]
    if low == high or _said(kpi, found[low]) == _said(kpi, found[high]):
        said = _("{kpi} ({when}): {value} for {name}.").format(
            kpi=_(kpi.title), when=labels[last], value=_said(kpi, found[high]), name=names(ranked)
        )
    else:
        said = _("{kpi} ({when}): from {low} for {name_low} to {high} for {name_high}.").format(
            kpi=_(kpi.title),
            when=labels[last],
            low=_said(kpi, found[low]),
            name_low=low,
            high=_said(kpi, found[high]),
            name_high=high,
        )
    return " ".join(filter(None, [said, _striking(kpi, labels, courses, last)]))


def _striking(kpi: Kpi, labels: Sequence[str], courses: Courses, last: int) -> str:
    """What stands out most, beyond chance: a group that moved, or one that had a peak or a dip."""
    found = []
    for name, results in courses.items():
        sure = [(i, one) for i in range(last + 1) if (one := _at(results, i)) is not None]
        if len(sure) < 2:
            continue
        if sure[-1][0] == last:
            found.append((_apart(sure[0][1], sure[-1][1]), False, name, sure[0], sure[-1]))
        if len(sure) >= _USUAL:
            # An actual period, the middle one by its value: nothing is averaged.
            middle = sorted(sure, key=lambda pair: pair[1].value or 0.0)[len(sure) // 2]
            far = max(sure, key=lambda pair: _apart(pair[1], middle[1]))
            # Of so many periods one always lies highest: a peak must stand out by more.
            if _apart(far[1], middle[1]) >= _PEAK * (_half(far[1]) + _half(middle[1])):
                found.append((_apart(far[1], middle[1]) / _PEAK, True, name, middle, far))
    most = max(found, key=lambda one: one[0], default=None)
    if most is None or not most[0]:
        return ""
    _far, peak, name, (before_at, before), (now_at, now) = most
    if peak:
        return _("{name} stands out: {value} ({when}), usually about {usual}.").format(
            name=name, value=_said(kpi, now), when=labels[now_at], usual=_said(kpi, before)
        )
    return _("{name} changed most: {before} ({first}), {now} ({last}).").format(
        name=name,
        before=_said(kpi, before),
        first=labels[before_at],
        now=_said(kpi, now),
        last=labels[now_at],
    )


def _apart(one: Result, other: Result) -> float:
    """How far two values lie apart; 0 where that may be chance, or where nobody can say."""
    if one.low is None or other.low is None or overlap(one, other):
        return 0.0
    return abs((one.value or 0.0) - (other.value or 0.0))


def _half(one: Result) -> float:
    return 0.0 if one.low is None or one.high is None else (one.high - one.low) / 2


def left_over(rest: Sequence[str]) -> str:
    """Which groups are not drawn; empty when all are."""
    if not rest:
        return ""
    said = ngettext(
        "One smaller group is not drawn and is in the table: {names}.",
        "{n} smaller groups are not drawn and are in the table: {names}.",
        len(rest),
    )
    shown = list(rest[:_NAMED])
    if len(rest) > _NAMED:
        more = len(rest) - _NAMED
        shown.append(ngettext("{n} more", "{n} more", more).format(n=formats.number(more)))
    return said.format(n=formats.number(len(rest)), names=names(shown))


def small_points(results: Sequence[Result | None], coarsest: bool) -> str:
    """How many points rest on fewer than ten, where that are many; and what helps."""
    known = [result for result in results if result is not None and result.value is not None]
    few = sum(result.too_few for result in known)
    if not known or few / len(known) < _MANY_SMALL:
        return ""
    said = _("{few} of {all} points rest on fewer than ten and are grey.").format(
        few=formats.number(few), all=formats.number(len(known))
    )
    if coarsest:
        return said
    return said + " " + _("Longer periods, per month or quarter, say more.")


def marks(kpi: Kpi, results: Sequence[Result | None], periods: int) -> str:
    """What an open point is, where there is one; and that customers are counted anew per period.

    `periods`: how many the figure has.
    """
    said = []
    known = [one for one in results if one is not None and one.value is not None]
    if any(one.partial and not one.too_few for one in known):
        said.append(_("A hollow point is a period that is not complete; it never makes a signal."))
        if any(one.too_few for one in known):
            said.append(_("A small grey one rests on fewer than ten."))
    if kpi.kind is Kind.DISTINCT and periods > 1:
        said.append(
            _("Counted afresh for each period: over a longer one the share is usually larger.")
        )
    return " ".join(said)


def band() -> str:
    """What the pale band around a line is, where it is not what is usual."""
    return _("Pale band: the 95% interval, the room that chance leaves.")


def busiest(kpi: Kpi, cells: Mapping[str, Result], says: Mapping[str, str]) -> str:
    """The highest and the lowest hour of the week; `says` gives each its name."""
    known = {name: one for name, one in cells.items() if one.value is not None}
    sure = {name: one for name, one in known.items() if not one.too_few}
    if kpi.kind is Kind.PER_HOUR and sure:
        # Few rows in an open hour are not too few to say so: they are what makes it the quiet one.
        sure = known
    else:
        # A sentence is no place for an indication, as long as there are hours more than that.
        firm = {name: one for name, one in sure.items() if one.n >= INDICATIVE}
        sure = firm if len(firm) > 1 else sure
    if len(sure) < 2:
        return _("{kpi}: too few per hour of the week to compare them.").format(kpi=_(kpi.title))
    ranked = sorted(sure, key=lambda name: sure[name].value or 0.0)
    low, high = ranked[0], ranked[-1]
    return _("{kpi}: highest on {high} ({value_high}), lowest on {low} ({value_low}).").format(
        kpi=_(kpi.title),
        high=says[high],
        value_high=_said(kpi, sure[high]),
        low=says[low],
        value_low=_said(kpi, sure[low]),
    )


def _inside(title: str) -> str:
    """A title inside a sentence; "CSAT" and "NPS" stay as they are."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _last_whole(courses: Courses) -> int | None:
    """The last period in which any group has a value that can be compared."""
    length = max((len(results) for results in courses.values()), default=0)
    for place in reversed(range(length)):
        if any(_at(results, place) is not None for results in courses.values()):
            return place
    return None


def _at(results: Sequence[Result | None], place: int) -> Result | None:
    result = results[place]
    if result is None or result.value is None or result.too_few or result.partial:
        return None
    return result


def _said(kpi: Kpi, result: Result) -> str:
    return formats.value(result.value, kpi.unit, result.low, result.high)
