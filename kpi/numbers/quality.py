"""Data quality asked of a store: coverage and what it weakens, coding, chains, what was set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.measures import KPIS
from kpi.numbers.corrected import Corrected, corrected
from kpi.periods import Period
from kpi.query import quality as selects
from kpi.results.quality import (
    Aside,
    Coding,
    Coverage,
    Step,
    asides,
    codings,
    coverages,
)

if TYPE_CHECKING:
    from kpi.store import Store

#: Reasons that say nothing, folded; beside those that are configured as of kind "other".
_OTHER_WORDS = {"other", "overig", "overige", "anders", "divers", "diversen", "algemeen", "general"}


@dataclass(frozen=True)
class Quality:
    """What there is to say of a period.

    Attributes:
        coverage: fields by table, in the order of the sheet; tables without rows are absent.
        coding: departments, most contacts first.
        steps: moments in the order of their chain, by process.
        aside: imports with rows set aside, the latest first; over all time.
    """

    coverage: tuple[Coverage, ...]
    coding: tuple[Coding, ...]
    steps: tuple[Step, ...]
    aside: tuple[Aside, ...]

    @property
    def gaps(self) -> list[Coverage]:
        """Fields that are missing too often, those that weaken the most KPIs first."""
        found = [one for one in self.coverage if one.is_gap]
        return sorted(found, key=lambda one: (-len(one.kpis), -one.split, one.whole.share or 0.0))


def quality(
    store: Store, period: Period, process: str | None = None, scope: Scope = EVERYTHING
) -> Quality:
    """What is filled in and how well it is coded, over local days.

    Args:
        store: to ask.
        period: months are told apart in it.
        process: only this one; the empty text: only what has none; None: all.
        scope: what may be seen.
    """
    found: list[Coverage] = []
    for of in selects.COVERED:
        rows = store.rows(selects.filled(of, period, scope, process))
        found += coverages(of.table, of.fields, rows, weakened(of.prepared), split_by(of.prepared))
    on = period.until
    configuration = store.configuration
    nothing_said = {
        row["reason"].casefold()
        for row in configuration.rows("reasons", on)
        if row["kind"] == "other"
    }
    coding = codings(
        store.rows(selects.coded(period, scope, process)),
        configuration.configured("reason", on),
        nothing_said | _OTHER_WORDS,
    )
    order = {
        (row["process"], row["moment"]): number
        for number, row in enumerate(configuration.moments(on))
    }
    steps = [
        Step(
            row["process"],
            row["moment"],
            bool(row["optional"]),
            row["passed"],
            int(row["measured"]),
        )
        for row in store.rows(selects.steps(period, scope, process))
    ]
    steps.sort(key=lambda one: (order.get((one.process, one.moment), len(order)), one.moment))
    aside = _with_corrections(store, asides(store.rows(selects.set_aside())))
    return Quality(tuple(found), tuple(coding), tuple(steps), tuple(aside))


def _with_corrections(store: Store, aside: list[Aside]) -> list[Aside]:
    """The same, with what later imports corrected."""
    found = {number: corrected(store, number) for number in {one.import_id for one in aside}}
    nothing = Corrected()
    return [
        replace(one, corrected=min(one.n, done.rows), by=done.by)
        for one in aside
        for done in (found[one.import_id].get(one.table, nothing),)
    ]


@cache
def split_by(prepared: str) -> dict[str, int]:
    """Per dimension how many KPIs of a prepared table are told apart by it."""
    found: dict[str, int] = {}
    for kpi in KPIS.values():
        if prepared in selects.reads_of(kpi)[0]:
            for name in kpi.dimensions:
                found[name] = found.get(name, 0) + 1
    return found


@cache
def weakened(prepared: str) -> dict[str, tuple[str, ...]]:
    """Per column of a prepared table the KPIs made of it: headlines first, as declared."""
    found: dict[str, list[str]] = {}
    ordered = sorted(KPIS.values(), key=lambda kpi: (kpi.headline is None, kpi.headline or 0))
    for kpi in ordered:
        tables, columns = selects.reads_of(kpi)
        if prepared in tables:
            for column in columns:
                found.setdefault(column, []).append(kpi.name)
    return {column: tuple(names) for column, names in found.items()}
