"""Words that declarations share: dimensions, and conditions on rows as the KPI sheet defines them.

Each condition takes the columns of a source (`c`) and gives an SQLAlchemy Core expression.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from kpi.model import Extra, Moment
from kpi.schema.columns import CHANGING, LASTING
from kpi.text import N_

#: Columns of a source by name, and a condition or amount made of them.
Columns = Any
Condition = Any

CUSTOMER = (*LASTING, *CHANGING)
CASE = ("process", "channel", "reason", "department", *CUSTOMER)
CONTACT = ("process", "channel", "reason", "department", *CUSTOMER, "weekday_hour")
CAUSED = ("process", "channel", "reason", "cause", "causing_department", "department", *CUSTOMER)
SURVEY = ("process", "channel", "reason", "department", *CUSTOMER)

#: Processes that the definitions speak of by name, and the kinds of contact reason of each.
COMPLAINT, CANCELLATION = "complaint", "cancellation"

#: Within this time a follow-up belongs to its chain, and a case must be closed (K11, K12).
WEEK = timedelta(days=7)


def timed(c: Columns) -> Condition:
    """Open or closed, in the right order and with the times that takes: fit for timings."""
    return c.state.in_(("open", "closed")) & (c.timing == "ok")


def untimed(c: Columns) -> Condition:
    """Neither withdrawn nor fit for timings: closed without a time, wrong order, unknown state."""
    return (c.state != "withdrawn") & ~timed(c)


def withdrawn(c: Columns) -> Condition:
    """The customer withdrew."""
    return c.state == "withdrawn"


def closed(c: Columns) -> Condition:
    """Closed, with a closing time that is not before the opening."""
    return c.closed_at.is_not(None)


def every(c: Columns) -> Condition:  # noqa: ARG001 - a condition like the others
    """All rows."""
    return sa.true()


def handled(c: Columns) -> Condition:
    """An inbound contact that was answered."""
    return c.inbound & c.answered


def categorised(c: Columns) -> Condition:
    """Has a category: valuable, hygiene or unnecessary."""
    return c.category.is_not(None)


def unnecessary(c: Columns) -> Condition:
    """Should not have been needed."""
    return c.category == "unnecessary"


def follow_up(c: Columns) -> Condition:
    """Not the first report of a fault or complaint."""
    return sa.func.coalesce(c.first_report, sa.false()).is_(sa.false())


def a_week_old(c: Columns, at: Moment) -> Condition:
    """Began at least seven days before as-of: what follows within a week is known."""
    return c.started_at <= at.latest - WEEK


#: Contacts of unknown direction take no part anywhere, and are counted.
UNKNOWN_DIRECTION = Extra(
    "unknown_direction",
    N_("Contacts of unknown direction"),
    lambda c, _: c.inbound.is_(None),
    everywhere=True,
)
