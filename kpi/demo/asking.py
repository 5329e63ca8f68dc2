"""Contacts about a case: its first report, and every time the customer has to ask again."""

from __future__ import annotations

import numpy as np

from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.contact_table import CATEGORY_OF, CAUSE, CAUSE_OF, STATUS_OF, Contacts, batch
from kpi.demo.customers import Customers
from kpi.demo.intake import choose_channel
from kpi.demo.plan import Plan, day_number
from kpi.demo.rhythm import DAY, Codes, Numbers, Rhythm
from kpi.demo.stories import Stories

#: "Where is it?" contacts per day that a case lasts.
ASKING = (0.23, 0.06, 0.07, 0.12, 0.14, 0.05)
#: And how much more readily once what was promised has passed.
IMPATIENCE = 2.2
#: A contact again within days after the close: it was not really done.
NOT_DONE = (0.09, 0.06, 0.05, 0.11, 0.16, 0.06)


def first_reports(plan: Plan, stories: Stories, cases: Cases) -> Contacts:
    """The contact that opened each case."""
    random = plan.random("first contacts")
    place = np.arange(len(cases))
    live = np.isin(cases.channel, w.LIVE)
    before = np.where(live, random.uniform(60, 240, len(place)), 0.0)
    category, cause = CATEGORY_OF[cases.reason].copy(), CAUSE_OF[cases.reason].copy()
    cause[category != w.UNNECESSARY] = -1
    category[cases.stopped] = w.UNNECESSARY
    cause[cases.stopped] = CAUSE[stories.portal_release.cause]
    return batch(
        place,
        cases.customer.copy(),
        cases.process.copy(),
        cases.reason.copy(),
        cases.opened - before,
        cases.channel.copy(),
        category,
        cause,
        first=True,
    )


def follow_ups(
    plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers, cases: Cases
) -> Contacts:
    """Customers who hear nothing ask; after the promised moment they ask more."""
    random = plan.random("follow-ups")
    until = cases.known_until(plan)
    lasted = np.clip((until - cases.opened) / DAY, 0, 12)
    late = np.nan_to_num(np.clip((until - cases.promised) / DAY, 0, 8))
    rate = np.asarray(ASKING)[cases.process]
    rate = np.where(cases.merged_into >= 0, 0.0, rate)
    number = random.poisson(rate * (lasted + IMPATIENCE * late))
    place = np.repeat(np.arange(len(cases)), number)
    share = np.sqrt(random.random(len(place)))
    span = np.minimum(until[place], cases.opened[place] + 20 * DAY) - cases.opened[place]
    moment = cases.opened[place] + share * span
    made = _asking(plan, rhythm, customers, cases, place, moment, random)
    story = stories.action_that_works
    helped = (
        (made.reason == w.REASON[story.reason])
        & (made.started >= day_number(story.starts) * DAY)
        & (random.random(len(made)) >= story.remains)
    )
    return made.take(~helped)


def _asking(
    plan: Plan,
    rhythm: Rhythm,
    customers: Customers,
    cases: Cases,
    place: Codes,
    moment: Numbers,
    random: np.random.Generator,
) -> Contacts:
    customer, process = cases.customer[place], cases.process[place]
    day = np.floor(moment / DAY)
    channel = choose_channel(process, day, customers.portal[customer], plan, rhythm, random)
    # Asking is done by telephone sooner than the first report was.
    phoning = rhythm.working[rhythm.index(moment)] & (random.random(len(place)) < 0.3)
    channel = np.where(phoning, w.PHONE, channel)
    moment = np.where(np.isin(channel, w.LIVE), rhythm.into_opening(moment, random), moment)
    kept = (moment > cases.opened[place] + 3600) & (moment < cases.known_until(plan)[place])
    place, moment, channel = place[kept], moment[kept], channel[kept]
    customer, process = customer[kept], process[kept]
    late = moment > cases.promised[place]
    share = np.where(late, 0.95, 0.62)
    unnecessary = random.random(len(place)) < share
    cause = np.where(late, CAUSE["promise_not_kept"], CAUSE["status_unknown"])
    return batch(
        place,
        customer,
        process,
        np.where(random.random(len(place)) < 0.86, STATUS_OF[process], cases.reason[place]),
        moment,
        channel,
        np.where(unnecessary, w.UNNECESSARY, w.HYGIENE),
        np.where(unnecessary, cause, -1),
    )


def after_the_close(plan: Plan, rhythm: Rhythm, customers: Customers, cases: Cases) -> Contacts:
    """Customers who come back within days: it was not really done."""
    random = plan.random("after the close")
    chance = np.asarray(NOT_DONE)[cases.process] * np.where(np.isnan(cases.reopened), 1.0, 3.0)
    hit = cases.is_closed(plan) & (random.random(len(cases)) < chance)
    place = np.flatnonzero(hit)
    moment = cases.ends[place] + 3600 + random.exponential(2.6 * DAY, len(place))
    customer, process = cases.customer[place], cases.process[place]
    day = np.floor(moment / DAY)
    channel = choose_channel(process, day, customers.portal[customer], plan, rhythm, random)
    moment = np.where(np.isin(channel, w.LIVE), rhythm.into_opening(moment, random), moment)
    linked = random.random(len(place)) < 0.7
    return batch(
        np.where(linked, place, -1),
        customer,
        process,
        cases.reason[place],
        moment,
        channel,
        np.full(len(place), w.UNNECESSARY),
        random.choice(
            [CAUSE["closed_too_early"], CAUSE["other_repeat"], CAUSE["asked_twice"]],
            size=len(place),
            p=[0.6, 0.25, 0.15],
        ),
    )


def calls_during_the_outage(plan: Plan, rhythm: Rhythm, stories: Stories, cases: Cases) -> Contacts:
    """Those without heating call again, and again."""
    random = plan.random("outage calls")
    story = stories.outage
    begins = day_number(story.starts) * DAY
    hit = (
        (cases.reason == w.REASON[story.reason])
        & (cases.opened >= begins)
        & (cases.opened < begins + 3 * DAY)
        & (cases.merged_into < 0)
    )
    place = np.flatnonzero(hit)
    place = np.repeat(place, random.poisson(story.calls_again, len(place)))
    moment = cases.opened[place] + 1800 + random.exponential(0.55 * DAY, len(place))
    channel = random.choice([w.PHONE, w.CHAT, w.APP], size=len(place), p=[0.72, 0.14, 0.14])
    channel = channel.astype(np.int64)
    moment = np.where(np.isin(channel, w.LIVE), rhythm.into_opening(moment, random), moment)
    moment = np.maximum(moment, cases.opened[place] + 600)
    return batch(
        place,
        cases.customer[place],
        cases.process[place],
        np.where(random.random(len(place)) < 0.5, cases.reason[place], w.REASON["fault_status"]),
        moment,
        channel,
        np.full(len(place), w.UNNECESSARY),
        np.full(len(place), CAUSE["status_unknown"]),
    )


def calls_about_the_portal(plan: Plan, rhythm: Rhythm, stories: Stories, cases: Cases) -> Contacts:
    """Many who are stopped by the broken step call only to say that it does not work."""
    random = plan.random("portal calls")
    place = np.repeat(np.flatnonzero(cases.stopped), 3)
    place = place[random.random(len(place)) < 0.85]
    moment = cases.opened[place] - random.uniform(0.1, 3, len(place)) * DAY
    moment = rhythm.into_opening(moment, random)
    return batch(
        np.full(len(place), -1),
        cases.customer[place],
        np.full(len(place), w.INFORMATION),
        np.full(len(place), w.REASON["portal_help"]),
        moment,
        np.full(len(place), w.PHONE),
        np.full(len(place), w.UNNECESSARY),
        np.full(len(place), CAUSE[stories.portal_release.cause]),
    )
