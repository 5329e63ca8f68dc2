"""The cases of the demo as arrays, and as the source would export them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from kpi.demo import words as w
from kpi.demo.columns import Column, Numbered, Words
from kpi.demo.customers import Customers
from kpi.demo.plan import Plan
from kpi.demo.rhythm import Codes, Flags, Numbers


@dataclass
class Cases:
    """Arrays of one element per case; times are local seconds, NaN for none."""

    customer: Codes
    process: Codes
    reason: Codes
    opened: Numbers
    channel: Codes
    department: Codes
    line: Codes
    #: End as it will be, known to the organisation or not.
    ends: Numbers
    withdrawn: Flags
    first_response: Numbers
    due: Numbers
    promised: Numbers
    #: Moments of a first close that was followed by a reopening.
    reopened: Numbers
    merged_into: Codes
    outcome: Codes
    #: Began in the portal, was stopped by the broken step, and called.
    stopped: Flags

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, place: Codes | Flags) -> Cases:
        """The cases at `place`."""
        return Cases(**{one.name: getattr(self, one.name)[place] for one in fields(self)})

    def is_closed(self, plan: Plan) -> Flags:
        """Ended, and not withdrawn, as far as the data knows."""
        closed: Flags = (self.ends <= plan.cutoff) & ~self.withdrawn
        return closed

    def known_until(self, plan: Plan) -> Numbers:
        """End, or the last moment the data knows for those still open."""
        until: Numbers = np.where(self.ends <= plan.cutoff, self.ends, plan.cutoff)
        return until


def concatenate(parts: list[Cases]) -> Cases:
    """All cases of `parts` as one."""
    return Cases(
        **{
            one.name: np.concatenate([getattr(part, one.name) for part in parts])
            for one in fields(Cases)
        }
    )


def columns(cases: Cases, customers: Customers, plan: Plan) -> dict[str, Column]:
    """The table cases as the source would export it: unknown what lies after the last day."""
    random = plan.random("case columns")
    count = len(cases)
    closed = cases.is_closed(plan)
    ended = cases.ends <= plan.cutoff
    waiting = ~ended & (random.random(count) < 0.3)
    status = np.select([closed, ended, waiting], [w.CLOSED, w.WITHDRAWN, w.WAITING], default=w.OPEN)
    parked = random.random(count) < 0.0008
    status = np.where(parked & ~closed, w.PARKED, status)
    closed_at = np.where(ended, cases.ends, np.nan)
    # Plausible blemishes: closed without a time, and a clock that ran behind.
    blemish = random.random(count)
    closed_at = np.where(closed & (blemish < 0.002), np.nan, closed_at)
    closed_at = np.where(
        closed & (blemish > 0.999), cases.opened - random.uniform(60, 3600, count), closed_at
    )
    last = np.fmin(np.fmax(cases.first_response, closed_at), plan.cutoff)
    updated = np.where(np.isnan(last), cases.opened, last)
    known = np.where(cases.first_response <= plan.cutoff, cases.first_response, np.nan)
    no_reason = random.random(count) < 0.08
    no_customer = (cases.process != w.CANCELLATION) & (random.random(count) < 0.012)
    return {
        "case_id": Numbered(np.arange(1, count + 1), "Z-"),
        "customer_id": Numbered(np.where(no_customer, -1, customers.number[cases.customer]), "", 7),
        "process": Words(cases.process, w.PROCESSES),
        "reason": Words(np.where(no_reason, -1, cases.reason), w.REASON_NAMES),
        "opened_at": cases.opened,
        "first_response_at": known,
        "closed_at": closed_at,
        "due_at": cases.due,
        "promised_for": cases.promised,
        "status": Words(status, w.STATUSES),
        "outcome": Words(np.where(ended, cases.outcome, -1), w.OUTCOMES),
        "department": Words(cases.department, w.DEPARTMENTS),
        "line": cases.line,
        "opened_channel": Words(cases.channel, w.CHANNELS),
        "merged_into": Numbered(np.where(cases.merged_into < 0, -1, cases.merged_into + 1), "Z-"),
        "updated_at": np.maximum(updated, np.fmax(cases.opened, closed_at)),
    }
