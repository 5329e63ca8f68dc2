"""What happened lately: inbound contacts per reason and day, counts up to a clock time, texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kpi.model import NOT_CONFIGURED
from kpi.periods import Period
from kpi.tables import table


def reasons_by_day(period: Period, configured: frozenset[str]) -> sa.Select[Any]:
    """Inbound contacts: process, reason (what is not configured together), day, n."""
    contacts = table("prepared_contacts").c
    reason = sa.case(
        (contacts.reason.is_(None), None),
        (contacts.reason.in_(sorted(configured)), contacts.reason),
        else_=NOT_CONFIGURED,
    )
    return (
        sa.select(
            contacts.process.label("process"),
            reason.label("reason"),
            contacts.started_day.label("day"),
            sa.func.count().label("n"),
        )
        .where(contacts.inbound, contacts.started_day.between(period.since, period.until))
        .group_by(contacts.process, reason, contacts.started_day)
    )


#: What is counted on a day up to a clock time: table, its moment, its day, and which rows.
COUNTED: Mapping[str, tuple[str, str, str, str | None]] = {
    "contacts": ("prepared_contacts", "started_at", "started_day", "inbound"),
    "opened": ("prepared_cases", "opened_at", "opened_day", None),
    "closed": ("prepared_cases", "closed_at", "closed_day", None),
}


def up_to_the_clock(what: str, cuts: Mapping[date, datetime]) -> sa.Select[Any]:
    """Per process and day of `cuts`: how many there were that day up to that moment (UTC)."""
    name, moment, day, only = COUNTED[what]
    of = table(name)
    days = sa.or_(*((of.c[day] == one) & (of.c[moment] <= until) for one, until in cuts.items()))
    return (
        sa.select(of.c.process.label("process"), of.c[day].label("day"), sa.func.count().label("n"))
        .where(days, *([of.c[only]] if only else []))
        .group_by(of.c.process, of.c[day])
    )


def sentiments(since: datetime, until: datetime, days: Period) -> sa.Select[Any]:
    """Texts with a sentiment from `since` on, `until` included: process, sentiment, n.

    `days` are the local days those moments lie on.
    """
    texts, posts, contacts = table("prepared_texts"), table("posts"), table("contacts")
    origin = texts.outerjoin(
        posts, texts.c.text_id == sa.literal("post ").concat(posts.c.post_id)
    ).outerjoin(
        contacts, texts.c.text_id == sa.literal("contact ").concat(contacts.c.contact_id)
    )  # fmt: skip
    moment = sa.func.coalesce(posts.c.posted_at, contacts.c.started_at)
    return (
        sa.select(texts.c.process, texts.c.sentiment, sa.func.count().label("n"))
        .select_from(origin)
        .where(
            texts.c.day.between(days.since, days.until),
            texts.c.sentiment.is_not(None),
            moment > since,
            moment <= until,
        )
        .group_by(texts.c.process, texts.c.sentiment)
    )


def sentiments_by_day(days: Period) -> sa.Select[Any]:
    """Texts with a sentiment over whole local days: process, sentiment, n."""
    texts = table("prepared_texts").c
    return (
        sa.select(texts.process, texts.sentiment, sa.func.count().label("n"))
        .where(texts.day.between(days.since, days.until), texts.sentiment.is_not(None))
        .group_by(texts.process, texts.sentiment)
    )
