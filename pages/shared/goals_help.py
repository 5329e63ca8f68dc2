"""Where help is needed: aims that pull apart, departments that cause others' contacts, stuck actions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.matrix import ALL, Place, matrix
from kpi.bulletin.sources import Source
from kpi.bulletin.states import judge, overlap
from kpi.bulletin.tables import Column, Shown, Value
from kpi.differences import changed
from kpi.filters import Filters
from kpi.i18n import _, language, ngettext
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Kpi, Result
from kpi.numbers import Compared, applies
from kpi.numbers.goals import Goal, Pull, pulls
from pages.shared import action_edit, actions, data, drill, figures, page, places
from pages.shared.asked import Asked
from pages.shared.components import bulletin

#: Stands for contacts that no case, so no department, was made of.
_WITHOUT = ""


def show(asked: Asked, found: Sequence[Goal]) -> None:
    """The three kinds of trouble that a line manager cannot solve alone."""
    _pulls(found)
    _own_norm(asked)
    _causers(asked)
    _stuck()


def _pulls(found: Sequence[Goal]) -> None:
    page.section(_("Conflicting goals"))
    on = data.default_day()
    configuration = data.store().configuration
    there = pulls(configuration.rows("actions", on), found)
    hinder = [row for row in configuration.rows("staff_signals", on) if row["hinders"]]
    if not there and not hinder:
        page.text(_("None: running actions and goals do not contradict each other."))
        return
    rows: list[list[Value]] = [_pull(one) for one in there]
    rows += [
        [
            Shown(row["text"] or "", under=data.title("process", row["process"])),
            _("a norm stands in the way"),
            _next(row["process"], "moments", _("Talk it over with the process owner")),
        ]
        for row in hinder
        if (row["state"] or "new") in {"new", "taken_up"}
    ]
    page.table(
        table(_("Conflicting goals"), [_("What"), _("Against what"), _("Next step")], rows),
        "pulls",
    )


def _pull(one: Pull) -> list[Value]:
    what, name = one.about
    thing = _(KPIS[name].title) if what == "kpi" and name in KPIS else data.title("moment", name)
    arrows = {"up": "▲", "down": "▼"}
    mine = one.action
    if one.goal is not None:
        against = Shown(
            _("goal: {goal}").format(goal=one.goal.title(language())),
            under=_("wants {kpi} {arrow}").format(
                kpi=formats.lower_first(thing),
                arrow="▼" if mine["direction"] == "up" else "▲",
            ),
        )
    else:
        assert one.other is not None
        against = Shown(
            one.other["title"] or one.other["action"],
            under=f"{thing} {arrows.get(one.other['direction'] or '', '')}",
        )
    return [
        Shown(
            mine["title"] or mine["action"],
            under=f"{thing} {arrows.get(mine['direction'] or '', '')}",
        ),
        against,
        _next(mine["process"], "meeting", _("Choose one of the two with the owner")),
    ]


def _next(process: str | None, view: str, label: str) -> Value:
    if not process:
        return label
    query = urlencode({"process": process, "view": view, "lang": language()})
    return Shown(label, href=f"{places.path('process')}?{query}")


def _own_norm(asked: Asked) -> None:
    """Every department against its own clock, the one that misses it most first."""
    kpi = KPIS["within_norm_department"]
    if not applies(kpi, ("department",), asked.filters.where):
        return
    by = ("department", "process")
    found = {
        one.now.by["department"]: one
        for one in data.compare((kpi.name,), asked.filters, ("department",))
        if one.now.n and one.now.value is not None
    }
    if not found:
        return
    apart: dict[str | None, list[Result]] = {}
    for one in data.ask((kpi.name,), asked.filters, by):
        if one.value is not None and not one.too_few:
            apart.setdefault(one.by["department"], []).append(one)
    page.section(_("Departments and their own norm"))
    judged = [one.now for one in found.values() if not one.now.too_few]
    worst = min(judged, key=lambda one: one.value or 0.0, default=None)
    # Of one alone, or of all alike, none is the least.
    if worst is not None and any((one.value or 0.0) > (worst.value or 0.0) for one in judged):
        page.text(
            _("{department} least often closes or hands over within its own norm: {value}.").format(
                department=data.title("department", worst.by["department"]),
                value=formats.value(worst.value, worst.unit, worst.low, worst.high),
            )
        )
    target = data.target(kpi, None, asked.period.until)
    rows: list[list[Value]] = []
    for department in sorted(found, key=lambda one: (found[one].now.too_few, found[one].now.value)):
        one = found[department]
        hardest = min(apart.get(department, ()), key=lambda each: each.value or 0.0, default=None)
        rows.append(
            [
                data.title("department", department),
                _of_norm(asked, one.now, target.value if target else None),
                _change(one),
                figures.shown(asked.filters, one.now, "n"),
                _hardest(asked, hardest),
            ]
        )
    page.table(
        table(
            _("Departments and their own norm"),
            [
                _("Department"),
                Column(_("Within its own norm"), figures=True),
                Column(_("Change"), figures=True),
                Column(_("n"), figures=True),
                _("Lowest in"),
            ],
            rows,
        ),
        "own-norm",
    )
    page.quiet(_(kpi.definition))


def _of_norm(asked: Asked, one: Result, target: float | None) -> Value:
    if one.too_few:
        return Shown(_("too few"), mark="quiet")
    state = judge(one, target, KPIS[one.kpi].better)
    return figures.shown(asked.filters, one, state=state)


def _change(one: Compared) -> Value:
    if one.before is None or one.before.too_few or one.now.too_few:
        return formats.NOTHING
    change = changed(one.now, one.before, one.now.unit, KPIS[one.now.kpi].better)
    if change is None:
        return formats.NOTHING
    sure = not overlap(one.now, one.before)
    mark = "quiet" if not sure or change.good is None else "better" if change.good else "worse"
    return Shown(change.told(sure), mark=mark)


def _hardest(asked: Asked, one: Result | None) -> Value:
    """The process in which the department is within its norm least, and the way there."""
    if one is None or one.by["process"] is None:
        return formats.NOTHING
    process = one.by["process"]
    return Shown(
        data.title("process", process),
        href=f"{places.path('process')}{asked.query(process)}&view=lead",
        under=formats.value(one.value, one.unit, one.low, one.high),
    )


def _causers(asked: Asked) -> None:
    """Which department's work makes others handle contacts that need not be."""
    kpi = KPIS["causer"]
    page.section(_("Departments that cause contacts for others"))
    by = ("causing_department", "department")
    if not applies(kpi, by, asked.filters.where):
        return
    counts: dict[tuple[str, str], float] = {}
    sources: dict[Place, Source] = {}
    unknown = 0.0
    for one in data.ask((kpi.name,), asked.filters, by):
        causing, handling = one.by["causing_department"], one.by["department"]
        if causing is None:
            unknown += one.numerator or 0.0
        else:
            counts[causing, handling or _WITHOUT] = one.numerator or 0.0
            if one.numerator:
                sources[causing, handling or _WITHOUT] = figures.source(
                    asked.filters, one, "numerator"
                )
    total = sum(counts.values())
    if total < TOO_FEW:
        page.text(_("Too few avoidable contacts have a causing department to compare them."))
        return
    sources |= _totals(asked, kpi, {causing for causing, _handling in counts})
    others = {key: n for key, n in counts.items() if n and key[1] not in {key[0], _WITHOUT}}
    caused = {one: sum(n for key, n in counts.items() if key[0] == one) for one, _h in counts}
    if others:
        elsewhere = {one: sum(n for key, n in others.items() if key[0] == one) for one in caused}
        worst = max(elsewhere, key=lambda one: elsewhere[one])
        pair = max(others, key=lambda key: others[key])
        known = sum(n for key, n in counts.items() if key[1] != _WITHOUT)
        said = _(
            "{department} causes most with other departments: {n} of the {total} avoidable "
            "contacts about a case with a known causer."
        ).format(
            department=data.title("department", worst), n=formats.number(elsewhere[worst]),
            total=formats.number(known),
        )  # fmt: skip
        between = _("Most between two departments: {one} causes {n} for {other}.").format(
            one=data.title("department", pair[0]), other=data.title("department", pair[1]),
            n=formats.number(others[pair]),
        )  # fmt: skip
        page.text(f"{said} {between}")
    order = sorted(caused, key=lambda one: -caused[one])
    handled = {one: sum(n for key, n in counts.items() if key[1] == one) for _c, one in counts}
    columns = sorted(handled, key=lambda one: (one == _WITHOUT, -handled[one]))
    bulletin(
        matrix(
            _("Departments that cause contacts for others"),
            _("Causes ↓ handles →"),
            _("Total"),
            [(one, data.title("department", one)) for one in order],
            [(one, _column(one)) for one in columns],
            counts,
            sources,
        ).html,
        "causers",
    )
    page.quiet(
        _(
            "Avoidable contacts by the department that causes them and the department of their case. "
            "{unknown} have no known causing department."
        ).format(unknown=formats.number(unknown))
    )
    places.link(
        "avoidable",
        _("Their causes, and what halving one would yield"),
        query=drill.question("avoidable", asked.filters, {}),
    )


def _totals(asked: Asked, kpi: Kpi, causing: Collection[str]) -> dict[Place, Source]:
    """Where the totals come from: each is asked by itself, of contacts with a known causer."""

    def source(filters: Filters, one: Result) -> Source:
        return figures.source(filters, one, "numerator")

    known = asked.filters.keeping("causing_department", causing)
    [all_of_them] = data.ask((kpi.name,), known)
    return {
        **{
            (one.by["causing_department"], ALL): source(asked.filters, one)
            for one in data.ask((kpi.name,), asked.filters, ("causing_department",))
            if one.by["causing_department"] is not None
        },
        **{
            (ALL, one.by["department"] or _WITHOUT): source(known, one)
            for one in data.ask((kpi.name,), known, ("department",))
        },
        (ALL, ALL): source(known, all_of_them),
    }


def _column(one: str) -> str:
    return data.title("department", one) if one else _("without a case")


def _stuck() -> None:
    page.section(_("Actions that are stuck"))
    found = actions.actions(data.told_day())
    stuck = [one for one in found if one.stuck]
    live = [one for one in found if one.live]
    if not live:
        page.text(_("No improvement action is planned or running."))
        return
    if not stuck:
        page.text(
            ngettext(
                "None: the one action that is planned or running is on its way.",
                "None: the {n} actions that are planned or running are on their way.",
                len(live),
            ).format(n=len(live))
        )
        return
    page.table(actions.stuck_table(stuck, action_edit.link), "stuck")
