"""The contacts of the demo as arrays, before anybody coded them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from kpi.demo import words as w
from kpi.demo.rhythm import Codes, Flags, Numbers

#: Customer of an unknown caller.
NOBODY = -1


@dataclass
class Contacts:
    """Arrays of one element per contact, legs of transfers and messages of threads apart."""

    case: Codes
    #: Customership period; NOBODY for an unknown caller.
    customer: Codes
    process: Codes
    reason: Codes
    started: Numbers
    channel: Codes
    inbound: Flags
    #: What it really was; the agents' coding knows most of it.
    category: Codes
    cause: Codes
    #: The contact (place) whose later leg this is; -1 for a contact of its own.
    root: Codes
    #: First report of its case.
    first: Flags

    def __len__(self) -> int:
        return len(self.case)

    def take(self, place: Codes | Flags) -> Contacts:
        """The contacts at `place` (roots must have been taken along unchanged, or be absent)."""
        return Contacts(**{one.name: getattr(self, one.name)[place] for one in fields(self)})


def concatenate(parts: list[Contacts]) -> Contacts:
    """All contacts of `parts` as one."""
    return Contacts(
        **{
            one.name: np.concatenate([getattr(part, one.name) for part in parts])
            for one in fields(Contacts)
        }
    )


def batch(
    case: Codes,
    customer: Codes,
    process: Codes,
    reason: Codes,
    started: Numbers,
    channel: Codes,
    category: Codes,
    cause: Codes,
    inbound: bool = True,
    first: bool = False,
) -> Contacts:
    """Contacts of their own (no legs), all in the same direction."""
    count = len(case)
    return Contacts(
        case=case,
        customer=customer,
        process=process,
        reason=reason,
        started=started,
        channel=channel,
        inbound=np.full(count, inbound),
        category=category,
        cause=cause,
        root=np.full(count, -1, dtype=np.int64),
        first=np.full(count, first),
    )


CAUSE = {name: place for place, name in enumerate(w.CAUSE_NAMES)}
CATEGORY_OF = np.asarray([reason.category for reason in w.REASONS])
STATUS_OF = np.asarray(w.STATUS_REASON)
#: Cause of an unnecessary contact by its reason, where the reason tells.
CAUSE_OF = np.full(len(w.REASONS), -1)
for _name, _cause in {
    "order_status": "status_unknown",
    "fault_status": "status_unknown",
    "sign_in": "portal_failed",
    "letter": "letter_unclear",
    "portal_help": "portal_failed",
    "how_to_use": "instructions_unclear",
    "defect": "product_broken",
    "outage": "product_failed",
    "engineer_no_show": "promise_not_kept",
    "late_delivery": "late_delivery",
    "invoice_wrong": "invoice_wrong",
    "treatment": "wrongly_transferred",
    "broken_promise": "promise_not_kept",
}.items():
    CAUSE_OF[w.REASON[_name]] = CAUSE[_cause]
