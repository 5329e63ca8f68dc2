"""Scorecards from data: what is asked for a card, and in which words it is summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kpi import formats
from kpi.bulletin import Scorecard
from kpi.bulletin.scorecard import At, Course, Missing, Process, Target
from kpi.bulletin.scorecard import scorecard as build
from kpi.bulletin.states import State
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Result
from kpi.numbers import applies
from kpi.periods import Period, buckets, months_up_to
from pages.shared import data, figures, page, places
from pages.shared.asked import Asked

_PROCESS = ("process",)
#: What becomes of those who cancel: of them it takes the place of churn after a process.
SAVED = KPIS["saved"]


def scorecard(
    asked: Asked, kpis: Sequence[Kpi] | None = None, current: str | None = None
) -> Scorecard:
    """Processes by KPIs as the filters ask: now, before, and their course over twelve months."""
    chosen = tuple(data.headlines() if kpis is None else kpis)
    question = _question(chosen, asked, current)
    return data.cached("scorecard", question, lambda: _scorecard(asked, chosen, current))


def at_once(asked: Asked, current: str | None = None) -> Scorecard | None:
    """The card with those numbers only that are there at once; None where there are none such.

    Of a large store most numbers take hundredths of a second, their courses take as long again, and
    what nothing is kept of takes seconds: whoever changes a filter need not wait for these.
    """
    chosen = tuple(data.headlines())
    if known(asked, current):
        return None
    told = [kpi.name for kpi in _told(chosen, asked)]
    quick = data.quickly(told, asked.filters, _PROCESS)
    if not quick:
        return None
    card = _scorecard(asked, chosen, current, quick)
    return replace(card, brief=True) if card.rows else None


def known(asked: Asked, current: str | None = None) -> bool:
    """Whether the card of the headlines was counted before."""
    return data.answered("scorecard", _question(tuple(data.headlines()), asked, current))


def _question(chosen: Sequence[Kpi], asked: Asked, current: str | None) -> tuple[Any, ...]:
    return (tuple(kpi.name for kpi in chosen), asked.filters, asked.before, current)


def _told(kpis: Sequence[Kpi], asked: Asked) -> list[Kpi]:
    """Those that can be told by process and by all that is filtered on."""
    return [kpi for kpi in kpis if applies(kpi, _PROCESS, asked.filters.where)]


def with_something(card: Scorecard) -> Scorecard:
    """The card without the KPIs that no process has any data for."""
    kept = [
        place
        for place in range(len(card.heads))
        if any(row.cells[place].state is not State.NOTHING for row in card.rows)
    ]
    rows = [replace(row, cells=tuple(row.cells[place] for place in kept)) for row in card.rows]
    heads = tuple(card.heads[place] for place in kept)
    return replace(card, heads=heads, rows=tuple(rows) if kept else ())


def _scorecard(
    asked: Asked, kpis: Sequence[Kpi], current: str | None, only: Sequence[str] | None = None
) -> Scorecard:
    told = _told(kpis, asked)
    names = [kpi.name for kpi in told]
    quick = data.quickly(names, asked.filters, _PROCESS) if only is None else list(only)
    parts = [quick, [name for name in names if name not in quick and only is None]]
    # Asked apart, so that what was told at once is not asked again with the rest.
    compared = [
        one for part in parts if part for one in data.compare(part, asked.filters, _PROCESS)
    ]
    at = {(one.now.kpi, one.now.by["process"]): one for one in compared}
    found = {process for (_kpi, process), one in at.items() if one.now.n}
    rows = _rows(asked, found)
    return build(
        kpis,
        rows if found else [],
        {place: one.now for place, one in at.items()},
        before={place: one.before for place, one in at.items() if one.before},
        courses=_courses(told, asked) if only is None else {},
        targets=_targets(kpis, rows, asked.period),
        before_period=asked.before_text,
        href=lambda process: places.path("process") + asked.query(process),
        current=current,
        why=_missing(kpis, told, asked) | _awaited(told, only),
        define=lambda kpi: figures.definition(kpi, asked.filters),
        source=figures.of_card(asked.filters),
    )


def _awaited(told: Sequence[Kpi], only: Sequence[str] | None) -> dict[str | At, Missing]:
    """What is still being counted while the rest is shown."""
    if only is None:
        return {}
    return {
        kpi.name: Missing(_("is being counted"), _("is being counted"), instead="…")
        for kpi in told
        if kpi.name not in only
    }


def _missing(kpis: Sequence[Kpi], told: Sequence[Kpi], asked: Asked) -> dict[str | At, Missing]:
    """What cannot be known of this period, process or with these filters, and why."""
    found: dict[str | At, Missing] = {
        kpi.name: Missing(
            _("not per channel"), _("cannot be split by channel: choose all channels")
        )
        for kpi in kpis
        if kpi not in told
    }
    for kpi in told:
        if kpi.kind is not Kind.CHURN_AFTER:
            continue
        if without := kpi.options.get("without_process"):
            saved = _(SAVED.title)
            found[kpi.name, without] = Missing(
                _("see {kpi}").format(kpi=saved),
                _("Whoever cancels leaves, or is kept: {kpi} tells which.").format(kpi=saved),
            )
        as_of, days = data.store().as_of(kpi.reads), kpi.options.get("days")
        if as_of is None:
            continue
        last = formats.in_zone(as_of, data.zone()).date() - timedelta(days=int(days))
        if asked.period.until > last:
            # Nothing of the period is known yet: then its column says where there is something to see.
            partly = (
                _("known up to {day}: choose a longer period")
                if asked.period.since > last
                else _("up to {day}")
            )
            found[kpi.name] = Missing(
                _("too early"),
                _(
                    "Known {days} days after a case is closed: now of cases closed up to {day}."
                ).format(days=days, day=formats.day(last)),
                partly.format(day=formats.day_short(last)),
            )
    return found


def _rows(asked: Asked, found: set[str | None]) -> list[Process]:
    known = data.processes(asked.period.until)
    if asked.process:
        return [
            Process(asked.process, data.title("process", asked.process), asked.process in known)
        ]
    kept = asked.filters.values("process")
    known = [one for one in known if not kept or one in kept]
    others = sorted(str(one) for one in found if one is not None and one not in known)
    rows = [Process(one, data.title("process", one)) for one in known]
    rows += [Process(one, one, known=False) for one in others]
    if None in found:
        rows.append(Process(None, _("unknown"), known=False))
    return rows


def _courses(kpis: Sequence[Kpi], asked: Asked) -> dict[At, Course]:
    span = months_up_to(asked.period.until)
    months = [name for name, _days in buckets(span, "month")]
    names = [kpi.name for kpi in kpis]
    if not names:
        return {}
    by_month: dict[At, dict[str | None, Result]] = {}
    for result in data.ask(
        names, asked.filters.during(span.since, span.until), ("process", "month")
    ):
        by_month.setdefault((result.kpi, result.by["process"]), {})[result.by["month"]] = result
    return {
        at: Course(
            tuple(found[month].value if month in found else None for month in months),
            partial=months[-1] in found and found[months[-1]].partial,
        )
        for at, found in by_month.items()
    }


def _targets(kpis: Sequence[Kpi], rows: Sequence[Process], period: Period) -> dict[At, Target]:
    found = {
        # What nobody configured is held against no target.
        (kpi.name, row.id): data.target(kpi, row.id, period.until) if row.known else None
        for kpi in kpis
        for row in rows
    }
    return {at: target for at, target in found.items() if target is not None}


def whole(asked: Asked, names: Sequence[str]) -> Mapping[str, Result]:
    """The results of KPIs over everything the filters keep, by name."""
    return {result.kpi: result for result in data.ask(names, asked.filters)}


def as_of(asked: Asked, kpis: Sequence[Kpi] | None = None) -> str:
    """Up to when the numbers tell: the earliest of the KPIs shown, and the latest where it differs."""
    chosen = data.headlines() if kpis is None else kpis
    # As a result says it, without asking for one: some take long.
    reads = {kpi.reads for kpi in chosen if applies(kpi, (), asked.filters.where)}
    known = sorted({told for one in reads if (told := data.store().as_of(one))})
    if not known:
        return ""
    first, last = known[0], known[-1]
    if _day(first) == _day(last):
        return page.as_of(first)
    return _("as of {first} to {last}, by KPI").format(first=_day(first), last=_day(last))


def volumes(asked: Asked) -> str:
    """How many cases and contacts stand behind the page."""
    found = whole(asked, ("lead_time", "avoidable"))
    said = []
    contacts = handled(found["avoidable"])
    if contacts:
        said.append(ngettext("{n} contact", "{n} contacts", contacts).format(n=_n(contacts)))
    # Of some the lead time is not known; opened they are, and so the backlog says.
    opened = found["lead_time"]
    cases = opened.n + int(opened.extras.get("left_out") or 0)
    if cases:
        said.append(ngettext("{n} case opened", "{n} cases opened", cases).format(n=_n(cases)))
    return ", ".join(said)


def handled(avoidable: Result) -> int:
    """How many answered inbound contacts there were, with and without a category."""
    coverage = avoidable.extras.get("coverage")
    return round(avoidable.n * 100 / coverage) if coverage else avoidable.n


def _day(moment: datetime) -> str:
    return formats.day(formats.in_zone(moment, data.zone()).date())


def _n(count: int) -> str:
    return formats.number(count)
