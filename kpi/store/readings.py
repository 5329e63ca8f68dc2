"""How each file was read and what it counted up to, kept with its import."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from kpi.staged import Manifest, Total
from kpi.tables import IMPORT_ID, table


@dataclass(frozen=True)
class Reading:
    """How the file of an import was read.

    Attributes:
        profile_text: the profile, as TOML.
        header: names of the file's columns.
        kind: text, or cells for a workbook or Parquet.
    """

    profile_text: str
    header: tuple[str, ...]
    kind: str


def keep(connection: sa.Connection, import_id: int, manifest: Manifest) -> None:
    """Keep both for a new import, in the transaction that loads it."""
    if manifest.profile_text:
        connection.execute(
            table("import_readings").insert(),
            {
                IMPORT_ID: import_id,
                "profile_text": manifest.profile_text,
                "header": json.dumps(manifest.header, ensure_ascii=False),
                "kind": manifest.kind,
            },
        )
    totals = [
        {
            IMPORT_ID: import_id,
            "feed": number,
            "position": position,
            "column_name": total.column,
            "kind": total.kind,
            "value": total.value,
            "rows": total.rows,
            "amount": total.amount,
        }
        for number, feed in enumerate(manifest.feeds)
        for position, total in enumerate(feed.totals)
    ]
    if totals:
        connection.execute(table("import_totals").insert(), totals)


def reading_of(connection: sa.Connection, import_id: int) -> Reading | None:
    """How the file of an import was read; None where that was not kept."""
    kept = table("import_readings")
    row = connection.execute(sa.select(kept).where(kept.c[IMPORT_ID] == import_id)).mappings()
    for found in row:
        return Reading(found["profile_text"], tuple(json.loads(found["header"])), found["kind"])
    return None


def totals_of(connection: sa.Connection, import_id: int) -> list[tuple[Total, ...]]:
    """The control totals of an import, feed by feed."""
    kept = table("import_totals")
    rows = connection.execute(
        sa.select(kept).where(kept.c[IMPORT_ID] == import_id).order_by(kept.c.feed, kept.c.position)
    ).mappings()
    found: dict[int, list[Total]] = {}
    for row in rows:
        total = Total(row["column_name"], row["kind"], row["value"], row["rows"], row["amount"])
        found.setdefault(row["feed"], []).append(total)
    last = max(found, default=-1)
    return [tuple(found.get(feed, ())) for feed in range(last + 1)]
