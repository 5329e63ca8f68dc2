"""Whether an alert is about what a visitor looks at, and may be seen by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.access import Scope
from kpi.alerts import passing
from kpi.alerts.rules import LATEST, OF_THE_CLOCK, Rule
from kpi.filters import Filters

if TYPE_CHECKING:
    from kpi.store import Store


def in_sight(store: Store, rule: Rule, filters: Filters, scope: Scope) -> bool:
    """Whether the alert is about what `filters` keep to, of processes that `scope` sees.

    One about all processes together is none of who sees some of them, nor about the one they look at.
    A file that is late is everybody's: all numbers rest on it.
    """
    if rule.condition in OF_THE_CLOCK and not rule.filters.where:
        return True
    process = process_of(store, rule)
    kept = filters.values("process")
    if process is None:
        if kept or scope.processes is not None:
            return False
    elif not scope.sees(process) or (kept and process not in kept):
        return False
    channels = filters.values("channel")
    return not channels or not rule.channel or rule.channel in channels


def process_of(store: Store, rule: Rule) -> str | None:
    """The process that an alert is about: its own, else that of its reason or of its funnel."""
    if rule.process:
        return rule.process
    if rule.reason:
        row = store.configuration.row("reasons", LATEST, reason=rule.reason)
        return row["process"] if row and row["process"] else None
    return passing.process(store, rule.passing) if rule.passing else None
