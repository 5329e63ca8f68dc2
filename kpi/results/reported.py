"""A value as it was when its month closed, beside what it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kpi.model import Result


@dataclass(frozen=True)
class Cause:
    """An import that may have changed a value since it was reported.

    Attributes:
        import_id, file: which.
        at: when it was loaded, or taken back (UTC).
        rows: new and changed rows it brought to the tables that the KPI reads.
        undone: it had been counted, and was taken back.
    """

    import_id: int
    file: str
    at: datetime
    rows: int
    undone: bool = False


@dataclass(frozen=True)
class Reported:
    """One KPI of one month (and process, where told apart): reported and now.

    Attributes:
        month: "2026-04".
        process: None for all of them together.
        value, low, high, n: as reported.
        as_of: up to when the facts told then (UTC); long after the month where a history was
            loaded at once.
        kept_at: when it was kept (UTC).
        now: the same asked again.
        causes: imports since then that may have changed it, in the order they were loaded.
        configured: the configuration that numbers are made of was changed since.
    """

    kpi: str
    month: str
    process: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    as_of: datetime | None
    kept_at: datetime
    now: Result
    causes: tuple[Cause, ...] = ()
    configured: bool = False
