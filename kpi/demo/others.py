"""The smaller tables: staffing, totals, posts and quality reviews."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from kpi.demo import texts
from kpi.demo import words as w
from kpi.demo.columns import Column, Numbered, Texts, Words
from kpi.demo.contact_table import Contacts
from kpi.demo.conversation import Conversation
from kpi.demo.customers import Customers
from kpi.demo.plan import Plan, day_number
from kpi.demo.rhythm import DAY, Rhythm
from kpi.demo.stories import Stories

#: Handling of one contact, follow-up work included, in hours.
WORK_HOURS = 0.21
SENTIMENTS = ("negative", "neutral", "positive")
SOURCES = ("mastodon", "forum", "reviews")


def staffing(plan: Plan, rhythm: Rhythm, contacts: Contacts) -> dict[str, Column]:
    """Hours per working day and process: planned on the four weeks before, never quite right."""
    random = plan.random("staffing")
    days = np.arange(plan.first, plan.last + 1)
    working = rhythm.working[days - rhythm.first]
    day = np.floor(contacts.started / DAY).astype(np.int64) - plan.first
    rows = []
    hours = []
    for process in range(len(w.PROCESSES)):
        own = contacts.inbound & (contacts.process == process)
        count = np.bincount(day[own], minlength=len(days)).astype(float)
        usual = np.convolve(count, np.ones(29), "same") / np.convolve(
            working.astype(float), np.ones(29), "same"
        ).clip(1)
        planned = usual * WORK_HOURS * np.exp(random.normal(0, 0.06, len(days)))
        rows.append(np.flatnonzero(working))
        hours.append(np.maximum(np.round(planned * 2) / 2, 2.0)[working])
    return {
        "date": np.concatenate(rows) + float(plan.first),
        "process": Words(np.repeat(range(len(rows)), [len(one) for one in rows]), w.PROCESSES),
        "staffed_hours": np.concatenate(hours),
    }


def totals(plan: Plan, customers: Customers) -> dict[str, Column]:
    """Meter readings per month: handed in online, and by telephone; nothing finer is known."""
    random = plan.random("totals")
    days = np.arange(plan.first, plan.last + 1)
    firsts = np.unique(days.astype("datetime64[D]").astype("datetime64[M]"))
    # A month that is not over has no total yet.
    over = np.datetime64((plan.until + timedelta(days=1)).isoformat(), "M")
    firsts = firsts[firsts < over]
    start = firsts.astype("datetime64[D]").astype(np.int64)
    size = customers.active(start) * 0.4
    share = np.linspace(0.71, 0.83, len(start)) + random.normal(0, 0.01, len(start))
    online = np.round(size * share * np.exp(random.normal(0, 0.04, len(start))))
    calls = np.round(size * (1 - share) * np.exp(random.normal(0, 0.05, len(start))))
    count = len(start)
    return {
        "period_start": np.tile(start, 2).astype(float),
        "metric": Words(np.repeat([0, 1], count), ("online transactions", "calls")),
        "dimension": Words(np.zeros(2 * count, dtype=np.int64), ("meterstand doorgeven",)),
        "value": np.concatenate([online, calls]),
    }


def posts(plan: Plan, rhythm: Rhythm, stories: Stories) -> dict[str, Column]:
    """Messages on social media: a few a day, many during the outage and after the letter."""
    random = plan.random("posts")
    days = np.arange(plan.first, plan.last + 1)
    daily = np.full(len(days), plan.customers / 8000)
    letter = (days >= day_number(stories.tariff_letter.starts)) & (
        days <= day_number(stories.tariff_letter.ends)
    )
    usual = np.repeat(days, random.poisson(daily * np.where(letter, 1.8, 1.0)))
    outage = day_number(stories.outage.starts) + random.integers(
        0, 2, max(6, round(plan.customers / 400))
    )
    day = np.concatenate([usual, outage])
    about = np.arange(len(day)) >= len(usual)
    mood = random.choice(3, size=len(day), p=[0.42, 0.35, 0.23])
    mood = np.where(about, 0, mood)
    at = day * DAY + rhythm.clock("online", len(day), random)
    said = []
    for tone, outage_post in zip(mood.tolist(), about.tolist(), strict=True):
        options = (texts.POSTS_NEGATIVE, texts.POSTS_NEUTRAL, texts.POSTS_POSITIVE)[tone]
        if outage_post:
            options = texts.POSTS_OUTAGE
        text = options[int(random.integers(len(options)))]
        said.append(text.format(neighbourhood=stories.outage.neighbourhood))
    coded = random.random(len(day)) < 0.45
    process = np.where(about, w.FAULT, random.choice([-1, *range(6)], size=len(day)))
    order = np.argsort(at, kind="stable")
    return {
        "post_id": Numbered(np.arange(1, len(day) + 1), "P-", 6),
        "posted_at": at[order],
        "text": Texts([said[place] for place in order.tolist()]),
        "source": Words(random.choice(3, size=len(day), p=[0.5, 0.3, 0.2]), SOURCES),
        "sentiment": Words(np.where(coded, mood, -1)[order], SENTIMENTS),
        "process": Words(process[order], w.PROCESSES),
    }


def quality_reviews(plan: Plan, contacts: Contacts, talk: Conversation) -> dict[str, Column]:
    """One call in eighty listened to."""
    random = plan.random("reviews")
    live = contacts.inbound & np.isin(contacts.channel, w.LIVE)
    place = np.flatnonzero(live & (random.random(len(contacts)) < 0.0125))
    at = (np.floor(contacts.started[place] / DAY) + random.integers(1, 12, len(place))) * DAY
    at += random.uniform(9, 17, len(place)) * 3600
    place, at = place[at <= plan.cutoff], at[at <= plan.cutoff]
    score = np.clip(np.round(random.normal(80, 9, len(place))), 30, 100)
    remark: list[str | None] = list(texts.pick(texts.REMARKS, len(place), random))
    silent = random.random(len(place)) < 0.4
    return {
        "review_id": Numbered(np.arange(1, len(place) + 1), "Q-", 6),
        "reviewed_at": at,
        "contact_id": Numbered(place + 1, "C-"),
        "process": Words(contacts.process[place], w.PROCESSES),
        "agent_id": Numbered(talk.agent[place], "M", 3),
        "score": score,
        "remark": Texts(
            [None if quiet else text for quiet, text in zip(silent.tolist(), remark, strict=True)]
        ),
    }
