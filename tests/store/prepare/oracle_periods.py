"""Customership periods as the definitions have them, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

INVOLUNTARY = ["abroad", "buitenland", "death", "overleden", "non-payment", "wanbetaling"]
LASTING = ("segment", "value_class", "has_portal")


def periods(customers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row per period; who never chose to leave has no day on which they did."""
    found = []
    for row in customers:
        reason = (row.get("end_reason") or "").strip().casefold()
        if row.get("customer_until") is None:
            voluntary = None
        elif any(word in reason for word in INVOLUNTARY):
            voluntary = False
        else:
            voluntary = True if reason or row.get("notice_at") else None
        left = row.get("notice_at") or row.get("customer_until")
        found.append(
            {
                "customer_id": row["customer_id"],
                "since_day": row["customer_since"],
                "until_day": row.get("customer_until"),
                "voluntary": voluntary,
                "left_day": None if voluntary is False else left,
                **{name: row.get(name) for name in LASTING},
                "import_id": row["import_id"],
            }
        )
    return found
