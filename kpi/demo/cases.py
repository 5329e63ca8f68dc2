"""Cases: what customers need done, when it was opened, by whom it was handled, when it closed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kpi.demo import words as w
from kpi.demo.case_table import Cases, concatenate
from kpi.demo.customers import LEFT_FOR, PRICE, Customers
from kpi.demo.handling import handle
from kpi.demo.intake import choose_channel, choose_reason, season_of
from kpi.demo.plan import WARM_UP_DAYS, Plan, day_number
from kpi.demo.rhythm import DAY, Codes, Flags, Numbers, Rhythm
from kpi.demo.stories import Stories

#: Cases per customer and year; cancellations follow from who leaves.
YEARLY = {w.REQUEST: 0.42, w.INFORMATION: 0.12, w.DETAILS: 0.32, w.FAULT: 0.3, w.COMPLAINT: 0.12}
#: A customer may still have something to settle this long after leaving.
AFTERMATH_DAYS = 30


def make(plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers) -> Cases:
    """All cases that are open in the demo's time; leavers' cancellations and churn included."""
    parts = [_usual(plan, rhythm, stories, customers, process) for process in YEARLY]
    parts.append(_outage(plan, rhythm, stories, customers))
    _leave_disappointed(plan, customers, concatenate(parts))
    parts.append(_cancellations(plan, rhythm, stories, customers))
    made = concatenate(parts)
    gone = customers.until[made.customer] + AFTERMATH_DAYS
    here = np.isnan(gone) | (made.opened < gone * DAY)
    made = made.take(here & (made.opened <= plan.cutoff) & (made.ends >= plan.starts))
    made = made.take(np.argsort(made.opened, kind="stable"))
    return _merge_doubles(made, plan)


def _usual(
    plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers, process: int
) -> Cases:
    random = plan.random(f"cases {w.PROCESSES[process]}")
    count = plan.days + WARM_UP_DAYS
    days = rhythm.days[:count]
    season = season_of(process)
    expected = rhythm.volumes(YEARLY[process], customers.active(days), season, random)
    day = np.repeat(days, random.poisson(expected)).astype(float)
    reason = choose_reason(process, day, rhythm, random)
    if process == w.COMPLAINT:
        more = _late_deliveries(plan, stories, days, expected, random)
        reason = np.concatenate(
            [reason, np.full(len(more), w.REASON[stories.late_delivery.reason])]
        )
        day = np.concatenate([day, more])
    customer = customers.draw(day, random)
    channel = choose_channel(process, day, customers.portal[customer], plan, rhythm, random)
    stopped = _stop_at_the_broken_step(channel, day, reason, stories, random)
    live = np.isin(channel, w.LIVE)
    moment = day * DAY + np.where(
        live, rhythm.clock("office", len(day), random), rhythm.clock("online", len(day), random)
    )
    opened = np.where(live, rhythm.into_opening(moment, random), moment)
    made = handle(
        rhythm, stories, random, customer, np.full(len(day), process), reason, opened, channel
    )
    return replace(made, stopped=stopped)


def _late_deliveries(
    plan: Plan, stories: Stories, days: Codes, expected: Numbers, random: np.random.Generator
) -> Numbers:
    """Days of the extra complaints: slowly at first, then faster, up to the last day."""
    story = stories.late_delivery
    since = day_number(story.starts)
    growth = np.clip((days - since) / max(plan.last - since, 1), 0, 1) ** 2
    usual = expected * w.REASONS[w.REASON[story.reason]].share
    extra = usual * (story.factor - 1) * growth
    return np.repeat(days, random.poisson(extra)).astype(float)


def _stop_at_the_broken_step(
    channel: Codes,
    day: Numbers,
    reason: Codes,
    stories: Stories,
    random: np.random.Generator,
) -> Flags:
    """Who does not get through the portal's broken step calls instead; says who."""
    story = stories.portal_release
    during = (day >= day_number(story.starts)) & (day <= day_number(story.ends))
    wanted = during & (channel == w.PORTAL) & (reason == w.REASON[story.reason])
    stopped: Flags = wanted & (random.random(len(day)) >= story.passes)
    channel[stopped] = w.PHONE
    return stopped


def _outage(plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers) -> Cases:
    """One neighbourhood without heating: reports pour in, and close when it is repaired."""
    random = plan.random("outage")
    story = stories.outage
    count = max(20, round(plan.customers * story.share))
    begins = day_number(story.starts) * DAY + story.hour * 3600.0
    after = np.minimum(random.exponential(0.35, count), 1.0) * story.hours * 3600.0
    customer = customers.draw(np.full(count, float(day_number(story.starts))), random)
    channel = random.choice(
        [w.PHONE, w.APP, w.CHAT, w.SOCIAL, w.EMAIL], size=count, p=[0.62, 0.18, 0.1, 0.05, 0.05]
    ).astype(np.int64)
    opened = begins + after
    live = np.isin(channel, w.LIVE)
    opened = np.where(live, rhythm.into_opening(opened, random), opened)
    made = handle(
        rhythm,
        stories,
        random,
        customer,
        np.full(count, w.FAULT),
        np.full(count, w.REASON[story.reason]),
        opened,
        channel,
    )
    repaired = begins + story.hours * 3600.0 + random.exponential(5 * 3600.0, count)
    return replace(
        made,
        department=np.full(count, w.DEPARTMENTS.index("operations")),
        line=np.full(count, 2),
        ends=np.maximum(repaired, opened + 600.0),
        withdrawn=np.zeros(count, dtype=bool),
        reopened=np.full(count, np.nan),
    )


def _leave_disappointed(plan: Plan, customers: Customers, cases: Cases) -> None:
    """A complaint, or a fault that took long, costs customers within three months."""
    random = plan.random("disappointed")
    days = np.where(np.isfinite(cases.ends), (cases.ends - cases.opened) / DAY, 30)
    chance = np.where(cases.process == w.COMPLAINT, 0.055, 0.0)
    chance = np.where(cases.process == w.FAULT, np.where(days > 4, 0.03, 0.006), chance)
    chance = np.where(cases.process == w.REQUEST, np.where(days > 4, 0.012, 0.0), chance)
    hit = np.flatnonzero((random.random(len(cases)) < chance) & (cases.ends <= plan.cutoff))
    notice = np.floor(cases.ends[hit] / DAY) + random.integers(2, 45, len(hit))
    until = notice + random.integers(5, 35, len(hit))
    place, first = np.unique(cases.customer[hit], return_index=True)
    notice, until = notice[first], until[first]
    earlier = np.isnan(customers.until[place]) | (until < customers.until[place])
    here = (notice > customers.since[place]) & (notice <= plan.last) & earlier
    customers.leave(place[here], notice[here], until[here], LEFT_FOR)


def _cancellations(plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers) -> Cases:
    """A case for most who gave notice, and for those who let themselves be kept."""
    random = plan.random("cancellations")
    gave = np.flatnonzero((customers.notice >= rhythm.first) & (customers.notice <= plan.last))
    gave = gave[random.random(len(gave)) < 0.9]
    kept_days = random.choice(customers.notice[gave], size=round(len(gave) * 0.4))
    kept = customers.draw(kept_days, random)
    customer = np.concatenate([gave, kept])
    day = np.concatenate([customers.notice[gave], kept_days])
    channel = choose_channel(w.CANCELLATION, day, customers.portal[customer], plan, rhythm, random)
    reason = choose_reason(w.CANCELLATION, day, rhythm, random)
    price = np.flatnonzero(customers.end_reason[customer] == PRICE)
    reason[price] = w.REASON["price"]
    live = np.isin(channel, w.LIVE)
    moment = day * DAY + np.where(
        live, rhythm.clock("office", len(day), random), rhythm.clock("online", len(day), random)
    )
    opened = np.where(live, rhythm.into_opening(moment, random), moment)
    process = np.full(len(day), w.CANCELLATION)
    made = handle(rhythm, stories, random, customer, process, reason, opened, channel)
    stays = np.arange(len(day)) >= len(gave)
    outcome = np.where(stays, w.RETAINED, w.ENDED)
    return replace(made, outcome=np.where(made.withdrawn, w.GIVEN_UP, outcome))


def _merge_doubles(cases: Cases, plan: Plan) -> Cases:
    """Some customers are registered twice for one thing; the second is merged into the first."""
    random = plan.random("merged")
    usual = np.flatnonzero((cases.opened > plan.starts) & (cases.opened < plan.cutoff - 3 * DAY))
    chosen = np.sort(random.choice(usual, size=round(len(usual) * 0.008), replace=False))
    double = cases.take(chosen)
    later = random.uniform(600, 5 * 3600, len(double))
    double = replace(
        double,
        opened=double.opened + later,
        ends=double.opened + later + random.uniform(600, 3 * 3600, len(double)),
        first_response=np.full(len(double), np.nan),
        reopened=np.full(len(double), np.nan),
        withdrawn=np.zeros(len(double), dtype=bool),
        stopped=np.zeros(len(double), dtype=bool),
        merged_into=chosen,
    )
    return concatenate([cases, double])
