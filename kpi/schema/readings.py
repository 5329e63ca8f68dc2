"""How a file was read when it was loaded, and what it counted up to."""

from __future__ import annotations

from kpi.schema.bookkeeping import IMPORT_ID
from kpi.schema.model import Column, Table, Type

IMPORT_READINGS = Table(
    "import_readings",
    "How a file was read: what was set aside of it can be read the same way again",
    ("import_id",),
    (
        IMPORT_ID,
        Column("profile_text", Type.TEXT, "The profile as TOML", 'name = "complaints"'),
        Column("header", Type.TEXT, "Names of the file's columns, as a JSON array", '["Dossier"]'),
        Column("kind", Type.TEXT, "text, or cells for a workbook or Parquet", "text"),
    ),
)

IMPORT_TOTALS = Table(
    "import_totals",
    "One control total of what a file brought to a table",
    ("import_id", "feed", "position"),
    (
        IMPORT_ID,
        Column("feed", Type.INTEGER, "Feed", "0", required=True),
        Column("position", Type.INTEGER, "Order within the feed, from 0", "0", required=True),
        Column("column_name", Type.TEXT, "Column of ours", "status"),
        Column("kind", Type.TEXT, "first, last, month, value, others or sum", "value"),
        Column("value", Type.TEXT, "Which month, value or moment (local)", "afgehandeld"),
        Column("rows", Type.INTEGER, "Rows", "1204"),
        Column("amount", Type.NUMBER, "The sum, of kind sum", "88210.5"),
    ),
)

READINGS: tuple[Table, ...] = (IMPORT_READINGS, IMPORT_TOTALS)
