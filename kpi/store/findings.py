"""What the detective found in a file, kept with its import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.findings import Finding, from_plain, to_plain
from kpi.tables import IMPORT_ID, table


def keep_findings(connection: sa.Connection, import_id: int, findings: Sequence[Finding]) -> None:
    """Keep the findings of an import, in their order."""
    if findings:
        connection.execute(
            table("import_findings").insert(),
            [_row(import_id, position, one) for position, one in enumerate(findings)],
        )


def _row(import_id: int, position: int, finding: Finding) -> dict[str, Any]:
    return {
        IMPORT_ID: import_id,
        "position": position,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "table_name": finding.table,
        "column_name": finding.column,
        "rows": finding.rows,
        "content": json.dumps(to_plain(finding), ensure_ascii=False),
    }


def findings_of(import_id: int) -> sa.Select[Any]:
    """The query for the findings of an import; `read_finding` reads a row."""
    kept = table("import_findings")
    return sa.select(kept.c.content).where(kept.c.import_id == import_id).order_by(kept.c.position)


def read_finding(content: str) -> Finding:
    """A finding as it was kept."""
    return from_plain(json.loads(content))
