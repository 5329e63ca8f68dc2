"""Where help is needed whatever moved: a department behind its norm, aims that pull apart, stuck actions."""

from __future__ import annotations

from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin.render import render
from kpi.bulletin.states import State, judge
from kpi.i18n import _, language, ngettext
from kpi.measures import KPIS
from kpi.numbers import applies
from kpi.numbers.goals import goals, pulls
from pages.shared import actions, data, places
from pages.shared.filters import Asked

OWN_NORM = KPIS["within_norm_department"]


def html(asked: Asked) -> str:
    """What a line manager cannot solve alone, in one line that leads to it; empty: nothing."""
    to_goals = places.path("goals") + asked.query()
    to_actions = f"{places.path('actions')}?{urlencode({'lang': language()})}"
    found = [(_behind(asked), to_goals), (_apart(asked), to_goals), (_stuck(), to_actions)]
    said = [(text, href) for text, href in found if text]
    return render("helping.jinja", said=said) if said else ""


def _behind(asked: Asked) -> str:
    """The department that is within its own norm least, where that is beyond chance too little."""
    target = data.target(OWN_NORM, None, asked.period.until)
    if target is None or not applies(OWN_NORM, ("department",), asked.filters.where):
        return ""
    behind = [
        one
        for one in data.ask((OWN_NORM.name,), asked.filters, ("department",))
        if one.by["department"] is not None
        and judge(one, target.value, OWN_NORM.better) is State.BAD
    ]
    if not behind:
        return ""
    worst = min(behind, key=lambda one: one.value or 0.0)
    said = _("{department} {value} within its own norm, where {target} is the aim").format(
        department=data.title("department", worst.by["department"]),
        value=formats.value(worst.value, worst.unit, worst.low, worst.high),
        target=formats.value(target.value, worst.unit),
    )
    more = len(behind) - 1
    if not more:
        return said
    others = ngettext("{n} department more below it", "{n} departments more below it", more)
    return f"{said} ({others.format(n=more)})"


def _apart(asked: Asked) -> str:
    configuration = data.store().configuration
    on = data.default_day()
    there = pulls(configuration.rows("actions", on), goals(data.store(), asked.period.until))
    if not there:
        return ""
    return ngettext(
        "{n} action pulls against a goal or another action",
        "{n} actions pull against a goal or another action",
        len(there),
    ).format(n=len(there))


def _stuck() -> str:
    found = [one for one in actions.actions(data.told_day()) if one.stuck]
    if not found:
        return ""
    said = ngettext("{n} action is stuck", "{n} actions are stuck", len(found)).format(n=len(found))
    return f"{said}: {found[0].row['title'] or found[0].row['action']}"
