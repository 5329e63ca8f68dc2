"""What became of a number after an improvement action, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi import formats
from kpi.bulletin.tables import Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Result
from kpi.results.effect import Effect, Verdict


def effect(found: Effect, *, beside: str = "", row: Mapping[str, Any] | None = None) -> Shown:
    """A verdict with the two values, and below it over how long and what else may have done it.

    `beside` is the KPI whose figure it stands under: of another one its name is said. Of the action
    itself (`row`) it is said as well whether it came to what it aims at.
    """
    if found.before is None or found.after is None:
        return Shown(_("too early to say"))
    said = {
        Verdict.BETTER: _("better: {before} → {after}"),
        Verdict.WORSE: _("worse: {before} → {after}"),
        Verdict.NOT_SHOWN: _("no difference beyond chance: {before} → {after}"),
        Verdict.EARLY: _("too early to say"),
    }[found.verdict]
    under = [reached(found, row)] if row and found.verdict is not Verdict.EARLY else []
    under += [_("{weeks} weeks before and after").format(weeks=found.weeks)]
    under += [_("provisional: it still runs")] if found.provisional else []
    under += [note.text(_) for note in found.warnings]
    with formats.alike(KPIS[found.kpi].unit, (found.before.value, found.after.value)):
        values = said.format(before=_value(found, found.before), after=_value(found, found.after))
    if beside and beside != found.kpi:
        values = f"{_(KPIS[found.kpi].title)}, {values}"
    return Shown(
        # The two values stay together where the line is broken.
        values.replace(" → ", f"{formats.SPACE}→{formats.SPACE}"),
        under=" · ".join(part for part in under if part),
    )


def reached(found: Effect, row: Mapping[str, Any]) -> str:
    """Whether the action came to what it aims at; empty where it has no such figure."""
    kpi, target = KPIS[found.kpi], row["target"]
    value = found.after.value if found.after else None
    if target is None or value is None:
        return ""
    up = (row["direction"] or kpi.better.value) == Better.UP.value
    if value >= target if up else value <= target:
        said = _("aim of {target} reached")
    elif found.provisional:
        said = _("aim of {target} not reached yet")
    else:
        said = _("aim of {target} not reached")
    return said.format(target=formats.aim(target, kpi.unit))


def _value(found: Effect, result: Result) -> str:
    return formats.value(result.value, KPIS[found.kpi].unit, result.low, result.high)
