"""`ketenzicht quality`: what is missing in the data, and which KPIs that weakens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.bulletin.sentences_quality import weakens
from kpi.commands.asked import asking, filters
from kpi.commands.output import plain, rendered
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.numbers.periods import default_period
from kpi.numbers.quality import quality
from kpi.periods import Period
from kpi.results.quality import Coverage

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

#: Columns of the table; JSON tells months and processes apart too.
SHOWN = ("table", "field", "filled", "rows", "worst", "kpis")
FIELDS = ("table", "field", "filled", "rows", "share", "worst", "worst_share", "kpis")


@asking
def show(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per table and field."""
    processes = list(arguments.get("process") or ())
    asked = filters(arguments, [], processes)
    headlines = [kpi.name for kpi in KPIS.values() if kpi.headline is not None]
    since, until = asked.since, asked.until
    if since is None or until is None:
        usual = default_period(store, headlines)
        since, until = since or usual[0], until or usual[1]
    kept = asked.values("process")
    found = quality(store, Period(since, until), kept[0] if kept else None)
    form = arguments.get("as", "table")
    told = {(one.table, one.field): one for one in found.coverage}
    records = [_record(one) for one in found.coverage]

    def cell(name: str, value: Any, row: Mapping[str, Any]) -> str:
        one = told[row["table"], row["field"]]
        if name == "filled":
            return _percent(one.whole.share)
        if name == "worst" and value is not None and one.worst is not None:
            return f"{value} {_percent(one.worst[1].share)}"
        if name == "kpis":
            return weakens(one)[0] if one.is_gap else ""
        return plain(value)

    titles = {
        "table": _("table"),
        "field": _("field"),
        "filled": _("filled in"),
        "rows": _("rows"),
        "worst": _("least in"),
        "kpis": _("less sure"),
    }
    emit.out(rendered(records, form, list(SHOWN if form == "table" else FIELDS), titles, cell))
    return 0


def _record(one: Coverage) -> dict[str, Any]:
    # Rows without a process are of no process that could be named.
    worst = one.worst if one.field != "process" else None
    return {
        "table": one.table,
        "field": one.field,
        "filled": one.whole.filled,
        "rows": one.whole.n,
        "share": _share(one.whole.share),
        "worst": worst[0] if worst else None,
        "worst_share": _share(worst[1].share) if worst else None,
        "kpis": list(one.kpis),
        "months": {month: _share(part.share) for month, part in one.months.items()},
        "processes": {process or "": _share(part.share) for process, part in one.processes.items()},
    }


def _share(share: float | None) -> float | None:
    """In percent, as all shares on the command line."""
    return None if share is None else 100 * share


def _percent(share: float | None) -> str:
    return formats.NOTHING if share is None else formats.percent(100 * share)
