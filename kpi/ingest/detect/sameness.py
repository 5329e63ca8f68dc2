"""A column that says the same in every row, where that cannot be."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Finding
from kpi.ingest.detect.scene import FEW, Scene
from kpi.store.scratch import identifier
from kpi.text import N_

#: Columns that differ from row to row by their nature; a status or a channel may well be one.
_DIFFER = frozenset({
    "customer_id", "case_id", "contact_id", "root_id", "agent_id", "opened_at", "closed_at",
    "started_at", "answered_at", "occurred_at", "ended_at", "responded_at", "invited_at", "at",
    "posted_at", "reviewed_at", "customer_since", "score", "wait_s", "talk_s", "handle_s", "text",
    "comment", "external_id",
})  # fmt: skip

SAME = N_("{column}: all {n} rows say the same, {value}.")
SAME_ADVICE = N_("See whether this is the column that was meant: nothing can be told apart by it.")
ENDED = N_("{table}: all {n} cases are closed. The extract seems to leave open cases out.")
ENDED_ADVICE = N_(
    "Ask for open cases as well: without them the work in hand, and everything that is too late now,"
    " is missing."
)


def asks(scene: Scene) -> Mapping[str, str]:
    """How many cases have an end."""
    return {"closed": f"count({scene.local('closed_at')})"} if _tells_of_ends(scene) else {}


def finds(scene: Scene, told: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding per column of many rows and one value."""
    if scene.rows < FEW:
        return
    for name in _alike_at_first(scene):
        column = _value(scene, name)
        low, high, n = scene.row(
            f"SELECT min({column}), max({column}), count({column}) FROM {scene.good}"
        )
        if low is not None and low == high and n >= max(FEW, scene.rows / 2):
            yield scene.finding(
                "one_value", SAME, SAME_ADVICE, column=name, rows=n, n=n,
                value=low if not isinstance(low, str) else low[:60],
            )  # fmt: skip
    if told.get("closed") == scene.rows:
        yield scene.finding(
            "only_closed", ENDED, ENDED_ADVICE, rows=scene.rows, n=scene.rows,
            )  # fmt: skip


def _alike_at_first(scene: Scene) -> list[str]:
    """Columns that say at most one thing in the first rows: hardly any, so the others cost nothing."""
    names = [name for name in scene.by_name if name in _DIFFER]
    if not names:
        return []
    columns = [_value(scene, name) for name in names]
    wanted = ", ".join(f"count(DISTINCT {column})" for column in columns)
    row = scene.row(f"SELECT {wanted} FROM (SELECT * FROM {scene.good} LIMIT 2000)")
    return [name for name, different in zip(names, row, strict=True) if different <= 1]


def _value(scene: Scene, name: str) -> str:
    return scene.local(name) if name in scene.times else identifier(name)


def _tells_of_ends(scene: Scene) -> bool:
    return scene.table.name == "cases" and "closed_at" in scene.by_name
