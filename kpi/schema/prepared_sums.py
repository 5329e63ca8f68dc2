"""Sums per day of what the KPIs add up, so that a screen costs the same at any number of rows.

They are a store of what the rows say already: nothing is wrong while there are none, only slower.
"""

from __future__ import annotations

from kpi.schema.columns import day as _day
from kpi.schema.columns import number as _number
from kpi.schema.columns import text as _text
from kpi.schema.columns import whole as _whole
from kpi.schema.model import Table

#: How many sums of one source can be kept; what is more is added up when it is asked.
SLOTS = 48
#: What sums may be told apart by; which of these, differs by source.
SUM_DIMENSIONS = (
    "process", "channel", "reason", "department", "cause", "causing_department", "transferred_to",
    "value_class", "moment",
)  # fmt: skip
#: Hours of the week, which are numbers: 109 is Monday at nine.
SUM_HOURS = "weekday_hour"

DAILY_SUMS_KEPT = Table(
    "daily_sums_kept",
    "One sum that is kept per day",
    ("kept", "slot"),
    (
        _whole("kept", "Number of the sums that were made together", required=True),
        _text("source", "What is added up", "prepared_contacts"),
        _text("date_column", "Its column with the day", "started_day"),
        _text("dimensions", "What it is told apart by, with spaces between", "process channel"),
        _whole("slot", "Which of the columns of `daily_sums` holds it", "0", required=True),
        _text("fingerprint", "Which sum it is: of its SQL, with as-of and all else that decides"),
    ),
)

DAILY_SUMS = Table(
    "daily_sums",
    "Sums of one day and one combination of values",
    ("kept", "day"),
    (
        _whole("kept", "Which sums these are", required=True),
        _day("day", "Local date", required=True),
        *(_text(name, f"Value of {name}; null also where not told apart") for name in SUM_DIMENSIONS),
        _whole(SUM_HOURS, "Weekday times a hundred and hour; null also where not told apart", "109"),
        *(_number(f"s{slot}", f"The sum in slot {slot}; null where there is none", "12") for slot in range(SLOTS)),
    ),
)  # fmt: skip

DAILY = (DAILY_SUMS_KEPT, DAILY_SUMS)
