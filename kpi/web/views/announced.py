"""Outages, offers and messages that somebody entered, each shown from its start until its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from kpi import formats
from kpi.bulletin.wall import Notice, Notices, View
from kpi.i18n import _
from kpi.numbers.announcements import MESSAGE, OFFER, OUTAGE, Announcement, When, announcements
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

#: Notices that can be read at once, and how long before its start one is announced.
MOST, AHEAD = 4, timedelta(hours=48)
#: How long after its end an outage is still told of where there is no other.
REMEMBERED = timedelta(days=14)


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
    known = [one for one in announcements(store) if one.kind == OUTAGE and _concerns(one, wanted)]
    over = [(one.ends_at, one) for one in known if one.ends_at and one.stands(now) is When.ENDED]
    if not known:
        return _("Outages are entered on the page Announcements, with their start and end.")
    if not over:
        return ""
    ended, last = max(over, key=lambda pair: pair[0])
    if now - ended > REMEMBERED:
        return ""
    return _("The last one: {title}, over since {moment}.").format(
        title=last.title, moment=_moment(ended, now, zone)
    )


def no_offers(store: Store, wanted: Wanted, now: datetime) -> str:
    """Why there are no offers to show; empty where there are."""
    found = announced(store, wanted, (OFFER, MESSAGE), words.pretended(store, now))
    return "" if found else _none()


def announced(
    store: Store, wanted: Wanted, kinds: Iterable[str], now: datetime
) -> list[Announcement]:
    """Announcements of these kinds that are running or begin soon, the most pressing first.

    By their own start and end, as the page Announcements tells them: the day from which a row is
    valid says nothing of when to show it, and is that of the start for what is planned.
    """
    kinds = set(kinds)
    found = [
        one
        for one in announcements(store)
        if one.kind in kinds
        and one.stands(now) is not When.ENDED
        and one.starts_at <= now + AHEAD
        and _concerns(one, wanted)
    ]
    # What runs comes before what is to come; of both the nearest start first.
    return sorted(found, key=lambda one: (one.starts_at > now, abs(now - one.starts_at)))


def _concerns(one: Announcement, wanted: Wanted) -> bool:
    return not wanted.processes or any(map(one.touches, wanted.processes))


def _notices(store: Store, rows: list[Announcement], now: datetime, pretending: bool) -> Notices:
    rest = len(rows) - MOST
    more = _("and {n} more").format(n=rest) if rest > 0 else ""
    shown = tuple(_notice(store, row, now, pretending) for row in rows[:MOST])
    return Notices(shown, more)


def _notice(store: Store, one: Announcement, now: datetime, pretending: bool) -> Notice:
    zone = store.settings.time_zone
    ends = one.ends_at
    soon = one.stands(now) is When.PLANNED
    when = ""
    if soon:
        when = _("from {moment}").format(moment=_moment(one.starts_at, now, zone))
    elif ends is not None:
        when = _("until {moment}").format(moment=_moment(ends, now, zone))
    elif one.kind == OUTAGE and one.row["starts_at"] is not None:
        when = _("since {moment}").format(moment=_moment(one.starts_at, now, zone))
    label, mark = _kind(one), {OUTAGE: "now", OFFER: "offer"}.get(one.kind, "message")
    if soon:
        label, mark = (_("Announced"), "soon")
    return Notice(
        one.title,
        one.text,
        label,
        mark,
        when,
        words.process_titles(store, one.processes),
        # A screen's own clock knows nothing of the day that the demo pretends it is.
        None if ends is None or pretending else ends.replace(tzinfo=UTC).timestamp(),
    )


def _kind(one: Announcement) -> str:
    return {OUTAGE: _("Outage"), OFFER: _("Offer")}.get(one.kind, _("Message"))


def _moment(moment: datetime, now: datetime, zone: str) -> str:
    """As one says it: 18:00, do 1 oktober 18:00."""
    local, here = formats.in_zone(moment, zone), formats.in_zone(now, zone)
    clock = f"{local:%H:%M}"
    if local.date() == here.date():
        return clock
    return f"{formats.day_long(local.date())} {clock}"


def _about(store: Store, wanted: Wanted) -> str:
    return words.process_titles(store, wanted.processes)


def _none() -> str:
    return _("There are no offers or messages now.")


def _enter() -> str:
    return _("Offers and messages are entered on the page Announcements.")
