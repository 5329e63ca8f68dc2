"""What happened in a case: moments of the chain, statuses, hand-overs and work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.demo import words as w
from kpi.demo.case_table import Cases
from kpi.demo.columns import Column, Numbered, Words
from kpi.demo.customers import Customers
from kpi.demo.plan import Plan
from kpi.demo.rhythm import DAY, Codes, Numbers, Rhythm

KINDS = ("status", "work", "handoff", "moment", "note")
STATUS, WORK, HANDOFF, MOMENT, NOTE = range(len(KINDS))

#: Per process: moment, where in the case it lies (0 opening … 1 close; above 1: working days after
#: the close, plus one), and the share of cases for which the systems record it. Moments that are
#: not here cannot be told apart in the data at all.
MOMENTS: tuple[tuple[tuple[str, float, float], ...], ...] = (
    (
        ("application", 0.0, 0.97),
        ("confirmation", 0.02, 0.92),
        ("status_message", 0.5, 0.38),
        ("delivery", 0.9, 0.81),
        ("activation", 1.0, 0.74),
        ("first_invoice", 13.0, 0.55),
        ("payment", 20.0, 0.52),
    ),
    (("question", 0.0, 0.9), ("answer", 1.0, 0.83), ("close", 1.0, 0.3)),
    (
        ("request", 0.0, 0.98),
        ("received", 0.02, 0.7),
        ("processed", 1.0, 0.9),
        ("confirmed", 1.1, 0.66),
    ),
    (
        ("report", 0.0, 0.95),
        ("diagnosis", 0.1, 0.6),
        ("appointment", 0.2, 0.72),
        ("interim_message", 0.6, 0.24),
        ("repair", 0.95, 0.85),
        ("check", 1.0, 0.3),
    ),
    (
        ("received", 0.0, 0.96),
        ("confirmed", 0.1, 0.7),
        ("contact", 0.3, 0.58),
        ("investigation", 0.5, 0.4),
        ("solution", 1.0, 0.88),
        ("feedback", 2.0, 0.2),
    ),
    (
        ("cancellation", 0.0, 0.97),
        ("conversation", 0.3, 0.44),
        ("confirmation", 0.9, 0.9),
        ("ending", 1.0, 0.86),
        ("final_invoice", 16.0, 0.71),
    ),
)
_NAMES = tuple(
    sorted(
        {name for process in MOMENTS for name, _place, _share in process}
        | {"gesloten", "in behandeling", "wachten", "ingetrokken", "heropend", "welcome"}
        | {"beoordelen", "uitvoeren", "teruggebeld"}
        | set(w.DEPARTMENTS)
    )
)
_CODE = {name: place for place, name in enumerate(_NAMES)}
_DEPARTMENT = np.asarray([_CODE[name] for name in w.DEPARTMENTS])


@dataclass
class _Events:
    case: Codes
    customer: Codes
    process: Codes
    at: Numbers
    ended: Numbers
    kind: Codes
    value: Codes
    department: Codes


def columns(plan: Plan, rhythm: Rhythm, customers: Customers, cases: Cases) -> dict[str, Column]:
    """The table chain_events."""
    random = plan.random("chain")
    parts = [
        *_moments(plan, rhythm, cases, random),
        *_statuses(plan, cases, random),
        _handoffs(cases, random),
        *_work(cases, random),
        _welcomes(plan, customers, random),
    ]

    def all_of(name: str) -> Codes:
        return np.concatenate([getattr(part, name) for part in parts])

    at, case = all_of("at"), all_of("case")
    known = (at <= plan.cutoff) & (at >= plan.starts - 60 * DAY)
    order = np.flatnonzero(known)[np.argsort(at[known], kind="stable")]
    case, customer = case[order], all_of("customer")[order]
    ended = all_of("ended")[order]
    return {
        "event_id": Numbered(np.arange(1, len(order) + 1), "E-"),
        "case_id": Numbered(np.where(case < 0, -1, case + 1), "Z-"),
        "customer_id": Numbered(
            np.where(customer < 0, -1, customers.number[np.maximum(customer, 0)]), "", 7
        ),
        "process": Words(all_of("process")[order], w.PROCESSES),
        "occurred_at": at[order],
        "ended_at": np.where(ended <= plan.cutoff, ended, np.nan),
        "kind": Words(all_of("kind")[order], KINDS),
        "value": Words(all_of("value")[order], _NAMES),
        "department": Words(all_of("department")[order], w.DEPARTMENTS),
    }


def _events(
    cases: Cases,
    place: Codes,
    at: Numbers,
    kind: int,
    value: Codes | int,
    ended: Numbers | None = None,
    department: Codes | None = None,
) -> _Events:
    count = len(place)
    return _Events(
        case=place,
        customer=np.full(count, -1),
        process=cases.process[place],
        at=at,
        ended=np.full(count, np.nan) if ended is None else ended,
        kind=np.full(count, kind),
        value=np.full(count, value) if isinstance(value, int) else value,
        department=cases.department[place] if department is None else department,
    )


def _moments(
    plan: Plan, rhythm: Rhythm, cases: Cases, random: np.random.Generator
) -> list[_Events]:
    made = []
    length = np.where(np.isfinite(cases.ends), cases.ends, plan.cutoff + 400 * DAY) - cases.opened
    for process, moments in enumerate(MOMENTS):
        rows = np.flatnonzero((cases.process == process) & (cases.merged_into < 0))
        for name, where, share in moments:
            place = rows[random.random(len(rows)) < share]
            if where > 1:
                place = place[(cases.ends[place] <= plan.cutoff) & ~cases.withdrawn[place]]
                days = (where - 1) * random.uniform(0.7, 1.4, len(place))
                at = rhythm.after_working(cases.ends[place], days * 8 * 3600.0)
            else:
                share_of = np.clip(where * random.uniform(0.8, 1.2, len(place)), 0, 1)
                at = cases.opened[place] + length[place] * share_of
            made.append(_events(cases, place, at, MOMENT, _CODE[name]))
    return made


def _statuses(plan: Plan, cases: Cases, random: np.random.Generator) -> list[_Events]:
    everything = np.flatnonzero(cases.merged_into < 0)
    finite = np.where(np.isfinite(cases.ends), cases.ends, plan.cutoff)
    waits = everything[(cases.line[everything] == 2) & (random.random(len(everything)) < 0.22)]
    begin = cases.opened + (finite - cases.opened) * random.uniform(0.2, 0.5, len(cases))
    end = begin + (finite - begin) * random.uniform(0.2, 0.8, len(cases))
    ended = everything[np.isfinite(cases.ends[everything])]
    final = np.where(cases.withdrawn[ended], _CODE["ingetrokken"], _CODE["gesloten"])
    again = everything[~np.isnan(cases.reopened[everything])]
    return [
        _events(cases, everything, cases.opened[everything], STATUS, _CODE["in behandeling"]),
        _events(cases, waits, begin[waits], STATUS, _CODE["wachten"], end[waits]),
        _events(cases, ended, cases.ends[ended], STATUS, final),
        _events(cases, again, cases.reopened[again], STATUS, _CODE["gesloten"]),
        _events(cases, again, cases.reopened[again] + 3600, STATUS, _CODE["heropend"]),
    ]


def _handoffs(cases: Cases, random: np.random.Generator) -> _Events:
    """The first line hands over: `department` gives, `value` names the one that takes."""
    place = np.flatnonzero((cases.line == 2) & (cases.merged_into < 0))
    at = cases.opened[place] + random.uniform(60, 900, len(place))
    at = np.minimum(at, cases.ends[place])
    gives = np.full(len(place), w.CUSTOMER_SERVICE)
    return _events(
        cases, place, at, HANDOFF, _DEPARTMENT[cases.department[place]], department=gives
    )


def _work(cases: Cases, random: np.random.Generator) -> list[_Events]:
    first = np.flatnonzero((cases.merged_into < 0) & (random.random(len(cases)) < 0.72))
    length = np.minimum(
        np.exp(random.normal(np.log(14 * 60), 0.6, len(first))),
        cases.ends[first] - cases.opened[first],
    )
    begin = cases.opened[first]
    starts = _events(
        cases,
        first,
        begin,
        WORK,
        _CODE["beoordelen"],
        begin + length,
        np.full(len(first), w.CUSTOMER_SERVICE),
    )
    second = np.flatnonzero(
        (cases.line == 2) & np.isfinite(cases.ends) & (random.random(len(cases)) < 0.85)
    )
    second = second[cases.merged_into[second] < 0]
    length = np.minimum(
        np.exp(random.normal(np.log(35 * 60), 0.7, len(second))),
        (cases.ends[second] - cases.opened[second]) * 0.8,
    )
    finish = cases.ends[second]
    does = _events(cases, second, finish - length, WORK, _CODE["uitvoeren"], finish)
    noted = first[random.random(len(first)) < 0.06]
    note = _events(cases, noted, cases.opened[noted] + 1800, NOTE, _CODE["teruggebeld"])
    return [starts, does, note]


def _welcomes(plan: Plan, customers: Customers, random: np.random.Generator) -> _Events:
    """A welcome mail to every new customer: it belongs to no case."""
    new = (customers.since > plan.first) & (random.random(len(customers)) < 0.9)
    place = np.flatnonzero(new)
    count = len(place)
    return _Events(
        case=np.full(count, -1),
        customer=place,
        process=np.full(count, w.REQUEST),
        at=customers.since[place] * DAY + random.uniform(7, 20, count) * 3600,
        ended=np.full(count, np.nan),
        kind=np.full(count, MOMENT),
        value=np.full(count, _CODE["welcome"]),
        department=np.full(count, w.DEPARTMENTS.index("communication")),
    )
