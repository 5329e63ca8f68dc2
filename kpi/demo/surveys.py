"""What customers answer, and that most of them do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.demo import texts
from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.columns import Column, Numbered, Texts, Words
from kpi.demo.contact_table import Contacts
from kpi.demo.customers import Customers
from kpi.demo.plan import Plan
from kpi.demo.rhythm import DAY, Codes, Flags, Numbers

METRICS = ("grade10", "csat5", "nps", "ces7", "clear", "correct", "complete", "resolved")
GRADE, CSAT, NPS, CES, CLEAR, CORRECT, COMPLETE, RESOLVED = range(len(METRICS))
LEVELS = ("contact", "process", "relation")
#: These ask for a grade, the others for one to five.
GRADED = (w.COMPLAINT, w.CANCELLATION)
#: Mean mood per process: complaints begin below, changed details above.
MOOD = np.asarray([0.55, 0.5, 0.65, 0.4, -0.1, 0.2])
INVITED, DELIVERED, RESPONDS = 0.3, 0.965, 0.31


@dataclass
class _Sheets:
    """Arrays of one element per answer sheet sent."""

    contact: Codes
    case: Codes
    customer: Codes
    process: Codes
    level: Codes
    invited: Numbers
    mood: Numbers


def columns(
    plan: Plan, customers: Customers, cases: Cases, contacts: Contacts
) -> dict[str, Column]:
    """The table surveys: a sheet of one or more questions; without an answer, only its first."""
    random = plan.random("surveys")
    sheets = _join(
        [
            _after_contacts(cases, contacts, random),
            _after_cases(plan, cases, random),
            _relation(plan, customers, random),
        ]
    )
    count = len(sheets.process)
    delivered = random.random(count) < DELIVERED
    eager = np.where(sheets.mood < -1.2, 1.35, 1.0)
    answers = delivered & (random.random(count) < RESPONDS * eager)
    responded = sheets.invited + random.exponential(0.7, count) * DAY + 120
    answers &= responded <= plan.cutoff
    sheet, metric = _questions(sheets, answers, random)
    score = _scores(sheets.mood[sheet], metric, random)
    score = np.where(answers[sheet], score, np.nan)
    odd = answers[sheet] & (metric == CSAT) & (random.random(len(sheet)) < 0.003)
    score = np.where(odd, 0.0, score)
    delivered_known = np.where(random.random(count) < 0.01, -1, delivered).astype(np.int8)
    return {
        "response_id": Numbered(sheet + 1, "R-"),
        "metric": Words(metric, METRICS),
        "score": score,
        "comment": Texts(_comments(sheets, sheet, metric, answers, random)),
        "level": Words(sheets.level[sheet], LEVELS),
        "invited_at": sheets.invited[sheet],
        "delivered": np.where(answers, 1, delivered_known)[sheet],
        "responded_at": np.where(answers, responded, np.nan)[sheet],
        "contact_id": Numbered(_key(sheets.contact[sheet]), "C-"),
        "case_id": Numbered(_key(sheets.case[sheet]), "Z-"),
        "customer_id": Numbered(
            np.where(sheets.customer < 0, -1, customers.number[np.maximum(sheets.customer, 0)])[
                sheet
            ],
            "",
            7,
        ),
        "process": Words(sheets.process[sheet], w.PROCESSES),
        "moment": Words(_moments(sheets)[sheet], _MOMENT_NAMES),
    }


def _key(place: Codes) -> Codes:
    return np.where(place < 0, -1, place + 1)


def _join(parts: list[_Sheets]) -> _Sheets:
    return _Sheets(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in _Sheets.__dataclass_fields__
        )
    )


def _after_contacts(cases: Cases, contacts: Contacts, random: np.random.Generator) -> _Sheets:
    single = contacts.inbound & (contacts.root < 0) & (contacts.customer >= 0)
    place = np.flatnonzero(single & (random.random(len(contacts)) < INVITED))
    case = contacts.case[place]
    slow = _slowness(cases)[np.maximum(case, 0)] * (case >= 0)
    repeated = contacts.category[place] == w.UNNECESSARY
    first = contacts.first[place]
    mood = (
        MOOD[contacts.process[place]]
        - 0.45 * slow
        - np.where(repeated & ~first, 0.75, 0.0)
        + random.normal(0, 1, len(place))
    )
    return _Sheets(
        contact=place,
        case=case,
        customer=contacts.customer[place],
        process=contacts.process[place],
        level=np.zeros(len(place), dtype=np.int64),
        invited=contacts.started[place] + 3600,
        mood=mood,
    )


def _slowness(cases: Cases) -> Numbers:
    """0 for a case done within a day, 1 for about four days, at most 2."""
    days = np.where(np.isfinite(cases.ends), (cases.ends - cases.opened) / DAY, 30)
    slowness: Numbers = np.clip(np.log2(np.maximum(days, 1)) / 2, 0, 2)
    return slowness


def _after_cases(plan: Plan, cases: Cases, random: np.random.Generator) -> _Sheets:
    closed: Flags = cases.is_closed(plan) & (cases.merged_into < 0)
    place = np.flatnonzero(closed & (random.random(len(cases)) < 0.25))
    mood = MOOD[cases.process[place]] - 0.7 * _slowness(cases)[place]
    return _Sheets(
        contact=np.full(len(place), -1),
        case=place,
        customer=cases.customer[place],
        process=cases.process[place],
        level=np.ones(len(place), dtype=np.int64),
        invited=cases.ends[place] + DAY,
        mood=mood + random.normal(0, 1, len(place)),
    )


def _relation(plan: Plan, customers: Customers, random: np.random.Generator) -> _Sheets:
    """Each month one customer in fifty is asked about the whole of it."""
    months = plan.days // 30
    day = plan.first + 30 * np.arange(months) + 14
    day = np.repeat(day, round(plan.customers / 50)).astype(float)
    customer = customers.draw(day, random, np.ones(len(customers)))
    count = len(day)
    return _Sheets(
        contact=np.full(count, -1),
        case=np.full(count, -1),
        customer=customer,
        process=np.full(count, -1),
        level=np.full(count, 2),
        invited=day * DAY + 10 * 3600,
        mood=np.where(customers.portal[customer], 0.25, 0.0) + random.normal(0, 1, count),
    )


def _questions(sheets: _Sheets, answers: Flags, random: np.random.Generator) -> tuple[Codes, Codes]:
    """Sheet and metric of every row, in the order of the sheets."""
    count = len(sheets.process)
    everything = np.arange(count)
    graded = np.isin(sheets.process, GRADED) | (sheets.level == 1)
    leading = np.where(sheets.level == 2, NPS, np.where(graded, GRADE, CSAT))
    rows = [(everything, leading)]
    contact = answers & (sheets.level == 0)
    for metric, share in (
        (GRADE, 0.4), (CES, 0.45), (CLEAR, 0.3), (CORRECT, 0.3), (COMPLETE, 0.3), (RESOLVED, 0.5),
    ):  # fmt: skip
        asked = contact & (random.random(count) < share) & (leading != metric)
        place = np.flatnonzero(asked)
        rows.append((place, np.full(len(place), metric)))
    sheet = np.concatenate([place for place, _metric in rows])
    question = np.concatenate([one for _place, one in rows])
    order = np.lexsort((question, sheet))
    return sheet[order], question[order]


#: A score is the number of these that the mood lies above, counted from the scale's lowest.
_STEPS: dict[int, tuple[float, tuple[float, ...]]] = {
    CSAT: (1, (-2.0, -1.35, -0.75, 0.35)),
    GRADE: (1, (-3.0, -2.7, -2.3, -1.9, -1.5, -1.0, -0.3, 0.7, 1.8)),
    NPS: (0, (-3.0, -2.8, -2.5, -2.2, -1.9, -1.5, -1.0, -0.4, 0.5, 1.2)),
    CES: (1, (-2.2, -1.7, -1.2, -0.7, 0.0, 1.0)),
    CLEAR: (0, (-0.9,)),
    CORRECT: (0, (-1.2,)),
    COMPLETE: (0, (-0.7,)),
    RESOLVED: (0, (-0.6,)),
}


def _scores(mood: Numbers, metric: Codes, random: np.random.Generator) -> Numbers:
    felt = mood + random.normal(0, 0.4, len(mood))
    score = np.zeros(len(mood))
    for one, (lowest, steps) in _STEPS.items():
        rows = metric == one
        score[rows] = lowest + np.searchsorted(np.asarray(steps), felt[rows])
    return score


#: Per process the moment that a sheet after a contact, and one after a case, speaks of.
_EARLY = ("application", "answer", "request", "report", "received", "conversation")
_LATE = ("delivery", "answer", "processed", "repair", "solution", "ending")
_MOMENT_NAMES = tuple(dict.fromkeys((*_EARLY, *_LATE)))
_AT_START = np.asarray([_MOMENT_NAMES.index(name) for name in _EARLY])
_AT_END = np.asarray([_MOMENT_NAMES.index(name) for name in _LATE])


def _moments(sheets: _Sheets) -> Codes:
    process = np.maximum(sheets.process, 0)
    moment = np.where(sheets.level == 1, _AT_END[process], _AT_START[process])
    return np.where(sheets.process < 0, -1, moment)


def _comments(
    sheets: _Sheets, sheet: Codes, metric: Codes, answers: Flags, random: np.random.Generator
) -> list[str | None]:
    said: list[str | None] = [None] * len(sheet)
    first = np.isin(metric, (CSAT, GRADE, NPS)) & answers[sheet]
    chosen = np.flatnonzero(first & (random.random(len(sheet)) < 0.22))
    mood = sheets.mood[sheet[chosen]]
    for options, rows in (
        (texts.PRAISE, chosen[mood > 0.6]),
        (texts.NEUTRAL, chosen[(mood <= 0.6) & (mood > -0.8)]),
        (texts.GRUMBLE, chosen[mood <= -0.8]),
    ):
        for place, text in zip(rows.tolist(), texts.pick(options, len(rows), random), strict=True):
            said[place] = text
    return said
