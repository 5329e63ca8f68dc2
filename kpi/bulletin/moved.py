"""What changed, in words: the few differences that are not chance, the surest and largest first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpi import formats
from kpi.bulletin.render import render
from kpi.bulletin.scorecard import Cell, Row, Scorecard
from kpi.differences import rounded, times
from kpi.formats import Change
from kpi.i18n import _
from kpi.periods import days_of
from kpi.results.funnel import Broke
from kpi.results.surge import Surge
from kpi.student import Z95

#: Lines shown at most; of these so many may be improvements.
MOST, IMPROVED = 5, 1
#: Looks ahead: the leaving it counts lies in a later period, so a change of it is no news of this one.
NOT_RANKED = frozenset({"churn_after"})


@dataclass(frozen=True)
class Moved:
    """One difference: a sentence of fact, what stands behind it, and where its evidence is.

    Attributes:
        strength: how sure and large, in widths of the intervals; what lines are ranked by.
        also: other differences of the same story, said after it in the same line.
        short: the sentence where the process is named already.
        mostly: what most of it was about, said after `why`.
        weeks: first and last day in which it differed; None where that is not known.
        owned: the process whose owner acts on it, where it is of no process alone.
        acts, acts_href: who is to act on it, and the way to what they decide.
        reason, cause: the contact reason or the cause that it is mostly about, where that is known.
        aims: the KPI by which an action against it is judged, where it is of no KPI itself.
        still: whether it goes on or is over, where it has weeks.
        usual: what "usual" and "otherwise" mean in it; what a period is held against is above the lines.
    """

    sentence: str
    why: str
    change: str
    better: bool
    process: str
    kpi: str
    href: str
    strength: float = 0.0
    short: str = ""
    also: tuple[Moved, ...] = ()
    mostly: str = ""
    weeks: tuple[date, date] | None = None
    owned: str = ""
    acts: str = ""
    acts_href: str = ""
    reason: str = ""
    cause: str = ""
    aims: str = ""
    still: str = ""
    usual: str = ""

    @property
    def because(self) -> str:
        """All that stands behind it."""
        return "; ".join(filter(None, (self.why, self.mostly)))


#: Says of a KPI and a process what stands behind its change; empty where nothing is known.
Explain = Callable[[str, str], str]


def moved(card: Scorecard, explain: Explain | None = None) -> tuple[Moved, ...]:
    """The few differences of a card that lie outside both intervals, the worse first.

    Only KPIs with a good direction, and only values that rest on enough rows. Empty when nothing
    is up: then there is nothing to say.
    """
    shown = ranked(differences(card))
    if explain is None:
        return shown
    # Only of what is shown: an explanation costs questions.
    return tuple(replace(one, why=explain(one.kpi, one.process)) for one in shown)


def differences(card: Scorecard) -> list[Moved]:
    """Every difference of a card that is beyond chance, in the order of the card."""
    return [
        _line(row, cell, head.title)
        for row in card.rows
        if row.process.id is not None
        for head, cell in zip(card.heads, row.cells, strict=True)
        if cell.change
        and cell.change.good is not None
        and cell.strength > 0
        and cell.kpi not in NOT_RANKED
    ]


def ranked(lines: Sequence[Moved], most: int = MOST) -> tuple[Moved, ...]:
    """The `most` worth saying: the worse by strength, then what got better."""
    found = sorted(lines, key=lambda one: -one.strength)
    worse = [one for one in found if not one.better]
    better = [one for one in found if one.better]
    kept = better[: max(IMPROVED, most - len(worse))]
    return (*worse[: most - len(kept)], *kept)


def surged(
    process: str, title: str, found: Sequence[Surge], href: str = "", near: str = "", *,
    least: int = 0,
) -> Moved:  # fmt: skip
    """The line about days, one story, on which far more contacts came than usual.

    Args:
        process, title: which process, and its words.
        near: an outage that lies near it ("outage Utrecht (announced 14:05)"): it may be why.
        least: what would have been usual is told from here on; it is a count too.
    """
    first, last = found[0].since, found[-1].until
    when = days(first, last)
    if len(found) > 1:
        busy = sum((one.until - one.since).days + 1 for one in found)
        when = _("{n} days from {when}").format(n=busy, when=when)
    count, usual = sum(one.count for one in found), sum(one.usual for one in found)
    change = ""
    if usual < least:
        why = _("far more than usual")
    else:
        why = _("{usual} would have been usual").format(usual=formats.number(usual))
        change = times(rounded(count, 0), rounded(usual, 0))
    if near:
        why += ", " + _("possibly because of {outage}").format(outage=near)
    said = _("Contacts about {process}: {count} on {when}")
    if len(found) == 1 and first != last:
        said = _("Contacts about {process}: {count} from {when}")
    sentence = said.format(process=title, count=formats.number(count), when=when)
    strength = apart(count, usual)
    return Moved(
        sentence, why, change, better=False, process=process, kpi="", href=href,
        strength=strength, weeks=(first, last),
    )  # fmt: skip


def complained(
    reason: str, since: str, until: str | None, inside: float, outside: float, *,
    href: str = "", strength: float = 0.0, weeks: tuple[date, date] | None = None,
) -> Moved:  # fmt: skip
    """The line about the weeks in which more complaints came about a reason.

    Args:
        reason: its title.
        since, until: first and last week; None: it lasts.
        inside, outside: complaints a week in these weeks, and in the others.
    """
    places = [0 if each >= 10 else 1 for each in (inside, outside)]
    shown = [rounded(each, own) for each, own in zip((inside, outside), places, strict=True)]
    counts = [formats.number(each, own) for each, own in zip(shown, places, strict=True)]
    said = _("{what} {weeks}: {inside} a week, otherwise {outside}").format(
        what=_("Complaints about {reason}").format(reason=formats.lower_first(reason)),
        weeks=tail(since, until, ""),
        **dict(zip(("inside", "outside"), counts, strict=True)),
    )
    return Moved(
        said, "", times(shown[0], shown[1]), better=False, process="", kpi="", href=href,
        strength=strength, weeks=weeks,
    )  # fmt: skip


def broken(process: str, funnel: str, step: str, found: Broke, *, href: str = "") -> Moved:
    """The line about the weeks in which far fewer than otherwise went on after a step of a funnel.

    Args:
        process: whose funnel it is; empty where that is not said.
        funnel, step: what they are called.
    """
    inside, outside = (formats.percent(one.share) for one in (found.dip.inside, found.dip.outside))
    said = _("{funnel}, after {step} {weeks}: {inside} go on, otherwise {outside}").format(
        funnel=funnel, step=step, inside=inside, outside=outside,
        weeks=tail(found.since, found.until, ""),
    )  # fmt: skip
    weeks = days_of(found.since, "week").since, days_of(found.until, "week").until
    return Moved(
        said, "", "", better=False, process=process, kpi="", href=href,
        strength=abs(found.dip.z) / 5.0, weeks=weeks,
    )  # fmt: skip


def apart(now: float, before: float) -> float:
    """How far two counts lie apart, in widths of their intervals: as lines are ranked by."""
    width = 2 * Z95 * (math.sqrt(now) + math.sqrt(before))
    return abs(now - before) / width if width else 0.0


def behind(
    by: Sequence[str],
    key: Sequence[str | None],
    since: str | None,
    until: str | None,
    title: Callable[[str, str | None], str],
) -> str:
    """`tail` of a group by its dimensions; `title` gives the words of a dimension's value."""
    group, caused_by = "", ""
    if key:
        group = title(by[0], key[0])
        if by[0] not in {"department", "causing_department"}:
            group = formats.lower_first(group)
        if len(key) > 1 and key[1] is not None:
            caused_by = title(by[1], key[1])
    return tail(since, until, group, caused_by)


def days(since: date, until: date) -> str:
    """A day, or from one day to another, to read."""
    first = formats.day_long(since)
    if since == until:
        return first
    return _("{first} to {last}").format(first=first, last=formats.day_long(until))


def without_weeks(why: str) -> str:
    """What stands behind a change without the weeks: where those are told already."""
    return why.rpartition("; ")[2] if "; " in why else why


def rose(
    title: str, before: str, now: str, why: str, change: Change, href: str, strength: float = 0.0
) -> Moved:
    """The line about a number of no process of its own: customers lost, complaints of a reason."""
    return Moved(
        _("{what}: {before} → {now}").format(what=title, before=before, now=now),
        why,
        change.text,
        better=bool(change.good),
        process="",
        kpi="",
        href=href,
        strength=strength,
    )


def html(lines: Sequence[Moved], heading: str, more: str = "", more_href: str = "") -> str:
    """The lines as an HTML list under `heading`; without any a sentence that says so.

    `more` is a link below them, to where one can look further.
    """
    return render(
        "moved.jinja", lines=lines, heading=heading, more=more, more_href=more_href,
        usual=usual(lines),
    )  # fmt: skip


def usual(lines: Sequence[Moved]) -> str:
    """What "usual" and "otherwise" mean in the lines; empty where none says so."""
    every = (each for one in lines for each in (one, *one.also))
    said = dict.fromkeys(one.usual for one in every if one.usual)
    return formats.upper_first("; ".join(said)) + "." if said else ""


def tail(since: str | None, until: str | None, group: str, by: str = "") -> str:
    """What stands behind a change in words: "since wk 14; mostly letter unclear (Communication)".

    Args:
        since, until: first and last week in which it differed, ISO names; None: not known, or
            lasting.
        group: what has the largest part; empty where nothing stands out.
        by: who causes that, if that is known too.
    """
    said = []
    if since is not None and until is None:
        said.append(_("since {week}").format(week=formats.week(since)))
    elif since is not None and since == until:
        said.append(_("in {week}").format(week=formats.week(since)))
    elif since is not None and until is not None:
        # In two years the numbers of weeks alone would be read as the wrong way round.
        years = since[:4] != until[:4]
        first, last = (formats.week(one, year=years) for one in (since, until))
        said.append(_("from {first} to {last}").format(first=first, last=last))
    if group:
        said.append(
            _("mostly {group} ({by})").format(group=group, by=by)
            if by
            else _("mostly {group}").format(group=group)
        )
    return "; ".join(said)


def _line(row: Row, cell: Cell, title: str) -> Moved:
    assert cell.change is not None
    values = {"before": cell.before, "now": cell.value}
    return Moved(
        _("{kpi} for {process}: {before} → {now}").format(
            kpi=title, process=row.process.title, **values
        ),
        "",
        cell.change.text,
        bool(cell.change.good),
        row.process.id or "",
        cell.kpi,
        row.href,
        cell.strength,
        _("{what}: {before} → {now}").format(what=formats.lower_first(title), **values),
    )
