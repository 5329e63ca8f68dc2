"""`ketenzicht undo`: take one import back whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.who import who
from kpi.demo.fill import clear, demo_imports
from kpi.i18n import _, ngettext
from kpi.numbers import keep_month_ends

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit
    from kpi.store.undo import Undone


def undo(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Take back the import with this number; a demo goes with its example configuration."""
    number = int(arguments["import"])
    demo = number in demo_imports(store)
    if not demo:
        keep_month_ends(store)
    report = (clear if demo else _take_back)(store, number, who())
    keep_month_ends(store)
    emit.err(
        _("Import {number} ({file}) was taken back.").format(number=number, file=report.file) + "\n"
    )
    for undone in report.tables:
        rows = undone.removed + undone.restored
        emit.err(
            "  "
            + ngettext("{table}: {n} row", "{table}: {n} rows", rows).format(
                table=undone.table, n=rows
            )
            + "\n"
        )
        if undone.passed:
            emit.err(f"    {_stays(undone)}\n")
    return 0


def _stays(undone: Undone) -> str:
    """Rows that do not go, because a later import brought them too."""
    return ngettext(
        "{n} row stays: import {numbers} holds it too",
        "{n} rows stay: import {numbers} holds them too",
        undone.passed,
    ).format(n=formats.number(undone.passed), numbers=", ".join(map(str, undone.by)))


def _take_back(store: Store, number: int, name: str) -> Any:
    return store.undo(number, name)
