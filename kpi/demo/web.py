"""Online funnels: ordering a product, and reporting a move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.columns import Column, Numbered, Words
from kpi.demo.customers import Customers
from kpi.demo.intake import season_of
from kpi.demo.plan import Plan, day_number
from kpi.demo.rhythm import DAY, Codes, Numbers, Rhythm
from kpi.demo.stories import Stories

FUNNELS = ("order", "move")
#: Steps per funnel, and the share that usually goes on from each to the next.
STEPS: tuple[tuple[str, ...], ...] = (
    ("home", "offer", "details", "confirm"),
    ("start", "address", "date", "done"),
)
GOES_ON: tuple[tuple[float, ...], ...] = (
    (0.46, 0.41, 0.78),
    (0.86, 0.79, 0.94),
)
#: Which cases end a funnel, by reason; ordering ends in no case of its own here.
REASON_OF = {1: "address"}
#: Visits that begin an order, per customer and year.
ORIENTING = 1.1
_NAMES = tuple(dict.fromkeys(step for steps in STEPS for step in steps))


@dataclass
class _Visits:
    """Arrays of one element per visit; `reached` counts the steps after the first."""

    funnel: Codes
    reached: Codes
    began: Numbers
    customer: Codes


def columns(
    plan: Plan, rhythm: Rhythm, stories: Stories, customers: Customers, cases: Cases
) -> dict[str, Column]:
    """The table web_events."""
    random = plan.random("web")
    parts = [_orders(plan, rhythm, customers, random)]
    parts += [_arranged(rhythm, stories, cases, funnel, random) for funnel in REASON_OF]
    funnel, reached, began, customer = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("funnel", "reached", "began", "customer")
    )
    inside = (began >= plan.starts) & (began <= plan.cutoff)
    funnel, reached, began, customer = (x[inside] for x in (funnel, reached, began, customer))
    visit = np.repeat(np.arange(len(began)), reached + 1)
    first = np.cumsum(reached + 1) - (reached + 1)
    step = np.arange(len(visit)) - first[visit]
    pause = np.exp(random.normal(np.log(70), 0.8, len(visit)))
    # Ordering is slept on.
    slept = (funnel[visit] == 0) & (random.random(len(visit)) < 0.25)
    pause = np.where(slept, random.exponential(2.2, len(visit)) * DAY, pause)
    pause = np.where(step == 0, 0.0, pause)
    total = np.cumsum(pause)
    at = began[visit] + total - total[first][visit]
    code = {name: place for place, name in enumerate(_NAMES)}
    table = np.zeros((len(FUNNELS), 4), dtype=np.int64)
    for place, steps in enumerate(STEPS):
        table[place] = [code[name] for name in steps]
    known = at <= plan.cutoff
    who = np.where(customer < 0, -1, customers.number[np.maximum(customer, 0)])
    return {
        "entity_id": Numbered(visit[known] + 1, "s-"),
        "funnel": Words(funnel[visit][known], FUNNELS),
        "step": Words(table[funnel[visit], step][known], _NAMES),
        "at": np.floor(at[known]),
        "customer_id": Numbered(who[visit][known], "", 7),
    }


def _passed(shares: np.ndarray, random: np.random.Generator) -> Codes:
    """How many steps in a row are passed; `shares` has a row per visit, a column per step."""
    goes_on = random.random(shares.shape) < shares
    passed: Codes = np.cumprod(goes_on, axis=1).sum(axis=1)
    return passed


def _orders(
    plan: Plan, rhythm: Rhythm, customers: Customers, random: np.random.Generator
) -> _Visits:
    days = np.arange(plan.first, plan.last + 1)
    active = customers.active(rhythm.days[: plan.last - rhythm.first + 1])
    expected = rhythm.volumes(ORIENTING, active, season_of(w.REQUEST), random)
    day = np.repeat(days, random.poisson(expected[plan.first - rhythm.first :])).astype(float)
    customer = customers.draw(day, random)
    known = customers.portal[customer] & (random.random(len(day)) < 0.4)
    # Who is signed in knows what to look for.
    shares = np.tile(np.asarray(GOES_ON[0]), (len(day), 1)) * np.where(known, 1.15, 0.96)[:, None]
    return _Visits(
        funnel=np.zeros(len(day), dtype=np.int64),
        reached=_passed(shares, random),
        began=day * DAY + rhythm.clock("online", len(day), random),
        customer=np.where(known, customer, -1),
    )


def _arranged(
    rhythm: Rhythm,
    stories: Stories,
    cases: Cases,
    funnel: int,
    random: np.random.Generator,
) -> _Visits:
    """Visits that end in a case of the portal, those the broken step stops, and those given up."""
    reason = w.REASON[REASON_OF[funnel]]
    own = (cases.reason == reason) & (cases.merged_into < 0)
    done = np.flatnonzero(own & (cases.channel == w.PORTAL))
    story = stories.portal_release
    stopped = np.flatnonzero(own & cases.stopped)
    at_step = STEPS[1].index(story.step) - 1
    # Against those who get to the end stand those who would not have anyway.
    shares = np.asarray(GOES_ON[funnel])
    reaching = np.concatenate([[1.0], np.cumprod(shares)])
    both = np.concatenate([done, stopped])
    lost = random.poisson((1 / reaching[-1] - 1), len(both))
    giving_up = np.repeat(both, lost)
    leaves = reaching[:-1] - reaching[1:]
    reached = random.choice(3, size=len(giving_up), p=leaves / leaves.sum()).astype(np.int64)
    moment = cases.opened[giving_up] + random.uniform(-4, 4, len(giving_up)) * DAY
    if funnel == FUNNELS.index(story.funnel):
        # They too meet the broken step.
        during = (moment >= day_number(story.starts) * DAY) & (
            moment < (day_number(story.ends) + 1) * DAY
        )
        fails = during & (reached > at_step) & (random.random(len(moment)) >= story.passes)
        reached = np.where(fails, at_step, reached)
    clock = rhythm.clock("online", len(moment), random)
    return _Visits(
        funnel=np.full(len(both) + len(giving_up), funnel),
        reached=np.concatenate([np.full(len(done), 3), np.full(len(stopped), at_step), reached]),
        began=np.concatenate(
            [
                cases.opened[done] - random.uniform(240, 900, len(done)),
                cases.opened[stopped] - random.uniform(0.02, 1.5, len(stopped)) * DAY,
                np.floor(moment / DAY) * DAY + clock,
            ]
        ),
        customer=np.concatenate([cases.customer[both], cases.customer[giving_up]]),
    )
