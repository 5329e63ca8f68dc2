"""What asks for help whatever moved: alerts that go off, a department behind its norm, stuck actions."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from kpi import formats
from kpi.alerts import looking, words
from kpi.alerts.machine import Phase
from kpi.alerts.rules import TARGET
from kpi.alerts.sight import in_sight
from kpi.bulletin.render import render
from kpi.bulletin.states import State, judge
from kpi.i18n import _, language, ngettext
from kpi.measures import KPIS
from kpi.numbers import applies
from kpi.numbers.goals import goals, pulls
from pages.shared import actions, data, places
from pages.shared.asked import Asked

OWN_NORM = KPIS["within_norm_department"]


def html(asked: Asked) -> str:
    """What a line manager cannot solve alone, in one line that leads to it; empty: nothing."""
    spoken = urlencode({"lang": language()})
    found = [
        (_alarm(asked), f"{places.path('alerts')}?{spoken}"),
        _behind(asked),
        (_apart(asked), places.path("goals") + asked.query()),
        (_stuck(asked), f"{places.path('actions')}?{spoken}"),
    ]
    said = [(text, href) for text, href in found if text]
    return render("helping.jinja", said=said) if said else ""


def _alarm(asked: Asked) -> str:
    """What goes off now: the page is about a period, and would be silent about today."""
    firing = [
        one
        for one in looking.standings(data.store()).values()
        if one.standing.phase is Phase.FIRING
        and one.standing.seen is not None
        and in_sight(data.store(), one.rule, asked.filters, data.SCOPE)
    ]
    if not firing:
        return ""
    seen = firing[0].standing.seen
    assert seen is not None
    rule = firing[0].rule
    said = _("Alert: {what}").format(what=words.title(data.store(), rule, seen))
    if rule.condition == TARGET:
        # Of other days than the numbers on this page.
        over = formats.period(seen.day - timedelta(days=rule.days - 1), seen.day)
        said = f"{said}, {over}"
    more = len(firing) - 1
    if not more:
        return said
    others = ngettext("and {n} more alert goes off", "and {n} more alerts go off", more)
    return f"{said} ({others.format(n=more)})"


def _behind(asked: Asked) -> tuple[str, str]:
    """The department that is within its own norm least, where that is beyond chance too little.

    It leads to the clocks of the process in which that department is within it least.
    """
    nothing = ("", "")
    target = data.target(OWN_NORM, None, asked.period.until)
    if target is None or not applies(OWN_NORM, ("department",), asked.filters.where):
        return nothing
    behind = [
        one
        for one in data.ask((OWN_NORM.name,), asked.filters, ("department",))
        if one.by["department"] is not None
        and judge(one, target.value, OWN_NORM.better) is State.BAD
    ]
    if not behind:
        return nothing
    worst = min(behind, key=lambda one: one.value or 0.0)
    said = _("{department} {value} within its own norm, where {target} is the aim").format(
        department=data.title("department", worst.by["department"]),
        value=formats.value(worst.value, worst.unit, worst.low, worst.high),
        target=formats.aim(target.value, worst.unit),
    )
    more = len(behind) - 1
    if more:
        others = ngettext("{n} more is certainly below it", "{n} more are certainly below it", more)
        said = f"{said} ({others.format(n=more)})"
    apart = [
        one
        for one in data.ask((OWN_NORM.name,), asked.filters, ("department", "process"))
        if one.by["department"] == worst.by["department"]
        and one.by["process"] is not None
        and one.value is not None
        and not one.too_few
    ]
    if not apart:
        return said, places.path("goals") + asked.query()
    hardest = min(apart, key=lambda one: one.value or 0.0)
    process = hardest.by["process"]
    if len(apart) > 1:
        # Where it leads to the number is that of one process: another than stands before it.
        said = _("{said}; least for {process}: {value}").format(
            said=said,
            process=data.title("process", process),
            value=formats.value(hardest.value, hardest.unit, hardest.low, hardest.high),
        )
    return said, f"{places.path('process')}{asked.query(process)}&view=lead"


def _apart(asked: Asked) -> str:
    configuration = data.store().configuration
    on = data.default_day()
    rows = [row for row in configuration.rows("actions", on) if _kept(asked, row["process"])]
    there = pulls(rows, goals(data.store(), asked.period.until))
    if not there:
        return ""
    return ngettext(
        "{n} action pulls against a goal or another action",
        "{n} actions pull against a goal or another action",
        len(there),
    ).format(n=len(there))


def _kept(asked: Asked, process: str | None) -> bool:
    """Whether an action is of what is looked at; one of no process is of all."""
    kept = asked.filters.values("process")
    if not process:
        return not kept and data.SCOPE.processes is None
    return data.SCOPE.sees(process) and (not kept or process in kept)


def _stuck(asked: Asked) -> str:
    found = [
        one
        for one in actions.actions(data.told_day())
        if one.stuck and _kept(asked, one.row["process"])
    ]
    if not found:
        return ""
    said = ngettext("{n} action is stuck", "{n} actions are stuck", len(found)).format(n=len(found))
    return f"{said}: {found[0].row['title'] or found[0].row['action']}"
