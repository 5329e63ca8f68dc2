"""What an alert says: what, how sure, since when, why it may be, and where to look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kpi import formats
from kpi.access import SCREEN, Scope
from kpi.alerts import passing
from kpi.alerts.machine import Seen
from kpi.alerts.rules import CONTROL, LATE, LATEST, NO_DATA, OF_THE_CLOCK, SURGE, Rule
from kpi.alerts.watching import before, window
from kpi.bulletin import mail, moved
from kpi.bulletin.mail import Note
from kpi.filters import Filters
from kpi.i18n import _, language, ngettext
from kpi.model import NOT_CONFIGURED, TOO_FEW, Unit
from kpi.news import usual
from kpi.numbers import why
from kpi.numbers.announcements import Announcement, outage_near
from kpi.periods import Period

if TYPE_CHECKING:
    from kpi.store import Store

_WEEK = 7
#: Where these pages are; a mail has no menu to ask.
_PATHS = {"quality": "datakwaliteit", "funnels": "funnels", "trends": "trends"}


def note(
    store: Store, rule: Rule, since: date, seen: Seen, *, recovered: bool, test: bool = False
) -> Note:  # fmt: skip
    """The message that `rule` fires (or has recovered), in the language spoken now."""
    kind, colour = (_("Recovered"), mail.GOOD) if recovered else (_("Alert"), mail.BAD)
    if test:
        kind, colour = _("Test message"), mail.WARN
    return Note(
        title=title(store, rule, seen, recovered=recovered),
        kind=f"{kind} · {rule.title}" if rule.title else kind,
        colour=colour,
        facts=tuple(facts(store, rule, since, seen, recovered=recovered)),
        href=address(store, rule, seen.day),
        foot=_foot(rule),
    )


def title(store: Store, rule: Rule, seen: Seen, *, recovered: bool = False) -> str:
    """A sentence of fact, fit for a subject."""
    about = subject(store, rule)
    if rule.condition == LATE:
        if recovered:
            return _("All files have come in again")
        return ngettext(
            "{n} feed is late or failed", "{n} feeds are late or failed", seen.n
        ).format(n=seen.n)
    if rule.condition == NO_DATA:
        if recovered:
            return _("{what}: new data have come in").format(what=about)
        return _("{what}: no new data for {n} days").format(
            what=about, n=formats.number(seen.value)
        )
    value = _value(rule, seen)
    if rule.condition == SURGE:
        if recovered:
            return _("{what}: back to what is usual").format(what=about)
        if (seen.bound or 0) < TOO_FEW:
            return _("{what}: {count} on {day}, far more than usual").format(
                what=about, count=value, day=formats.day_long(seen.day)
            )
        return _("{what}: {count} on {day}, {usual} would have been usual").format(
            what=about, count=value, day=formats.day_long(seen.day),
            usual=formats.number(seen.bound),
        )  # fmt: skip
    if recovered:
        return _("{what}: {value}, recovered").format(what=about, value=value)
    if rule.condition == CONTROL:
        return _("{what}: {value} in a week, outside what is usual").format(what=about, value=value)
    bound = _bound(rule, seen)
    return _("{what}: {value}, limit {bound}").format(what=about, value=value, bound=bound)


def subject(store: Store, rule: Rule) -> str:
    """What it is about: the KPI, and what it is kept to."""
    if rule.passing is not None:
        return passing.subject(store, rule.passing)
    kpi = rule.of_kpi
    named = _("Incoming contacts") if rule.kpi == "offered_per_hour" else ""
    said = [named or (_(kpi.title) if kpi else rule.kpi)]
    for dimension in ("process", "channel", "reason"):
        value = getattr(rule, dimension)
        if value:
            said.append(configured_title(store, dimension, value))
    return ", ".join(part for part in said if part)


def facts(
    store: Store, rule: Rule, since: date, seen: Seen, *, recovered: bool
) -> list[tuple[str, str]]:
    """Label and text: how sure, since when, over what, why it may be, who acts."""
    found = _sure(rule, seen)
    days = (seen.day - since).days + 1
    if recovered:
        found.append((_("Lasted"), formats.period(since, seen.day)))
    else:
        lasting = ngettext("{n} day", "{n} days", days).format(n=days)
        found.append((_("Since"), f"{formats.day_long(since)} ({lasting})"))
    if rule.condition not in OF_THE_CLOCK:
        over = Period(seen.day, seen.day)
        if rule.condition != SURGE:
            filters = window(rule, seen.day)
            assert filters.since is not None
            over = Period(filters.since, seen.day)
        told = formats.period(over.since, over.until)
        read = passing.tables(store, rule.passing) if rule.passing else rule.reads
        as_of = store.as_of(read)
        if as_of is not None:
            moment = formats.as_of(as_of, store.settings.time_zone)
            told += ", " + _("as of {moment}").format(moment=moment)
        found.append((_("Over"), told))
        if rule.condition == SURGE:
            found.append((_("Usual is"), usual.of_a_day()))
        if not recovered:
            found += _because(store, rule, seen)
    if rule.owner:
        found.append((_("Owner"), rule.owner))
    return found


def _sure(rule: Rule, seen: Seen) -> list[tuple[str, str]]:
    """How sure it is: the interval and n; of late files which they are."""
    kpi = rule.of_kpi
    if rule.condition == LATE:
        return [(_("Feeds"), seen.note)] if seen.note else []
    if kpi is None or rule.condition in OF_THE_CLOCK or not _shown(seen):
        return []
    between = formats.interval(seen.low, seen.high, kpi.unit)
    sure = [_("95% interval {interval}").format(interval=between)] if between else []
    found = [(_("How sure"), ", ".join([*sure, f"n = {formats.number(seen.n)}"]))]
    if rule.condition == CONTROL:
        found.append((_("Usual limit"), _bound(rule, seen)))
    return found


def _because(store: Store, rule: Rule, seen: Seen) -> list[tuple[str, str]]:
    """What may stand behind it: the largest group, and an outage that was announced."""
    found = []
    if rule.condition != SURGE and rule.of_kpi is not None and rule.passing is None:
        said = explained(store, rule.kpi, window(rule, seen.day), before(rule, seen.day))
        if said:
            found.append((_("Why it may be"), said))
    near = outage_near(store, rule.process or None, seen.day, seen.day)
    if near is not None:
        found.append((_("Possibly"), near.told(store.settings.time_zone)))
    return found


def explained(
    store: Store, kpi: str, filters: Filters, earlier: Period, scope: Scope = SCREEN
) -> str:
    """What has the largest part in a change, in words; empty where nothing stands out."""
    found = why(store, kpi, filters, earlier, scope)
    group, by = "", ""
    if found.key and found.key[0] is not None:
        kinds = [{"causing_department": "department"}.get(name, name) for name in found.by]
        group = configured_title(store, kinds[0], found.key[0])
        if kinds[0] != "department":
            group = formats.lower_first(group)
        if len(found.key) > 1 and found.key[1] is not None:
            by = configured_title(store, kinds[1], found.key[1])
    return moved.tail(found.since, found.until, group, by)


def kind(of: str) -> str:
    """What kind of announcement it is, to begin a line with."""
    return {"outage": _("Outage"), "offer": _("Offer")}.get(of, _("Message"))


def lasting(one: Announcement, zone: str) -> str:
    """From when to when an announcement counts, to read."""
    since = formats.moment(one.starts_at, zone)
    if one.ends_at is None:
        return _("since {moment}, until further notice").format(moment=since)
    until = formats.moment(one.ends_at, zone)
    return _("from {since} until {until}").format(since=since, until=until)


def address(store: Store, rule: Rule, day: date) -> str:
    """The exact screen; empty where the settings do not say under which address we are."""
    base = store.settings.base_url
    if not base:
        return ""
    page = _PATHS[place(rule)]
    if rule.condition in OF_THE_CLOCK:
        return f"{base}/{page}"
    query = screen(rule, day)
    if rule.passing is not None:
        named = passing.tables(store, rule.passing)
        return f"{base}/{page}" + (f"?{urlencode(query, doseq=True)}" if named else "")
    for kind in ("process", "channel", "reason"):
        known = store.configuration.configured(kind, LATEST)
        # What nobody configured might be anything, and a mail shows where its links go.
        if not set(query.get(kind, ())) <= known:
            del query[kind]
    return f"{base}/{page}?{urlencode(query, doseq=True)}"


def place(rule: Rule) -> str:
    """The page that shows what an alert is about, by the name that pages are linked to with."""
    if rule.condition in OF_THE_CLOCK:
        return "quality"
    return "funnels" if rule.passing is not None else "trends"


def screen(rule: Rule, day: date) -> dict[str, list[str]]:
    """The question of that page that shows it; of what is about the clock there is none.

    A value over a week or more: its very days, so that the page says the same number. What is about
    one day: the four weeks up to it, by day. Control limits: the twenty weeks up to it, by week.
    """
    if rule.condition in OF_THE_CLOCK:
        return {"lang": [language()]}
    days = rule.days if rule.days >= _WEEK else 4 * _WEEK
    grain = {SURGE: ["day"], CONTROL: ["week"]}.get(rule.condition)
    if rule.condition == CONTROL:
        days = 20 * _WEEK
    since = day - timedelta(days=days - 1)
    if rule.passing is not None:
        step = [rule.passing.step] if rule.passing.step else []
        period = rule.filters.during(day - timedelta(days=rule.days - 1), day).to_query()
        return {**period, "funnel": [rule.passing.funnel], "step": step, "lang": [language()]}
    query = {**rule.filters.during(since, day).to_query(), "kpi": [rule.kpi]}
    if grain:
        query["grain"] = grain
    return {**query, "lang": [language()]}


def _foot(rule: Rule) -> tuple[str, ...]:
    return (
        _("You get this as a recipient of the alert “{alert}” in Ketenzicht ({recipients}).").format(
            recipients=", ".join(rule.recipients), alert=rule.title or rule.alert
        ),
        _("Change, snooze or stop it on the page Alerts. Totals only; nothing below ten."),
    )  # fmt: skip


def _shown(seen: Seen) -> bool:
    return seen.value is not None and seen.n >= TOO_FEW


def _value(rule: Rule, seen: Seen) -> str:
    kpi = rule.of_kpi
    if kpi is None or not _shown(seen):
        return formats.NOTHING
    if rule.condition == SURGE:
        return formats.number(seen.value)
    return formats.value(seen.value, kpi.unit, seen.low, seen.high)


def _bound(rule: Rule, seen: Seen) -> str:
    kpi = rule.of_kpi
    return formats.value(seen.bound, kpi.unit if kpi else Unit.COUNT)


def configured_title(store: Store, kind: str, value: str) -> str:
    """The configured name of a coded value; of what nobody configured, no word."""
    if value in store.configuration.configured(kind, LATEST):
        return store.configuration.title(kind, value, language())
    return _(NOT_CONFIGURED)
