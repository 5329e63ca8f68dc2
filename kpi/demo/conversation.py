"""How a contact went: waiting, giving up, talking, who took it, and how it was coded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.demo import texts
from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.columns import Column, Numbered, Texts, Words
from kpi.demo.contact_table import CAUSE, Contacts
from kpi.demo.customers import Customers
from kpi.demo.plan import Plan
from kpi.demo.rhythm import DAY, Codes, Flags, Numbers, Rhythm

#: Median talking time in seconds per process.
TALK = (310, 260, 190, 280, 420, 330)
#: Contacts that one employee takes on a working day.
PER_AGENT = 34


@dataclass
class Conversation:
    """Arrays parallel to the contacts, followed by attempts that were given up."""

    wait: Numbers
    answered: Numbers
    talk: Numbers
    hold: Numbers
    wrap: Numbers
    handle: Numbers
    agent: Codes


def hold(plan: Plan, rhythm: Rhythm, contacts: Contacts, cases: Cases) -> Conversation:
    """Waiting and talking of every contact: busy days mean long waiting."""
    random = plan.random("conversations")
    count = len(contacts)
    live = np.isin(contacts.channel, w.LIVE)
    inbound = contacts.inbound & live
    load = _load(plan, rhythm, contacts.started[inbound])[rhythm.index(contacts.started)]
    wait = np.exp(random.normal(np.log(11), 0.95, count)) * np.maximum(load, 0.5) ** 2.2
    opened = cases.opened[np.maximum(contacts.case, 0)] - contacts.started
    # A case cannot be opened before somebody answers.
    wait = np.where(contacts.first, np.minimum(wait, np.maximum(opened - 20, 1)), wait)
    wait = np.where(inbound, np.round(wait), np.nan)
    median = np.asarray(TALK)[contacts.process]
    talk = np.round(np.exp(random.normal(np.log(median), 0.55, count)))
    on_hold = np.where(random.random(count) < 0.18, np.round(random.exponential(70, count)), 0.0)
    wrap = np.round(np.exp(random.normal(np.log(55), 0.6, count)))
    known = live & (random.random(count) > 0.004)
    self_service = np.isin(contacts.channel, (w.PORTAL, w.APP))
    handle = np.round(np.exp(random.normal(np.log(340), 0.5, count)))
    agents = max(6, round(inbound.sum() / max(plan.days * 5 / 7, 1) / PER_AGENT * 1.4))
    # Few take many, many take few.
    agent = np.floor(random.beta(1, 1.6, count) * agents).astype(np.int64)
    return Conversation(
        wait=wait,
        answered=np.where(live, contacts.started + np.nan_to_num(wait), np.nan),
        talk=np.where(known, talk, np.nan),
        hold=np.where(known, on_hold, np.nan),
        wrap=np.where(known, wrap, np.nan),
        handle=np.where(live | self_service | ~contacts.inbound, np.nan, handle),
        agent=np.where(self_service, -1, agent + 101),
    )


def _load(plan: Plan, rhythm: Rhythm, started: Numbers) -> Numbers:
    """Calls on each day against what is usual for the four weeks around it, mean about 1."""
    calls = np.bincount(rhythm.index(started), minlength=len(rhythm.days)).astype(float)
    open_days = rhythm.working & (rhythm.days >= plan.first) & (rhythm.days <= plan.last)
    sum_calls = np.convolve(calls * open_days, np.ones(29), mode="same")
    sum_days = np.convolve(open_days.astype(float), np.ones(29), mode="same")
    usual = sum_calls / np.maximum(sum_days, 1)
    load: Numbers = np.where(usual > 0, calls / np.maximum(usual, 1e-9), 1.0)
    return np.clip(load, 0.4, 4.0)


def given_up(plan: Plan, contacts: Contacts, talk: Conversation) -> Contacts:
    """Attempts that were given up, most of them by somebody who calls again soon.

    Few on a usual day; the longer the others waited, the more.
    """
    random = plan.random("given up")
    live = contacts.inbound & np.isin(contacts.channel, w.LIVE)
    chance = np.where(live, np.minimum(0.018 + np.nan_to_num(talk.wait) / 900, 0.3), 0.0)
    place = np.flatnonzero(random.random(len(contacts)) < chance)
    attempt = contacts.take(place)
    attempt.started = attempt.started - random.uniform(150, 2400, len(place))
    early = attempt.started - np.floor(attempt.started / DAY) * DAY < 8.5 * 3600
    attempt = attempt.take(~early & (attempt.started >= plan.starts))
    unknown = random.random(len(attempt)) < 0.45
    attempt.customer = np.where(unknown, -1, attempt.customer)
    attempt.case = np.full(len(attempt), -1)
    attempt.root = np.full(len(attempt), -1)
    attempt.first = np.zeros(len(attempt), dtype=bool)
    return attempt


def columns(
    plan: Plan,
    customers: Customers,
    contacts: Contacts,
    talk: Conversation,
    attempts: Contacts,
) -> dict[str, Column]:
    """The table contacts, coded as well as agents code."""
    random = plan.random("coding")
    count, tries = len(contacts), len(attempts)
    coding = _coding(contacts, random)
    known = contacts.customer >= 0
    anonymous = (contacts.case < 0) & (random.random(count) < 0.06)
    customer = np.where(known & ~anonymous, customers.number[np.maximum(contacts.customer, 0)], -1)
    called = attempts.customer >= 0
    tried = np.where(called, customers.number[np.maximum(attempts.customer, 0)], -1)
    legs = np.bincount(contacts.root[contacts.root >= 0], minlength=count) > 0
    transferred = legs & (contacts.channel == w.PHONE)
    to = random.choice([1, 2, 3, 4], size=count).astype(np.int64)
    # A menu choice is known even of those who gave up; the reason is not.
    no_process = random.random(count) < np.where(contacts.case >= 0, 0.3, 0.03)
    none, missing = np.full(tries, -1), np.full(tries, np.nan)
    wait = np.round(np.exp(random.normal(np.log(95), 0.9, tries)))
    wait = np.where(random.random(tries) < 0.12, random.integers(1, 6, tries), wait)
    wait = np.where(random.random(tries) < 0.01, np.nan, wait)
    live = np.isin(contacts.channel, w.LIVE)
    says = texts.of_contacts(contacts, random)
    root = np.where(contacts.root >= 0, contacts.root, np.arange(count))
    direction = np.where(random.random(count) < 0.004, -1, np.where(contacts.inbound, 0, 1))

    def both(first: np.ndarray, then: np.ndarray) -> np.ndarray:
        return np.concatenate([first, then])

    return {
        "contact_id": Numbered(np.arange(1, count + tries + 1), "C-"),
        "root_id": Numbered(both(np.where(legs | (contacts.root >= 0), root + 1, -1), none), "C-"),
        "customer_id": Numbered(both(customer, tried), "", 7),
        "case_id": Numbered(both(np.where(contacts.case < 0, -1, contacts.case + 1), none), "Z-"),
        "process": Words(
            both(np.where(no_process, -1, contacts.process), attempts.process), w.PROCESSES
        ),
        "started_at": both(contacts.started, attempts.started),
        "answered_at": both(talk.answered, missing),
        "channel": Words(both(contacts.channel, attempts.channel), w.CHANNELS),
        "direction": Words(both(direction, np.zeros(tries, dtype=np.int64)), ("in", "out")),
        "reason": Words(both(coding.reason, none), w.REASON_NAMES),
        "category": Words(both(coding.category, none), w.CATEGORIES),
        "cause": Words(both(coding.cause, none), w.CAUSE_NAMES),
        "causing_department": Words(both(coding.department, none), w.DEPARTMENTS),
        "moment": Words(both(coding.moment, none), w.FIRST_MOMENTS),
        "wait_s": both(talk.wait, wait),
        "talk_s": both(talk.talk, missing),
        "hold_s": both(talk.hold, missing),
        "wrap_s": both(talk.wrap, missing),
        "handle_s": both(talk.handle, missing),
        "abandoned": both(
            np.where(live & contacts.inbound, 0, -1), np.ones(tries, dtype=np.int64)
        ).astype(np.int8),
        "transferred_to": Words(both(np.where(transferred, to, -1), none), w.DEPARTMENTS),
        "agent_id": Numbered(both(talk.agent, none), "M", 3),
        "emotion": Words(both(coding.emotion, none), w.EMOTIONS),
        "text": Texts([*says, *[None] * tries]),
        "updated_at": both(contacts.started + np.nan_to_num(talk.talk), attempts.started),
    }


@dataclass
class _Coding:
    reason: Codes
    category: Codes
    cause: Codes
    department: Codes
    emotion: Codes
    moment: Codes


def _coding(contacts: Contacts, random: np.random.Generator) -> _Coding:
    """What agents entered: a reason nine times in ten, a category for three in five."""
    count = len(contacts)
    reason = np.where(random.random(count) < 0.1, -1, contacts.reason)
    failed = contacts.cause == CAUSE["portal_failed"]
    often = np.select([failed, contacts.first], [0.88, 0.45], default=0.72)
    coded = contacts.inbound & (random.random(count) < often)
    right = random.random(count) < 0.96
    category = np.where(right, contacts.category, random.integers(0, 3, count))
    category = np.where(coded, category, -1)
    names_cause = (category == w.UNNECESSARY) & (random.random(count) < 0.85)
    cause = np.where(names_cause, contacts.cause, -1)
    departments = np.asarray([w.DEPARTMENTS.index(name) for name in w.CAUSES.values()])
    department = np.where(
        (cause >= 0) & (random.random(count) < 0.25), departments[np.maximum(cause, 0)], -1
    )
    bad = contacts.category == w.UNNECESSARY
    mild = random.choice(5, size=count, p=[0.12, 0.55, 0.16, 0.13, 0.04])
    upset = random.choice(5, size=count, p=[0.02, 0.26, 0.2, 0.34, 0.18])
    noted: Flags = contacts.inbound & (random.random(count) < 0.35)
    emotion = np.where(noted, np.where(bad, upset, mild), -1)
    moment = np.where(contacts.first & (random.random(count) < 0.7), contacts.process, -1)
    return _Coding(reason, category, cause, department, emotion, moment)
