"""What is derived at load, so that a KPI only sums: understood codes, local days, deadlines.

All `*_at` are naive UTC, all `*_day` local dates of the installation's zone. Understood codes hold
the configured id, the value as it came when it is not configured, and null when empty.
The prepared tables are wholly derived from facts and configuration and may be rebuilt at any time.
"""

from __future__ import annotations

from typing import Any

from kpi.schema.model import Column, Table, Type
from kpi.text import N_


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
    _text("customer_id", N_("The customer"), "0010482", personal=True),
    _text("segment", N_("Customer group at the time"), "household"),
    _text("value_class", N_("Value of the customer at the time"), "high"),
    _flag("has_portal", N_("Uses the portal")),
)

DAYS = Table(
    "days",
    N_("One local day over the data's range with a margin, and the periods it lies in"),
    ("day",),
    (
        _day("day", N_("Local date"), required=True),
        _text("week", N_("ISO week"), "2026-W14"),
        _text("month", N_("Month"), "2026-03"),
        _text("quarter", N_("Quarter"), "2026-Q1"),
        _whole("weekday", N_("1 Monday … 7 Sunday")),
        _time("starts_at", N_("Its first moment (UTC)")),
        _time("ends_at", N_("The next day's first moment (UTC)")),
    ),
)

UTC_OFFSETS = Table(
    "utc_offsets",
    N_("One UTC day: what to add for local time, before and after a switch on that day"),
    ("utc_day",),
    (
        _day("utc_day", N_("UTC date"), required=True),
        _whole("minutes_before", N_("Offset in minutes before the switch"), "60"),
        _time("switches_at", N_("Moment of the switch; the day's end where there is none (UTC)")),
        _whole("minutes_after", N_("Offset in minutes from the switch on"), "120"),
    ),
)

CALENDAR_DAYS = Table(
    "calendar_days",
    N_("One local day of one calendar: open or not, and from when to when"),
    ("calendar", "day"),
    (
        _text("calendar", N_("Calendar"), "office", required=True),
        _day("day", N_("Local date"), required=True),
        _flag("working", N_("Open that day")),
        _whole("opens_minute", N_("Opens, minutes after local midnight"), "540"),
        _whole("closes_minute", N_("Closes, minutes after local midnight"), "1020"),
        _whole("working_index", N_("Number of working days up to and including this one")),
        _day("next_working_day", N_("This day if working, else the next working day")),
        _number("open_hours", N_("Hours open that day, by elapsed time"), "8"),
    ),
)

CALENDAR_HOURS = Table(
    "calendar_hours",
    N_("One local clock hour of one calendar's day and how long it is open in it"),
    ("calendar", "day", "hour"),
    (
        _text("calendar", N_("Calendar"), "office", required=True),
        _day("day", N_("Local date"), required=True),
        _whole("hour", N_("Clock hour, 0-23"), "9", required=True),
        _number("open_hours", N_("Hours open, by elapsed time"), "1"),
    ),
)

PREPARED_CASES = Table(
    "prepared_cases",
    N_("One case that was not merged into another, as understood"),
    ("case_id",),
    (
        _text("case_id", N_("The case"), "Z-1", required=True),
        _text("process", N_("Customer process, else through the reason"), "fault"),
        _text("reason", N_("Reason"), "outage"),
        _text("channel", N_("Channel it came in by"), "phone"),
        _text("department", N_("Department"), "planning"),
        *_CUSTOMER_DIMENSIONS,
        _text("state", N_("open, closed, withdrawn or unknown (waiting counts as open)"), "closed"),
        _text(
            "timing",
            N_("ok; wrong_order: ended before opened; no_close: ended without a time"),
            "ok",
        ),
        _flag("is_complaint", N_("Of the complaint process or a reason of kind complaint, not a tip")),
        _flag("is_tip", N_("A reason of kind tip")),
        _whole("line", N_("Line"), "1"),
        _time("opened_at", N_("Opened")),
        _day("opened_day", N_("Opened, local day")),
        _time("closed_at", N_("Closed; null unless the state is closed and the timing ok")),
        _day("closed_day", N_("Closed, local day")),
        _time("withdrawn_at", N_("Withdrawn: closing time, else last change; null unless withdrawn")),
        _time("ended_at", N_("Closed or withdrawn; null while open")),
        _time("deadline_at", N_("Deadline by the process's norm in force at opening")),
        _day("deadline_day", N_("Deadline, local day")),
        _time("deadline_48_at", N_("48 hours after opening")),
        _time("due_at", N_("The source's own date")),
        _time("promised_for", N_("What the customer was told")),
        _time("first_response_at", N_("First answer")),
        _number("lead_seconds", N_("Closed minus opened, elapsed seconds; null unless closed and ok")),
        _whole("import_id", N_("Import that last wrote it")),
    ),
)  # fmt: skip

PREPARED_CONTACTS = Table(
    "prepared_contacts",
    N_("One contact: transfer legs and threads of an asynchronous conversation are one"),
    ("contact_id",),
    (
        _text("contact_id", N_("The first leg or message"), "C-1", required=True),
        _text("case_id", N_("The case; of a merged one that in which it lives on"), "Z-1"),
        _text("process", N_("Customer process, else through the case, else the reason"), "fault"),
        _text("reason", N_("Reason"), "outage"),
        _text("channel", N_("Channel of the first leg"), "phone"),
        _text("department", N_("Department of the case"), "planning"),
        *_CUSTOMER_DIMENSIONS,
        _flag("inbound", N_("From the customer; null when the direction is unknown")),
        _flag("answered", N_("Answered, as kpis.md says")),
        _flag("abandoned", N_("The customer gave up")),
        _flag("live", N_("Phone or chat")),
        _time("started_at", N_("Started")),
        _day("started_day", N_("Started, local day")),
        _whole("hour", N_("Started, local clock hour 0-23"), "9"),
        _whole("weekday", N_("Started, 1 Monday … 7 Sunday")),
        _flag("inside_opening", N_("Started inside opening hours")),
        _text("category", N_("valuable, hygiene, unnecessary; null when it has none"), "hygiene"),
        _text(
            "category_from",
            N_("Why: code, repeat, after_promise, first_report or reason; null when it has none"),
            "reason",
        ),
        _text("cause", N_("Cause of an unnecessary contact"), "late_delivery"),
        _text("causing_department", N_("Department that caused it"), "logistics"),
        _flag("first_report", N_("First contact of a fault or complaint case")),
        _flag("is_complaint", N_("Reason of kind complaint")),
        _whole("legs", N_("Legs or messages it is made of")),
        _whole("transfers", N_("Transfers")),
        _number("wait_s", N_("Waiting time of the first leg, seconds")),
        _number("handle_s", N_("Talk, hold and wrap, else handle time, seconds, over its legs")),
        _number("unit_cost", N_("Cost of a contact by its channel, euro")),
        _text("moment", N_("Contact moment"), "delivery"),
        _text("chain_id", N_("First contact of its chain (same customer and process, gaps ≤ 7 × 24 h)")),
        _whole("chain_position", N_("Place in its chain, from 1; null when anonymous, or sending in a requested document")),
        _whole("chain_length", N_("Contacts in its chain")),
        _text("reason_chain_id", N_("The same with the same reason too")),
        _whole("reason_chain_position", N_("Place in that chain")),
        _whole("reason_chain_length", N_("Contacts in that chain")),
        _whole("import_id", N_("Import that last wrote it")),
    ),
)  # fmt: skip

PREPARED_LEGS = Table(
    "prepared_legs",
    N_("One leg or message of a contact that is made of several"),
    ("leg_id",),
    (
        _text("leg_id", N_("The leg or message"), "C-2", required=True),
        _text("contact_id", N_("The first leg or message, by which the contact goes"), "C-1"),
    ),
)

PREPARED_SURVEYS = Table(
    "prepared_surveys",
    N_("One answer, as understood"),
    ("response_id", "metric"),
    (
        _text("response_id", N_("The answer sheet"), "R-1", required=True),
        _text("metric", N_("The question"), "csat5", required=True),
        _number("score", N_("The answer")),
        _flag("valid", N_("Answered, on the metric's scale")),
        _flag("latest", N_("The latest valid answer to this question about this contact")),
        _text("level", N_("contact, process or relation"), "contact"),
        _time("responded_at", N_("Answered")),
        _day("responded_day", N_("Answered, local day")),
        _text("process", N_("Customer process, else through the contact, else the case"), "fault"),
        _text("reason", N_("Reason of the contact, else of the case"), "outage"),
        _text("channel", N_("Channel of the contact, else of the case"), "phone"),
        _text("department", N_("Department of the case"), "planning"),
        *_CUSTOMER_DIMENSIONS,
        _text("moment", N_("Contact moment"), "delivery"),
        _flag("delivered", N_("The invitation arrived")),
        _whole("import_id", N_("Import that last wrote it")),
    ),
)

PREPARED_CUSTOMERS = Table(
    "prepared_customers",
    N_("One customership period"),
    ("customer_id", "since_day"),
    (
        _text("customer_id", N_("The customer"), "0010482", required=True, personal=True),
        _day("since_day", N_("First day"), required=True),
        _day("until_day", N_("First day no longer a customer; null while one")),
        _flag("voluntary", N_("Left by notice; not moved abroad, death or non-payment")),
        _text("segment", N_("Customer group"), "household"),
        _text("value_class", N_("Value of the customer"), "high"),
        _flag("has_portal", N_("Uses the portal")),
        _whole("import_id", N_("Import that last wrote it")),
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
