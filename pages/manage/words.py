"""Names of tables and of what is counted when loading, as an analyst says them."""

from __future__ import annotations

from kpi.i18n import _
from kpi.schema import FACTS, TABLES
from kpi.schema.model import Column
from kpi.schema.titles import TITLES

#: Tables in the order in which they are offered: what most extracts are, first.
OFFERED = ("cases", "contacts", "surveys", "customers")


def tables() -> list[str]:
    """Every table that a file can fill."""
    names = [table.name for table in FACTS]
    return [*OFFERED, *(name for name in names if name not in OFFERED)]


def table_title(name: str) -> str:
    """A table's name on screen."""
    return _(TITLES.get(name, name))


def table_meaning(name: str) -> str:
    """What one row of a table is."""
    return _(TABLES[name].meaning)


def columns(table: str) -> tuple[Column, ...]:
    """The columns a feed can fill, those it cannot do without first."""
    declared = TABLES[table].columns
    return (*(c for c in declared if c.required), *(c for c in declared if not c.required))


def count_titles() -> dict[str, str]:
    """The counts of an import, in the order in which they add up to the rows."""
    return {
        "rows": _("Rows"),
        "accepted": _("New"),
        "updated": _("Changed"),
        "unchanged": _("The same"),
        "left_out": _("Left out"),
        "quarantined": _("Set aside"),
    }
