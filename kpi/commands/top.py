"""`ketenzicht top complaints`: complaint reasons by distinct complaint cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.asked import asking, filters
from kpi.commands.output import plain, rendered
from kpi.i18n import _, language
from kpi.numbers import check_values, top_complaints

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

COLUMNS = ("place", "reason", "n", "previous", "change")


@asking
def top(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per reason; ties share a place."""
    processes = list(arguments.get("process") or ())
    asked = filters(arguments, (), processes)
    check_values(store, asked.where)
    found = top_complaints(store, asked, n=int(arguments.get("n", 5)))
    rows = found.rows if found else ()
    records = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    form = arguments.get("as", "table")
    averaged = found is not None and found.weeks > 1

    def cell(name: str, value: Any, _row: Mapping[str, Any]) -> str:
        if name == "reason":
            title = store.configuration.title("reason", value, language()) if value else None
            return title or _("unknown")
        if name in ("previous", "change"):
            return formats.number(value, 1 if averaged else 0)
        return plain(value)

    titles = {
        "place": _("place"),
        "reason": _("reason"),
        "n": _("complaints"),
        "previous": _("before, a week on average") if averaged else _("before"),
        "change": _("change"),
    }
    emit.out(rendered(records, form, COLUMNS, titles, cell))
    if found is None:
        emit.err(_("Nothing is loaded yet that tells of complaints.") + "\n")
    elif form == "table":
        if not found.compared:
            emit.err(
                _(
                    "The data begin after {day}: what came before is not complete, and the "
                    "difference says little."
                ).format(day=formats.day(found.before.since))
                + "\n"
            )
        weeks = _(" (a week, on average)") if averaged else ""
        emit.err(
            _("{now} against {before}{weeks}; {n} complaints in all.").format(
                now=formats.period(found.now.since, found.now.until),
                before=formats.period(found.before.since, found.before.until),
                weeks=weeks,
                n=formats.number(found.total),
            )
            + "\n"
        )
    return 0
