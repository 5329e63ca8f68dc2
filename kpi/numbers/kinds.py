"""Which process is the one in which customers complain, or say that they leave: as configured.

The definitions call these by name (`complaint`, `cancellation`); an organisation may have given its
own processes other ones, and says by the kind of its contact reasons which is which.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from kpi.measures.words import CANCELLATION, COMPLAINT

if TYPE_CHECKING:
    from kpi.store import Store


def complaint_process(store: Store, reason: str | None, on: date) -> str:
    """The process that complaints about a reason are of; empty where none is configured."""
    known = set(store.configuration.configured("process", on))
    row = store.configuration.row("reasons", on, reason=reason) if reason else None
    own = str((row or {}).get("process") or "")
    return own if own in known else _of_kind(store, COMPLAINT, on)


def cancellation_process(store: Store, on: date) -> str:
    """The process in which customers say that they leave, and why; empty where none is configured."""
    return _of_kind(store, CANCELLATION, on)


def _of_kind(store: Store, kind: str, on: date) -> str:
    """The process that is called so, else the one that most reasons of this kind belong to."""
    known = set(store.configuration.configured("process", on))
    if kind in known:
        return kind
    rows = store.configuration.rows("reasons", on)
    found = Counter(
        row["process"] for row in rows if row["kind"] == kind and row["process"] in known
    )
    return str(found.most_common(1)[0][0]) if found else ""
