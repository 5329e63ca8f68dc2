"""What an overview tells: asked as a screen may see it, so nothing below ten and nobody's words.

Titles of actions and names of their owners are typed by people and are not in it: an action is
told by the number it should move, the reason it is about and the department that solves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kpi import formats
from kpi.access import SCREEN, Scope
from kpi.alerts import days, words
from kpi.alerts.hours import calendar_of
from kpi.alerts.lines import action, complaint
from kpi.alerts.machine import Phase
from kpi.alerts.states import standings
from kpi.bulletin import moved, scorecard, sentences_top
from kpi.bulletin.digest import Board, Cell, Digest, Line, Section
from kpi.bulletin.scorecard import Cell as CardCell
from kpi.bulletin.scorecard import Course, Process, Scorecard, Target
from kpi.bulletin.states import State
from kpi.calendar import DEFAULT_CALENDAR
from kpi.filters import Filters
from kpi.formats import Change
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Kpi
from kpi.numbers import ask, contact_surges, target_of, top_complaints
from kpi.numbers.announcements import When, announcements, outage_near
from kpi.periods import Period, buckets, full_days
from kpi.results.notes import HIDDEN as TOO_FEW_SHOWN
from kpi.results.surge import Surge, stories

if TYPE_CHECKING:
    from kpi.store import Store

DAY, WEEK = "day", "week"
_DAY = timedelta(days=1)
#: Days before the period that it is compared with: long enough to be steady.
_BEFORE = 28
#: Data that tell of so many days ago are said to be old.
_OLD = 4
#: Weeks in the small pictures.
_COURSE = 13
#: KPIs in the table: few, for it is one page.
_BOARD = ("within_norm", "lead_time", "csat", "avoidable", "repeat_contacts")
_TOP, _SURGES, _ACTIONS = 5, 2, 6


@dataclass(frozen=True)
class Wanted:
    """What an overview is asked: how long a period, of which processes (none: all)."""

    every: str = WEEK
    processes: tuple[str, ...] = ()

    def scope(self, store: Store) -> Scope:
        """As a screen: configured labels and processes only, no value below ten."""
        if not self.processes:
            return SCREEN
        rows = store.configuration.versions("processes")
        known = frozenset(str(row["process"]) for row in rows)
        return Scope(processes=known.intersection(self.processes), screen=True)


def period_of(store: Store, every: str) -> Period | None:
    """The days it is about, by what the data tell; None when nothing is loaded.

    A week is the last seven days that are told of whole. A day is the last working day and what
    came after it: on Monday that is Friday with its weekend.
    """
    newest = days.newest(store, _BOARD)
    if newest is None:
        return None
    last = full_days(newest, store.settings.time_zone, 1).until
    if every == WEEK:
        return Period(last - 6 * _DAY, last)
    calendar = calendar_of(store, DEFAULT_CALENDAR)
    since = last
    while calendar is not None and calendar.hours(since) is None and (last - since).days < 14:
        since -= _DAY
    return Period(since, last)


def usual_title(every: str) -> str:
    """What an overview is called that has no name of its own."""
    return _("Day overview") if every == DAY else _("Week overview")


def digest(store: Store, wanted: Wanted, now: datetime, title: str = "") -> Digest | None:
    """The overview, in the language spoken now; None when nothing is loaded."""
    period = period_of(store, wanted.every)
    if period is None:
        return None
    asking = _Asking(store, wanted, period, now)
    card = asking.card()
    named = [_title(store, "process", one) for one in wanted.processes]
    sections = (
        asking.moved(card),
        asking.complaints(),
        asking.announced(),
        asking.actions(),
        asking.alerts(),
    )
    return Digest(
        title=" · ".join([title or usual_title(wanted.every), *named]),
        sentence=card.sentence,
        about=asking.about(),
        board=asking.board(card),
        sections=sections,
        foot=(
            *([asking.left] if asking.left else []),
            _("Totals only: nothing that rests on fewer than ten, and nobody's name or words."),
            _("A change is called better or worse where it is more than chance."),
        ),
        href=asking.screen(),
    )


class _Asking:
    """One round of questions for one overview."""

    def __init__(self, store: Store, wanted: Wanted, period: Period, now: datetime) -> None:
        self.store, self.wanted, self.period, self.now = store, wanted, period, now
        self.scope = wanted.scope(store)
        self.before = Period(period.since - _BEFORE * _DAY, period.since - _DAY)
        self.zone = store.settings.time_zone
        self.left = ""  # what is not in the ranking of complaints, as a sentence
        self.few: set[tuple[str, str | None]] = set()
        self.processes = [
            str(row["process"])
            for row in store.configuration.processes(period.until)
            if self.scope.sees(row["process"])
        ]
        self.today = days.today(store, now, period.until)
        self.behind = days.behind(store, _BOARD, period.until)

    def about(self) -> tuple[str, ...]:
        """Period, comparison, as-of and what it was kept to."""
        newest = days.newest(self.store, _BOARD)
        assert newest is not None
        of = [_title(self.store, "process", one) for one in self.wanted.processes]
        told = _("as of {moment}").format(moment=formats.as_of(newest, self.zone))
        old = (self.now - newest).days
        if old >= _OLD:
            told += ", " + _("{n} days ago").format(n=formats.number(old))
        return (
            _("{period}, against the four weeks before").format(
                period=formats.period(self.period.since, self.period.until)
            ),
            told,
            ", ".join(of) if of else _("all processes, all channels"),
            *(self._late(name, day) for name, day in self.behind.items()),
        )

    def _late(self, name: str, day: date) -> str:
        said = _("{what}: no data since {day}")
        if day >= self.period.since:
            said = _("{what}: data up to {day}")
        return said.format(what=_(KPIS[name].title), day=formats.day(day))

    def card(self) -> Scorecard:
        """Processes by the numbers of the table, with what they were before and their course."""
        kpis = [KPIS[name] for name in _BOARD]
        now = self._by_process(self.period)
        # A screen is told of too few no more than that: else there seem to be no data.
        self.few = {at for at, one in now.items() if TOO_FEW_SHOWN in one.notes}
        weeks = Period(self.period.until - (7 * _COURSE - 1) * _DAY, self.period.until)
        rows = [Process(one, _title(self.store, "process", one)) for one in self.processes]
        return scorecard(
            kpis,
            rows,
            now,
            before=self._by_process(self.before),
            courses=self._courses(weeks),
            targets={
                (kpi.name, one): target
                for kpi in kpis
                for one in self.processes
                if (target := self._target(kpi, one)) is not None
            },
            href=self._process_screen,
        )

    def board(self, card: Scorecard) -> Board:
        """The same as a small table."""
        rows = tuple(
            (
                row.process.title,
                tuple(
                    Cell(cell.value, self._state(row.process.id, cell), cell.spark)
                    for cell in row.cells
                ),
                row.href,
            )
            for row in card.rows
        )
        shown = {cell.state for _name, cells, _href in rows for cell in cells}
        legend = [f"{one.shape} {one.word}" for one in State if one in shown]
        return Board(tuple(head.title for head in card.heads), rows, "\u2003".join(legend))

    def _state(self, process: str | None, cell: CardCell) -> State:
        few = cell.state is State.NOTHING and (cell.kpi, process) in self.few
        return State.TOO_FEW if few else cell.state

    def moved(self, card: Scorecard) -> Section:
        """What lies outside chance, the worst first, with what may stand behind it."""
        lines = [self._surge(*one) for one in self._surges()]
        for one in moved.moved(card, self._explained):
            change = _change_of(card, one.process, one.kpi)
            lines.append(
                Line(one.sentence, one.why, change=change, mark="good" if one.better else "bad",
                     href=f"{one.href}&kpi={one.kpi}" if one.href else "")
            )  # fmt: skip
        empty = _("Nothing that is more than chance.")
        return Section(_("What changed"), tuple(lines), empty)

    def complaints(self) -> Section:
        """The five largest complaints."""
        # Kept to its processes by the scope and not by a filter: what may be told of these hangs
        # on the others as well, or the overview of all less this one tells fewer than ten.
        top = top_complaints(self.store, Filters(), self.scope, n=_TOP)
        rows = [row for row in top.rows if row.n] if top else []
        title = _("Top {n} complaints").format(n=_TOP)
        if top is None or not rows:
            empty = _("No complaint reason had ten or more cases in the last weeks.")
            return Section(title, (), empty)
        if top.now.until < self.period.since:
            empty = _("No complaints have been loaded since {day}.").format(
                day=formats.day(top.now.until)
            )
            return Section(title, (), empty)
        self.left = sentences_top.apart(top)
        over = _("{days} days up to {day}").format(
            days=top.now.days, day=formats.day_short(top.now.until)
        )
        most = max(row.n for row in rows)
        shown = tuple(complaint(self.store, row, top, most) for row in rows)
        return Section(f"{title}, {over}", shown, ranked=True)

    def announced(self) -> Section:
        """Outages and other announcements in the period, now, and soon."""
        since = self.period.starts_at(self.zone)
        until = self.period.ends_at(self.zone)
        lines = []
        for one in announcements(self.store):
            stands = one.stands(self.now)
            soon = stands is When.PLANNED and one.starts_at < self.now + timedelta(days=7)
            if not (one.during(since, until) or stands is When.CURRENT or soon):
                continue
            if self.wanted.processes and not any(map(one.touches, self.wanted.processes)):
                continue
            lines.append(
                Line(
                    f"{words.kind(one.kind)}: {one.named}" if one.named else one.title,
                    words.lasting(one, self.zone),
                )
            )
        empty = _("No outages or announcements.")
        return Section(_("Outages and announcements"), tuple(lines[:_ACTIONS]), empty)

    def actions(self) -> Section:
        """The improvement actions that run, and what became of their number so far."""
        rows = self.store.configuration.rows("actions", self.today)
        running = [
            row for row in rows if row["state"] == "running" and self.scope.sees(row["process"])
        ]
        shown = tuple(
            action(self.store, row, rows, self.today, self.scope) for row in running[:_ACTIONS]
        )
        return Section(_("Running improvement actions"), shown, _("No actions are running."))

    def alerts(self) -> Section:
        """The alerts that stand, those for the digest and those that were told at once."""
        lines = []
        for stands in standings(self.store).values():
            rule, standing = stands.rule, stands.standing
            seen, since = standing.seen, standing.since
            if standing.phase not in {Phase.FIRING, Phase.RECOVERED} or not seen or not since:
                continue
            if stands.snoozed or (rule.process and not self.scope.sees(rule.process)):
                continue
            over = standing.phase is Phase.RECOVERED
            text = words.title(self.store, rule, seen, recovered=over)
            under = _("since {day}").format(day=formats.day_long(since))
            lines.append(
                Line(text, under, mark="good" if over else "bad",
                     href=words.address(self.store, rule, seen.day))
            )  # fmt: skip
        return Section(_("Alerts"), tuple(lines), _("No alerts."))

    def screen(self) -> str:
        """The overview of the same days in the product; empty without an address."""
        return self._address("", self._filters())

    def _filters(self) -> Filters:
        return Filters.of(self.period.since, self.period.until)

    def _address(self, path: str, filters: Filters) -> str:
        base = self.store.settings.base_url
        query = {**filters.to_query(), "lang": [language()]}
        return f"{base}/{path}?{urlencode(query, doseq=True)}" if base else ""

    def _process_screen(self, process: str) -> str:
        return self._address("klantproces", self._filters().keeping("process", [process]))

    def _by_process(self, period: Period) -> dict[Any, Any]:
        filters = Filters.of(period.since, period.until)
        # Of what stopped before the period there is nothing to say, not the few rows that are left.
        names = [one for one in _BOARD if self.behind.get(one, period.until) >= self.period.since]
        found = ask(self.store, names, filters, ("process",), self.scope)
        return {(one.kpi, one.by["process"]): one for one in found}

    def _courses(self, weeks: Period) -> dict[Any, Course]:
        # By seven days up to the last one, as the period itself: a calendar week would be cut.
        names = [name for name, _days in buckets(weeks, "week")]
        by_week: dict[Any, dict[str | None, float | None]] = {}
        filters = Filters.of(weeks.since, weeks.until)
        for one in ask(self.store, _BOARD, filters, ("process", "week"), self.scope):
            by_week.setdefault((one.kpi, one.by["process"]), {})[one.by["week"]] = one.value
        return {
            at: Course(tuple(values.get(name) for name in names), partial=False)
            for at, values in by_week.items()
        }

    def _target(self, kpi: Kpi, process: str) -> Target | None:
        value, sample = target_of(
            self.store, kpi, {"process": process}, Filters(), self.period.until
        )
        return Target(value, sample) if value is not None else None

    def _explained(self, kpi: str, process: str) -> str:
        filters = self._filters().keeping("process", [process])
        return words.explained(self.store, kpi, filters, self.before, self.scope)

    def _surges(self) -> list[tuple[str, list[Surge]]]:
        # Counted as they are: days below ten, left out, would make any day look busy. What is told
        # is of configured processes, ten or more.
        counted = replace(self.scope, screen=False)
        found = contact_surges(self.store, self._filters(), counted)
        told = [(one, each) for one, each in stories(found) if one in self.processes]
        return [(str(process), each) for process, each in told[:_SURGES]]

    def _surge(self, process: str, found: list[Surge]) -> Line:
        near = outage_near(self.store, process, found[0].since, found[-1].until)
        said = moved.surged(
            process, _title(self.store, "process", process), found,
            near=near.told(self.zone) if near else "", least=TOO_FEW,
        )  # fmt: skip
        return Line(said.sentence, said.why, mark="bad")


def _change_of(card: Scorecard, process: str, kpi: str) -> Change | None:
    for row in card.rows:
        if row.process.id == process:
            return next((cell.change for cell in row.cells if cell.kpi == kpi), None)
    return None


def _title(store: Store, kind: str, value: str) -> str:
    return words.configured_title(store, kind, value)


__all__ = ["DAY", "WEEK", "Wanted", "digest", "period_of"]
