"""What became of a number after an improvement action, in words."""

from __future__ import annotations

from kpi import formats
from kpi.bulletin.tables import Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Result
from kpi.results.effect import Effect, Verdict


def effect(found: Effect, *, beside: str = "") -> Shown:
    """A verdict with the two values, and below it over how long and what else may have done it.

    `beside` is the KPI whose figure it stands under: of another one its name is said.
    """
    if found.before is None or found.after is None:
        return Shown(_("too early to say"))
    said = {
        Verdict.BETTER: _("better: {before} → {after}"),
        Verdict.WORSE: _("worse: {before} → {after}"),
        Verdict.NOT_SHOWN: _("no difference beyond chance: {before} → {after}"),
        Verdict.EARLY: _("too early to say"),
    }[found.verdict]
    under = [_("{weeks} weeks before and after").format(weeks=found.weeks)]
    under += [_("provisional: it still runs")] if found.provisional else []
    under += [note.text(_) for note in found.warnings]
    with formats.alike(KPIS[found.kpi].unit, (found.before.value, found.after.value)):
        values = said.format(before=_value(found, found.before), after=_value(found, found.after))
    if beside and beside != found.kpi:
        values = f"{_(KPIS[found.kpi].title)}, {values}"
    return Shown(
        # The two values stay together where the line is broken.
        values.replace(" → ", f"{formats.SPACE}→{formats.SPACE}"),
        under=" · ".join(under),
    )


def _value(found: Effect, result: Result) -> str:
    return formats.value(result.value, KPIS[found.kpi].unit, result.low, result.high)
