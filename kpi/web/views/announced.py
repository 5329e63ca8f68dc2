"""Outages, offers and messages that somebody entered, each shown from its start until its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from kpi import formats
from kpi.bulletin.wall import Notice, Notices, View
from kpi.i18n import _, language
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

#: Notices that can be read at once, and how long before its start one is announced.
MOST, AHEAD = 4, timedelta(hours=48)
#: How long after its end an outage is still told of where there is no other.
REMEMBERED = timedelta(days=14)
OUTAGE, OFFER, MESSAGE = "outage", "offer", "message"


def outages(store: Store, wanted: Wanted, now: datetime) -> View:
    """Outages now and soon; that there are none is worth telling."""
    clock, now = now, words.pretended(store, now)
    title = _("Outages")
    rows = announced(store, wanted, (OUTAGE,), now)
    about = _about(store, wanted)
    if not rows:
        return View(
            "outages", title, about, calm=True, why=_("No outages have been announced."),
            act=_last(store, wanted, now),
        )  # fmt: skip
    return View("outages", title, about, body=_notices(store, rows, now, now != clock))


def offers(store: Store, wanted: Wanted, now: datetime) -> View:
    """Offers, and what we tell customers."""
    clock, now = now, words.pretended(store, now)
    title = _("Offers and what we tell customers")
    rows = announced(store, wanted, (OFFER, MESSAGE), now)
    about = _about(store, wanted)
    if not rows:
        return View("offers", title, about, why=_none(), act=_enter())
    return View("offers", title, about, body=_notices(store, rows, now, now != clock))


def _last(store: Store, wanted: Wanted, now: datetime) -> str:
    """Which outage was the last; where there never was one, where they come from."""
    zone = store.settings.time_zone
    over = [
        row
        for row in store.configuration.rows("announcements", formats.in_zone(now, zone).date())
        if row["kind"] == OUTAGE and row["ends_at"] and _concerns(row, wanted)
    ]
    if not over:
        return _("Outages are entered on the page Announcements, with their start and end.")
    last = max(over, key=lambda row: row["ends_at"])
    if not timedelta(0) <= now - last["ends_at"] <= REMEMBERED:
        return ""
    return _("The last one: {title}, over since {moment}.").format(
        title=_said(last, "title") or _kind(last), moment=_moment(last["ends_at"], now, zone)
    )


def no_offers(store: Store, wanted: Wanted, now: datetime) -> str:
    """Why there are no offers to show; empty where there are."""
    found = announced(store, wanted, (OFFER, MESSAGE), words.pretended(store, now))
    return "" if found else _none()


def announced(
    store: Store, wanted: Wanted, kinds: Iterable[str], now: datetime
) -> list[dict[str, Any]]:
    """Rows of `announcements` of these kinds that are running or begin soon, the most pressing first."""
    kinds = set(kinds)
    zone = store.settings.time_zone
    found = [
        row
        for row in store.configuration.rows("announcements", formats.in_zone(now, zone).date())
        if row["kind"] in kinds
        and (row["ends_at"] is None or row["ends_at"] > now)
        and (row["starts_at"] is None or row["starts_at"] <= now + AHEAD)
        and _concerns(row, wanted)
    ]
    # What runs comes before what is to come; of both the nearest start first.
    return sorted(found, key=lambda row: (_starts(row) > now, abs(now - _starts(row))))


def _starts(row: dict[str, Any]) -> datetime:
    return row["starts_at"] or datetime.min


def _concerns(row: dict[str, Any], wanted: Wanted) -> bool:
    named = {part.strip() for part in (row["processes"] or "").split(",") if part.strip()}
    return not named or not wanted.processes or bool(named & set(wanted.processes))


def _notices(store: Store, rows: list[dict[str, Any]], now: datetime, pretending: bool) -> Notices:
    rest = len(rows) - MOST
    more = _("and {n} more").format(n=rest) if rest > 0 else ""
    shown = tuple(_notice(store, row, now, pretending) for row in rows[:MOST])
    return Notices(shown, more)


def _notice(store: Store, row: dict[str, Any], now: datetime, pretending: bool) -> Notice:
    zone = store.settings.time_zone
    starts, ends = row["starts_at"], row["ends_at"]
    soon = starts is not None and starts > now
    when = ""
    if soon:
        when = _("from {moment}").format(moment=_moment(starts, now, zone))
    elif ends is not None:
        when = _("until {moment}").format(moment=_moment(ends, now, zone))
    elif starts is not None and row["kind"] == OUTAGE:
        when = _("since {moment}").format(moment=_moment(starts, now, zone))
    label, mark = _kind(row), {OUTAGE: "now", OFFER: "offer"}.get(row["kind"], "message")
    if soon:
        label, mark = (_("Announced"), "soon")
    return Notice(
        _said(row, "title") or _kind(row),
        _said(row, "body"),
        label,
        mark,
        when,
        _processes(store, row),
        # A screen's own clock knows nothing of the day that the demo pretends it is.
        None if ends is None or pretending else ends.replace(tzinfo=UTC).timestamp(),
    )


def _said(row: dict[str, Any], what: str) -> str:
    other = "en" if language() == "nl" else "nl"
    return row[f"{what}_{language()}"] or row[f"{what}_{other}"] or ""


def _kind(row: dict[str, Any]) -> str:
    return {OUTAGE: _("Outage"), OFFER: _("Offer")}.get(row["kind"], _("Message"))


def _moment(moment: datetime, now: datetime, zone: str) -> str:
    """As one says it: 18:00, do 1 oktober 18:00."""
    local, here = formats.in_zone(moment, zone), formats.in_zone(now, zone)
    clock = f"{local:%H:%M}"
    if local.date() == here.date():
        return clock
    return f"{formats.day_long(local.date())} {clock}"


def _processes(store: Store, row: dict[str, Any]) -> str:
    named = tuple(part.strip() for part in (row["processes"] or "").split(",") if part.strip())
    return words.process_titles(store, named)


def _about(store: Store, wanted: Wanted) -> str:
    return words.process_titles(store, wanted.processes)


def _none() -> str:
    return _("There are no offers or messages now.")


def _enter() -> str:
    return _("Offers and messages are entered on the page Announcements.")
