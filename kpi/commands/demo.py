"""`ketenzicht demo`: fill the store with the invented organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.asked import asking, day
from kpi.commands.who import who
from kpi.demo.fill import fill as fill_store
from kpi.demo.fill import is_empty, yesterday
from kpi.demo.plan import Plan, PlanProblem
from kpi.i18n import _
from kpi.numbers import AskProblem

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit


@asking
def fill(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Make a demo and load it; with `if_empty` only into a store that holds nothing."""
    if arguments.get("if_empty") and not is_empty(store):
        return 0
    zone = store.settings.time_zone
    numbers = {
        name: int(arguments[name])
        for name in ("customers", "months", "seed")
        if arguments.get(name) is not None
    }
    until = day("--until", arguments.get("until")) or yesterday(zone)
    try:
        plan = Plan(until=until, zone=zone, **numbers)
    except PlanProblem as problem:
        raise AskProblem(str(problem)) from problem
    filled = fill_store(store, plan, who(), lambda text: emit.err(text + "\n"))
    if filled.report.import_id is None:
        emit.err(_("This demo was there already; nothing changed.") + "\n")
        return 0
    emit.err(
        _("The demo is there: import {number}, {rows} rows, up to {until}.").format(
            number=filled.report.import_id,
            rows=formats.number(filled.report.counts.accepted),
            until=formats.day(plan.until),
        )
        + "\n"
    )
    emit.err(_("What was planted in it stands in {file}.").format(file=filled.truth) + "\n")
    return 0
