"""All that the meeting about one process talks about, gathered anew from the data each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from kpi import formats, news
from kpi.access import EVERYTHING, Scope
from kpi.alerts import words
from kpi.bulletin.agenda import Agenda
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Process, Scorecard
from kpi.bulletin.sentences import stands
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.meeting import decided, numbered
from kpi.news import Asking, acting
from kpi.numbers import (
    AskProblem,
    Compared,
    agenda,
    compare,
    default_period,
    earlier_period,
    held_against,
)
from kpi.numbers.announcements import announcements
from kpi.periods import Period, add_months

if TYPE_CHECKING:
    from kpi.store import Store

T = TypeVar("T")


def gather(store: Store, process: str, filters: Filters, scope: Scope = EVERYTHING) -> Agenda:
    """All that the meeting about a process talks about; without a period the last three months.

    Raises:
        AskProblem: the process may not be seen, or nothing tells of a period.
    """
    if not scope.sees(process):
        raise AskProblem(_("This process is not yours to see."))
    asked = _named(store, filters).keeping("process", [process])
    assert asked.since is not None
    assert asked.until is not None
    period = Period(asked.since, asked.until)
    against = held_against(period, asked.comparison)
    asking = Asking(store, asked, against, scope, _Remembered())
    kpis = agenda.kpis(asked.where)
    names = [kpi.name for kpi in kpis]
    compared = {one.now.kpi: one for one in compare(store, names, asked, (), scope)}
    before = earlier_period(store, kpis[0], period, asked.comparison)
    title = asking.title("process", process)
    card = numbered.card_of(store, Process(process, title), asked, compared, before, scope)
    row = store.configuration.row("processes", period.until, process=process)
    as_of = min((one.now.as_of for one in compared.values() if one.now.as_of), default=None)
    told = formats.as_of(as_of, asking.zone) if as_of else formats.NOTHING
    owner = str((row or {}).get("owner") or "")
    said = formats.period(period.since, period.until)
    about = [said, _("as of {moment}").format(moment=told), owner, *_kept(asking)]
    on = asking.told_day or period.until
    earlier = formats.period(before.since, before.until) if before else ""
    return Agenda(
        process=title,
        owner=owner,
        period=said,
        before=earlier,
        as_of=told,
        about=tuple(filter(None, about)),
        sentence=_sentence(card, compared, earlier),
        moved=_moved(asking, card),
        announced=_announced(asking, process),
        numbers=numbered.numbers(store, process, period, card, compared),
        decisions=decided.decisions(store, process),
        actions=decided.actions(store, process, on, scope),
    )


class _Remembered:
    """What one gathering has asked already."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def __call__(self, name: str, question: tuple[Any, ...], compute: Callable[[], T], /) -> T:
        key = (name, *(repr(part) for part in question))
        if key not in self._known:
            self._known[key] = compute()
        found: T = self._known[key]
        return found


def _named(store: Store, filters: Filters) -> Filters:
    if filters.since and filters.until:
        return filters
    _since, until = default_period(store, ["within_norm", "avoidable"])
    return filters.during(add_months(until.replace(day=1), -2), until)


def _kept(asking: Asking) -> list[str]:
    """What else the numbers are kept to: it belongs on the paper."""
    return [
        ", ".join(asking.title(name, value) if value else _("unknown") for value in values)
        for name, values in asking.filters.where
        if name != "process"
    ]


def _sentence(card: Scorecard, compared: Mapping[str, Compared], earlier: str) -> str:
    [row] = card.rows
    one = compared[row.telling]
    return stands(row.process.title, KPIS[row.telling], one.now, one.before, earlier)


def _moved(asking: Asking, card: Scorecard) -> list[Moved]:
    """What moved, as on the first page, each with the action that aims at it or who is to act."""
    rows = asking.store.configuration.rows("actions", asking.told_day or asking.period.until)
    own = set(asking.filters.values("process"))
    live = [row for row in rows if row["process"] in own and row["state"] in {"planned", "running"}]
    return [_acted(asking, one, live) for one in news.found(asking, card)]


def _acted(asking: Asking, line: Moved, live: Sequence[Mapping[str, Any]]) -> Moved:
    row = None if line.better else acting.aiming(line, live)
    if row is None:
        return acting.shown(asking, line)
    said = _("action “{title}”: {state}").format(
        title=row["title"] or row["action"], state=decided.state(row["state"])
    )
    return replace(line, acts=said)


def _announced(asking: Asking, process: str) -> list[tuple[str, str]]:
    """What was announced about the process and counted in the period."""
    zone = asking.zone
    since, until = asking.period.starts_at(zone), asking.period.ends_at(zone)
    return [
        (f"{words.kind(one.kind)}: {one.named}" if one.named else one.title,
         words.lasting(one, zone))
        for one in announcements(asking.store)
        if one.touches(process) and one.during(since, until)
    ]  # fmt: skip
