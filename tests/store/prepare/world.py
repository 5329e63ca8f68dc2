"""A database with the tables of a store, a small configuration with history, and nothing else.

Every preparation happens in a transaction that is rolled back, so that one database serves many
examples.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kpi.schema import PREPARED
from kpi.settings import Settings
from kpi.store.prepare import prepare
from kpi.tables import metadata, table
from kpi.zones import to_utc

ZONE = "Europe/Amsterdam"
SETTINGS = Settings(time_zone=ZONE, holidays_country="NL")
ALWAYS = date(1900, 1, 1)
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

#: Rows of all versions; `valid_from` is ALWAYS and `retired` no unless a row says otherwise.
CONFIG: dict[str, list[dict[str, Any]]] = {
    "processes": [
        {"process": "request", "title_nl": "Aanvragen", "title_en": "Requests", "norm": 2.0, "norm_unit": "working_days", "calendar": "office"},
        {"process": "request", "valid_from": date(2026, 10, 25), "title_nl": "Aanvragen", "title_en": "Requests", "norm": 4.0, "norm_unit": "working_days", "calendar": "office"},
        {"process": "fault", "title_nl": "Storingen", "title_en": "Faults", "norm": 1.0, "norm_unit": "working_days", "calendar": "always"},
        {"process": "complaint", "title_nl": "Klachten", "title_en": "Complaints", "norm": 36.0, "norm_unit": "hours", "calendar": "office"},
        {"process": "information", "title_nl": "Vragen", "title_en": "Questions", "norm": 1.5},
        {"process": "old", "title_nl": "Vroeger", "title_en": "Former"},
        {"process": "old", "valid_from": date(2026, 3, 28), "retired": True},
    ],
    "reasons": [
        {"reason": "order_status", "title_nl": "Waar blijft het", "title_en": "Order status", "process": "request", "kind": "status", "category": "hygiene", "cause": "status_unknown"},
        {"reason": "order", "title_nl": "Bestellen", "title_en": "Order", "process": "request", "kind": "request", "category": "valuable"},
        {"reason": "order", "valid_from": date(2026, 3, 29), "title_nl": "Bestellen", "title_en": "Order", "process": "request", "kind": "request", "category": "hygiene"},
        {"reason": "defect", "title_nl": "Kapot", "title_en": "Defect", "process": "fault", "kind": "fault", "cause": "broken"},
        {"reason": "anger", "title_nl": "Boos", "title_en": "Angry", "process": "complaint", "kind": "complaint"},
        {"reason": "tip", "title_nl": "Tip", "title_en": "Tip", "process": "complaint", "kind": "tip", "category": "valuable"},
        {"reason": "papers", "title_nl": "Stukken", "title_en": "Papers", "process": "request", "kind": "document", "category": "hygiene"},
        {"reason": "letter", "title_nl": "Brief", "title_en": "Letter", "process": "information", "kind": "question", "category": "unnecessary", "cause": "unclear"},
        {"reason": "loose", "title_nl": "Los", "title_en": "Loose"},
    ],
    "causes": [
        {"cause": "other_repeat", "title_nl": "Herhaald", "title_en": "Repeated", "department": "service"},
        {"cause": "product_failed", "title_nl": "Faalde", "title_en": "Failed", "department": "production"},
        {"cause": "product_failed", "valid_from": date(2026, 10, 26), "title_nl": "Faalde", "title_en": "Failed", "department": "quality"},
        {"cause": "promise_broken", "title_nl": "Belofte", "title_en": "Promise"},
        {"cause": "unclear", "title_nl": "Onduidelijk", "title_en": "Unclear", "department": "communication"},
        {"cause": "status_unknown", "title_nl": "Status", "title_en": "Status", "department": "operations"},
    ],
    "departments": [{"department": "service", "title_nl": "Klantenservice", "title_en": "Service", "line": 1},
        {"department": "repairs", "title_nl": "Herstel", "title_en": "Repairs", "line": 2},
        {"department": "repairs", "valid_from": date(2026, 3, 30), "title_nl": "Herstel", "title_en": "Repairs", "line": 1},
    ],
    "channels": [
        {"channel": "phone", "title_nl": "Telefoon", "title_en": "Phone", "live": True, "unit_cost": 7.5},
        {"channel": "phone", "valid_from": date(2026, 3, 29), "title_nl": "Telefoon", "title_en": "Phone", "live": True, "unit_cost": 8.0},
        {"channel": "email", "title_nl": "E-mail", "title_en": "E-mail", "live": False, "unit_cost": 6.0},
        {"channel": "portal", "title_nl": "Portaal", "title_en": "Portal", "live": False, "online": True},
        {"channel": "desk", "title_nl": "Balie", "title_en": "Desk", "live": False},
    ],
    "hour_rates": [
        {"channel": "", "rate": 36.0, "rate_sample": True},
        {"channel": "phone", "valid_from": date(2026, 3, 29), "rate": 40.0, "rate_sample": False},
    ],
    "channel_strategy": [
        {"reason": "order", "value_class": "", "preferred": "portal", "supporting": "email, phone", "discouraged": "desk"},
        {"reason": "order", "value_class": "high", "preferred": "phone", "supporting": "", "discouraged": "email"},
        {"reason": "defect", "value_class": "low", "preferred": "phone"},
        {"reason": "defect", "valid_from": date(2026, 3, 29), "value_class": "", "preferred": "phone", "discouraged": "portal"},
    ],
    "moments": [
        {"process": "request", "moment": "delivery", "title_nl": "Levering", "title_en": "Delivery"},
        {"process": "fault", "moment": "repair", "title_nl": "Herstel", "title_en": "Repair", "position": 2, "phase": "deliver"},
        {"process": "fault", "moment": "report", "title_nl": "Melding", "title_en": "Report", "position": 1, "phase": "promise"},
        {"process": "fault", "moment": "gift", "title_nl": "Attentie", "title_en": "Gift", "position": 3, "phase": "settle", "optional": True},
        {"process": "fault", "moment": "bill", "title_nl": "Rekening", "title_en": "Bill", "position": 4, "phase": "settle"},
    ],
    "calendars": [
        *({"calendar": "office", "weekday": day, "opens": "09:00", "closes": "17:00", "keeps_holidays": True} for day in range(1, 6)),
        {"calendar": "office", "valid_from": date(2026, 10, 1), "weekday": 5, "opens": "08:30", "closes": "12:15", "keeps_holidays": True},
        *({"calendar": "always", "weekday": day, "opens": "00:00", "closes": "24:00", "keeps_holidays": False} for day in range(1, 8)),
        {"calendar": "opening", "weekday": 6, "opens": "10:00", "closes": "16:00", "keeps_holidays": True},
        *({"calendar": "opening", "weekday": day, "opens": "08:00", "closes": "20:00", "keeps_holidays": True} for day in range(1, 6)),
    ],
    "holidays": [
        {"calendar": "office", "day": date(2026, 3, 30), "name": "Inventory", "closed": True},
        {"calendar": "opening", "day": date(2026, 4, 6), "name": "Worked Easter Monday", "closed": False},
    ],
    "codes": [
        {"dictionary": "reason", "as_came": "stuk", "understood": "defect"},
        {"dictionary": "reason", "as_came": "loose", "ignored": True},
        {"dictionary": "process", "as_came": "melding", "understood": "Storingen"},
        {"dictionary": "process", "as_came": "melding", "valid_from": date(2026, 3, 30), "understood": "complaint"},
        {"dictionary": "status", "as_came": "vervallen", "understood": "withdrawn"},
        {"dictionary": "channel", "as_came": "tel", "understood": "phone"},
        {"dictionary": "emotion", "as_came": "e1", "understood": "Tevreden"},
        {"dictionary": "emotion", "as_came": "e1", "valid_from": date(2026, 3, 29), "understood": "boos"},
        {"dictionary": "cause", "as_came": "x1", "understood": "promise_broken"},
    ],
}  # fmt: skip


def utc(text: str) -> datetime:
    """A local time, written out, as naive UTC."""
    return to_utc(datetime.fromisoformat(text), ZONE).utc


def typed(name: str, row: Row) -> dict[str, Any]:
    """A row with its local texts as UTC moments and its day texts as dates."""
    columns = table(name).c
    found = dict(row)
    for column, value in row.items():
        if isinstance(value, str):
            if isinstance(columns[column].type, sa.DateTime):
                found[column] = utc(value)
            elif isinstance(columns[column].type, sa.Date):
                found[column] = date.fromisoformat(value)
    if "import_id" in columns:
        found.setdefault("import_id", 1)
    return found


#: Facts that keep the range of days the same whatever else there is, so that the calendars of one
#: preparation serve all.
PINS = [
    {"period_start": day, "metric": "pin", "dimension": "", "value": 0.0}
    for day in ("2024-01-01", "2026-12-31")
]
ABOUT_FACTS = (
    "prepared_case_contacts",
    "prepared_segments",
    "prepared_silences",
    "prepared_work",
    "prepared_cases",
    "prepared_contacts",
    "prepared_customers",
    "prepared_phases",
    "prepared_profiles",
    "prepared_legs",
    "prepared_surveys",
    "prepared_holdings",
    "prepared_sales_after",
    "prepared_steering",
    "prepared_transactions",
    "prepared_texts",
    "prepared_passages",
)


class World:
    """One database; `prepared` says what becomes of facts in it."""

    def __init__(self, engine: sa.Engine, configuration: Tables, *, pinned: bool) -> None:
        self.engine = engine
        self.configuration = {
            name: [{"valid_from": ALWAYS, "retired": False, **row} for row in rows]
            for name, rows in configuration.items()
        }
        with engine.begin() as connection:
            metadata.create_all(connection)
            for name, rows in self.configuration.items():
                fill(connection, name, rows)
            if pinned:
                fill(connection, "totals", [typed("totals", row) for row in PINS])
                prepare(connection, SETTINGS)

    @classmethod
    def at(cls, path: Path, configuration: Tables = CONFIG, *, pinned: bool = True) -> World:
        """A world in a file of its own; not `pinned`: without any fact."""
        engine = sa.create_engine(f"duckdb:///{path}", poolclass=sa.NullPool)
        return cls(engine, configuration, pinned=pinned)

    def prepared(self, **facts: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
        """The prepared tables of these facts, save days and calendars.

        Times are written as local texts, or given in UTC. Tables of the configuration may be
        among them: rows of these come on top of what there is.
        """
        with self.engine.connect() as connection:
            for name, rows in facts.items():
                fill(connection, name, [typed(name, row) for row in rows])
            prepare(connection, SETTINGS, {*facts, "cases", "contacts", "customers", "surveys"})
            found = read(connection, ABOUT_FACTS)
            connection.rollback()
        return found

    def one(self, name: str, **facts: Sequence[Row]) -> dict[str, dict[str, Any]]:
        """The rows of one prepared table by their key's first column."""
        rows = self.prepared(**facts)[name]
        first = table(name).c.keys()[0]
        return {row[first]: row for row in rows}


def fill(connection: sa.Connection, name: str, rows: Sequence[Row]) -> None:
    """Insert rows, each with the columns it has."""
    columns = table(name).c.keys()
    assert not {column for row in rows for column in row} - set(columns), name
    if rows:
        connection.execute(
            sa.insert(table(name)),
            [{column: row.get(column) for column in columns} for row in rows],
        )


def read(
    connection: sa.Connection, names: Collection[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """All rows of the prepared tables, by their keys."""
    found = {}
    for declared in PREPARED:
        if names is None or declared.name in names:
            rows = table(declared.name)
            ordered = sa.select(rows).order_by(*(rows.c[column] for column in declared.key))
            columns = rows.c.keys()
            found[declared.name] = [
                dict(zip(columns, row, strict=True)) for row in connection.execute(ordered).all()
            ]
    return found
