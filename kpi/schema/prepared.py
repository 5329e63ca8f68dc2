"""What is derived at load, so that a KPI only sums: understood codes, local days, deadlines.

All `*_at` are naive UTC, all `*_day` local dates of the installation's zone. Understood codes hold
the configured id, the value as it came when it is not configured, and null when empty.
The prepared tables are wholly derived from facts and configuration and may be rebuilt at any time.
"""

from __future__ import annotations

from typing import Any

from kpi.schema.model import Column, Table, Type


def _text(name: str, meaning: str, example: str = "", **more: Any) -> Column:
    return Column(name, Type.TEXT, meaning, example, **more)


def _whole(name: str, meaning: str, example: str = "1", **more: Any) -> Column:
    return Column(name, Type.INTEGER, meaning, example, **more)


def _number(name: str, meaning: str, example: str = "1.5") -> Column:
    return Column(name, Type.NUMBER, meaning, example)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, Type.BOOLEAN, meaning, "yes")


def _time(name: str, meaning: str) -> Column:
    return Column(name, Type.TIMESTAMP, meaning, "2026-03-31 14:05")


def _day(name: str, meaning: str, **more: Any) -> Column:
    return Column(name, Type.DATE, meaning, "2026-03-31", **more)


_CUSTOMER_DIMENSIONS = (
    _text("customer_id", "The customer", "0010482", personal=True),
    _text("segment", "Customer group at the time", "household"),
    _text("value_class", "Value of the customer at the time", "high"),
    _flag("has_portal", "Uses the portal"),
)

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
        _number("wait_s", "Waiting time of the first leg, seconds"),
        _number("handle_s", "Talk, hold and wrap, else handle time, seconds, over its legs"),
        _number("unit_cost", "Cost of a contact by its channel, euro"),
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
    PREPARED_SURVEYS,
    PREPARED_CUSTOMERS,
)
