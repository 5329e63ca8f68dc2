"""Processes by KPIs: value, change, course and state of each, as one accessible HTML table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kpi import formats
from kpi.bulletin.render import render
from kpi.bulletin.sources import Source, rests
from kpi.bulletin.spark import sparkline
from kpi.bulletin.states import URGENCY, State, apart, judge, overlap
from kpi.differences import changed
from kpi.formats import Change
from kpi.i18n import _, ngettext
from kpi.model import INDICATIVE, TOO_FEW, Better, Kpi, Result, Unit

#: A KPI and a process: where a cell stands.
At = tuple[str, str | None]


@dataclass(frozen=True)
class Course:
    """A KPI of one process over time, oldest first; `partial`: the last period is unfinished."""

    values: tuple[float | None, ...]
    partial: bool = False


@dataclass(frozen=True)
class Target:
    """What a value should reach; `sample`: not decided by anybody yet."""

    value: float
    sample: bool = False


@dataclass(frozen=True)
class Process:
    """A row to be: `title` as shown, `known` whether it is configured."""

    id: str | None
    title: str
    known: bool = True


@dataclass(frozen=True)
class Missing:
    """Why a KPI has no value: in a word or two, and as a sentence.

    `partly` is said where there is a value all the same, of a part of what was asked; `instead`
    stands where the value would.
    """

    word: str
    reason: str
    partly: str = ""
    instead: str = formats.NOTHING


@dataclass(frozen=True)
class Head:
    """A column: what is measured, what it means, and where that is spelled out.

    `partly` says of which part of what was asked its values are; empty: of all.
    """

    kpi: str
    title: str
    definition: str
    href: str = ""
    partly: str = ""


@dataclass(frozen=True)
class Cell:
    """One value, ready to read; `facts` are label and text for hover, focus and the table."""

    kpi: str
    state: State
    value: str
    change: Change | None
    certain: bool
    spark: Markup
    facts: tuple[tuple[str, str], ...]
    #: The target in a few words; empty where there is none.
    aim: str = ""
    #: The value it is compared with, and how far apart they are in widths of their intervals.
    before: str = ""
    strength: float = 0.0
    #: Why there is no value, in a word or two; empty where there is one, or it is not known why.
    missing: str = ""
    #: Rests on fewer than thirty.
    indicative: bool = False
    #: Where it comes from, and how many rows that is in words ("n = 312").
    source: Source | None = None
    rests: str = ""

    @property
    def remark(self) -> str:
        """What a value without a state rests on; its state is said by shape, colour and legend."""
        if self.state is State.NOTHING:
            return self.missing
        if self.state is State.TOO_FEW:
            return self.state.word
        return ""

    @property
    def aside(self) -> str:
        """The state in words where it calls for looking; quiet otherwise."""
        if self.missing:
            return self.missing
        if self.indicative and self.state in {State.GOOD, State.NO_TARGET}:
            return _("indicative")
        return "" if self.state in {State.GOOD, State.NO_TARGET} else self.state.word


@dataclass(frozen=True)
class Row:
    """One process."""

    process: Process
    cells: tuple[Cell, ...]
    href: str
    current: bool

    @property
    def state(self) -> State:
        """The most urgent of its cells."""
        return min((cell.state for cell in self.cells), key=URGENCY.index, default=State.NOTHING)

    @property
    def telling(self) -> str:
        """The KPI most worth a title: the surest worsening, off target before others, else the first."""
        known = [cell for cell in self.cells if cell.state not in {State.NOTHING, State.TOO_FEW}]
        worse = [one for one in known if one.change and one.change.good is False and one.strength]
        off = [cell for cell in known if cell.state is State.BAD]
        first = (off or known or self.cells)[0]
        surest = max(
            worse, key=lambda cell: (cell.state is State.BAD, cell.strength), default=first
        )
        return surest.kpi


@dataclass(frozen=True)
class Scorecard:
    """The whole: `html` is what goes on screen.

    `brief`: without the note of each cell, half of it all. Another card takes its place in a moment.
    """

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    caption: str
    brief: bool = False

    @property
    def html(self) -> str:
        """An HTML table, styled by scorecard.css, readable without it."""
        return render("scorecard.jinja", card=self, State=State)

    @property
    def judged(self) -> tuple[State, ...]:
        """The states there are to tell apart, the most urgent first."""
        found = {cell.state for row in self.rows for cell in row.cells}
        return tuple(one for one in URGENCY[:3] if one in found)

    @property
    def indicative(self) -> bool:
        """Whether any value rests on few rows."""
        return any(cell.indicative for row in self.rows for cell in row.cells)

    @property
    def sentence(self) -> str:
        """What it comes down to: "3 of 6 processes are off target, 2 need attention"."""
        rows = [row for row in self.rows if row.process.known]
        bad = [row for row in rows if row.state is State.BAD]
        urgent = [row for row in rows if row.state is State.ATTENTION]
        if bad:
            said = (
                _("{process} is off target").format(process=bad[0].process.title)
                if len(bad) == 1
                else _("{n} of {total} processes are off target").format(
                    n=len(bad), total=len(rows)
                )
            )
            if urgent:
                said += ngettext(
                    ", {n} needs attention", ", {n} need attention", len(urgent)
                ).format(n=len(urgent))
            return said
        judged = [row for row in rows if row.state in {State.BAD, State.ATTENTION, State.GOOD}]
        if not judged:
            return _("Too little is known yet to judge a process")
        if not urgent:
            return ngettext(
                "The one process that can be judged is on target",
                "All {n} processes that can be judged are on target",
                len(judged),
            ).format(n=len(judged))
        if len(urgent) == 1:
            return _("{process} needs attention").format(process=urgent[0].process.title)
        return _("{n} of {total} processes need attention").format(n=len(urgent), total=len(rows))


def scorecard(
    kpis: Sequence[Kpi],
    processes: Sequence[Process],
    now: Mapping[At, Result],
    *,
    before: Mapping[At, Result] | None = None,
    courses: Mapping[At, Course] | None = None,
    targets: Mapping[At, Target] | None = None,
    before_period: str = "",
    href: Callable[[str], str] = lambda process: "",
    current: str | None = None,
    why: Mapping[str | At, Missing] | None = None,
    define: Callable[[str], str] = lambda kpi: "",
    source: Callable[[Result], Source | None] = lambda one: None,
) -> Scorecard:
    """Build the card; every mapping is by (KPI, process). A cell that is missing says so.

    `why` tells of a KPI that could not be known the reason, by name, or by (KPI, process) where it
    cannot be known of that process; `define` gives the address of its definition, `source` where a
    number comes from.
    """
    reasons = why or {}

    def cell(kpi: Kpi, process: Process) -> Cell:
        at = (kpi.name, process.id)
        # A column is compared from above to below, and each with what it was.
        beside = [
            one.value
            for results in (now, before or {})
            for (name, _process), one in results.items()
            if name == kpi.name
        ]
        with formats.alike(kpi.unit, beside):
            return _cell(
                kpi,
                now.get(at),
                (before or {}).get(at),
                (courses or {}).get(at),
                (targets or {}).get(at),
                before_period,
                reasons.get(at) or reasons.get(kpi.name),
                source,
            )

    rows = tuple(
        Row(
            process,
            tuple(cell(kpi, process) for kpi in kpis),
            href(process.id) if process.id else "",
            process.id is not None and process.id == current,
        )
        for process in processes
    )
    heads = tuple(
        Head(
            kpi.name,
            _(kpi.title),
            _(kpi.definition),
            define(kpi.name),
            reasons[kpi.name].partly if kpi.name in reasons else "",
        )
        for kpi in kpis
    )
    return Scorecard(heads, rows, _("Processes and their numbers"))


def _cell(
    kpi: Kpi,
    now: Result | None,
    before: Result | None,
    course: Course | None,
    target: Target | None,
    before_period: str,
    why: Missing | None,
    source: Callable[[Result], Source | None],
) -> Cell:
    state = judge(now, target.value if target else None, kpi.better)
    if state is State.TOO_FEW and kpi.unit is Unit.COUNT and now is not None and now.value:
        # Nine open cases are nine: only what is made of them would rest on too few.
        state = State.NO_TARGET
    comparable = before is not None and not before.too_few and now is not None and not now.too_few
    change = (
        changed(now, before, kpi.unit, kpi.better)
        if comparable and now is not None and before is not None
        else None
    )
    value = formats.NOTHING if why is None else why.instead
    if now is not None:
        value = apart(now, target.value if target else None, kpi.unit, state)
    line = (
        sparkline(
            course.values,
            target=target.value if target and not kpi.grows else None,
            partial=course.partial,
        )
        if course
        else Markup("")
    )
    origin = source(now) if now is not None and now.value is not None else None
    told = facts(kpi, now, before, target, before_period)
    if origin and origin.as_of:
        told.append((_("Reference date"), origin.as_of))
    return Cell(
        kpi.name,
        state,
        value,
        change,
        certain=not overlap(now, before),
        spark=line,
        facts=((_("Why"), why.reason),) if why and state is State.NOTHING else tuple(told),
        missing=_word(why, state),
        indicative=now is not None and now.value is not None and TOO_FEW <= now.n < INDICATIVE,
        aim=_aim(kpi, target),
        before=formats.value(before.value, kpi.unit, before.low, before.high) if before else "",
        strength=strength(now, before) if change else 0.0,
        source=origin,
        rests=rests(now, origin),
    )


def _word(why: Missing | None, state: State) -> str:
    if why is None:
        return ""
    if state is State.NOTHING:
        return why.word
    return "" if state is State.TOO_FEW else why.partly


def strength(now: Result | None, before: Result | None) -> float:
    """Distance between two values in widths of their intervals; 0 where these overlap or are none."""
    if now is None or before is None or now.value is None or before.value is None:
        return 0.0
    if None in {now.low, now.high, before.low, before.high} or overlap(now, before):
        return 0.0
    width = (now.high or 0) - (now.low or 0) + (before.high or 0) - (before.low or 0)
    return abs(now.value - before.value) / (width or 1.0)


def facts(
    kpi: Kpi,
    now: Result | None,
    before: Result | None,
    target: Target | None,
    before_period: str = "",
) -> list[tuple[str, str]]:
    """Label and text of what stands behind a value: n, interval, target, what it was before."""
    if now is None or (now.value is None and not now.n):
        said = (now and now.note_in(_)) or _("no data in this period")
        return [(_("Why"), said)]
    found = [(_("n"), formats.number(now.n))]
    between = formats.interval(now.low, now.high, kpi.unit)
    if between:
        found.append((_("95% interval"), between))
    if target is not None:
        found.append((_("target"), _beside_target(now, kpi, target)))
    if before is not None and before.value is not None:
        was = formats.value(before.value, kpi.unit, before.low, before.high)
        found.append((before_period or _("before"), f"{was} (n = {formats.number(before.n)})"))
    note = note_of(now)
    if note:
        found.append((_("note"), note))
    return found


def _beside_target(now: Result, kpi: Kpi, target: Target) -> str:
    """The target, and how far from it the value is."""
    aim = formats.aim(target.value, kpi.unit)
    said = _("{value} (sample)").format(value=aim) if target.sample else aim
    away = formats.change(now.value, target.value, kpi.unit, Better.CONTEXT)
    if now.too_few or away is None or not away.amount:
        return said
    over = (now.value or 0.0) > target.value
    text = _("{target}; {amount} above it") if over else _("{target}; {amount} below it")
    return text.format(target=said, amount=away.amount)


def _aim(kpi: Kpi, target: Target | None) -> str:
    if target is None:
        return ""
    value = formats.aim(target.value, kpi.unit)
    said = _("target {value} (sample)") if target.sample else _("target {value}")
    return said.format(value=value)


def note_of(result: Result) -> str:
    """The result's remarks in the language spoken now; empty where there are none."""
    return result.note_in(_) or ""
