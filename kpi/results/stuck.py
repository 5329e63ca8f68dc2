"""Which improvement actions are stuck, and why: where management can help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from kpi.results.effect import Effect, Verdict

#: An action without an effect by so many weeks will hardly get one by waiting.
LONG_ENOUGH = 8


class Stuck(StrEnum):
    """Why an action is stuck, the first that holds."""

    OVERDUE = "overdue"
    NOT_BEGUN = "not begun"
    NO_OWNER = "no owner"
    WORSE = "worse"
    NO_EFFECT = "no effect"


def stuck(action: Mapping[str, Any], effect: Effect | None, on: date) -> Stuck | None:
    """Why an action is stuck on a day; None where it is not, or is over.

    Args:
        action: a row of the actions.
        effect: what became of its KPI, where that can be judged.
        on: the day it is looked at: that of as-of.
    """
    state = action["state"]
    if state == "running" and action["stops_on"] and action["stops_on"] < on:
        return Stuck.OVERDUE
    if state == "planned" and action["starts_on"] and action["starts_on"] < on:
        return Stuck.NOT_BEGUN
    if state not in {"planned", "running"}:
        return None
    if not (action["owner"] or "").strip():
        return Stuck.NO_OWNER
    if effect is None or effect.weeks < LONG_ENOUGH:
        return None
    return {Verdict.WORSE: Stuck.WORSE, Verdict.NOT_SHOWN: Stuck.NO_EFFECT}.get(effect.verdict)
