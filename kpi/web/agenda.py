"""`/agenda`: one process meeting as one page to print, made anew from the data each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi import formats
from kpi.access import EVERYTHING, Scope
from kpi.alerts import words
from kpi.bulletin import moved, sentences_effect
from kpi.bulletin.agenda import Agenda, Decision, Number, Running
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Course, Process, Scorecard, Target, scorecard
from kpi.bulletin.sentences import stands
from kpi.bulletin.tables import Shown
from kpi.filters import Filters
from kpi.i18n import _, closest, language, use
from kpi.measures import KPIS
from kpi.model import Kpi
from kpi.numbers import (
    AskProblem,
    Compared,
    agenda,
    applies,
    ask,
    broken,
    compare,
    contact_surges,
    default_period,
    earlier_period,
    effect_of,
    stretches,
    why,
)
from kpi.numbers.announcements import announcements, outage_near
from kpi.numbers.funnels import funnels
from kpi.periods import Period, add_months, buckets
from kpi.results.effect import Verdict
from kpi.results.surge import Surge, stories
from kpi.store import Store
from kpi.web import running

_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
#: Lines under "what changed" at most.
_MOST = 6


def page(request: Request) -> Response:
    """`/agenda?process=fault&since=…&until=…`: without a period the last three complete months."""
    query = request.query_params
    store = running.store()
    wanted = query.get("lang") or request.headers.get("accept-language")
    with use(closest(wanted, store.settings.language)):
        filters, refused = Filters.from_query({name: query.getlist(name) for name in query})
        if refused:
            return _said(_("This is not understood: {what}.").format(what=", ".join(refused)), 400)
        processes = filters.values("process")
        if len(processes) != 1:
            return _said(_("An agenda is about one customer process: name it."), 404)
        try:
            made = gather(store, processes[0], filters)
        except AskProblem as problem:
            return _said(str(problem), 404)
        return Response(made.html, media_type="text/html", headers=_KEPT_BY_NOBODY)


def gather(store: Store, process: str, filters: Filters, scope: Scope = EVERYTHING) -> Agenda:
    """All that the meeting about a process talks about.

    Raises:
        AskProblem: the process may not be seen, or nothing tells of a period.
    """
    if not scope.sees(process):
        raise AskProblem(_("This process is not yours to see."))
    asked = _named(store, filters)
    return _Gathering(store, process, asked, scope).agenda()


def _named(store: Store, filters: Filters) -> Filters:
    if filters.since and filters.until:
        return filters
    _since, until = default_period(store, ["within_norm", "avoidable"])
    return filters.during(add_months(until.replace(day=1), -2), until)


@dataclass
class _Gathering:
    """One meeting's questions to one store."""

    store: Store
    process: str
    filters: Filters
    scope: Scope

    @property
    def period(self) -> Period:
        assert self.filters.since is not None
        assert self.filters.until is not None
        return Period(self.filters.since, self.filters.until)

    def agenda(self) -> Agenda:
        kpis = agenda.kpis(self.filters.where)
        compared = {
            one.now.kpi: one
            for one in compare(self.store, [kpi.name for kpi in kpis], self.filters, (), self.scope)
        }
        before = earlier_period(self.store, kpis[0], self.period, self.filters.comparison)
        card = self._card(kpis, compared, before)
        row = self.store.configuration.row("processes", self.period.until, process=self.process)
        as_of = min((one.now.as_of for one in compared.values() if one.now.as_of), default=None)
        told = formats.as_of(as_of, self._zone) if as_of else formats.NOTHING
        owner = str((row or {}).get("owner") or "")
        period = formats.period(self.period.since, self.period.until)
        about = [period, _("as of {moment}").format(moment=told), owner, *self._kept()]
        return Agenda(
            process=self._title("process", self.process),
            owner=owner,
            period=period,
            before=formats.period(before.since, before.until) if before else "",
            as_of=told,
            about=tuple(filter(None, about)),
            sentence=self._sentence(card, compared, before),
            moved=self._moved(card, before),
            announced=self._announced(),
            numbers=self._numbers(card, compared),
            decisions=[self._decision(one) for one in agenda.decisions(self.store, self.process)],
            actions=self._actions(),
        )

    def _kept(self) -> list[str]:
        """What else the numbers are kept to: it belongs on the paper."""
        return [
            ", ".join(self._title(name, value) if value else _("unknown") for value in values)
            for name, values in self.filters.where
            if name != "process"
        ]

    def _card(
        self, kpis: Sequence[Kpi], compared: Mapping[str, Compared], before: Period | None
    ) -> Scorecard:
        process = Process(self.process, self._title("process", self.process))
        last = self.period.until
        year = Period(add_months(last.replace(day=1), -11), last)
        months = [name for name, _days in buckets(year, "month")]
        courses: dict[str, dict[str | None, Any]] = {}
        names = [kpi.name for kpi in kpis]
        span = self.filters.during(year.since, year.until)
        for one in ask(self.store, names, span, ("month",), self.scope):
            courses.setdefault(one.kpi, {})[one.by["month"]] = one
        return scorecard(
            kpis,
            [process],
            {(name, self.process): one.now for name, one in compared.items()},
            before={
                (name, self.process): one.before for name, one in compared.items() if one.before
            },
            courses={
                (name, self.process): Course(
                    tuple(own[month].value if month in own else None for month in months),
                    partial=months[-1] in own and own[months[-1]].partial,
                )
                for name, own in courses.items()
            },
            targets={
                (name, self.process): Target(one.target, one.sample)
                for name, one in compared.items()
                if one.target is not None
            },
            before_period=formats.period(before.since, before.until) if before else "",
        )

    def _sentence(
        self, card: Scorecard, compared: Mapping[str, Compared], before: Period | None
    ) -> str:
        [row] = card.rows
        kpi = row.telling
        one = compared[kpi]
        earlier = formats.period(before.since, before.until) if before else ""
        return stands(row.process.title, KPIS[kpi], one.now, one.before, earlier)

    def _moved(self, card: Scorecard, before: Period | None) -> list[Moved]:
        found = [
            *self._surges(),
            *self._broken(),
            *self._complaints(),
            *moved.differences(card),
        ]
        shown = moved.ranked(found, _MOST)
        if before is None:
            return list(shown)
        return [self._explained(one, before) if one.kpi else one for one in shown]

    def _explained(self, line: Moved, before: Period) -> Moved:
        found = why(self.store, line.kpi, self.filters, before, self.scope)
        said = moved.behind(found.by, found.key, found.since, found.until, self._title)
        return replace(line, sentence=formats.upper_first(line.short), why=said)

    def _broken(self) -> list[Moved]:
        """The funnels of the process in which a step broke, as on the first page."""
        if self.filters.values("channel"):
            return []
        own = self.filters.keeping("process", [self.process])
        found = []
        for funnel in funnels(self.store, self.period.until):
            if not broken.about(funnel, own):
                continue
            try:
                broke = broken.broke(self.store, funnel, own, self.scope)
            except AskProblem:
                # One that is configured wrongly keeps nobody from the meeting.
                continue
            if broke is not None:
                step = funnel.title(funnel.steps[broke.place])
                found.append(moved.broken(self.process, funnel.called, step, broke))
        return found

    def _complaints(self) -> list[Moved]:
        """The reasons that complaints surely rose about; up to today, as on the first page."""
        kpi = KPIS["complaints"]
        if not applies(kpi, ("reason",), self.filters.where):
            return []
        named = self.filters
        as_of = self.store.as_of(("contacts",)) or self.store.as_of(("cases",))
        if as_of is not None and self.period.until == _named(self.store, Filters()).until:
            last = max(self.period.until, formats.in_zone(as_of, self._zone).date())
            named = self.filters.during(self.period.since, last)
        return [
            moved.complained(
                self._title("reason", one.group), one.since, None if one.lasting else one.until,
                one.inside.each, one.outside.each, strength=one.strength,
            )
            for one in stretches(self.store, (kpi.name,), named, self.scope, by="reason")
            if one.group is not None and one.inside.value > one.outside.value
        ]  # fmt: skip

    def _surges(self) -> list[Moved]:
        if self.filters.values("channel"):
            return []
        found = contact_surges(self.store, self.filters, self.scope).get(self.process, [])
        title = self._title("process", self.process)
        return [
            moved.surged(self.process, title, days, near=self._outage(days))
            for _process, days in stories({self.process: found})[:2]
        ]

    def _announced(self) -> list[tuple[str, str]]:
        """What was announced about the process and counted in the period."""
        since, until = self.period.starts_at(self._zone), self.period.ends_at(self._zone)
        return [
            (f"{words.kind(one.kind)}: {one.named}" if one.named else one.title,
             words.lasting(one, self._zone))
            for one in announcements(self.store)
            if one.touches(self.process) and one.during(since, until)
        ]  # fmt: skip

    def _outage(self, days: Sequence[Surge]) -> str:
        """The outage that was announced near it; near is not because of."""
        near = outage_near(self.store, self.process, days[0].since, days[-1].until)
        return near.told(self._zone) if near else ""

    def _numbers(self, card: Scorecard, compared: Mapping[str, Compared]) -> list[Number]:
        written = agenda.explanations(self.store, self.process, self.period)
        [row] = card.rows
        return [
            self._number(head.title, cell, compared[cell.kpi], written.get(cell.kpi))
            for head, cell in zip(card.heads, row.cells, strict=True)
            if compared[cell.kpi].now.n
        ]

    def _number(
        self, title: str, cell: Any, one: Compared, written: Mapping[str, Any] | None
    ) -> Number:
        target = formats.value(one.target, one.now.unit) if one.target is not None else ""
        if target and one.sample:
            target = _("{value} (sample)").format(value=target)
        said = str(written["text"]) if written else ""
        by = ""
        if written:
            by = _("{author}, {day}").format(
                author=written["author"] or _("unknown"), day=formats.day(written["valid_from"])
            )
        return Number(title, cell, target, said, by)

    def _decision(self, row: Mapping[str, Any]) -> Decision:
        states = {"done": _("done"), "dropped": _("dropped")}
        is_open = row["state"] not in states
        return Decision(
            text=row["text"] or "",
            day=formats.day(row["decided_on"]) if row["decided_on"] else "",
            who=row["owner"] or _("nobody"),
            due=formats.day(row["due"]) if row["due"] else "",
            state=states.get(row["state"], _("still open")),
            outcome=row["outcome"] or "",
            overdue=bool(is_open and row["due"] and row["due"] < self._today()),
        )

    def _actions(self) -> list[Running]:
        rows = self.store.configuration.rows("actions", self._on())
        own = [
            row
            for row in rows
            if row["process"] == self.process and row["state"] in {"running", "planned", "done"}
        ]
        own.sort(key=lambda row: (row["state"] != "running", str(row["starts_on"])))
        return [self._running(row, rows) for row in own]

    def _running(self, row: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Running:
        found = effect_of(self.store, row, others, self.scope)
        verdict = sentences_effect.effect(found) if found else Shown(formats.NOTHING)
        marks = {Verdict.BETTER: "better", Verdict.WORSE: "worse"}
        if found:
            verdict = replace(verdict, mark=marks.get(found.verdict, ""))
        kpi = KPIS.get(row["kpi"] or "")
        first = formats.day(row["starts_on"]) if row["starts_on"] else "…"
        last = formats.day(row["stops_on"]) if row["stops_on"] else ""
        return Running(
            title=row["title"] or row["action"],
            aim=_(kpi.title) if kpi else formats.NOTHING,
            runs=f"{first} – {last}",
            who=row["owner"] or _("nobody"),
            verdict=verdict,
        )

    def _on(self) -> date:
        """The day that the data tell up to: what is configured then is what counts."""
        as_of = self.store.as_of(("cases",)) or self.store.as_of(("contacts",))
        return formats.in_zone(as_of, self._zone).date() if as_of else self.period.until

    def _today(self) -> date:
        return formats.in_zone(datetime.now(UTC).replace(tzinfo=None), self._zone).date()

    @property
    def _zone(self) -> str:
        return str(self.store.settings.time_zone)

    def _title(self, kind: str, value: str | None) -> str:
        if value is None:
            return _("unknown")
        name = {"causing_department": "department"}.get(kind, kind)
        known = {"process", "channel", "reason", "cause", "department", "moment"}
        if name not in known:
            return value
        return self.store.configuration.title(name, value, language())


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_KEPT_BY_NOBODY)
