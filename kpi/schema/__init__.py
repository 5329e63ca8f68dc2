"""The one schema: it drives tables, row checks, header mapping, templates, docs and the demo.

`FACTS` are what extracts fill, `CONFIGURATION` what is edited in the product, `BOOKKEEPING` what
the store keeps about itself, `PREPARED` what is derived at load so that a KPI only sums.
"""

from kpi.schema.bookkeeping import BOOKKEEPING as _BOOKKEEPING
from kpi.schema.configuration import CONFIGURATION
from kpi.schema.facts import FACTS
from kpi.schema.model import (
    AtLeast,
    AtMost,
    Between,
    Column,
    Matches,
    OneOf,
    Rule,
    Table,
    TableRule,
    Type,
)
from kpi.schema.prepared import PREPARED
from kpi.schema.readings import READINGS

#: What the store keeps about itself, and about each file that was read.
BOOKKEEPING: tuple[Table, ...] = (*_BOOKKEEPING, *READINGS)

#: Raised by one with every change of the tables below that are kept (the prepared ones are made
#: anew by themselves); `kpi.store.migrations` holds a step for each.
SCHEMA_VERSION = 3

TABLES: dict[str, Table] = {
    table.name: table for table in (*FACTS, *CONFIGURATION, *BOOKKEEPING, *PREPARED)
}

__all__ = [
    "BOOKKEEPING",
    "CONFIGURATION",
    "FACTS",
    "PREPARED",
    "SCHEMA_VERSION",
    "TABLES",
    "AtLeast",
    "AtMost",
    "Between",
    "Column",
    "Matches",
    "OneOf",
    "Rule",
    "Table",
    "TableRule",
    "Type",
]
