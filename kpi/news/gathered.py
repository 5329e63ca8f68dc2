"""All that moved, the surest and largest first, each with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Row, Scorecard
from kpi.measures import headlines
from kpi.news import behind, broken, complaints, leaving, limits, rushes, settled, weeks
from kpi.news.question import Asking

#: Lines of a long period: more has happened in it.
MOST_LONG = 8


def found(asking: Asking, card: Scorecard) -> list[Moved]:
    """What is beyond chance of the headlines on the card, and of what no card shows.

    What belongs together is in one line. Kept to one process: what is of it, or for it to act on.
    """
    apart = weeks.lines(asking)
    there = {(one.process, one.kpi) for one in apart}
    lines = [
        *rushes.lines(asking),
        *broken.lines(asking),
        *(rushes.about(asking, one) for one in leaving.lines(asking)),
        *complaints.lines(asking),
        *apart,
        *weeks.instead(
            asking,
            settled.left(
                asking,
                [
                    one
                    for one in moved.differences(_kept(card))
                    if (one.process, one.kpi) not in there
                ],
            ),
        ),
    ]
    known = {(one.process, one.kpi) for one in lines}
    lines += [one for one in limits.lines(asking) if (one.process, one.kpi) not in known]
    # One more than is shown: two may prove to be one story.
    most = MOST_LONG if asking.period.days >= weeks.LONG else moved.MOST
    own = set(asking.filters.values("process"))
    lines = [one for one in lines if not own or {one.process, one.owned} & own]
    told = [behind.told(asking, one) for one in moved.ranked(lines, most + 2)]
    return list(moved.ranked(together(told), most))


def _kept(card: Scorecard) -> Scorecard:
    """The card with the headlines only: elsewhere more stands beside them."""
    names = {kpi.name for kpi in headlines()}

    def of(row: Row) -> Row:
        return replace(row, cells=tuple(cell for cell in row.cells if cell.kpi in names))

    heads = tuple(head for head in card.heads if head.kpi in names)
    return replace(card, heads=heads, rows=tuple(of(row) for row in card.rows))


def together(lines: Iterable[Moved]) -> list[Moved]:
    """Lines about one process in the same weeks as one: the surge, and what it did to a KPI.

    What got better in a surge (many contacts that are settled at once) is no news beside it.
    """
    found = list(lines)
    surged = [one for one in found if one.process and not one.kpi]
    joined: dict[int, list[Moved]] = {}
    taken = set()
    for one in found:
        for first in surged if one.kpi else ():
            if first.process == one.process and _touch(first.weeks, one.weeks):
                taken.add(id(one))
                if not one.better:
                    joined.setdefault(id(first), []).append(one)
                break
    return [_with(one, joined.get(id(one), [])) for one in found if id(one) not in taken]


def _with(line: Moved, others: Sequence[Moved]) -> Moved:
    """A surge with what it did; what is said of both is said once, and so are the weeks."""
    if not others:
        return line
    said = [replace(one, why=moved.without_weeks(one.why)) for one in others]
    if line.mostly and any(line.mostly in one.why for one in said):
        line = replace(line, mostly="")
    return replace(line, also=tuple(said))


def _touch(one: tuple[date, date] | None, other: tuple[date, date] | None) -> bool:
    """Whether two stretches of days overlap, or lie less than a week apart."""
    if one is None or other is None:
        return False
    near = timedelta(days=6)
    return one[0] <= other[1] + near and other[0] <= one[1] + near
