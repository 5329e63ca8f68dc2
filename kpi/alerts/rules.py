"""An alert as it is configured, read into one frozen object with every default in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi.alerts.passing import Passing, passing
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Kpi
from kpi.numbers.daily import own_tables

if TYPE_CHECKING:
    from kpi.store import Store

#: What is in force is what was kept last, whatever day the data tell of.
LATEST = date(2100, 12, 31)
TARGET, CONTROL, SURGE = "target_missed", "control_limit", "surge"
SILENT, LATE, NO_DATA = "silent_cases", "feed_late", "no_data"
#: Conditions about the clock and not about days of data.
OF_THE_CLOCK = frozenset({LATE, NO_DATA})
AT_ONCE, IN_DIGEST = "at_once", "digest"
#: The KPI of a condition that is about one thing only.
_OWN_KPI = {SILENT: "silent_cases", LATE: ""}
#: Days that these look over, whatever is said.
_OWN_DAYS = {SILENT: 1, SURGE: 1, CONTROL: 7}
_USUAL_KPI = {SURGE: "offered_per_hour", NO_DATA: "offered_per_hour"}


@dataclass(frozen=True)
class Rule:
    """One alert; see `kpi.schema.configuration_alerts` for what each column means."""

    alert: str
    title: str = ""
    condition: str = TARGET
    kpi: str = ""
    process: str = ""
    channel: str = ""
    reason: str = ""
    bound: float | None = None
    days: int = 7
    pending_days: int = 1
    band: float = 0.0
    least_n: int = 30
    calendar: str = ""
    owner: str = ""
    recipients: tuple[str, ...] = ()
    language: str = ""
    mode: str = AT_ONCE
    snoozed_until: date | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Rule:
        """From a row of the configuration; empty columns get the defaults above."""
        given = {
            name: row[name]
            for name in cls.__dataclass_fields__
            if row.get(name) is not None and name != "recipients"
        }
        condition = given.get("condition", TARGET)
        own = _OWN_KPI.get(condition)
        given["kpi"] = own if own is not None else given.get("kpi") or _USUAL_KPI.get(condition, "")
        if condition in _OWN_DAYS:
            given["days"] = _OWN_DAYS[condition]
        given["least_n"] = max(int(given.get("least_n", cls.least_n)), TOO_FEW)
        return cls(**given, recipients=names(row.get("recipients")))

    @property
    def of_kpi(self) -> Kpi | None:
        """What it is about; None for feeds, and for a KPI that no longer exists."""
        return KPIS.get("funnel" if self.passing else self.kpi)

    @property
    def passing(self) -> Passing | None:
        """The passage of a funnel that it is about, where it is."""
        return passing(self.kpi)

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables that tell up to when it can be judged: of a rush only what is counted."""
        kpi = self.of_kpi
        if kpi is None:
            return ()
        return own_tables(kpi) if self.condition == SURGE else kpi.reads

    @property
    def filters(self) -> Filters:
        """What it keeps, without a period."""
        kept = {"process": self.process, "channel": self.channel, "reason": self.reason}
        return Filters(where=tuple((name, (value,)) for name, value in kept.items() if value))

    @property
    def print(self) -> str:
        """Changes when what is watched does; not when its name or its recipients do."""
        watched = (
            self.condition, self.kpi, self.process, self.channel, self.reason, self.bound,
            self.days, self.pending_days, self.band, self.least_n,
        )  # fmt: skip
        return hashlib.sha256(repr(watched).encode()).hexdigest()[:12]

    def snoozed(self, today: date) -> bool:
        """Whether it is to be silent today."""
        return self.snoozed_until is not None and today <= self.snoozed_until


def rules(store: Store) -> list[Rule]:
    """All alerts that are in use."""
    return [Rule.of(row) for row in store.configuration.rows("alerts", LATEST)]


def names(text: str | None) -> tuple[str, ...]:
    """The names in a text like `team, planning`."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
