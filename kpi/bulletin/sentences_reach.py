"""What is said of reaching us: how well, when it pinches, and what it would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi import formats
from kpi.bulletin.scorecard import Target
from kpi.bulletin.sentences_avoidable import listed, moved
from kpi.bulletin.states import overlap
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import INDICATIVE, Better, Result, Unit
from kpi.results.load import Load
from kpi.results.shortfall import Shortfall

#: Weeks that differ less than this (share of their mean) are called alike.
_ALIKE = 0.1


def title(
    name: str,
    process: str,
    level: Result | None,
    target: Target | None,
    before: Result | None,
    earlier: str,
    worst: str = "",
) -> str:
    """The fact of the page; `name` where there is none. `worst` names the hour and its share."""
    if level is None or level.value is None or level.too_few:
        return name
    said = _("{share} were answered within 20 seconds").format(share=_share(level))
    if process:
        said = _("{process}: {said}").format(process=process, said=said)
    if target is not None:
        said = _against(said, level, target)
    change = (
        changed(level, before, Unit.PERCENT, Better.CONTEXT)
        if before is not None and before.value is not None and not before.too_few
        else None
    )
    if change is not None and earlier:
        if not change.amount or overlap(level, before):
            said = _("{said}, not clearly different from {period}").format(
                said=said, period=earlier
            )
        else:
            more = level.value > (before.value or 0)  # type: ignore[union-attr]
            said = moved(said, change.amount, earlier, more=more)
    return _("{said}; least on {hour}").format(said=said, hour=worst) if worst else said


def _against(said: str, level: Result, target: Target) -> str:
    """With how it stands against the target."""
    assert level.value is not None
    difference = level.value - target.value
    amount = formats.unit_difference(abs(difference), Unit.PERCENT, 0)
    if abs(difference) < 0.5:
        return _("{said} (on target)").format(said=said)
    if difference > 0:
        return _("{said} ({amount} above target)").format(said=said, amount=amount)
    return _("{said} ({amount} below target)").format(said=said, amount=amount)


def worst(hours: Sequence[Shortfall], says: Mapping[str, str]) -> str:
    """The hour with the lowest share of those below target, with that share.

    Not on fewer than 30: a title is no place for an indication.
    """
    told = [one for one in hours if one.level.n >= INDICATIVE]
    if not told:
        return ""
    lowest = min(told, key=lambda one: one.level.value or 0.0)
    return _("{hour} ({share})").format(hour=says[lowest.hour], share=_share(lowest.level))


def of_shortfalls(
    hours: Sequence[Shortfall], judged: int, target: float, says: Mapping[str, str], most: int
) -> str:
    """What it takes to reach the target in every hour, and in which hours most of it lies."""
    aim = formats.aim(target, Unit.PERCENT)
    if not judged:
        return _("Too few contacts per hour of the week to compare them: choose a longer period.")
    if not hours:
        return _("No hour of the week is below {target} by more than chance.").format(target=aim)
    said = ngettext(
        "{n} of {all} hours of the week is below {target} by more than chance.",
        "{n} of {all} hours of the week are below {target} by more than chance.",
        len(hours),
    ).format(n=formats.number(len(hours)), all=formats.number(judged), target=aim)
    short = sum(one.a_week for one in hours)
    takes = _("To reach it there, some {n} contacts a week must be answered sooner").format(
        n=_some(short)
    )
    times = [one.hours_a_week for one in hours if one.hours_a_week is not None]
    if times:
        takes = _("{said}: together {time} of handling time a week").format(
            said=takes, time=hours_of(sum(times))
        )
    first = list(hours[:most])
    part = sum(one.a_week for one in first)
    if len(hours) > most and short:
        takes += "; " + _("{share} of it on {hours}").format(
            share=formats.percent(100 * part / short),
            hours=listed([says[one.hour] for one in first]),
        )
    return f"{said} {takes}."


def hours_of(length: float) -> str:
    """A length in hours as one says it: 40 min, 2,5 h."""
    return formats.seconds(60 * round(60 * length)) if length < 1 else _("{hours} h").format(
        hours=formats.number(length, 1 if length < 10 else 0)
    )  # fmt: skip


def _some(count: float) -> str:
    return formats.number(max(1, round(count)))


def of_offer(per_hour: Mapping[int, float], says: Mapping[int, str]) -> str:
    """The busiest and quietest clock hour, by contacts offered per hour open."""
    known = {hour: value for hour, value in per_hour.items() if value > 0}
    if len(known) < 2:
        return _("Too little to compare the hours of the day.")
    high, low = max(known, key=lambda h: known[h]), min(known, key=lambda h: known[h])
    return _(
        "Busiest is {high}, with {most} contacts offered per hour open; quietest {low}, with {least}."
    ).format(
        high=says[high], most=formats.number(known[high], 1),
        low=says[low], least=formats.number(known[low], 1),
    )  # fmt: skip


def of_staffing(weekdays: Mapping[str, Load], levels: Mapping[str, Result]) -> str:
    """On which weekday most comes in per staffed hour, and how well it is answered then."""
    known = {day: one.per_hour for day, one in weekdays.items() if one.per_hour is not None}
    if len(known) < 2:
        return ""
    high, low = max(known, key=lambda day: known[day]), min(known, key=lambda day: known[day])
    if known[low] >= known[high] * (1 - _ALIKE):
        return _("Per staffed hour about as much comes in on every weekday.")
    said = _("Per staffed hour most comes in on {high} ({most}), least on {low} ({least}).").format(
        high=high, most=formats.number(known[high], 1),
        low=low, least=formats.number(known[low], 1),
    )  # fmt: skip
    shares = [levels.get(high), levels.get(low)]
    busy, quiet = shares
    if busy is None or quiet is None or busy.too_few or quiet.too_few or overlap(busy, quiet):
        return said
    return (
        said
        + " "
        + _("Answered within 20 seconds: {busy} against {quiet}.").format(
            busy=_share(busy), quiet=_share(quiet)
        )
    )


def of_transfers(transfers: Result | None, to: Sequence[tuple[str, Result]]) -> str:
    """How many were transferred, where to first, and how many to the wrong process."""
    if transfers is None or transfers.value is None or transfers.too_few:
        return _("Too few contacts to say how many were transferred.")
    said = [
        _("{share} of the answered contacts were transferred ({n}).").format(
            share=_share(transfers), n=formats.number(transfers.numerator)
        )
    ]
    wrong = transfers.extras.get("misrouted")
    if wrong:
        said.append(
            _("{share} of all contacts came to the wrong process first.").format(
                share=formats.percent(wrong, 1)
            )
        )
    known = [(name, one) for name, one in to if not one.too_few]
    if known:
        name, one = known[0]
        said.append(
            _("Most go to {department}: {share} of the transferred ones.").format(
                department=name, share=_share(one)
            )
        )
    return " ".join(said)


def _share(one: Result) -> str:
    return formats.value(one.value, Unit.PERCENT, one.low, one.high)
