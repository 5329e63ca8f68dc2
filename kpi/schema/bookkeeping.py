"""What the store keeps about itself: versions, imports, what they changed, and who did what.

Beside these, `kpi.tables` gives every fact table two companions, made from its declaration:
`<table>_before` (the row as it was before an import changed it: the table's columns, its
`import_id`, and `replaced_by`) and `<table>_seen` (the key, `import_id`, `feed` and `outcome`: rows
of a later file that were the `same` as, or `older` than, what was there - so that undo is exact).
"""

from __future__ import annotations

from typing import Any

from kpi.schema.bookkeeping_feeds import FAILED_LOADS, IMPORT_TOKENS
from kpi.schema.bookkeeping_messages import INFORMED
from kpi.schema.bookkeeping_screens import DEVICES
from kpi.schema.model import Column, Table, Type


def _text(name: str, meaning: str, example: str, **more: Any) -> Column:
    return Column(name, Type.TEXT, meaning, example, **more)


def _count(name: str, meaning: str) -> Column:
    return Column(name, Type.INTEGER, meaning, "12480")


def _time(name: str, meaning: str) -> Column:
    return Column(name, Type.TIMESTAMP, meaning, "2026-03-31 14:05")


IMPORT_ID = Column("import_id", Type.INTEGER, "The import", "7", required=True)

STORE = Table(
    "store",
    "One row per property of the store: schema version, data version, kind of data, key",
    ("name",),
    (
        _text("name", "Property", "data_version", required=True),
        _text("value", "Value", "41"),
    ),
)

IMPORTS = Table(
    "imports",
    "One file that was loaded",
    ("import_id",),
    (
        IMPORT_ID,
        _text("file", "File name", "zaken.csv"),
        _text("hash", "SHA-256 of the file", "9f86d0…"),
        _text("profile", "Profile it was read with", "complaints"),
        _text("profile_hash", "SHA-256 of that profile", "ab12…"),
        _text("who", "Who loaded it", "analyst"),
        _time("loaded_at", "When it was loaded (UTC)"),
        _count("rows", "Rows in the file"),
        _count("accepted", "New keys"),
        _count("updated", "Rows that changed"),
        _count("unchanged", "Rows that were there already, or older than what was there"),
        _count("left_out", "Rows left out by the profile, or merged under one key"),
        _count("quarantined", "Rows set aside with a reason"),
        _time("as_of", "Up to when the file tells (UTC)"),
        _text("warnings", "What was noticed, as a JSON array of sentences", "[]"),
        _time("undone_at", "When it was taken back (UTC)"),
        _text("undone_by", "Who took it back", "analyst"),
    ),
)

IMPORT_FEEDS = Table(
    "import_feeds",
    "What one file brought to one table",
    ("import_id", "feed"),
    (
        IMPORT_ID,
        Column("feed", Type.INTEGER, "Position of the feed in the profile, from 0", "0"),
        _text("table_name", "The table", "cases"),
        _text("columns", "Columns it filled, as a JSON array", "[]"),
        _count("rows", "Rows in the file"),
        _count("accepted", "New keys"),
        _count("updated", "Rows that changed"),
        _count("unchanged", "Rows that were there already"),
        _count("left_out", "Rows left out"),
        _count("quarantined", "Rows set aside"),
        _time("as_of", "Latest fact time of this feed, or the profile's as-of (UTC)"),
        _time("first_fact", "Earliest fact time (UTC)"),
        _time("last_fact", "Latest fact time (UTC)"),
    ),
)

QUARANTINED = Table(
    "quarantined",
    "One row set aside: where it stood, what was wrong, and the row itself",
    ("import_id", "feed", "row_number", "position"),
    (
        IMPORT_ID,
        Column("feed", Type.INTEGER, "Feed", "0"),
        Column("row_number", Type.INTEGER, "Line in the file where the row starts", "17"),
        Column("position", Type.INTEGER, "Problem number within the row, from 0", "0"),
        _text("column_name", "Column in the file", "Opgelost op"),
        _text("value", "The value that was refused", "31-02-2026", personal=True),
        _text("reason", "Why, in English (translated where shown)", "is not a date"),
        _text("raw", "The whole row as a JSON array of texts", "[]", personal=True),
    ),
)

IMPORT_FINDINGS = Table(
    "import_findings",
    "What the detective found in one file that was loaded",
    ("import_id", "position"),
    (
        IMPORT_ID,
        Column("position", Type.INTEGER, "Place among the findings, from 0", "0"),
        _text("kind", "Which detective found it", "swapped_days"),
        _text("severity", "How much it matters: note, check or wrong", "wrong"),
        _text("table_name", "The table; empty for the file as a whole", "cases"),
        _text("column_name", "Column in the file; empty for the rows as a whole", "Date"),
        _count("rows", "Rows that it concerns"),
        _text("content", "The finding with its evidence, as JSON", "{}", personal=True),
    ),
)

MONTH_END_VALUES = Table(
    "month_end_values",
    "A KPI as it was when the month closed",
    ("kpi", "month", "process"),
    (
        _text("kpi", "KPI", "within_norm", required=True),
        _text("month", "Month", "2026-03", required=True),
        _text("process", "Customer process; empty for all", "", required=True, default=""),
        Column("value", Type.NUMBER, "Value", "91.2"),
        Column("numerator", Type.NUMBER, "Numerator", "912"),
        Column("denominator", Type.NUMBER, "Denominator", "1000"),
        _count("n", "Rows it rests on"),
        _time("as_of", "As of (UTC)"),
        _count("data_version", "Data version"),
        _time("kept_at", "When it was kept (UTC)"),
        Column("low", Type.NUMBER, "Lower bound of the 95 % interval", "89.1"),
        Column("high", Type.NUMBER, "Upper bound of the 95 % interval", "93.0"),
        _count("last_import", "The latest import there was: what came later may have changed it"),
    ),
)

CHANGE_LOG = Table(
    "change_log",
    "One change of the configuration",
    ("change_id",),
    (
        Column("change_id", Type.INTEGER, "The change", "3", required=True),
        _time("changed_at", "When (UTC)"),
        _text("who", "Who", "analyst"),
        _text("table_name", "Table", "targets"),
        _text("row_key", "Key of the row, as JSON", "{}"),
        _text("before", "The row before, as JSON; empty when new", "{}"),
        _text("after", "The row after, as JSON; empty when removed", "{}"),
    ),
)

ACCESS_LOG = Table(
    "access_log",
    "One look at personal data",
    ("access_id",),
    (
        Column("access_id", Type.INTEGER, "The look", "3", required=True),
        _time("at", "When (UTC)"),
        _text("who", "Who", "analyst"),
        _text("what", "What was looked at", "customer"),
        _text("subject", "Of whom", "0010482", personal=True),
    ),
)

BOOKKEEPING: tuple[Table, ...] = (
    STORE,
    IMPORTS,
    IMPORT_FEEDS,
    QUARANTINED,
    IMPORT_FINDINGS,
    MONTH_END_VALUES,
    CHANGE_LOG,
    ACCESS_LOG,
    IMPORT_TOKENS,
    FAILED_LOADS,
    *INFORMED,
    DEVICES,
)
