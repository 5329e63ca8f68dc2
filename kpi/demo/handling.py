"""How a case is handled once it is opened: by which department, how long, with which dates."""

from __future__ import annotations

import numpy as np

from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.rhythm import DAY, WORKDAY, Codes, Flags, Numbers, Rhythm
from kpi.demo.stories import Stories

#: Median handling, in working days of the first line.
MEDIAN_DAYS = (0.85, 0.5, 0.35, 0.6, 1.0, 0.55)
SPREAD = 0.82
#: A second line has a queue of its own.
SECOND_LINE = 1.35
#: Share that goes to the second line, and where to.
TO_SECOND = (0.62, 0.4, 0.35, 0.66, 0.72, 0.4)
SECOND = (
    (("logistics", 0.62), ("operations", 0.38)),
    (("finance", 0.7), ("product", 0.3)),
    (("operations", 0.6), ("finance", 0.4)),
    (("production", 0.45), ("planning", 0.4), ("it", 0.15)),
    (("logistics", 0.3), ("finance", 0.35), ("operations", 0.35)),
    (("finance", 1.0),),
)


def handle(
    rhythm: Rhythm,
    stories: Stories,
    random: np.random.Generator,
    customer: Codes,
    process: Codes,
    reason: Codes,
    opened: Numbers,
    channel: Codes,
) -> Cases:
    """Give opened cases a department, dates, and an end."""
    count = len(opened)
    second = random.random(count) < np.asarray(TO_SECOND)[process]
    department = np.zeros(count, dtype=np.int64)
    for one, places in enumerate(SECOND):
        rows = np.flatnonzero(second & (process == one))
        names, shares = zip(*places, strict=True)
        codes = np.asarray([w.DEPARTMENTS.index(name) for name in names])
        department[rows] = random.choice(codes, size=len(rows), p=shares)
    median = np.asarray(MEDIAN_DAYS)[process] * np.where(second, SECOND_LINE, 1.0)
    slow = w.DEPARTMENTS.index(stories.slow_department.department)
    pace = np.where(department == slow, stories.slow_department.factor, 1.0)
    working = median * pace * np.exp(random.normal(0, SPREAD, count)) * WORKDAY
    ends = rhythm.after_working(opened, working)
    # What the first line can settle in the conversation, and what the portal does by itself.
    at_once = ~second & np.isin(channel, w.LIVE) & (random.random(count) < 0.45)
    automatic = ~second & np.isin(channel, (w.PORTAL, w.APP)) & (process == w.DETAILS)
    ends = np.where(at_once, opened + random.uniform(300, 2400, count), ends)
    ends = np.where(automatic, opened + random.uniform(20, 600, count), ends)
    forgotten = random.random(count) < 0.004
    ends = np.where(forgotten, np.inf, ends)
    withdrawn = ~at_once & ~automatic & (random.random(count) < 0.035)
    ends = np.where(withdrawn, opened + (ends - opened) * random.uniform(0.2, 0.8, count), ends)
    again = ~withdrawn & (random.random(count) < 0.025)
    reopened = np.where(again, ends, np.nan)
    later = rhythm.after_working(
        np.where(np.isfinite(ends), ends, 0.0), random.uniform(0.5, 4.0, count) * WORKDAY
    )
    ends = np.where(again & np.isfinite(ends), later, ends)
    return Cases(
        customer=customer,
        process=process,
        reason=reason,
        opened=opened,
        channel=channel,
        department=department,
        line=np.where(second, 2, 1),
        ends=ends,
        withdrawn=withdrawn,
        first_response=_first_response(rhythm, random, opened, ends, channel),
        **_dates(rhythm, random, process, opened, second),
        reopened=reopened,
        merged_into=np.full(count, -1, dtype=np.int64),
        outcome=_outcome(random, process, withdrawn),
        stopped=np.zeros(count, dtype=bool),
    )


def _first_response(
    rhythm: Rhythm, random: np.random.Generator, opened: Numbers, ends: Numbers, channel: Codes
) -> Numbers:
    count = len(opened)
    wait = np.exp(random.normal(np.log(0.3), 0.7, count)) * WORKDAY
    answer = np.where(
        np.isin(channel, w.LIVE),
        opened + random.uniform(30, 200, count),
        rhythm.after_working(opened, wait),
    )
    known = random.random(count) < 0.93
    answered: Numbers = np.where(known, np.minimum(answer, ends), np.nan)
    return answered


def _dates(
    rhythm: Rhythm, random: np.random.Generator, process: Codes, opened: Numbers, second: Flags
) -> dict[str, Numbers]:
    """The source's own date (movable), and what some customers were told."""
    count = len(opened)

    def end_of_day(working_days: Numbers) -> Numbers:
        moment = rhythm.after_working(opened, working_days * WORKDAY)
        return np.floor(moment / DAY) * DAY + 17 * 3600.0

    due = end_of_day(np.asarray([5.0, 3.0, 2.0, 3.0, 5.0, 3.0])[process])
    moved = random.random(count) < 0.1
    due = np.where(moved, due + random.integers(2, 15, count) * DAY, due)
    has_due = (process != w.INFORMATION) & (random.random(count) < 0.94)
    told = second & (random.random(count) < 0.75) | (random.random(count) < 0.15)
    promised = end_of_day(np.asarray([2.6, 1.6, 1.2, 1.8, 3.0, 1.8])[process])
    return {
        "due": np.where(has_due, due, np.nan),
        "promised": np.where(told, promised, np.nan),
    }


def _outcome(random: np.random.Generator, process: Codes, withdrawn: Flags) -> Codes:
    count = len(process)
    complaint = np.where(random.random(count) < 0.58, w.UPHELD, w.DISMISSED)
    usual = np.where(process == w.COMPLAINT, complaint, w.SETTLED)
    return np.where(withdrawn, w.GIVEN_UP, usual)
