"""This year's goals: which there are, what measures them, and what pulls the other way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kpi.measures import KPIS
from kpi.model import Better, Kpi
from kpi.results.conflicts import RUNNING, in_conflict

if TYPE_CHECKING:
    from kpi.store import Store

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Goal:
    """One goal: the KPI that measures it with its direction and target, and the KPIs that serve it."""

    id: str
    row: Row
    kpi: Kpi
    better: Better
    target: float | None
    serving: tuple[Kpi, ...]

    @property
    def sample(self) -> bool:
        """Nobody decided on it yet."""
        return bool(self.row["sample"])

    def title(self, language: str) -> str:
        """Its name on screen; the other language serves where this one has none."""
        other = "en" if language == "nl" else "nl"
        return str(self.row[f"title_{language}"] or self.row[f"title_{other}"] or self.id)


def goals(store: Store, on: date) -> list[Goal]:
    """The goals in force on a day; one for another year, or without a known KPI, is left out."""
    found = []
    for row in store.configuration.rows("goals", on):
        kpi = KPIS.get(row["kpi"] or "")
        if kpi is None or (row["year"] and row["year"] != on.year):
            continue
        named = [one.strip() for one in (row["kpis"] or "").split(",")]
        serving = tuple(KPIS[name] for name in named if name in KPIS and name != kpi.name)
        better = Better(row["direction"]) if row["direction"] else kpi.better
        found.append(Goal(row["goal"], row, kpi, better, row["target"], serving))
    return found


def aim_of(store: Store, kpi: Kpi, on: date) -> tuple[float, bool] | None:
    """What this year's goals ask of a KPI over all processes, and whether that is a sample; None: nothing."""
    for goal in goals(store, on):
        if goal.kpi.name == kpi.name and goal.better is kpi.better and goal.target is not None:
            return goal.target, goal.sample
    return None


def target(
    store: Store, kpi: Kpi, process: str | None, on: date | None, *, whole: bool = False
) -> tuple[float, bool] | None:
    """What a KPI should reach on a day, and whether that is a sample; None: nothing is asked of it.

    The target configured for the process, else for all; of the `whole` organisation this year's goal;
    else our own sample.
    """
    if on is not None:
        row = store.configuration.target(kpi.name, on, process)
        if row is not None and row["value"] is not None:
            return float(row["value"]), bool(row["sample"])
        goal = aim_of(store, kpi, on) if whole else None
        if goal is not None:
            return goal
    return None if kpi.target is None else (kpi.target, True)


@dataclass(frozen=True)
class Pull:
    """Two aims that pull at one thing in opposite directions: two actions, or an action and a goal."""

    action: Row
    other: Row | None = None
    goal: Goal | None = None

    @property
    def about(self) -> tuple[str, str]:
        """What both pull at: "kpi" or "moment", and its id."""
        if self.goal is not None:
            return "kpi", self.action["kpi"]
        assert self.other is not None
        for what in ("kpi", "moment"):
            if self.action[what] and self.action[what] == self.other[what]:
                return what, self.action[what]
        return "kpi", self.action["kpi"] or ""


def pulls(actions: Iterable[Row], found: Sequence[Goal]) -> list[Pull]:
    """Running actions against each other, and against the goals."""
    running = [row for row in actions if row["state"] == RUNNING]
    made = [Pull(one, other) for one, other in combinations(running, 2) if in_conflict(one, other)]
    for row in running:
        if row["direction"] not in {"up", "down"}:
            continue
        for goal in found:
            wanted = {goal.kpi.name: goal.better} | {kpi.name: kpi.better for kpi in goal.serving}
            better = wanted.get(row["kpi"] or "", Better.CONTEXT)
            if better is not Better.CONTEXT and better.value != row["direction"]:
                made.append(Pull(row, goal=goal))
    return made
