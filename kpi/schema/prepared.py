"""What is derived at load, so that a KPI only sums: understood codes, local days, deadlines.

All `*_at` are naive UTC, all `*_day` local dates of the installation's zone. Understood codes hold
the configured id, the value as it came when it is not configured, and null when empty.
The prepared tables are wholly derived from facts and configuration and may be rebuilt at any time.
"""

from __future__ import annotations

from kpi.schema.columns import CUSTOMER_DIMENSIONS as _CUSTOMER_DIMENSIONS
from kpi.schema.columns import day as _day
from kpi.schema.columns import flag as _flag
from kpi.schema.columns import number as _number
from kpi.schema.columns import text as _text
from kpi.schema.columns import time as _time
from kpi.schema.columns import whole as _whole
from kpi.schema.model import Table
from kpi.schema.prepared_customers import (
    PREPARED_HOLDINGS,
    PREPARED_PASSAGES,
    PREPARED_PHASES,
    PREPARED_PROFILES,
    PREPARED_SALES_AFTER,
    PREPARED_STEERING,
    PREPARED_TEXTS,
    PREPARED_TRANSACTIONS,
)
from kpi.schema.prepared_sums import DAILY

DAYS = Table(
    "days",
    "One local day over the data's range with a margin, and the periods it lies in",
    ("day",),
    (
        _day("day", "Local date", required=True),
        _text("week", "ISO week", "2026-W14"),
        _text("month", "Month", "2026-03"),
        _text("quarter", "Quarter", "2026-Q1"),
        _whole("weekday", "1 Monday … 7 Sunday"),
        _time("starts_at", "Its first moment (UTC)"),
        _time("ends_at", "The next day's first moment (UTC)"),
    ),
)

UTC_OFFSETS = Table(
    "utc_offsets",
    "One UTC day: what to add for local time, before and after a switch on that day",
    ("utc_day",),
    (
        _day("utc_day", "UTC date", required=True),
        _whole("minutes_before", "Offset in minutes before the switch", "60"),
        _time("switches_at", "Moment of the switch; the day's end where there is none (UTC)"),
        _whole("minutes_after", "Offset in minutes from the switch on", "120"),
    ),
)

CALENDAR_DAYS = Table(
    "calendar_days",
    "One local day of one calendar: open or not, and from when to when",
    ("calendar", "day"),
    (
        _text("calendar", "Calendar", "office", required=True),
        _day("day", "Local date", required=True),
        _flag("working", "Open that day"),
        _whole("opens_minute", "Opens, minutes after local midnight", "540"),
        _whole("closes_minute", "Closes, minutes after local midnight", "1020"),
        _whole("working_index", "Number of working days up to and including this one"),
        _day("next_working_day", "This day if working, else the next working day"),
        _time("opens_at", "Opens; null when closed that day"),
        _number("open_hours", "Hours open that day, by elapsed time", "8"),
        _number("open_hours_before", "Hours open on all earlier days there are", "1840"),
    ),
)

CALENDAR_HOURS = Table(
    "calendar_hours",
    "One local clock hour of one calendar's day and how long it is open in it",
    ("calendar", "day", "hour"),
    (
        _text("calendar", "Calendar", "office", required=True),
        _day("day", "Local date", required=True),
        _whole("hour", "Clock hour, 0-23", "9", required=True),
        _number("open_hours", "Hours open, by elapsed time", "1"),
    ),
)

PREPARED_CASES = Table(
    "prepared_cases",
    "One case that was not merged into another, as understood",
    ("case_id",),
    (
        _text("case_id", "The case", "Z-1", required=True),
        _text("process", "Customer process, else through the reason", "fault"),
        _text("reason", "Reason", "outage"),
        _text("channel", "Channel it came in by", "phone"),
        _text("department", "Department", "planning"),
        *_CUSTOMER_DIMENSIONS,
        _text("state", "open, closed, withdrawn or unknown (waiting counts as open)", "closed"),
        _text(
            "timing",
            "ok; wrong_order: ended before opened; no_close: ended without a time",
            "ok",
        ),
        _flag("is_complaint", "Of the complaint process or a reason of kind complaint, not a tip"),
        _flag("is_tip", "A reason of kind tip"),
        _whole("line", "Line", "1"),
        _time("opened_at", "Opened"),
        _day("opened_day", "Opened, local day"),
        _time("closed_at", "Closed; null unless the state is closed and the timing ok"),
        _day("closed_day", "Closed, local day"),
        _time("withdrawn_at", "Withdrawn: closing time, else last change; null unless withdrawn"),
        _time("ended_at", "Closed or withdrawn; null while open"),
        _time("deadline_at", "Deadline by the process's norm in force at opening"),
        _day("deadline_day", "Deadline, local day"),
        _time("deadline_48_at", "48 hours after opening"),
        _time("due_at", "The source's own date"),
        _time("promised_for", "What the customer was told"),
        _time("first_response_at", "First answer"),
        _number("lead_seconds", "Closed minus opened, elapsed seconds; null unless closed and ok"),
        _number(
            "working_seconds",
            "The part of it that the process's calendar was open; null where it is",
            "28800",
        ),
        _whole("import_id", "Import that last wrote it"),
    ),
)  # fmt: skip

PREPARED_CONTACTS = Table(
    "prepared_contacts",
    "One contact: transfer legs and threads of an asynchronous conversation are one",
    ("contact_id",),
    (
        _text("contact_id", "The first leg; of a thread the customer's first message", "C-1", required=True),
        _text("case_id", "The case; of a merged one that in which it lives on", "Z-1"),
        _text("process", "Customer process, else through the case, else the reason", "fault"),
        _text("reason", "Reason", "outage"),
        _text("channel", "Channel of the first leg", "phone"),
        _text("department", "Department of the case", "planning"),
        *_CUSTOMER_DIMENSIONS,
        _flag("inbound", "From the customer; null when the direction is unknown"),
        _flag("answered", "Answered, as kpis.md says"),
        _flag("abandoned", "The customer gave up"),
        _flag("live", "Phone or chat"),
        _time("started_at", "Started"),
        _day("started_day", "Started, local day"),
        _whole("hour", "Started, local clock hour 0-23", "9"),
        _whole("weekday", "Started, 1 Monday … 7 Sunday"),
        _flag("inside_opening", "Started inside opening hours"),
        _text("category", "valuable, hygiene, unnecessary; null when it has none", "hygiene"),
        _text(
            "category_from",
            "Why: code, repeat, after_promise, first_report or reason; null when it has none",
            "reason",
        ),
        _text("cause", "Cause of an unnecessary contact", "late_delivery"),
        _text("causing_department", "Department that caused it", "logistics"),
        _flag("first_report", "First contact of a fault or complaint case"),
        _flag("is_complaint", "Reason of kind complaint"),
        _whole("legs", "Legs or messages it is made of"),
        _whole("transfers", "Transfers"),
        _text("transferred_to", "Department of the first transfer that names one", "finance"),
        _flag("misrouted", "Transferred to another process than that of the last leg"),
        _number("wait_s", "Waiting time of the first leg, seconds"),
        _number("handle_s", "Talk, hold and wrap, else handle time, seconds, over its legs"),
        _number("unit_cost", "Cost of a contact by its channel, euro"),
        _number("time_cost", "Its handle time at the hourly rate of its channel, euro"),
        _text("moment", "Contact moment", "delivery"),
        _text("chain_id", "First contact of its chain (same customer and process, gaps ≤ 7 × 24 h)"),
        _whole("chain_position", "Place in its chain, from 1; null when anonymous, or sending in a requested document"),
        _whole("chain_length", "Contacts in its chain"),
        _text("reason_chain_id", "The same with the same reason too"),
        _whole("reason_chain_position", "Place in that chain"),
        _whole("reason_chain_length", "Contacts in that chain"),
        _whole("import_id", "Import that last wrote it"),
    ),
)  # fmt: skip

PREPARED_LEGS = Table(
    "prepared_legs",
    "One leg or message of a contact that is made of several",
    ("leg_id",),
    (
        _text("leg_id", "The leg or message", "C-2", required=True),
        _text("contact_id", "The contact, by the leg or message it goes by", "C-1"),
    ),
)

PREPARED_CASE_CONTACTS = Table(
    "prepared_case_contacts",
    "One case that inbound contacts are linked to",
    ("case_id",),
    (
        _text("case_id", "The case", "Z-1", required=True),
        _whole("contacts_in", "Inbound contacts linked to it"),
    ),
)

PREPARED_SILENCES = Table(
    "prepared_silences",
    "One time that the customer of an open case heard nothing for five working days",
    ("case_id", "last_contact_at"),
    (
        _text("case_id", "The case", "Z-1", required=True),
        _text("process", "Customer process of the case", "fault"),
        _text("reason", "Reason of the case", "outage"),
        _text("channel", "Channel the case came in by", "phone"),
        _text("department", "Department of the case", "planning"),
        *_CUSTOMER_DIMENSIONS[1:],
        _day("opened_day", "The case was opened, local day"),
        _time("case_opened_at", "The case was opened"),
        _time("last_contact_at", "Last contact before it, in either direction, else the opening"),
        _time("silent_from", "Just after five working days"),
        _time("silent_until", "Next contact or the end of the case; null while neither came"),
    ),
)

PREPARED_SEGMENTS = Table(
    "prepared_segments",
    "One department that had a case for a while: from opening or hand-over to hand-over or close",
    ("case_id", "position"),
    (
        _text("case_id", "The case; only cases fit for timings", "Z-1", required=True),
        _whole("position", "Place among the departments of the case, from 1", required=True),
        _text("process", "Customer process of the case", "fault"),
        _text("reason", "Reason of the case", "outage"),
        _text("channel", "Channel the case came in by", "phone"),
        _text("department", "Department that had it", "planning"),
        *_CUSTOMER_DIMENSIONS[1:],
        _time("entered_at", "Opened, or handed over to it"),
        _day("entered_day", "The same, local day"),
        _time("left_at", "Handed over or closed; null while it has it"),
        _time("deadline_at", "Its own deadline: by the process's norm, from when it entered"),
    ),
)

PREPARED_WORK = Table(
    "prepared_work",
    "What was done on one prepared case",
    ("case_id",),
    (
        _text("case_id", "The case", "Z-1", required=True),
        _flag("first_line", "Line 1; without a line: never with a department of line 2"),
        _number(
            "work_seconds",
            "Working time in which somebody worked on it, overlaps once; null where none is recorded",
            "1800",
        ),
        _number("waiting_seconds", "Working time it waited for the customer", "28800"),
    ),
)

PREPARED_SURVEYS = Table(
    "prepared_surveys",
    "One answer, as understood",
    ("response_id", "metric"),
    (
        _text("response_id", "The answer sheet", "R-1", required=True),
        _text("metric", "The question", "csat5", required=True),
        _number("score", "The answer"),
        _flag("valid", "Answered, on the metric's scale"),
        _flag("latest", "The latest valid answer to this question about this contact"),
        _text("level", "contact, process or relation", "contact"),
        _time("responded_at", "Answered"),
        _day("responded_day", "Answered, local day"),
        _text("process", "Customer process, else through the contact, else the case", "fault"),
        _text("reason", "Reason of the contact, else of the case", "outage"),
        _text("channel", "Channel of the contact, else of the case", "phone"),
        _text("department", "Department of the case", "planning"),
        *_CUSTOMER_DIMENSIONS,
        _text("moment", "Contact moment", "delivery"),
        _flag("delivered", "The invitation arrived"),
        _day("invited_day", "Invited, else answered, local day; only on the row with `invitation`"),
        _text(
            "invitation",
            "What became of the invitation: responded, delivered, bounced, unknown; on one row of "
            "its sheet, null on the others and where nobody was invited",
            "responded",
        ),
        _whole("import_id", "Import that last wrote it"),
    ),
)

PREPARED_CUSTOMERS = Table(
    "prepared_customers",
    "One customership period",
    ("customer_id", "since_day"),
    (
        _text("customer_id", "The customer", "0010482", required=True, personal=True),
        _day("since_day", "First day", required=True),
        _day("until_day", "First day no longer a customer; null while one"),
        _flag("voluntary", "Left by notice; not moved abroad, death or non-payment"),
        _day("left_day", "Chose to leave: gave notice, else left; null without that choice"),
        _text("segment", "Customer group", "household"),
        _text("value_class", "Value of the customer", "high"),
        _flag("has_portal", "Uses the portal"),
        _whole("import_id", "Import that last wrote it"),
    ),
)

PREPARED: tuple[Table, ...] = (
    DAYS,
    UTC_OFFSETS,
    CALENDAR_DAYS,
    CALENDAR_HOURS,
    PREPARED_CASES,
    PREPARED_CONTACTS,
    PREPARED_LEGS,
    PREPARED_CASE_CONTACTS,
    PREPARED_SILENCES,
    PREPARED_SEGMENTS,
    PREPARED_WORK,
    PREPARED_SURVEYS,
    PREPARED_CUSTOMERS,
    PREPARED_PHASES,
    PREPARED_PROFILES,
    PREPARED_HOLDINGS,
    PREPARED_SALES_AFTER,
    PREPARED_STEERING,
    PREPARED_TRANSACTIONS,
    PREPARED_TEXTS,
    PREPARED_PASSAGES,
    *DAILY,
)
