"""`ketenzicht imports`: what was loaded, the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.output import plain, rendered
from kpi.commands.show import local
from kpi.i18n import _

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

COUNTS = ("rows", "accepted", "updated", "unchanged", "left_out", "quarantined")
FIELDS = (
    "import",
    "file",
    "profile",
    "who",
    "loaded_at",
    *COUNTS,
    "as_of",
    "undone_at",
    "undone_by",
)


def imports(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per import; JSON tells each feed apart too."""
    zone = store.settings.time_zone
    records = [record(row, zone) for row in store.imports()]
    form = arguments.get("as", "table")
    columns = list(FIELDS)
    if form == "table":
        columns = ["import", "file", "loaded_at", *COUNTS, "as_of", "undone_at"]
    titles = {
        "import": _("import"),
        "file": _("file"),
        "loaded_at": _("loaded"),
        "rows": _("rows"),
        "accepted": _("new"),
        "updated": _("changed"),
        "unchanged": _("the same"),
        "left_out": _("left out"),
        "quarantined": _("set aside"),
        "as_of": _("as of"),
        "undone_at": _("taken back"),
    }

    def cell(name: str, value: Any, _row: Mapping[str, Any]) -> str:
        if name in ("loaded_at", "as_of", "undone_at"):
            if value is None:
                return "" if name == "undone_at" else formats.NOTHING
            at = datetime.fromisoformat(value)
            return f"{formats.day(at.date())} {at:%H:%M}"
        if name == "import":
            return str(value)
        return plain(value)

    emit.out(rendered(records, form, columns, titles, cell))
    if not records and form == "table":
        emit.err(_("Nothing is loaded yet. `ketenzicht load FILE` loads an extract.") + "\n")
    return 0


def record(row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """An import as the command line prints it; times are local."""
    return {
        "import": row["import_id"],
        **{name: row[name] for name in ("file", "profile", "who")},
        "loaded_at": local(row["loaded_at"], zone),
        # Over its feeds, as `load` says them: two feeds count each row of the file twice.
        **{name: sum(feed[name] for feed in row["feeds"]) for name in COUNTS},
        "as_of": local(row["as_of"], zone),
        "undone_at": local(row["undone_at"], zone),
        "undone_by": row["undone_by"],
        "feeds": [
            {
                "table": feed["table_name"],
                "columns": feed["columns"],
                **{name: feed[name] for name in COUNTS},
                "as_of": local(feed["as_of"], zone),
            }
            for feed in row["feeds"]
        ],
        "warnings": row["warnings"],
    }
