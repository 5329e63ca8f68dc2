"""What was announced - outages, offers, messages - and which outage a rush of contacts lies near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.i18n import _, language
from kpi.periods import first_moment
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

OUTAGE, OFFER, MESSAGE = "outage", "offer", "message"
#: A rush may begin before anybody announces what it is about, and last after it is over.
_BEFORE, _AFTER = timedelta(hours=12), timedelta(days=1)


class When(StrEnum):
    """Where an announcement stands at a moment."""

    CURRENT = "current"
    PLANNED = "planned"
    ENDED = "ended"


@dataclass(frozen=True)
class Announcement:
    """One announcement; times are naive UTC, no processes means all of them.

    `ends_at` is None until further notice. Titles and texts are by language; `row` is as kept.
    """

    id: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    processes: tuple[str, ...]
    row: dict[str, Any]

    @property
    def title(self) -> str:
        """Its title in the language spoken now, else in the other one; without any, its kind."""
        kinds = {OUTAGE: _("Outage"), OFFER: _("Offer")}
        return self.named or kinds.get(self.kind, _("Message"))

    @property
    def named(self) -> str:
        """The title that somebody gave it; empty where nobody did."""
        return _said(self.row, "title")

    @property
    def text(self) -> str:
        """Its text in the language spoken now, else in the other one; may be empty."""
        return _said(self.row, "body")

    def told(self, zone: str) -> str:
        """An outage with when it was announced, for a line about what lies near it."""
        said = _("outage {title} (announced {moment})")
        if not self.named:
            said = _("an outage (announced {moment})")
        return said.format(title=self.named, moment=formats.moment(self.starts_at, zone))

    def stands(self, now: datetime) -> When:
        """Whether it counts at `now`, is still to come, or is over."""
        if self.starts_at > now:
            return When.PLANNED
        return When.ENDED if self.ends_at is not None and self.ends_at <= now else When.CURRENT

    def touches(self, process: str | None) -> bool:
        """Whether it is about the process; None stands for any."""
        return process is None or not self.processes or process in self.processes

    def during(self, since: datetime, until: datetime) -> bool:
        """Whether it counted at any moment from `since` up to `until`."""
        return self.starts_at < until and (self.ends_at is None or self.ends_at > since)


def announcements(store: Store) -> list[Announcement]:
    """All that were made and not taken back, the latest begun first."""
    found = []
    rows = store.configuration.versions("announcements")
    for name, versions in groupby(rows, key=lambda row: row["announcement"]):
        known = list(versions)
        kept = [row for row in known if not row["retired"]]
        if not kept:
            continue
        row = kept[-1]
        starts = row["starts_at"] or first_moment(row["valid_from"], store.settings.time_zone)
        ends = row["ends_at"]
        if known[-1]["retired"]:
            retired = first_moment(known[-1]["valid_from"], store.settings.time_zone)
            if retired <= starts:
                continue  # taken back before it began
            ends = min(ends or retired, retired)
        processes = tuple(one.strip() for one in (row["processes"] or "").split(",") if one.strip())
        found.append(Announcement(name, row["kind"] or MESSAGE, starts, ends, processes, row))
    return sorted(found, key=lambda one: one.starts_at, reverse=True)


def outage_near(
    store: Store, process: str | None, since: date, until: date
) -> Announcement | None:  # fmt: skip
    """The outage that a rush of contacts from `since` to `until` may be about: the nearest begun.

    It must touch the process and have counted on those days, or begun up to half a day after the
    rush did; the day after an outage its callers still call.
    """
    zone = store.settings.time_zone
    starts, ends = first_moment(since, zone), first_moment(until + timedelta(days=1), zone)
    near = [
        one
        for one in announcements(store)
        if one.kind == OUTAGE
        and one.touches(process)
        and one.during(starts - _AFTER, ends + _BEFORE)
    ]
    return min(near, key=lambda one: abs(one.starts_at - starts), default=None)


def day_of(one: Announcement, zone: str) -> date:
    """The local day on which it began."""
    return to_local(one.starts_at, zone).date()


def _said(row: dict[str, Any], what: str) -> str:
    other = "en" if language() == "nl" else "nl"
    return str(row[f"{what}_{language()}"] or row[f"{what}_{other}"] or "")
