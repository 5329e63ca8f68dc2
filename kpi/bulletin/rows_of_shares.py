"""What rows behind a share are called: those of which it is true, and those of which it is not."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.i18n import _
from kpi.text import N_

#: Per KPI what stands behind "43 cases": of which it is true, and of which it is not. It fits one row
#: as well as many, and stands alone where it is chosen.
_SAID: Mapping[str, tuple[str, str]] = {
    "within_norm": (N_("within the norm"), N_("outside the norm")),
    "within_due": (N_("within the target date"), N_("past the target date")),
    "within_norm_department": (
        N_("within the department's own norm"),
        N_("outside the department's own norm"),
    ),
    "first_line": (N_("never with the second line"), N_("also with the second line")),
    "settled_at_once": (N_("settled at once"), N_("not settled at once")),
    "promise_kept": (
        N_("closed at the promised moment"),
        N_("not yet closed at the promised moment"),
    ),
    "three_contacts": (N_("in touch three times or more"), N_("in touch fewer than three times")),
    "context_kept": (
        N_("linked to a case that was there"),
        N_("not linked to a case that was there"),
    ),
    "avoidable": (N_("with the category avoidable"), N_("with another category")),
    "avoidable_follow_up": (N_("with the category avoidable"), N_("with another category")),
    "repeat_contacts": (
        N_("within seven days of an earlier one"),
        N_("not within seven days of an earlier one"),
    ),
    "repeat_contacts_same_reason": (
        N_("within seven days of an earlier one with the same reason"),
        N_("not within seven days of an earlier one with the same reason"),
    ),
    "first_contact_resolution": (N_("right first time"), N_("not right first time")),
    "first_contact_resolution_same_reason": (N_("right first time"), N_("not right first time")),
    "service_level": (
        N_("answered within twenty seconds"),
        N_("not answered within twenty seconds"),
    ),
    "abandonment": (N_("given up by the customer"), N_("not given up by the customer")),
    "transfers": (N_("transferred"), N_("not transferred")),
    "csat": (N_("of satisfied customers"), N_("of customers who are not satisfied")),
    "ces": (N_("with little effort"), N_("with more effort")),
    "response_rate": (N_("that came back"), N_("that did not come back")),
    "sentiment": (N_("with a negative sentiment"), N_("with another sentiment")),
    "moment_clear": (
        N_("of customers to whom it was clear"),
        N_("of customers to whom it was not clear"),
    ),
    "moment_correct": (
        N_("of customers to whom it was right"),
        N_("of customers to whom it was not right"),
    ),
    "moment_complete": (
        N_("of customers to whom it was complete"),
        N_("of customers to whom it was not complete"),
    ),
    "moment_effort": (N_("with little effort"), N_("with more effort")),
    "churn": (N_("who left"), N_("who did not leave")),
    "churn_after": (N_("who left within 90 days"), N_("who did not leave within 90 days")),
    "saved": (N_("after which the customer stayed"), N_("after which the customer left")),
    "sold_after_valuable": (N_("followed by a sale"), N_("not followed by a sale")),
    "channel_preferred": (N_("through a preferred channel"), N_("through another channel")),
    "channel_supporting": (N_("through a supporting channel"), N_("through another channel")),
    "channel_discouraged": (N_("through a discouraged channel"), N_("through another channel")),
    "online_share": (N_("done online"), N_("done by telephone")),
    "chain_coverage": (N_("with an event"), N_("without an event")),
}


def true_of(kpi: str) -> str:
    """Those of which it is true; empty where it has no words of its own."""
    return _(_SAID[kpi][0]) if kpi in _SAID else ""


def untrue_of(kpi: str) -> str:
    """Those of which it is not true; empty where it has no words of its own."""
    return _(_SAID[kpi][1]) if kpi in _SAID else ""
