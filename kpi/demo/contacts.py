"""Contacts: the first of a case, what follows while it lasts, loose questions, and our own."""

from __future__ import annotations

import numpy as np

from kpi.demo import words as w
from kpi.demo.asking import (
    after_the_close,
    calls_about_the_portal,
    calls_during_the_outage,
    first_reports,
    follow_ups,
)
from kpi.demo.case_table import Cases
from kpi.demo.contact_table import CATEGORY_OF, CAUSE, CAUSE_OF, Contacts, batch, concatenate
from kpi.demo.customers import Customers
from kpi.demo.intake import choose_channel, choose_reason, season_of
from kpi.demo.plan import Plan, day_number
from kpi.demo.rhythm import DAY, Codes, Rhythm
from kpi.demo.stories import Stories

#: Questions without a case, per customer and year.
QUESTIONS = 0.95
#: A question that was not really answered comes back.
ASKED_AGAIN = 0.13
#: Of the telephone calls: the share that is transferred.
TRANSFERRED = 0.065
#: Of the transferred calls: the share that comes to the wrong process first.
MISROUTED = 0.16


def make(
    plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers, cases: Cases
) -> Contacts:
    """All contacts within the demo's time, in the order in which they happened."""
    single = concatenate(
        [
            first_reports(plan, stories, cases),
            follow_ups(plan, rhythm, stories, customers, cases),
            after_the_close(plan, rhythm, customers, cases),
            calls_during_the_outage(plan, rhythm, stories, cases),
            calls_about_the_portal(plan, rhythm, stories, cases),
            _questions(plan, rhythm, stories, customers),
            _outbound(plan, rhythm, cases),
        ]
    )
    inside = (single.started >= plan.starts) & (single.started <= plan.cutoff)
    single = single.take(inside)
    single = single.take(np.argsort(single.started, kind="stable"))
    made = concatenate([single, _later_legs(single, plan), _threads(single, plan)])
    return made.take(made.started <= plan.cutoff)


def _questions(plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers) -> Contacts:
    """Questions that are answered there and then; the tariff letter adds its own."""
    random = plan.random("questions")
    days = np.arange(plan.first, plan.last + 1)
    active = customers.active(rhythm.days[: plan.last - rhythm.first + 1])
    expected = rhythm.volumes(QUESTIONS, active, season_of(w.INFORMATION), random)
    expected = expected[plan.first - rhythm.first :]
    day = np.repeat(days, random.poisson(expected)).astype(float)
    reason = choose_reason(w.INFORMATION, day, rhythm, random)
    # Now and then a question about another process.
    other = random.random(len(day)) < 0.22
    reason[other] = random.choice(
        [w.REASON[n] for n in ("offer", "conditions", "bank_account", "sign_in", "moving_house")],
        size=other.sum(),
    )
    letter = stories.tariff_letter
    since = days - day_number(letter.starts)
    # The post takes a day; then most react at once, and three weeks later it is over.
    reacting = np.where((since >= 1) & (since <= 20), np.exp(-(since - 2.0).clip(0) / 9), 0.0)
    extra = np.repeat(days, random.poisson(np.median(expected) * letter.factor * reacting))
    day = np.concatenate([day, extra.astype(float)])
    by_letter = np.arange(len(day)) >= len(reason)
    reason = np.concatenate([reason, np.full(len(extra), w.REASON[letter.reason])])
    customer = customers.draw(day, random)
    channel = choose_channel(w.INFORMATION, day, customers.portal[customer], plan, rhythm, random)
    live = np.isin(channel, w.LIVE)
    moment = day * DAY + np.where(
        live, rhythm.clock("office", len(day), random), rhythm.clock("online", len(day), random)
    )
    category = CATEGORY_OF[reason]
    unclear = (category == w.HYGIENE) & (random.random(len(day)) < 0.12)
    category = np.where(unclear | by_letter, w.UNNECESSARY, category)
    cause = np.where(category == w.UNNECESSARY, CAUSE_OF[reason], -1)
    vague = (category == w.UNNECESSARY) & (cause < 0)
    cause[vague] = random.choice(
        [CAUSE["instructions_unclear"], CAUSE["letter_unclear"]], size=vague.sum()
    )
    cause[by_letter] = CAUSE[letter.cause]
    process = np.asarray([r.process for r in w.REASONS])[reason]
    once = batch(np.full(len(day), -1), customer, process, reason, moment, channel, category, cause)
    again = once.take(random.random(len(once)) < ASKED_AGAIN)
    again.started = again.started + random.uniform(0.3, 5.5, len(again)) * DAY
    again.started = rhythm.into_opening(again.started, random)
    again.channel = np.where(random.random(len(again)) < 0.7, w.PHONE, again.channel)
    again.category = np.full(len(again), w.UNNECESSARY)
    again.cause = np.full(len(again), CAUSE["other_repeat"])
    return concatenate([once, again])


def _outbound(plan: Plan, rhythm: Rhythm, cases: Cases) -> Contacts:
    """What we tell the customer by ourselves: it is received, how it stands, it is done."""
    random = plan.random("outbound")
    until = cases.known_until(plan)
    told = [
        (0.4, cases.opened + random.uniform(300, 5400, len(cases)), True),
        (0.2, cases.opened + (until - cases.opened) * random.uniform(0.3, 0.8, len(cases)), False),
        (0.38, np.where(cases.is_closed(plan), cases.ends, np.nan), True),
    ]
    parts = []
    for share, moment, automatic in told:
        place = np.flatnonzero((random.random(len(cases)) < share) & (moment <= plan.cutoff))
        # What goes out by itself is written; calling is done in opening hours.
        called = 0.0 if automatic else 0.5
        channel = random.choice(
            [w.EMAIL, w.PHONE, w.APP], size=len(place), p=[0.88 - called, called, 0.12]
        ).astype(np.int64)
        when = moment[place]
        if not automatic:
            when = rhythm.into_opening(when, random)
        none = np.full(len(place), -1)
        parts.append(
            batch(
                place,
                cases.customer[place],
                cases.process[place],
                cases.reason[place],
                when,
                channel,
                none,
                none,
                inbound=False,
            )
        )
    return concatenate(parts)


def _later_legs(single: Contacts, plan: Plan) -> Contacts:
    """Transferred calls: a second leg begins where the first ends.

    Some come to the wrong process first and are passed on once more.
    """
    random = plan.random("transfers")
    phone = np.flatnonzero(single.inbound & (single.channel == w.PHONE))
    # Evenly over each process's time: of an action that changes nothing, chance alone must not
    # say that it did.
    phone = phone[np.lexsort((single.started[phone], single.process[phone]))]
    turn = np.floor(np.arange(len(phone) + 1) * TRANSFERRED + random.random())
    place = np.sort(phone[np.diff(turn) > 0])

    def leg_of(rows: Codes, earliest: float, latest: float) -> Contacts:
        leg = single.take(rows)
        leg.root = rows
        leg.started = leg.started + random.uniform(earliest, latest, len(rows))
        leg.first = np.zeros(len(rows), dtype=bool)
        return leg

    second = leg_of(place, 90, 420)
    wrong = np.flatnonzero(random.random(len(place)) < MISROUTED)
    third = leg_of(place[wrong], 480, 900)
    elsewhere = random.integers(1, len(w.PROCESSES), len(wrong))
    second.process[wrong] = (second.process[wrong] + elsewhere) % len(w.PROCESSES)
    return concatenate([second, third])


def _threads(single: Contacts, plan: Plan) -> Contacts:
    """Messages that follow within a day on one that waits for an answer."""
    random = plan.random("threads")
    slow = single.inbound & np.isin(single.channel, (w.EMAIL, w.SOCIAL, w.PORTAL))
    place = np.flatnonzero(slow & (random.random(len(single)) < 0.14))
    message = single.take(place)
    message.root = place
    message.started = message.started + random.uniform(0.2, 22, len(place)) * 3600
    message.first = np.zeros(len(place), dtype=bool)
    return message
