"""Where alerts stand, kept between rounds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.alerts.machine import Phase, Seen, Standing
from kpi.alerts.rules import Rule, rules
from kpi.tables import table
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

_STATES = table("alert_states")


@dataclass(frozen=True)
class Stands:
    """One alert and where it stands."""

    rule: Rule
    standing: Standing
    snoozed: bool = False


def now() -> datetime:
    """The clock, as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def standings(store: Store) -> dict[str, Stands]:
    """Where each alert stood when it was last looked at; one that never was is not in it."""
    kept = {row["alert"]: row for row in store.rows(sa.select(_STATES))}
    today = to_local(now(), store.settings.time_zone).date()
    return {
        rule.alert: Stands(rule, _standing(kept[rule.alert]), rule.snoozed(today))
        for rule in rules(store)
        if rule.alert in kept and kept[rule.alert]["rule"] == rule.print
    }


def kept(store: Store, rule: Rule) -> Standing:
    """Where the alert stood after the last round; at rest where it is new or asks something else."""
    rows = store.rows(sa.select(_STATES).where(_STATES.c.alert == rule.alert))
    if not rows or rows[0]["rule"] != rule.print:
        return Standing()
    return _standing(rows[0])


def _standing(row: dict[str, Any]) -> Standing:
    seen = json.loads(row["seen"]) if row["seen"] else None
    if seen is not None:
        seen = Seen(**{**seen, "day": date.fromisoformat(seen["day"])})
    return Standing(Phase(row["phase"]), row["since"], row["day"], bool(row["known"]), seen)


def keep(store: Store, rule: Rule, standing: Standing, moment: datetime) -> None:
    """Keep where the alert stands now."""
    row = {
        "alert": rule.alert, "phase": standing.phase, "since": standing.since,
        "day": standing.day, "known": standing.known, "rule": rule.print, "looked_at": moment,
        "seen": json.dumps(asdict(standing.seen), default=str) if standing.seen else None,
    }  # fmt: skip
    with store.write_quietly() as connection:
        connection.execute(_STATES.delete().where(_STATES.c.alert == rule.alert))
        connection.execute(_STATES.insert(), [row])
