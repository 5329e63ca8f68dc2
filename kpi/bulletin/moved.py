"""What changed, in words: the few differences that are not chance, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kpi import formats
from kpi.bulletin.render import render
from kpi.bulletin.scorecard import Cell, Row, Scorecard
from kpi.formats import Change
from kpi.i18n import _

#: Lines shown at most; of these so many may be improvements.
MOST, IMPROVED = 4, 1
#: Looks ahead: the leaving it counts lies in a later period, so a change of it is no news of this one.
NOT_RANKED = frozenset({"churn_after"})


@dataclass(frozen=True)
class Moved:
    """One difference: a sentence of fact, what stands behind it, and where to look."""

    sentence: str
    why: str
    change: str
    better: bool
    state: str
    shape: str
    process: str
    kpi: str
    href: str


#: Says of a KPI and a process what stands behind its change; empty where nothing is known.
Explain = Callable[[str, str], str]


def moved(card: Scorecard, explain: Explain | None = None) -> tuple[Moved, ...]:
    """The differences of a card that lie outside both intervals, strongest first.

    Only KPIs with a good direction, and only values that rest on enough rows. Empty when nothing
    is up: then there is nothing to say.
    """
    found = [
        (cell.strength, row, cell, head.title)
        for row in card.rows
        if row.process.id is not None
        for head, cell in zip(card.heads, row.cells, strict=True)
        if cell.change
        and cell.change.good is not None
        and cell.strength > 0
        and cell.kpi not in NOT_RANKED
    ]
    found.sort(key=lambda one: -one[0])
    worse = [_line(row, cell, title) for _s, row, cell, title in found if not _good(cell)]
    better = [_line(row, cell, title) for _s, row, cell, title in found if _good(cell)]
    kept = better[: max(IMPROVED, MOST - len(worse))] if len(worse) < MOST else better[:IMPROVED]
    shown = (*worse[: MOST - len(kept)], *kept)
    if explain is None:
        return shown
    # Only of what is shown: an explanation costs questions.
    return tuple(replace(one, why=explain(one.kpi, one.process)) for one in shown)


def surged(process: str, title: str, when: str, count: float, usual: float, href: str) -> Moved:
    """The line about days on which far more contacts came than usual; `when` names them."""
    sentence = _("Contacts about {process}: {count} on {when}").format(
        process=title, count=formats.number(count), when=when
    )
    return Moved(
        sentence,
        _("{usual} would have been usual").format(usual=formats.number(usual)),
        _("{times} times as many").format(times=formats.number(count / usual, 1)) if usual else "",
        better=False,
        state="",
        shape="",
        process=process,
        kpi="",
        href=href,
    )


def rose(title: str, before: str, now: str, why: str, change: Change, href: str) -> Moved:
    """The line about a number of no process of its own: customers lost, complaints of a reason."""
    return Moved(
        _("{what}: {before} → {now}").format(what=title, before=before, now=now),
        why,
        change.text,
        better=bool(change.good),
        state="",
        shape="",
        process="",
        kpi="",
        href=href,
    )


def html(lines: Sequence[Moved], heading: str) -> str:
    """The lines as an HTML list under `heading`; empty when there are none."""
    return render("moved.jinja", lines=lines, heading=heading) if lines else ""


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
        said.append(
            _("from {first} to {last}").format(first=formats.week(since), last=formats.week(until))
        )
    if group:
        said.append(
            _("mostly {group} ({by})").format(group=group, by=by)
            if by
            else _("mostly {group}").format(group=group)
        )
    return "; ".join(said)


def _good(cell: Cell) -> bool:
    return cell.change is not None and bool(cell.change.good)


def _line(row: Row, cell: Cell, title: str) -> Moved:
    assert cell.change is not None
    sentence = _("{kpi} of {process}: {before} → {now}").format(
        kpi=title, process=row.process.title, before=cell.before, now=cell.value
    )
    return Moved(
        sentence,
        "",
        cell.change.text,
        _good(cell),
        cell.state.value,
        cell.state.shape,
        row.process.id or "",
        cell.kpi,
        row.href,
    )
