"""`ketenzicht rows`: who and what stands behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.bulletin import rows as words
from kpi.commands.asked import asking, filters
from kpi.commands.output import rendered
from kpi.commands.show import local
from kpi.i18n import _, language
from kpi.numbers import check_values, find, rows
from kpi.results.rows import BESIDES

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

#: Most rows of a table, which is to be read; JSON and CSV hold all.
MOST = 50


@asking
def behind(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print the rows behind one number, as many as it counts."""
    kpi = find(arguments["kpi"])
    where = list(arguments.get("where") or ())
    # No filters, so that they are kept apart.
    apart = [text.partition("=") for text in where]
    besides = {name: value for name, _is, value in apart if name in BESIDES}
    kept = [text for text in where if text.partition("=")[0] not in BESIDES]
    asked = filters(arguments, kept, list(arguments.get("process") or ()))
    check_values(store, asked.where)
    form = arguments.get("as", "table")
    most = arguments.get("n") or (MOST if form == "table" else None)
    found = rows(
        store,
        kpi.name,
        asked,
        besides,
        arguments.get("part") or "",
        search=arguments.get("search") or "",
        most=most,
    )
    zone = store.settings.time_zone
    if form == "table":

        def title(kind: str, value: str) -> str:
            return store.configuration.title(kind, value, language())

        def cell(name: str, _value: Any, row: Mapping[str, Any]) -> str:
            return words.told(name, row, title, zone)

        heads = {name: words.head(name) for name in found.columns}
        emit.out(rendered(found.rows, form, found.columns, heads, cell))
        emit.err(words.searched(kpi, found, arguments.get("search") or "") + ".\n")
        shown = len(found.rows)
        if shown < found.found:
            emit.err(
                _("The first {shown} of {total}: --as csv gives all.").format(
                    shown=formats.number(shown), total=formats.number(found.found)
                )
                + "\n"
            )
        return 0
    records = [
        {
            name: local(value, zone) if isinstance(value, datetime) else value
            for name, value in ((name, row[name]) for name in found.columns)
        }
        for row in found.rows
    ]
    emit.out(rendered(records, form, found.columns))
    return 0
