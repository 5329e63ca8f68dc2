"""One goal: where it stands over all processes and per process, and the KPIs that serve it."""

from __future__ import annotations

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.states import URGENCY, State, judge
from kpi.bulletin.tables import Column, Shown, Value
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures.arithmetic import aim
from kpi.model import Better, Kpi, Result
from kpi.numbers import applies
from kpi.numbers.goals import Goal
from pages.shared import data, figures, page
from pages.shared.asked import Asked


def standing(asked: Asked, goal: Goal) -> State:
    """The goal against its target, over all processes."""
    found = _whole(asked, goal.kpi)
    return judge(found, goal.target, goal.better)


def show(asked: Asked, goal: Goal, state: State) -> None:
    """The goal's sentence and its table."""
    page.section(goal.title(language()))
    page.text(_sentence(asked, goal, state))
    processes = data.processes(asked.period.until)
    heads: list[Column | str] = [
        _("KPI"),
        Column(_("Target"), figures=True),
        Column(_("All"), figures=True),
        *(Column(data.title("process", one), figures=True, wrap=True) for one in processes),
    ]
    page.table(
        table(
            goal.title(language()),
            heads,
            [_row(asked, goal, kpi, processes) for kpi in (goal.kpi, *goal.serving)],
            note=_note(goal),
            even=True,
        ),
        f"goal-{goal.id}",
    )


def legend() -> None:
    """What is held against what, and what the marks are: once, above the goals."""
    said = _(
        "A goal is for all processes together; each process is held against its own target, "
        "as on Overview."
    )
    page.legend(said, URGENCY[:3])


def _note(goal: Goal) -> str:
    said = [_("The first KPI measures the goal, the others serve it.")]
    if goal.row["owner"]:
        said.append(_("Owner: {owner}.").format(owner=goal.row["owner"]))
    if goal.sample:
        said.append(_("A sample: nobody has decided on this goal yet."))
    return " ".join(said)


def _sentence(asked: Asked, goal: Goal, state: State) -> str:
    found = _whole(asked, goal.kpi)
    if found is None or found.value is None or found.too_few:
        return _("Not known yet: too little is loaded for {kpi}.").format(
            kpi=formats.lower_first(_(goal.kpi.title))
        )
    value = formats.value(found.value, goal.kpi.unit, found.low, found.high)
    if goal.target is None:
        return _("{kpi}: {value}.").format(kpi=_(goal.kpi.title), value=value)
    said = _("{kpi}: {value}, {aim}: {state}.").format(
        kpi=_(goal.kpi.title), value=value, aim=aim(goal.kpi, goal.better, goal.target),
        state=state.word,
    )  # fmt: skip
    farthest = _farthest(asked, goal) if state in {State.ATTENTION, State.BAD} else ""
    if farthest:
        said += " " + farthest
    apart = [one.value for one in _by_process(asked, goal.kpi).values() if one.by["process"]]
    known = [value for value in apart if value is not None]
    beyond = bool(known) and not min(known) <= found.value <= max(known)
    if beyond and found.extras.get("from_totals"):
        # A whole that lies beyond all of its parts reads as a mistake.
        said += " " + _("“All” also counts totals per period that belong to no process.")
    return said


def _farthest(asked: Asked, goal: Goal) -> str:
    """The process where it is worst, in plain figures: its own target may be another, or none."""
    known = [
        one
        for process, one in _by_process(asked, goal.kpi).items()
        if process is not None and one.value is not None and not one.too_few
    ]
    if len(known) < 2:
        return ""
    lowest = goal.better is Better.UP
    one = (min if lowest else max)(known, key=lambda each: each.value or 0.0)
    said = _("Lowest: {process}, {value}.") if lowest else _("Highest: {process}, {value}.")
    return said.format(
        process=data.title("process", one.by["process"]),
        value=formats.value(one.value, one.unit, one.low, one.high),
    )


def _sign(kpi: Kpi, target: float) -> str:
    """The same, as short as it goes."""
    return (
        f"{'≥' if kpi.better is Better.UP else '≤'}{formats.SPACE}{formats.aim(target, kpi.unit)}"
    )


def _row(asked: Asked, goal: Goal, kpi: Kpi, processes: list[str]) -> list[Value]:
    measures = kpi is goal.kpi
    better = goal.better if measures else kpi.better
    whole, apart = _whole(asked, kpi), _by_process(asked, kpi)

    def target(process: str | None) -> float | None:
        if measures and process is None:
            return goal.target
        own = data.target(kpi, process, asked.period.until)
        return own.value if own else None

    over_all = target(None)

    def cell(process: str) -> Value:
        own = target(process)
        apart_from = "" if own == over_all or own is None else _sign(kpi, own)
        return _cell(asked, kpi, apart.get(process), own, kpi.better, apart_from)

    link = figures.definition(kpi.name, asked.filters)
    return [
        Shown(_(kpi.title), href=link, mark="strong" if measures else ""),
        aim(kpi, better, over_all) if over_all is not None and better is not Better.CONTEXT else "",
        _cell(asked, kpi, whole, over_all, better),
        *(cell(one) for one in processes),
    ]


def _cell(
    asked: Asked,
    kpi: Kpi,
    one: Result | None,
    target: float | None,
    better: Better,
    aim: str = "",
) -> Value:
    """A number with how it stands to its target; `aim` is told below it where that is one of its own."""
    if one is None or one.value is None:
        return Shown(formats.NOTHING, mark="quiet")
    if one.too_few:
        return Shown(_("too few"), mark="quiet")
    state = judge(one, target, better)
    shown = None if state in {State.NO_TARGET, State.NOTHING} else state
    return figures.shown(_filters(asked, kpi), one, state=shown, under=aim if shown else "")


def _whole(asked: Asked, kpi: Kpi) -> Result | None:
    if not applies(kpi, (), _filters(asked, kpi).where):
        return None
    [found] = data.ask((kpi.name,), _filters(asked, kpi))
    return found


def _by_process(asked: Asked, kpi: Kpi) -> dict[str | None, Result]:
    if not applies(kpi, ("process",), asked.filters.where):
        return {}
    return {
        one.by["process"]: one for one in data.ask((kpi.name,), _filters(asked, kpi), ("process",))
    }


def _filters(asked: Asked, _kpi: Kpi) -> Filters:
    return asked.filters
