"""Improvement actions as they stand: what they aim at, what became of it, and which are stuck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import Table, sentences_effect, table
from kpi.bulletin.tables import Shown, Value
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.meeting.decided import runs, state
from kpi.model import Kpi
from kpi.results.effect import Effect, Verdict
from kpi.results.stuck import LONG_ENOUGH, Stuck, stuck
from pages.shared import data, places

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """One action: its row, what became of its KPI, and why it is stuck (None: it is not)."""

    row: Row
    effect: Effect | None
    stuck: Stuck | None

    @property
    def live(self) -> bool:
        """Whether it is planned or running."""
        return self.row["state"] in {"planned", "running"}


def actions(on: date, process: str | None = None) -> list[Action]:
    """Those of a process, or of all (None): what runs first, then what is planned, then what is over."""
    rows = data.store().configuration.rows("actions", on)
    found = [_action(row, rows, on) for row in rows if process is None or row["process"] == process]
    order = {"running": 0, "planned": 1, "done": 2, "stopped": 3}
    return sorted(
        found, key=lambda one: (order.get(one.row["state"] or "", 4), str(one.row["starts_on"]))
    )


def _action(row: Row, others: Sequence[Row], on: date) -> Action:
    effect = data.cached(
        "effect",
        (row["action"], on),
        lambda: numbers.effect_of(data.store(), row, others, data.SCOPE),
    )
    return Action(row, effect, stuck(row, effect, on))


def listed(
    found: Sequence[Action], *, whose: bool = False, link: Callable[[Row], str] = lambda _row: ""
) -> Table:
    """The actions as a table; `whose` adds the process, `link` is where one is changed."""
    heads: list[Any] = [
        _("Action"),
        _("Aims at"),
        _("Runs"),
        _("Who"),
        _("Before and after"),
    ]
    if whose:
        heads.insert(1, _("Customer process"))
    return table(
        _("Improvement actions"), heads, [_cells(one, whose, link) for one in found],
        note=_("After, not because of: what else went on stands below the verdict, where it is known."),
    )  # fmt: skip


def _cells(one: Action, whose: bool, link: Callable[[Row], str]) -> list[Value]:
    row = one.row
    cells: list[Value] = [
        Shown(
            row["title"] or row["action"],
            under=f"{row['action']} · {state(row['state'])}",
            href=link(row),
        ),
        aim(row),
        runs(row),
        Shown(
            row["owner"] or _("nobody"),
            under=data.title("department", row["department"]) if row["department"] else "",
        ),
        _verdict(one),
    ]
    if whose:
        process = row["process"]
        cells.insert(1, data.title("process", process) if process else _("all processes"))
    return cells


def _verdict(one: Action) -> Value:
    said: Value = (
        sentences_effect.effect(one.effect, row=one.row) if one.effect else formats.NOTHING
    )
    if one.effect and isinstance(said, Shown):
        mark = {Verdict.BETTER: "better", Verdict.WORSE: "worse"}.get(one.effect.verdict, "")
        return Shown(said.text, under=said.under, mark=mark)
    return said


def aim(row: Row) -> Value:
    """The KPI, the direction and the target of an action."""
    kpi = KPIS.get(row["kpi"] or "")
    if kpi is None:
        return Shown(_("no KPI named"), mark="quiet")
    return Shown(_(kpi.title), under=_whither(row, kpi), href=_course(row))


def _whither(row: Row, kpi: Kpi) -> str:
    """Where to, in words: an arrow with the figure it should become reads as a change by it."""
    target = formats.aim(row["target"], kpi.unit) if row["target"] is not None else ""
    if target:
        target = f"{target} {formats.per(kpi.unit)}".rstrip()
    if row["direction"] == "up":
        return _("up to {value}").format(value=target) if target else _("up")
    if row["direction"] == "down":
        return _("down to {value}").format(value=target) if target else _("down")
    return target


def _course(row: Row) -> str:
    """The address of the course of what it aims at, with the action on it."""
    query = {"kpi": row["kpi"], "process": row["process"] or "", "lang": language()}
    return f"{places.path('trends')}?{urlencode({k: v for k, v in query.items() if v})}"


def stuck_table(found: Sequence[Action], link: Callable[[Row], str]) -> Table:
    """Those that are stuck: why, and the next step; `link` is where one is changed."""
    rows: list[list[Value]] = []
    for one in found:
        assert one.stuck is not None
        row = one.row
        weeks = one.effect.weeks if one.effect else LONG_ENOUGH
        rows.append(
            [
                Shown(
                    row["title"] or row["action"],
                    under=f"{row['action']} · {state(row['state'])} · {runs(row)}",
                ),
                data.title("process", row["process"]) if row["process"] else _("all processes"),
                row["owner"] or _("nobody"),
                aim(row),
                Shown(why_stuck(one.stuck).format(weeks=weeks), href=link(row)),
            ]
        )
    return table(
        _("Actions that are stuck"),
        [_("Action"), _("Customer process"), _("Who"), _("Aims at"), _("Why, and the next step")],
        rows,
        note=_("As of the last day of the data."),
    )


def why_stuck(reason: Stuck) -> str:
    """Why an action is stuck, and what to do next."""
    return {
        Stuck.OVERDUE: _("past its end and still running: evaluate it, then stop or prolong it"),
        Stuck.NOT_BEGUN: _("should have begun and is still planned: start it or move it"),
        Stuck.NO_OWNER: _("nobody owns it: name who does it"),
        Stuck.NO_EFFECT: _("no difference beyond chance after {weeks} weeks: change it or stop it"),
        Stuck.WORSE: _("it went the other way: look why, or stop it"),
    }[reason]
