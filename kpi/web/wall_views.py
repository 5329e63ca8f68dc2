"""What each wall shows, asked with the scope of a screen: configured labels, nothing below ten."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kpi import formats
from kpi.access import SCREEN, Scope
from kpi.bulletin.states import State, overlap
from kpi.bulletin.wall import BoardLine, ComplaintLine, Tile, View, longest
from kpi.filters import Filters
from kpi.formats import Change
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import NOT_CONFIGURED, TOO_FEW, Better, Kpi, Unit
from kpi.numbers import Compared, compare, default_period, top_complaints
from kpi.periods import Period, add_months
from kpi.results.top import Top, TopRow
from kpi.store import Store

LINES = 5
#: Standard errors beyond which a difference between two counts is called better or worse.
_SURE = 1.96
#: KPIs on the scoreboard: few, for they are read from five metres.
TILES = 4


@dataclass(frozen=True)
class Wanted:
    """What an address asks besides the view."""

    language: str
    processes: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """What the screen may see: aggregates, and only the processes it was made for."""
        if not self.processes:
            return SCREEN
        return Scope(processes=frozenset(self.processes), screen=True)


def complaints(store: Store, wanted: Wanted) -> View:
    """The five largest complaints, each with its cause and who solves it until when."""
    top = top_complaints(store, Filters(), wanted.scope, n=LINES)
    title = _("Top {n} complaints").format(n=LINES)
    rows = [row for row in top.rows if row.n] if top else []
    if top is None or not rows:
        foot = _foot(store, top.as_of) if top else ""
        act = _choose() if top and wanted.processes else _act()
        return View("complaints", title, foot=foot, why=_why(top), act=act)
    longest_bar = longest([row.n for row in rows])
    lines = tuple(_line(store, row, longest_bar, top) for row in rows)
    if not top.compared:
        said = _("{days} days up to {day}; no earlier ones to compare with yet")
    elif top.weeks > 1:
        said = _("{days} days up to {day}, against the weekly average of the {weeks} weeks before")
    else:
        said = _("{days} days up to {day}, against the {days} days before")
    about = said.format(days=top.now.days, day=formats.day_short(top.now.until), weeks=top.weeks)
    return View("complaints", title, about, _foot(store, top.as_of), complaints=lines)


def _line(store: Store, row: TopRow, longest_bar: int, top: Top) -> ComplaintLine:
    configuration, on = store.configuration, top.now.until
    known = configuration.row("reasons", on, reason=row.reason) if row.reason else None
    cause = known["cause"] if known else None
    title = _reason(store, row.reason)
    said = configuration.title("cause", cause, language()) if cause else ""
    return ComplaintLine(
        row.place,
        title,
        formats.number(row.n),
        row.n / longest_bar,
        _change(row, top.weeks) if top.compared else None,
        said if said != title else "",
        _action(store, row.reason, cause, on),
    )


def _change(row: TopRow, weeks: int) -> Change | None:
    change = formats.change(row.n, row.previous, Unit.COUNT, Better.DOWN)
    if change is None or not change.amount:
        return change
    # Counts vary by about their root, an average over weeks by less.
    if abs(row.change) < _SURE * math.sqrt(row.n + row.previous / weeks):
        change = replace(change, word=_("more") if row.change > 0 else _("less"), good=None)
    if row.previous * weeks < TOO_FEW:
        # The amount would tell a count below ten to whoever subtracts.
        return replace(change, amount="")
    return change


def _reason(store: Store, reason: str | None) -> str:
    if reason is None:
        return _("Reason unknown")
    if reason == NOT_CONFIGURED:
        return _("Other reasons")
    return store.configuration.title("reason", reason, language())


def _action(store: Store, reason: str | None, cause: str | None, on: date) -> str:
    """Which department solves it, until when: from the running actions on this reason or cause."""
    if reason is None:
        return ""
    configuration = store.configuration
    for row in configuration.rows("actions", on):
        about = row["reason"] == reason or (cause is not None and row["cause"] == cause)
        if not about or row["state"] not in {"planned", "running"} or not row["department"]:
            continue
        if row["department"] not in configuration.configured("department", on):
            continue  # only what is configured is shown: a typed name might be a person's
        who = configuration.title("department", row["department"], language())
        if row["stops_on"] is None:
            return _("{department} is solving it").format(department=who)
        return _("{department} solves it, by {day} at the latest").format(
            department=who, day=formats.day_long(row["stops_on"])
        )
    return ""


def scoreboard(store: Store, wanted: Wanted) -> View:
    """Processes by a few headline KPIs."""
    kpis = sorted((k for k in KPIS.values() if k.headline), key=lambda k: k.headline or 0)
    kpis = [kpi for kpi in kpis if kpi.better is not Better.CONTEXT][:TILES]
    names = [kpi.name for kpi in kpis]
    title = _("Customer processes")
    if all(store.as_of(kpi.reads) is None for kpi in kpis):
        return View("scoreboard", title, why=_("Nothing has been loaded yet."), act=_act())
    whole = Period(*default_period(store, names))
    period = Period(max(whole.since, add_months(whole.until.replace(day=1), -2)), whole.until)
    compared = compare(
        store, names, Filters.of(period.since, period.until), ("process",), wanted.scope
    )
    at = {(one.now.kpi, one.now.by["process"]): one for one in compared}
    rows = [
        row
        for row in store.configuration.processes(period.until)
        if wanted.scope.sees(row["process"])
    ]
    aims = [_usual_aim([at.get((kpi.name, row["process"])) for row in rows]) for kpi in kpis]
    board = tuple(
        BoardLine(
            store.configuration.title("process", row["process"], language()),
            tuple(
                _tile(kpi, at.get((kpi.name, row["process"])), aim)
                for kpi, aim in zip(kpis, aims, strict=True)
            ),
        )
        for row in rows
    )
    if not board:
        asked = ", ".join(wanted.processes)[:80]
        why = _("There is no customer process {names}.").format(names=asked)
        return View("scoreboard", title, why=why, act=_choose())
    before = period.previous()
    about = _("{period}, against {before}").format(
        period=formats.period(period.since, period.until),
        before=formats.period(before.since, before.until),
    )
    foot = _foot(store, min((one.now.as_of for one in compared if one.now.as_of), default=None))
    heads = tuple(_aim(kpi, aim) for kpi, aim in zip(kpis, aims, strict=True))
    return View("scoreboard", title, about, foot, board=board, aims=heads)


def _usual_aim(column: Sequence[Compared | None]) -> float | None:
    """The target that most of a column has: it is said once, above."""
    targets = Counter(one.target for one in column if one and one.target is not None)
    return targets.most_common(1)[0][0] if targets else None


def _aim(kpi: Kpi, target: float | None) -> str:
    if target is None:
        return ""
    return _("target {value}").format(value=formats.value(target, kpi.unit))


def _tile(kpi: Kpi, one: Compared | None, usual_aim: float | None) -> Tile:
    now, before = (one.now, one.before) if one else (None, None)
    value = now.value if now else None
    change = None
    if now and before and not now.too_few and not before.too_few:
        change = formats.change(value, before.value, kpi.unit, kpi.better)
    if change is not None and change.amount and overlap(now, before):
        # It may be chance: who reads it from five metres is told neither good nor bad.
        change = replace(change, word="", good=None)
    aim = one.target if one and one.target != usual_aim else None
    return Tile(
        _(kpi.title),
        formats.value(value, kpi.unit, now.low, now.high) if now else formats.NOTHING,
        one.state if one else State.NOTHING,
        change,
        _aim(kpi, aim),
    )


def _foot(store: Store, as_of: datetime | None) -> str:
    if as_of is None:
        return ""
    return _("as of {moment}").format(moment=formats.as_of(as_of, store.settings.time_zone))


def _why(top: Top | None) -> str:
    if top is None:
        return _("No cases have been loaded yet, so no complaints are known.")
    return _("No complaint reason had ten or more cases in the last weeks.")


def _choose() -> str:
    return _("Choose which processes it shows on the page Information screens.")


def _act() -> str:
    return _("Load data on the page Load data; this screen shows it by itself.")
