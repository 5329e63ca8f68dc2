"""What was decided before, and which improvement actions there are, as the meeting reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.access import Scope
from kpi.bulletin import sentences_effect
from kpi.bulletin.agenda import Decision, Running
from kpi.bulletin.tables import Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.numbers import agenda, effect_of
from kpi.results.effect import Verdict

if TYPE_CHECKING:
    from kpi.store import Store

Row = Mapping[str, Any]
_LISTED = frozenset({"running", "planned", "done"})


def decisions(store: Store, process: str) -> list[Decision]:
    """Decisions of earlier meetings and what became of them."""
    zone = str(store.settings.time_zone)
    today = formats.in_zone(datetime.now(UTC).replace(tzinfo=None), zone).date()
    return [_decision(row, today) for row in agenda.decisions(store, process)]


def _decision(row: Row, today: date) -> Decision:
    states = {"done": _("done"), "dropped": _("dropped")}
    is_open = row["state"] not in states
    return Decision(
        text=row["text"] or "",
        day=formats.day(row["decided_on"]) if row["decided_on"] else "",
        who=row["owner"] or _("nobody"),
        due=formats.day(row["due"]) if row["due"] else "",
        state=states.get(row["state"], _("still open")),
        outcome=row["outcome"] or "",
        overdue=bool(is_open and row["due"] and row["due"] < today),
    )


def actions(store: Store, process: str, on: date, scope: Scope) -> list[Running]:
    """What runs, is planned or is done about the process on a day, with what became of it."""
    rows = store.configuration.rows("actions", on)
    own = [row for row in rows if row["process"] == process and row["state"] in _LISTED]
    own.sort(key=lambda row: (row["state"] != "running", str(row["starts_on"])))
    return [_running(store, row, rows, scope) for row in own]


def state(name: str | None) -> str:
    """Where an action stands, in words."""
    return {
        "planned": _("planned"),
        "running": _("running"),
        "done": _("done"),
        "stopped": _("stopped"),
    }.get(name or "", _("unknown"))


def runs(row: Row) -> str:
    """From when to when an action runs, as everywhere else that a period is told."""
    first, last = row["starts_on"], row["stops_on"]
    if first and last:
        return formats.period(first, max(first, last))
    if first:
        return _("from {day}").format(day=formats.day(first))
    return _("up to {day}").format(day=formats.day(last)) if last else ""


def _running(store: Store, row: Row, others: Sequence[Row], scope: Scope) -> Running:
    found = effect_of(store, row, others, scope)
    verdict = sentences_effect.effect(found, row=row) if found else Shown(formats.NOTHING)
    marks = {Verdict.BETTER: "better", Verdict.WORSE: "worse"}
    if found:
        verdict = replace(verdict, mark=marks.get(found.verdict, ""))
    kpi = KPIS.get(row["kpi"] or "")
    return Running(
        title=row["title"] or row["action"],
        aim=_(kpi.title) if kpi else formats.NOTHING,
        runs=runs(row),
        who=row["owner"] or _("nobody"),
        verdict=verdict,
    )
