"""By which channel a customer comes, and why."""

from __future__ import annotations

import numpy as np

from kpi.demo import words as w
from kpi.demo.plan import Plan
from kpi.demo.rhythm import DAY, SEASONS, Codes, Flags, Numbers, Rhythm

#: phone, email, chat, portal, app, letter, social; at the start and at the end of the demo.
MIX_START = (
    (0.46, 0.14, 0.09, 0.27, 0.03, 0.005, 0.005),
    (0.52, 0.18, 0.12, 0.14, 0.02, 0.01, 0.01),
    (0.36, 0.12, 0.08, 0.38, 0.05, 0.01, 0.0),
    (0.66, 0.06, 0.07, 0.09, 0.10, 0.0, 0.02),
    (0.40, 0.36, 0.05, 0.10, 0.01, 0.04, 0.04),
    (0.52, 0.14, 0.06, 0.23, 0.02, 0.03, 0.0),
)
MIX_END = (
    (0.36, 0.11, 0.11, 0.36, 0.05, 0.005, 0.005),
    (0.43, 0.13, 0.16, 0.23, 0.03, 0.01, 0.01),
    (0.22, 0.08, 0.09, 0.52, 0.08, 0.01, 0.0),
    (0.55, 0.04, 0.08, 0.14, 0.17, 0.0, 0.02),
    (0.36, 0.34, 0.07, 0.14, 0.02, 0.03, 0.04),
    (0.46, 0.10, 0.08, 0.32, 0.02, 0.02, 0.0),
)


def _mix(process: int, share: Numbers) -> Numbers:
    start, end = np.asarray(MIX_START[process]), np.asarray(MIX_END[process])
    mixed: Numbers = start + share[:, None] * (end - start)
    return mixed


def choose_channel(
    process: Codes | int,
    days: Numbers,
    has_portal: Flags,
    plan: Plan,
    rhythm: Rhythm,
    random: np.random.Generator,
) -> Codes:
    """A channel per row: it drifts to the portal, which only its users have."""
    share = np.clip((days - plan.first) / plan.days, 0, 1)
    if isinstance(process, int):
        weight = _mix(process, share)
    else:
        weight = np.zeros((len(days), len(w.CHANNELS)))
        for one in range(len(w.PROCESSES)):
            rows = process == one
            weight[rows] = _mix(one, share[rows])
    weight[:, w.PORTAL] *= np.where(has_portal, 1.6, 0.0)
    weight[:, w.APP] *= np.where(has_portal, 1.6, 0.0)
    # Nobody answers the telephone at the weekend.
    weight[:, w.LIVE] *= rhythm.working[rhythm.index(days * DAY)][:, None]
    cumulative = np.cumsum(weight, axis=1)
    drawn = random.random(len(days)) * cumulative[:, -1]
    chosen: Codes = (drawn[:, None] >= cumulative).sum(axis=1)
    return np.minimum(chosen, len(w.CHANNELS) - 1)


def choose_reason(
    process: int, days: Numbers, rhythm: Rhythm, random: np.random.Generator
) -> Codes:
    """A reason per row by its share and season."""
    places = np.asarray(w.reasons_of(process))
    month = rhythm.month[rhythm.index(days * DAY)]
    weight = np.stack(
        [w.REASONS[p].share * np.asarray(SEASONS[w.REASONS[p].season])[month] for p in places],
        axis=1,
    )
    cumulative = np.cumsum(weight, axis=1)
    drawn = random.random(len(days)) * cumulative[:, -1]
    chosen: Codes = places[np.minimum((drawn[:, None] >= cumulative).sum(axis=1), len(places) - 1)]
    return chosen


def season_of(process: int) -> tuple[float, ...]:
    """How busy a process is per month: the seasons of its reasons, by their shares."""
    reasons = [w.REASONS[place] for place in w.reasons_of(process)]
    total = sum(reason.share for reason in reasons)
    return tuple(
        sum(reason.share * SEASONS[reason.season][month] for reason in reasons) / total
        for month in range(12)
    )
