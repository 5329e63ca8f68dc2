"""What a process meeting talks about: explanations written of a period, and decisions so far."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kpi.filters import Where
from kpi.measures import KPIS
from kpi.model import Kpi
from kpi.numbers.problem import applies
from kpi.periods import Period

if TYPE_CHECKING:
    from kpi.store import Store

Row = Mapping[str, Any]


#: Besides the headlines: what a process owner holds against them.
BESIDE = ("lead_time_closed", "within_due", "backlog", "avoidable_follow_up", "repeat_contacts")


def kpis(where: Where = ()) -> list[Kpi]:
    """The KPIs of a process that are looked at together, as far as they apply to what is kept."""
    headlines = [kpi for kpi in KPIS.values() if kpi.headline is not None]
    headlines.sort(key=lambda kpi: kpi.headline or 0)
    wanted = [*headlines, *(KPIS[name] for name in BESIDE if name in KPIS)]
    return [kpi for kpi in dict.fromkeys(wanted) if applies(kpi, ("process",), where)]


def period_name(period: Period) -> str:
    """How a period is named in what is kept of it: its first and last day."""
    return f"{period.since.isoformat()}/{period.until.isoformat()}"


def explanations(store: Store, process: str, period: Period) -> dict[str, Row]:
    """What was written last of each KPI of a process in a period, by KPI."""
    rows = store.configuration.versions("explanations")
    name = period_name(period)
    kept = [row for row in rows if (row["process"], row["period"]) == (process, name)]
    # By identity and then by date: the last version of each is the one that counts.
    latest = {row["kpi"]: row for row in kept}
    return {kpi: row for kpi, row in latest.items() if not row["retired"] and row["text"]}


def every_decision(store: Store) -> list[Row]:
    """Every decision as it stands now, whatever its process; taken back ones too."""
    rows = store.configuration.versions("decisions")
    return [list(versions)[-1] for _key, versions in groupby(rows, key=lambda row: row["decision"])]


def decisions(store: Store, process: str) -> list[Row]:
    """The decisions of the meetings of a process as they stand now: open ones first, the latest first."""
    found = [
        row for row in every_decision(store) if row["process"] == process and not row["retired"]
    ]
    found.sort(key=lambda row: (str(row["decided_on"]), row["decision"]), reverse=True)
    return sorted(found, key=lambda row: row["state"] not in {None, "open"})
