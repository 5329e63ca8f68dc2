"""What was configured to happen, whatever day it is about: told by its own dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.periods import Period

if TYPE_CHECKING:
    from kpi.store import Store

Row = Mapping[str, Any]


def in_force(rows: Iterable[Row], identity: str, starts: str, zone: str) -> Iterator[Row]:
    """Per identity what was last said of it; taken back before it began: nothing.

    What happened is told by its own dates, not by when it was written up.
    """
    for _identity, versions in groupby(rows, key=lambda row: row[identity]):
        known = list(versions)
        kept = [row for row in known if not row["retired"]]
        if not kept:
            continue
        begun = day_of(kept[-1][starts], zone) or kept[-1]["valid_from"]
        if known[-1]["retired"] and known[-1]["valid_from"] <= begun:
            continue
        yield kept[-1]


def day_of(value: date | datetime | None, zone: str) -> date | None:
    """The local day of a day, or of a moment in UTC."""
    return formats.in_zone(value, zone).date() if isinstance(value, datetime) else value


def actions_ever(store: Store) -> list[Row]:
    """Every improvement action as it was last said of, whenever it ran."""
    zone = str(store.settings.time_zone)
    versions = store.configuration.versions("actions")
    return list(in_force(versions, "action", "starts_on", zone))


def action_before(store: Store, kpi: str, process: str, span: Period) -> Row | None:
    """The last action that aims at this KPI of this process and began within `span`."""
    found = [
        row
        for row in actions_ever(store)
        if row["kpi"] == kpi
        and row["process"] == process
        and row["starts_on"] is not None
        and span.since <= row["starts_on"] <= span.until
    ]
    return max(found, key=lambda row: row["starts_on"], default=None)
